"""States of an import: rows arrive, wait for the commit, count; or the file is refused or swept.

And of an episode: open, with a review due, discharged, with a follow-up due. They follow from its answers and
the day; nobody sets them.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from portal.core.permissions import Permission
from portal.core.workflow import Transition
from portal.registry.models import BatchState as S
from portal.registry.models import Episode

IMPORT: Final = (
    Transition("stage", (S.LOADING,), S.STAGED, Permission.SUBMIT_OUTCOMES, event="import.staged"),
    Transition("publish", (S.LOADING, S.STAGED), S.DONE, Permission.SUBMIT_OUTCOMES, event="import.accepted"),
    Transition("refuse", (S.LOADING,), S.REFUSED, Permission.SUBMIT_OUTCOMES, event="import.refused"),
    Transition("sweep", (S.LOADING, S.STAGED), S.SWEPT),
)
DIAGRAMS: Final = (("Import", IMPORT, str(S.LOADING)),)

# Own choice: two reviews, at about three and six months; a follow-up is worth asking for within a quarter.
REVIEW_DAYS: Final = (90, 180)
FOLLOW_UP_DAYS: Final = (90, 180, 365)
EARLY: Final = 14
LATE: Final = 90
DEAD: Final = (51, 52, 53)


class EpisodeState(StrEnum):
    OPEN = "open"
    REVIEW_DUE = "review_due"
    DISCHARGED = "discharged"
    FOLLOW_UP_DUE = "follow_up_due"


def state_of(episode: Episode, today: date) -> EpisodeState:
    if episode.discharge_day is None:
        return EpisodeState.REVIEW_DUE if review_due(episode, today) else EpisodeState.OPEN
    return EpisodeState.FOLLOW_UP_DUE if follow_ups_due(episode, today) else EpisodeState.DISCHARGED


def day_of(episode: Episode, today: date) -> int:
    """Days since admission, which is known to the month: its 15th stands for it."""
    return (today - comes_on(episode, 0)).days


def next_review(episode: Episode) -> int | None:
    """The review that comes next, by number."""
    return next((n for n in (1, 2) if getattr(episode, f"review_{n}_day") is None), None)


def review_due(episode: Episode, today: date) -> bool:
    number = next_review(episode)
    return number is not None and day_of(episode, today) >= REVIEW_DAYS[number - 1] - EARLY


def follow_ups_open(episode: Episode) -> tuple[int, ...]:
    """Follow-ups without an answer; after a death there is none."""
    if episode.discharge_day is None or episode.discharge_reason in DEAD:
        return ()
    return tuple(n for n in FOLLOW_UP_DAYS if getattr(episode, f"followup_{n}_status") is None)


def follow_ups_reached(episode: Episode, today: date) -> tuple[int, ...]:
    """Follow-ups whose day has come."""
    since = day_of(episode, today) - (episode.discharge_day or 0)
    return tuple(n for n in follow_ups_open(episode) if n - EARLY <= since)


def follow_ups_due(episode: Episode, today: date) -> tuple[int, ...]:
    since = day_of(episode, today) - (episode.discharge_day or 0)
    return tuple(n for n in follow_ups_reached(episode, today) if since <= n + LATE)


def comes_on(episode: Episode, days: int) -> date:
    """About when a day after admission is reached."""
    return middle_of(episode.admission_month) + timedelta(days=days)


def still_open() -> sa.ColumnElement[bool]:
    return Episode.discharge_day.is_(None)


def where_review_due(today: date) -> sa.ColumnElement[bool]:
    """The same as `review_due`, as a condition of a list."""
    first, second = (admitted_before(n - EARLY, today) for n in REVIEW_DAYS)
    none = sa.and_(Episode.review_1_day.is_(None), Episode.admission_month <= first)
    one = sa.and_(
        Episode.review_1_day.is_not(None), Episode.review_2_day.is_(None), Episode.admission_month <= second
    )
    return sa.and_(still_open(), sa.or_(none, one))


def where_follow_up_due(today: date, months: Iterable[str]) -> sa.ColumnElement[bool]:
    """The same as `follow_ups_due`, for the admission months that there are."""
    due = [
        sa.and_(
            Episode.admission_month == month,
            Episode.discharge_day.between(since - days - LATE, since - days + EARLY),
            getattr(Episode, f"followup_{days}_status").is_(None),
        )
        for month in months
        for since in [(today - middle_of(month)).days]
        for days in FOLLOW_UP_DAYS
    ]
    return sa.and_(Episode.discharge_reason.not_in(DEAD), sa.or_(sa.false(), *due))


def admitted_before(days: int, today: date) -> str:
    """The latest admission month whose 15th lies at least so many days back."""
    day = today - timedelta(days=days)
    return f"{day:%Y-%m}" if day.day >= 15 else f"{day.replace(day=1) - timedelta(days=1):%Y-%m}"


def middle_of(month: str) -> date:
    """The day that stands for an admission month."""
    year, number = month.split("-")
    return date(int(year), int(number), 15)


def refusal_of(what: str, episode: Episode) -> str | None:
    """Why a step cannot be taken now, as a code; the service has the last word."""
    if what in ("review", "medication", "discharge") and episode.discharge_day is not None:
        return "already_discharged"
    return "no_free_review" if what == "review" and next_review(episode) is None else None
