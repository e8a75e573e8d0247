"""Addresses of collections under the language prefix.

/collections                          what readers find; editors find drafts too, and begin one
/collections/CO-0001                  one collection, for ever
/collections/CO-0001/edit             its words, its protocols and their order, its state
"""

from portal.collections.views import editing, messages, public
from portal.collections.views.blueprint import blueprint

__all__ = ["blueprint", "editing", "messages", "public"]
