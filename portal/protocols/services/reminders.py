"""What time does by itself: reminders, invitations and concerns that run out, drafts that nobody finishes.

Each reminder is sent once for each date, in the language of the person. Where no worker ran for days, the
last reminder that is due is sent and the earlier ones are not.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from portal.core import jobs
from portal.core.db import bookkeeping, utcnow
from portal.core.permissions import SYSTEM
from portal.extensions import db
from portal.protocols.dictionary import (
    ABANDONED_DAYS,
    ABANDONMENT_REMINDERS,
    CONCERN_REMINDER,
    CURRENCY_REMINDERS,
    LEGAL_REMINDERS,
    REVIEW_REMINDERS,
)
from portal.protocols.models import ProtocolVersion, Reminder
from portal.protocols.queries.notices import list_ending, list_sent
from portal.protocols.queries.timing import (
    list_currency_due,
    list_law_ending,
    list_reading,
    list_resting,
    list_unanswered,
)
from portal.protocols.services import sampling
from portal.protocols.services.assignments import expire
from portal.protocols.services.concerns import expire_concern
from portal.protocols.services.drafts import abandon
from portal.protocols.services.followers import question_unanswered
from portal.protocols.services.searches import tell_saved
from portal.protocols.services.telling import (
    tell_author,
    tell_chief_editors,
    tell_editors,
    tell_editors_of,
    tell_person,
)

TASK: Final = "protocols.daily"
EDITORS_TURN: Final = ("submitted", "in_review", "accepted")
EPOCH: Final = date(2000, 1, 1)

jobs.periodic(jobs.Periodic("protocols", TASK, "day"))
jobs.periodic(jobs.Periodic("translations", sampling.TASK, "day"))


@jobs.task(TASK)
def daily(_args: dict[str, Any]) -> None:
    run_daily(now=utcnow())


def run_daily(*, now: datetime) -> None:
    """Everything that is due; safe to run again."""
    for assignment in list_unanswered(now=now):
        expire(assignment, by=SYSTEM, now=now)
    for notice in list_ending(now):
        expire_concern(notice, by=SYSTEM, now=now)
    remind_reviewers(now=now)
    remind_chief_editors(now=now)
    remind_of_currency(now=now)
    remind_of_law(now=now)
    remind_of_drafts(now=now)
    give_up(now=now)
    question_unanswered(now=now)
    tell_saved(now=now)


@bookkeeping
def remind_reviewers(*, now: datetime) -> None:
    """Three days before the date, two and seven days after it."""
    today = now.date()
    for assignment, version in list_reading():
        step = last_due(today, assignment.due_on, REVIEW_REMINDERS)
        if _first("review", assignment.id, assignment.due_on, step, now=now):
            late = assignment.due_on < today
            tell_person(
                assignment.reviewer_id, version, "review_reminder", due_on=assignment.due_on, late=late
            )


@bookkeeping
def remind_chief_editors(*, now: datetime) -> None:
    """Five days before a concern runs out: renew it, or say what was found."""
    for notice in list_ending(now + timedelta(days=CONCERN_REMINDER)):
        ends = notice.ends_at
        if ends is not None and _first("concern", notice.id, ends.date(), -CONCERN_REMINDER, now=now):
            tell_chief_editors(notice.version, "concern_ending", ends_on=ends.date())


@bookkeeping
def remind_of_currency(*, now: datetime) -> None:
    """A month before a version is to be looked at again, and on the day."""
    today = now.date()
    for version, due in list_currency_due(until=today - timedelta(days=CURRENCY_REMINDERS[0])):
        if _first("currency", version.id, due, last_due(today, due, CURRENCY_REMINDERS), now=now):
            tell_author(version, "currency_due", due_on=due)
            tell_editors(version, "currency_due", due_on=due)


@bookkeeping
def remind_of_law(*, now: datetime) -> None:
    """A month before a check of the law runs out, and on the day: the editors of that country."""
    today, steps = now.date(), LEGAL_REMINDERS
    for row, version, expires in list_law_ending(until=today - timedelta(days=steps[0])):
        if _first("legal", row.id, expires, last_due(today, expires, steps), now=now):
            tell_editors_of(version, "legal_expiring", country=row.country, expires_on=expires)


@bookkeeping
def remind_of_drafts(*, now: datetime) -> None:
    """Twice before the portal gives a version up: its author, and the editors where it is their turn."""
    for version in list_resting(since=now - timedelta(days=ABANDONMENT_REMINDERS[0])):
        rested = version.changed_at.date()
        come = [step for step in ABANDONMENT_REMINDERS if rested + timedelta(days=step) <= now.date()]
        # In order and one a day: nothing is given up before both were sent.
        if any(_first("draft", version.id, rested, step, now=now) for step in come):
            _tell_of_draft(version, rested + timedelta(days=ABANDONED_DAYS))


def give_up(*, now: datetime) -> None:
    """After 180 days without a change, and never before two reminders were sent, the last a week ago."""
    resting = list_resting(since=now - timedelta(days=ABANDONED_DAYS))
    sent = list_sent("draft", [version.id for version in resting])
    for version in resting:
        wanted = [_number(version.changed_at.date(), step) for step in ABANDONMENT_REMINDERS]
        moments = [sent.get(version.id, {}).get(number) for number in wanted]
        known = [moment for moment in moments if moment is not None]
        if len(known) == len(wanted) and max(known) <= now - timedelta(days=7):
            abandon(version, by=SYSTEM, now=now)


def last_due(today: date, day: date, steps: Sequence[int]) -> int | None:
    """The last of these days from a date that has come; None before the first."""
    come = [step for step in steps if day + timedelta(days=step) <= today]
    return come[-1] if come else None


def _tell_of_draft(version: ProtocolVersion, until: date) -> None:
    tell_author(version, "draft_resting", until=until, version_id=version.id)
    if version.state in EDITORS_TURN:
        tell_editors(version, "draft_resting", until=until, version_id=version.id)


def _first(kind: str, target_id: int, day: date, step: int | None, *, now: datetime) -> bool:
    """Whether this reminder is due and was not sent; notes that it is sent now."""
    if step is None or _number(day, step) in list_sent(kind, [target_id]).get(target_id, {}):
        return False
    db.session.add(Reminder(kind=kind, target_id=target_id, step=_number(day, step), sent_at=now))
    db.session.flush()
    return True


def _number(day: date, step: int) -> int:
    """A reminder is one of a date: when the date moves, people are reminded of the new one."""
    return (day + timedelta(days=step) - EPOCH).days
