"""Background work in a table: enqueued in the caller's transaction, claimed with a lease, retried.

Delivery is at least once, so every task is idempotent. A worker that lost its lease writes nothing: the
attempt number fences it off. A refusal by a rule ends the job at once; it would be the same next time. The
queue `release` is never taken by the web process.
"""

import contextlib
import json
import random
import threading
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Moment, bookkeeping, utcnow
from portal.core.errors import DomainError
from portal.core.observe import LOGGER
from portal.extensions import db

EPOCH: Final = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
LEASE: Final = timedelta(seconds=60)
NOTHING: Final = "{}"  # what is left of the arguments: neither address nor link outlives its job
PAUSES: Final = tuple(
    timedelta(minutes=minutes) for minutes in (1, 10, 40, 120)
)  # a relay may rest for hours
WEB_QUEUES: Final = ("default", "mail")

Task = Callable[[dict[str, Any]], None]
TASKS: dict[str, Task] = {}
LOOK_EVERY: Final = 60.0  # seconds between two looks at the calendar
_running: ContextVar[int | None] = ContextVar("job", default=None)


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work that comes round: every hour, every day, or every week on Monday, each from its hour of UTC on.

    A portal that was down at the time does it once it is up again.
    """

    label: str
    task: str
    each: Literal["hour", "day", "week"] = "day"
    hour: int = 4
    args: dict[str, Any] = field(default_factory=dict)

    def key(self, now: datetime) -> str:
        """`digest:2026-11-24`: names the round, so that several processes begin it once."""
        if self.each == "hour":
            return f"{self.label}:{now:%Y-%m-%dT%H}"
        day = (now - timedelta(hours=self.hour)).date()
        if self.each == "week":
            day -= timedelta(days=day.weekday())
        return f"{self.label}:{day.isoformat()}"


CALENDAR: dict[str, Periodic] = {}


def periodic(entry: Periodic) -> Periodic:
    """Put work on the calendar that `tick` goes through."""
    CALENDAR[entry.label] = entry
    return entry


class Job(Model):
    __tablename__ = "job"
    __audited__ = False
    __table_args__ = (
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="state"),
        sa.Index("ix_job_due", "queue", "state", "run_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    queue: Mapped[str] = mapped_column(sa.String(20), default="default")
    name: Mapped[str] = mapped_column(sa.String(60))
    args: Mapped[str] = mapped_column(sa.Text, default="{}")
    run_at: Mapped[datetime] = mapped_column(Moment)
    lease_until: Mapped[datetime] = mapped_column(Moment, default=EPOCH)
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=5)
    state: Mapped[str] = mapped_column(sa.String(10), default="queued")
    error: Mapped[str] = mapped_column(sa.String(200), default="")
    dedupe: Mapped[str | None] = mapped_column(sa.String(80), unique=True)


def task(name: str) -> Callable[[Task], Task]:
    def register(function: Task) -> Task:
        TASKS[name] = function
        return function

    return register


def enqueue(name: str, args: dict[str, Any], *, queue: str = "default", dedupe: str | None = None) -> None:
    """Add a job to the caller's transaction. A job with the same `dedupe` that waits already is enough.

    One that failed for good gives its place to the new one.
    """
    old = find_job(dedupe) if dedupe else None
    if old is not None and old.state != "failed":
        return
    if old is not None:
        old.dedupe = None
        db.session.flush()
    db.session.add(Job(queue=queue, name=name, args=json.dumps(args), run_at=utcnow(), dedupe=dedupe))


@bookkeeping
def tick(*, now: datetime) -> None:
    """Enqueue what the calendar asks for and nobody began. A round that failed waits for the next one."""
    for entry in CALENDAR.values():
        if find_job(entry.key(now)) is None:
            enqueue(entry.task, entry.args, dedupe=entry.key(now))


def running() -> int | None:
    """The job that this code works for; None outside the worker."""
    return _running.get()


def is_last_attempt() -> bool:
    """Whether the running job is given up when this attempt fails."""
    job = db.session.get(Job, _running.get() or 0)
    return job is not None and job.attempts >= job.max_attempts


def find_job(dedupe: str) -> Job | None:
    """The job with this key that waits, runs or failed, or a round of the calendar; None otherwise."""
    return db.session.scalar(sa.select(Job).where(Job.dedupe == dedupe))


@bookkeeping
def claim(queues: Sequence[str], *, now: datetime) -> tuple[int, int, str, dict[str, Any]] | None:
    """Take the oldest due job: (id, attempt, name, args), or None."""
    due = (
        sa.select(Job.id)
        .where(Job.queue.in_(queues), Job.state.in_(("queued", "running")), Job.run_at <= now)
        .where(Job.lease_until < now, Job.attempts < Job.max_attempts)
        .order_by(Job.run_at, Job.id)
        .limit(1)
    )
    if db.session.get_bind().dialect.name == "postgresql":
        due = due.with_for_update(skip_locked=True)
    row = db.session.execute(
        sa.update(Job)
        .where(Job.id == due.scalar_subquery())
        .values(state="running", lease_until=now + LEASE, attempts=Job.attempts + 1)
        .returning(Job.id, Job.attempts, Job.name, Job.args)
        .execution_options(synchronize_session=False)
    ).first()
    return (row.id, row.attempts, row.name, json.loads(row.args)) if row else None


@bookkeeping
def finish(job_id: int, attempt: int, *, error: str, now: datetime, refused: bool = False) -> None:
    """Close an attempt. Without effect when the lease was lost to a later attempt."""
    pause = PAUSES[min(attempt, len(PAUSES)) - 1] * random.uniform(0.7, 1)  # noqa: S311 # spreads retries
    rounds = Job.name.in_({entry.task for entry in CALENDAR.values()})
    kept = sa.case((rounds, Job.dedupe), else_=sa.null())  # a round that is done is not begun again
    done: dict[str, Any] = {"state": "done", "error": "", "dedupe": kept, "args": NOTHING}
    again: dict[str, Any] = {"state": "queued", "error": error, "lease_until": EPOCH, "run_at": now + pause}
    failed: dict[str, Any] = {"state": "failed", "error": error, "args": NOTHING}
    outcome = failed if refused else again if error else done
    mine = sa.update(Job).where(Job.id == job_id, Job.attempts == attempt)
    db.session.execute(mine.values(**outcome).execution_options(synchronize_session=False))
    worn_out = sa.update(Job).where(
        Job.state != "done", Job.attempts >= Job.max_attempts, Job.lease_until < now
    )
    db.session.execute(
        worn_out.values(state="failed", args=NOTHING).execution_options(synchronize_session=False)
    )


def run_one(queues: Sequence[str], *, now: datetime | None = None) -> bool:
    """Run one due job; False when there was none."""
    claimed = claim(queues, now=now or utcnow())
    if claimed is None:
        return False
    job_id, attempt, name, args = claimed
    token = _running.set(job_id)
    try:
        error, refused = _attempt(name, args)
    finally:
        _running.reset(token)
    finish(job_id, attempt, error=error, refused=refused, now=now or utcnow())
    return True


def run_until_idle(queues: Sequence[str] = WEB_QUEUES, *, now: datetime | None = None) -> int:
    """Run due jobs until none is left; for tests and commands."""
    count = 0
    while run_one(queues, now=now):
        count += 1
    return count


def work(app: Any, queues: Sequence[str], stop: threading.Event, pause: float = 1.0) -> None:
    """The worker's loop, in a thread or a process of its own, until `stop` is set."""
    looked = -LOOK_EVERY
    while not stop.is_set():
        with app.app_context():
            try:
                looked = _look(queues, looked)
                busy = run_one(queues)
            except sa.exc.OperationalError:
                LOGGER.warning("the job table is not reachable")
                busy = False
        if not busy:
            stop.wait(pause)


def _look(queues: Sequence[str], looked: float) -> float:
    """Look at the calendar now and then; returns when it was done last."""
    if "default" not in queues or time.monotonic() - looked < LOOK_EVERY:
        return looked
    with contextlib.suppress(sa.exc.IntegrityError):  # another process began the same round
        tick(now=utcnow())
    return time.monotonic()


def _attempt(name: str, args: dict[str, Any]) -> tuple[str, bool]:
    """Run the task. The name of a fault, never its text, which may hold data; and whether a rule refused."""
    try:
        TASKS[name](args)
    except DomainError as refusal:
        db.session.rollback()
        return refusal.code, True
    except Exception as fault:  # noqa: BLE001 # whatever fails is recorded and retried
        db.session.rollback()
        LOGGER.error("a job failed", exc_info=fault, extra={"fields": {"job": name}})
        return type(fault).__name__, False
    return "", False
