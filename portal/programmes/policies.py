"""Who may register organisations, programmes and staff, and who speaks for a programme."""

from typing import Final

from portal.core.errors import NotAllowed
from portal.core.permissions import SYSTEM, Actor, Permission, Role, Scope, allowed, check
from portal.programmes.models import Organisation, Programme

# A reviewer of protocols works somewhere too: two reviewers come from two organisations.
STAFF: Final = frozenset({Role.CLINICIAN, Role.CLINICAL_REVIEWER})


def check_can_manage(actor: Actor, country: str) -> None:
    """An administrator of the country; the system for the demonstration."""
    if actor is not SYSTEM:
        check(actor, Permission.MANAGE_PROGRAMMES, Scope(country=country))


def can_manage(actor: Actor, country: str) -> bool:
    return actor is SYSTEM or allowed(actor, Permission.MANAGE_PROGRAMMES, Scope(country=country))


def check_can_join(actor: Actor, organisation: Organisation) -> None:
    """Staff are clinicians and clinical reviewers of the organisation's country. `actor` is who joins."""
    if not can_join(actor, organisation):
        raise NotAllowed("staff_must_be_clinician")


def can_join(actor: Actor, organisation: Organisation) -> bool:
    return bool(STAFF & actor.role_codes) and actor.country == organisation.country


def check_can_see_name(actor: Actor | None, programme: Programme) -> None:
    if not can_see_name(actor, programme):
        raise NotAllowed("permission_missing")


def can_see_name(actor: Actor | None, programme: Programme) -> bool:
    """Others see a code instead of the name, unless the programme agreed to be named."""
    if programme.named_publicly:
        return True
    return actor is not None and (
        programme.organisation_id in actor.organisation_ids or can_manage(actor, programme.country)
    )
