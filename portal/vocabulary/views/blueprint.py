"""The blueprint that the modules of this package share."""

from portal.core import web

blueprint = web.bp("vocabulary", "portal.vocabulary.views")
