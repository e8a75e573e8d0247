"""Verbs of an edition: freeze, approve, build. The caller has proved who acts; the rules are checked here."""

from portal.releases.services.approving import approve, binding_of
from portal.releases.services.building import build
from portal.releases.services.freezing import freeze
from portal.releases.services.standing import standing_of

__all__ = ["approve", "binding_of", "build", "freeze", "standing_of"]
