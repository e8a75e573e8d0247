"""Addresses of a programme's own outcomes under the language prefix; clinicians of its organisation only."""

from portal.registry.views import (
    admission,
    entry_messages,
    episodes,
    files,
    live,
    programme,
    quality,
    sheets,
    withdrawing,
)
from portal.registry.views.blueprint import blueprint

__all__ = [
    "admission",
    "blueprint",
    "entry_messages",
    "episodes",
    "files",
    "live",
    "programme",
    "quality",
    "sheets",
    "withdrawing",
]
