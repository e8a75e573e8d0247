"""Pages where an administrator registers organisations, programmes and staff."""

from portal.core import web
from portal.programmes import queries

blueprint = web.bp("programmes", __name__)

__all__ = ["blueprint", "queries"]
