"""What waits for moderators, from every part of the discussion: what is due first stands first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.discussion import rules
from portal.discussion.dictionary import GRAVE, AppealState, FlagState, PostState, Waits
from portal.discussion.models import Appeal, CaseForm, Flag, Post, Thread
from portal.extensions import db


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that waits: its kind, its row, since when, until when, in which language."""

    kind: Waits
    id: int
    since: datetime
    due_at: datetime
    lang: str

    def is_overdue(self, now: datetime) -> bool:
        return now > self.due_at


@dataclass(frozen=True, slots=True)
class Count:
    """How many of a kind wait, how long the oldest, until when the next is due, and how many are too late."""

    kind: Waits
    count: int
    oldest: timedelta
    due_at: datetime
    overdue: int


def list_marks(*, kind: str = "", lang: str = "") -> list[Mark]:
    """Everything that waits, by its deadline: the overdue first, then whatever has the least time left."""
    found = [*_held(), *_flagged(), *_appeals(), *_cases()]
    fitting = [m for m in found if (not kind or m.kind == kind) and (not lang or m.lang == lang)]
    return sorted(fitting, key=lambda mark: (mark.due_at, mark.since, mark.kind, mark.id))


def count_marks(marks: Iterable[Mark], *, now: datetime) -> list[Count]:
    """By kind, in the order of their deadlines; kinds without anything are left out."""
    by_kind: dict[Waits, list[Mark]] = {}
    for mark in marks:
        by_kind.setdefault(mark.kind, []).append(mark)
    counts = [
        Count(
            kind, len(held), max(now - min(mark.since for mark in held), timedelta()),
            min(mark.due_at for mark in held), sum(mark.is_overdue(now) for mark in held),
        )
        for kind, held in by_kind.items()
    ]  # fmt: skip
    return sorted(counts, key=lambda count: count.due_at)


def _held() -> list[Mark]:
    """Posts that nobody has seen; one with an open flag waits as flagged."""
    flagged = sa.select(Flag.post_id).where(Flag.state == FlagState.OPEN)
    since = sa.func.coalesce(Post.edited_at, Post.created_at, type_=Post.created_at.type)
    found = sa.select(Post.id, since, Post.lang).where(Post.state == PostState.HELD, Post.id.not_in(flagged))
    return [_mark(Waits.HELD, row[0], row[1], row[2]) for row in db.session.execute(found)]


def _flagged() -> list[Mark]:
    """One mark for a post, however many flagged it: the first flag's moment, the gravest reason."""
    found = sa.select(Flag, Post.lang).join(Post, Post.id == Flag.post_id)
    found = found.where(Flag.state == FlagState.OPEN).order_by(Flag.id)
    by_post: dict[int, list[Flag]] = {}
    langs: dict[int, str] = {}
    for flag, lang in db.session.execute(found):
        by_post.setdefault(flag.post_id, []).append(flag)
        langs[flag.post_id] = lang
    return [
        Mark(
            Waits.SAFETY if any(flag.reason in GRAVE for flag in flags) else Waits.FLAG, post_id,
            min(flag.flagged_at for flag in flags), min(flag.due_at for flag in flags), langs[post_id],
        )
        for post_id, flags in by_post.items()
    ]  # fmt: skip


def _appeals() -> list[Mark]:
    found = sa.select(Appeal.id, Appeal.made_at, Appeal.lang, Appeal.sanction_id)
    rows = db.session.execute(found.where(Appeal.state == AppealState.OPEN))
    return [_mark(Waits.SANCTION_APPEAL if row[3] else Waits.APPEAL, row[0], row[1], row[2]) for row in rows]


def _cases() -> list[Mark]:
    """Cases whose follow-up was asked for and has not come; taken back or removed ones wait for nothing."""
    found = (
        sa.select(CaseForm.thread_id, CaseForm.asked_at, Thread.lang)
        .join(Thread, Thread.id == CaseForm.thread_id)
        .join(Post, sa.and_(Post.thread_id == Thread.id, Post.opens))
        .where(CaseForm.asked_at.is_not(None), CaseForm.followed_at.is_(None))
        .where(Post.state == PostState.VISIBLE, Thread.settled_at.is_(None))
    )
    return [_mark(Waits.FOLLOW_UP, row[0], row[1], row[2]) for row in db.session.execute(found) if row[1]]


def _mark(kind: Waits, key: int, since: datetime, lang: str) -> Mark:
    return Mark(kind, key, since, rules.due(kind, since), lang)
