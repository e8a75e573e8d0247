"""Verbs of an edition: freeze, discard, approve, build. The caller has proved who acts."""

from portal.releases.services.approving import approve, binding_of
from portal.releases.services.asking import ask_build, build_asked, find_build
from portal.releases.services.building import build
from portal.releases.services.discarding import discard, expire
from portal.releases.services.freezing import freeze
from portal.releases.services.reporting import report_for
from portal.releases.services.standing import open_freezes, standing_of

__all__ = [
    "approve", "ask_build", "binding_of", "build", "build_asked", "discard", "expire", "find_build", "freeze",
    "open_freezes", "report_for", "standing_of",
]  # fmt: skip
