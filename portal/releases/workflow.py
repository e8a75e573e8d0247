"""The life of an edition as a table: nothing, frozen, published. Published is the end.

A freeze that nobody publishes is given up by an administrator, or its time runs out; it may be frozen again.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from portal.core.errors import Invalid, InvalidTransition, Problem
from portal.core.permissions import Permission
from portal.core.workflow import Transition
from portal.releases.models import EditionApproval

NAME: Final = re.compile(r"[A-Za-z0-9-]{1,20}")
APPROVAL_HOURS: Final = 72
FREEZE_DAYS: Final = 7
SETTLING_DAYS: Final = 30
COUNTRIES: Final = ("IR", "RU")
YEARS: Final = range(2000, 2101)

NEW, FROZEN, PUBLISHED = "new", "frozen", "published"
DISCARDED, EXPIRED = "discarded", "expired"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an edition stands, with the approvals of its latest freeze that still hold."""

    state: str
    approvals: tuple[EditionApproval, ...] = ()
    void: bool = False


def _both_countries_approved(standing: Standing) -> None:
    missing = [c for c in COUNTRIES if c not in {approval.country for approval in standing.approvals}]
    people = {approval.approved_by for approval in standing.approvals}
    if missing or len(people) < len(COUNTRIES):
        raise InvalidTransition("approvals_missing", countries=", ".join(missing or COUNTRIES))


def _snapshot_holds(standing: Standing) -> None:
    if standing.void:
        raise InvalidTransition("snapshot_void")


TRANSITIONS: Final = (
    Transition(
        "freeze",
        (NEW, FROZEN, DISCARDED, EXPIRED),
        FROZEN,
        Permission.FREEZE_EDITION,
        event="edition.frozen",
    ),
    Transition(
        "approve", (FROZEN,), FROZEN, Permission.APPROVE_EDITION, (_snapshot_holds,), "edition.approved"
    ),
    Transition(
        "build",
        (FROZEN,),
        PUBLISHED,
        Permission.BUILD_EDITION,
        (_snapshot_holds, _both_countries_approved),
        "edition.published",
    ),
    Transition("discard", (FROZEN,), DISCARDED, Permission.FREEZE_EDITION, event="edition.discarded"),
    Transition("expire", (FROZEN,), EXPIRED, event="edition.expired"),
)
DIAGRAMS: Final = (("Edition", TRANSITIONS, NEW),)


def check_name(name: str) -> None:
    """Letters, digits and hyphens, at most twenty."""
    if not NAME.fullmatch(name):
        raise Invalid("edition_name", problems=(Problem("name", "edition_name"),), name=name)


def check_closing(closing_on: date, *, now: datetime) -> None:
    """Late entries of the last window arrive within thirty days: freeze only then."""
    if closing_on.year not in YEARS:
        raise Invalid("closing_unlikely", problems=(Problem("closing_on", "closing_unlikely"),))
    earliest = closing_on + timedelta(days=SETTLING_DAYS)
    if now.date() < earliest:
        days = {"closing_on": closing_on.isoformat(), "earliest": earliest.isoformat()}
        raise Invalid("freeze_too_early", problems=(Problem("closing_on", "freeze_too_early", days),), **days)


def expiry(now: datetime) -> datetime:
    return now + timedelta(hours=APPROVAL_HOURS)


def runs_out(frozen_at: datetime) -> datetime:
    """Until when a freeze may be published: its approvals can run out once and be given anew."""
    return frozen_at + timedelta(days=FREEZE_DAYS)


def has_run_out(frozen_at: datetime, *, now: datetime) -> bool:
    return runs_out(frozen_at) <= now
