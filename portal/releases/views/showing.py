"""What the page of an edition shows: where it stands, what comes next, and what approvers may see of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from flask_babel import gettext as _

from portal.accounts.forms import COUNTRY_NAMES
from portal.accounts.queries import names_of
from portal.core.errors import DomainError
from portal.core.permissions import Actor
from portal.core.web import get_or_404
from portal.core.workflow import check
from portal.releases import queries
from portal.releases.models import Edition, EditionApproval, EditionFreeze
from portal.releases.policies import can_build, can_discard, can_freeze, check_can_approve
from portal.releases.views.words import LEFT_OUT, in_words, stopped
from portal.releases.workflow import (
    COUNTRIES,
    DISCARDED,
    EXPIRED,
    FROZEN,
    PUBLISHED,
    TRANSITIONS,
    Standing,
    runs_out,
)

CLICKS: Final = timedelta(minutes=1)
"""Within this time the same wish again is a double click, not a new one."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One edition as administrators see it. `seen` is what an approval would be bound to."""

    freeze: EditionFreeze
    edition: Edition | None
    standing: Standing
    approvals: dict[str, EditionApproval]
    seen: str
    blocked: str
    is_queued: bool
    stopped: str

    @property
    def missing(self) -> list[str]:
        return [country for country in COUNTRIES if country not in self.approvals]

    @property
    def is_void(self) -> bool:
        return self.standing.void

    @property
    def is_open(self) -> bool:
        """Frozen and neither published nor given up, in time."""
        return self.standing.state == FROZEN

    @property
    def waits_for_build(self) -> bool:
        return self.is_open and not self.blocked


def show(name: str, *, now: datetime) -> Shown:
    """Everything about an edition that was frozen or published; 404 for another name."""
    from portal.releases import services

    freeze: EditionFreeze = get_or_404(queries.find_freeze(name))
    edition, standing = queries.find_edition(name), services.standing_of(name, now=now)
    seen = services.binding_of(freeze)
    given = queries.list_approvals(name, seen, now=edition.published_at) if edition else standing.approvals
    job = None if edition else services.find_build(name)
    failed = job is not None and job.state == "failed"
    return Shown(
        freeze, edition, standing,
        approvals={approval.country: approval for approval in given},
        seen=seen,
        blocked="" if edition else _why_not(freeze, standing),
        is_queued=job is not None and not failed,
        stopped=stopped(job.error) if job is not None and failed else "",
    )  # fmt: skip


def _why_not(freeze: EditionFreeze, standing: Standing) -> str:
    """Why the edition cannot be built now; empty when it can."""
    from portal.releases.services.freezing import refuse_changed

    try:
        check(TRANSITIONS, standing, "build")
        refuse_changed(freeze)
    except DomainError as refusal:
        return in_words(refusal.code, refusal.values)
    return ""


def why_no_approval(shown: Shown, actor: Actor) -> str:
    """Why this person cannot approve now; empty when they can."""
    from portal.releases.services.freezing import refuse_changed

    try:
        check_can_approve(actor, shown.standing.approvals)
        check(TRANSITIONS, shown.standing, "approve")
        refuse_changed(shown.freeze)
    except DomainError as refusal:
        return in_words(refusal.code, refusal.values)
    return ""


def is_repeated_freeze(name: str, closing_on: date, *, by: Actor, now: datetime) -> bool:
    """Whether a refused freeze is the second click of one that went well."""
    found = queries.find_freeze(name)
    return (
        found is not None
        and (found.closing_on, found.frozen_by) == (closing_on, by.id)
        and now - found.frozen_at < CLICKS
        and queries.find_edition(name) is None
    )


def is_repeated_discard(shown: Shown) -> bool:
    """Whether there was nothing left to give up: whoever wished it has it."""
    return shown.standing.state in (DISCARDED, EXPIRED)


def is_repeated_approval(name: str, seen: str, *, by: Actor, now: datetime) -> bool:
    """Whether a refused approval is the second click of one that went well."""
    return any(
        approval.approved_by == by.id and now - approval.approved_at < CLICKS
        for approval in queries.list_approvals(name, seen, now=now)
    )


def context(shown: Shown, actor: Actor) -> dict[str, Any]:
    """Values of the templates of one edition."""
    from portal.releases.services import report_for

    people = {shown.freeze.frozen_by, *(a.approved_by for a in shown.approvals.values())}
    if shown.edition:
        people.add(shown.edition.published_by)
    return {
        "shown": shown,
        "name": shown.freeze.edition,
        "report": report_for(shown.freeze, actor),
        "names": names_of(people),
        "country_names": COUNTRY_NAMES,
        "countries": COUNTRIES,
        "left_out": LEFT_OUT,
        "steps": steps(shown),
        "step": len(shown.approvals) + 2 if shown.standing.state != PUBLISHED else len(COUNTRIES) + 3,
        "may_freeze": can_freeze(actor) and shown.standing.state != PUBLISHED,
        "may_discard": can_discard(actor) and shown.is_open,
        "until": runs_out(shown.freeze.frozen_at),
        "no_approval": why_no_approval(shown, actor),
        "own_country": COUNTRY_NAMES[actor.country],
        "may_build": shown.waits_for_build and can_build(actor),
    }


def steps(shown: Shown) -> list[str]:
    """The way of an edition, the countries in the order in which they approved."""
    order = sorted(shown.approvals, key=lambda country: shown.approvals[country].approved_at)
    approvals = [_("Approval: %(country)s", country=COUNTRY_NAMES[c]) for c in (*order, *shown.missing)]
    return [_("Frozen"), *approvals, _("Published")]
