"""Who may enter, import and read rows: clinicians of the programme's own organisation, and nobody else."""

from typing import Protocol

from portal.core.errors import NotAllowed
from portal.core.permissions import SYSTEM, Actor, Permission, Scope, allowed, check


class OwnedProgramme(Protocol):
    """What the policies must know of a programme."""

    @property
    def organisation_id(self) -> int: ...
    @property
    def synthetic(self) -> bool: ...


def check_can_submit(actor: Actor, programme: OwnedProgramme) -> None:
    """A clinician of the programme's organisation; the system for invented programmes only."""
    if actor is SYSTEM:
        if not programme.synthetic:
            raise NotAllowed("permission_missing")
        return
    check(actor, Permission.SUBMIT_OUTCOMES, Scope(organisation_id=programme.organisation_id))


def can_submit(actor: Actor, programme: OwnedProgramme) -> bool:
    if actor is SYSTEM:
        return programme.synthetic
    return allowed(actor, Permission.SUBMIT_OUTCOMES, Scope(organisation_id=programme.organisation_id))


def check_can_withdraw(actor: Actor, programme: OwnedProgramme) -> None:
    """Who may hand in may take back: a clinician of the programme's organisation."""
    check_can_submit(actor, programme)


def can_withdraw(actor: Actor, programme: OwnedProgramme) -> bool:
    return can_submit(actor, programme)


def check_can_read_rows(actor: Actor, programme: OwnedProgramme) -> None:
    """A clinician of the programme's organisation."""
    check(actor, Permission.READ_OWN_ROWS, Scope(organisation_id=programme.organisation_id))


def can_read_rows(actor: Actor, programme: OwnedProgramme) -> bool:
    return allowed(actor, Permission.READ_OWN_ROWS, Scope(organisation_id=programme.organisation_id))
