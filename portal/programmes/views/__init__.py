"""Pages where an administrator registers centres, programmes, staff and consent; all of the own country."""

from portal.programmes.views import descriptions, messages, organisations
from portal.programmes.views.blueprint import blueprint

__all__ = ["blueprint", "descriptions", "messages", "organisations"]
