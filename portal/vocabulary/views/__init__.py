"""Addresses of the vocabulary: everybody reads it, editors change it."""

from portal.vocabulary.views import editing, reading
from portal.vocabulary.views.blueprint import blueprint
from portal.vocabulary.views.reading import init_app

__all__ = ["blueprint", "editing", "init_app", "reading"]
