"""The blueprint that the modules of this package fill."""

from portal.core import web

blueprint = web.bp("accounts", "portal.accounts.views")
