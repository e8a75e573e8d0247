"""The blueprint of the registry."""

from portal.core import web

blueprint = web.bp("registry", __name__)
