"""Who may freeze, give up, approve, build and read. `check_can_…` raises, `can_…` answers the same."""

from portal.core.errors import NotAllowed
from portal.core.permissions import Actor, Permission, Scope, allowed, check, has_permission
from portal.releases.models import EditionApproval


def check_can_freeze(actor: Actor) -> None:
    check(actor, Permission.FREEZE_EDITION)


def can_freeze(actor: Actor) -> bool:
    return has_permission(actor, Permission.FREEZE_EDITION)


def check_can_discard(actor: Actor) -> None:
    """Whoever may freeze may give a freeze up, of either country: it can be frozen again."""
    check(actor, Permission.FREEZE_EDITION)


def can_discard(actor: Actor) -> bool:
    return has_permission(actor, Permission.FREEZE_EDITION)


def check_can_approve(actor: Actor, given: tuple[EditionApproval, ...]) -> None:
    """One administrator of each country, two different people; `given` are the approvals that still hold.

    Who froze may be one of them: nothing is released without the other country.
    """
    check(actor, Permission.APPROVE_EDITION, Scope(country=actor.country))
    if any(approval.approved_by == actor.id for approval in given):
        raise NotAllowed("already_approved_by_you")
    if any(approval.country == actor.country for approval in given):
        raise NotAllowed("already_approved_by_country", country=actor.country)


def can_approve(actor: Actor, given: tuple[EditionApproval, ...]) -> bool:
    return allowed(actor, Permission.APPROVE_EDITION, Scope(country=actor.country)) and not any(
        approval.approved_by == actor.id or approval.country == actor.country for approval in given
    )


def check_can_build(actor: Actor) -> None:
    check(actor, Permission.BUILD_EDITION)


def can_build(actor: Actor) -> bool:
    return has_permission(actor, Permission.BUILD_EDITION)


def check_can_read_comparisons(actor: Actor) -> None:
    """Results of single programmes are for approved accounts; terms of use are asked for by the page."""
    check(actor, Permission.READ_COMPARISONS)


def can_read_comparisons(actor: Actor) -> bool:
    return has_permission(actor, Permission.READ_COMPARISONS)
