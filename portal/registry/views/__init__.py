"""Addresses of a programme's own outcomes for clinicians of its organisation, and the codebook for all."""

from portal.registry.views import (
    admission,
    codebook,
    entry_messages,
    episodes,
    files,
    live,
    programme,
    quality,
    rulebook,
    sheets,
    withdrawing,
)
from portal.registry.views.blueprint import blueprint

__all__ = [
    "admission",
    "blueprint",
    "codebook",
    "entry_messages",
    "episodes",
    "files",
    "live",
    "programme",
    "quality",
    "rulebook",
    "sheets",
    "withdrawing",
]
