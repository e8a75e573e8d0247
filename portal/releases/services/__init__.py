"""Verbs of an edition: freeze, approve, build. The caller has proved who acts; the rules are checked here."""

from portal.releases.services.approving import approve, binding_of
from portal.releases.services.asking import ask_build, build_asked, find_build
from portal.releases.services.building import build
from portal.releases.services.freezing import freeze
from portal.releases.services.standing import standing_of

__all__ = [
    "approve", "ask_build", "binding_of", "build", "build_asked", "find_build", "freeze", "standing_of",
]  # fmt: skip
