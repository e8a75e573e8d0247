"""The blueprint that the modules of this package share."""

from portal.core import web

blueprint = web.bp("pages", "portal.pages.views")
