"""Lists of threads, and how many hang on a protocol or a block."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.core.permissions import Actor
from portal.discussion.dictionary import Kind, PostState
from portal.discussion.models import CaseForm, Post, Thread
from portal.discussion.queries.people import Author, find_authors
from portal.discussion.queries.subjects import Subject, find_subjects
from portal.discussion.rules import is_moderator
from portal.extensions import db
from portal.protocols.models import Protocol
from portal.protocols.queries.hiding import shut_ids


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty means everything."""

    kind: str = ""
    lang: str = ""
    protocol_id: int | None = None
    block_key: str = ""
    only_open: bool = False
    only_own: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A thread in a list. `state` is that of its first post, `replies` are those in sight."""

    thread: Thread
    state: str
    replies: int
    author: Author
    subject: Subject | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """What a protocol says of its discussion. `on_blocks` counts conversations by the key of their block."""

    threads: int
    open_questions: int
    on_blocks: Mapping[str, int]


def find_thread(thread_id: int) -> Thread | None:
    return db.session.get(Thread, thread_id)


def find_case(thread_id: int) -> CaseForm | None:
    return db.session.get(CaseForm, thread_id)


def find_owner(thread: Thread) -> int | None:
    """Who owns the protocol that a thread is about."""
    return db.session.scalar(sa.select(Protocol.owner_id).where(Protocol.id == thread.protocol_id))


def list_threads(
    actor: Actor, filters: Filters, *, lang: str, offset: int = 0, limit: int = 20
) -> tuple[list[Line], bool]:
    """Threads that the person may see, the last spoken in first, and whether there are more."""
    found = _narrowed(_seen(actor), filters, actor)
    order = Thread.last_post_at.desc(), Thread.id.desc()
    rows = db.session.execute(found.order_by(*order).offset(offset).limit(limit + 1)).all()
    return _lines([(row[0], row[1], row[2]) for row in rows[:limit]], lang), len(rows) > limit


def count_talk(protocol_id: int) -> Talk:
    """In one query however many blocks there are, counting what everybody with an account sees."""
    is_open = sa.and_(Thread.kind == Kind.QUESTION, Thread.settled_at.is_(None))
    found = (
        sa.select(Thread.block_key, sa.func.count(), sa.func.sum(sa.case((is_open, 1), else_=0)))
        .join(Post, sa.and_(Post.thread_id == Thread.id, Post.opens))
        .where(Thread.protocol_id == protocol_id, Post.state == PostState.VISIBLE)
        .group_by(Thread.block_key)
    )
    rows = db.session.execute(found).all()
    on_blocks = {key: number for key, number, _open in rows if key}
    return Talk(sum(row[1] for row in rows), sum(row[2] for row in rows), on_blocks)


def _seen(actor: Actor) -> sa.Select[Thread, str, str]:
    found = (
        sa.select(Thread, Post.state, sa.func.coalesce(CaseForm.outcome, ""))
        .join(Post, sa.and_(Post.thread_id == Thread.id, Post.opens))
        .outerjoin(CaseForm, CaseForm.thread_id == Thread.id)
    )
    if shut := shut_ids():
        found = found.where(sa.or_(Thread.protocol_id.is_(None), Thread.protocol_id.not_in(shut)))
    if is_moderator(actor):
        return found
    own = sa.and_(Thread.author_id == actor.id, Post.state != PostState.DELETED)
    return found.where(sa.or_(Post.state == PostState.VISIBLE, own))


def _narrowed(found: sa.Select[Thread, str, str], by: Filters, actor: Actor) -> sa.Select[Thread, str, str]:
    conditions = [
        (by.kind, Thread.kind == by.kind),
        (by.lang, Thread.lang == by.lang),
        (by.protocol_id, Thread.protocol_id == by.protocol_id),
        (by.block_key, Thread.block_key == by.block_key),
        (by.only_open, Thread.settled_at.is_(None) & (Thread.kind != Kind.EXPERIENCE)),
        (by.only_own, Thread.author_id == actor.id),
    ]  # fmt: skip
    return found.where(*[condition for given, condition in conditions if given])


def _lines(rows: Sequence[tuple[Thread, str, str]], lang: str) -> list[Line]:
    threads = [thread for thread, _, _ in rows]
    replies = _replies([thread.id for thread in threads])
    authors = find_authors({thread.author_id for thread in threads})
    subjects = find_subjects({t.protocol_id for t in threads if t.protocol_id}, lang)
    return [
        Line(
            thread, state, replies.get(thread.id, 0), authors[thread.author_id],
            subjects.get(thread.protocol_id or 0),
            thread.settled_at is None and thread.kind != Kind.EXPERIENCE,
        )
        for thread, state, _outcome in rows
    ]  # fmt: skip


def _replies(ids: Sequence[int]) -> dict[int, int]:
    found = sa.select(Post.thread_id, sa.func.count()).where(Post.thread_id.in_(ids), sa.not_(Post.opens))
    found = found.where(Post.state == PostState.VISIBLE).group_by(Post.thread_id)
    return {row[0]: row[1] for row in db.session.execute(found)}
