"""One queue of what waits, its age and its deadline; and the order in which a person takes them up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Waiting:
    """One queue: its kind, how many wait, how long the oldest has waited if known, where to work on it.

    `about` names the programme where a person works for several. `due_at`: until when the next of them should
    be decided, where a rule sets a time; `overdue`: how many are later than that.
    """

    kind: str
    count: int
    oldest: timedelta | None
    endpoint: str
    values: dict[str, str] = field(default_factory=dict)
    about: str = ""
    due_at: datetime | None = None
    overdue: int = 0


def queue(
    kind: str, since: Iterable[datetime | None], now: datetime, endpoint: str,
    *, ends: Iterable[datetime | date | None] = (),
) -> Waiting:  # fmt: skip
    """A queue of things that each wait since a moment; a moment that nobody noted does not age it."""
    waiting = list(since)
    known = [moment for moment in waiting if moment is not None]
    oldest = max(now - min(known), timedelta()) if known else None
    limits = [_end(moment) for moment in ends if moment is not None]
    late = sum(limit < now for limit in limits)
    return Waiting(kind, len(waiting), oldest, endpoint, due_at=min(limits, default=None), overdue=late)


def in_order(queues: Iterable[Waiting]) -> Sequence[Waiting]:
    """By the next deadline, the overdue first; then what has none, the longest waiting first."""
    return sorted(queues, key=_urgency)


def _urgency(queue: Waiting) -> tuple[bool, float, float]:
    due = queue.due_at.timestamp() if queue.due_at else 0.0
    age = queue.oldest.total_seconds() if queue.oldest is not None else 0.0
    return queue.due_at is None, due, -age


def _end(moment: datetime | date) -> datetime:
    """What is due on a day is in time until the day is over."""
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment + timedelta(days=1), time(), UTC)
