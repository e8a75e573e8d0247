"""Addresses of a programme's own outcomes under the language prefix; clinicians of its organisation only."""

from portal.registry.views import files
from portal.registry.views.blueprint import blueprint

__all__ = ["blueprint", "files"]
