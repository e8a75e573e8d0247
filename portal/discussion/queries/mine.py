"""What became of one's own: posts out of sight, flags, sanctions, appeals, cases to follow up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.core.permissions import Actor
from portal.discussion.dictionary import PostState
from portal.discussion.models import Appeal, CaseForm, Flag, Post, Sanction, Thread
from portal.extensions import db

MOST = 100
_WAITING = CaseForm.asked_at.is_not(None), CaseForm.followed_at.is_(None), Thread.settled_at.is_(None)
OUT_OF_SIGHT = (PostState.HELD, PostState.HIDDEN, PostState.REMOVED)


@dataclass(frozen=True, slots=True)
class Own:
    """Everything of one person, the latest first; appeals by what they are about."""

    posts: Sequence[Post]
    threads: dict[int, Thread]
    flags: Sequence[Flag]
    sanctions: Sequence[Sanction]
    post_appeals: dict[int, Appeal]
    sanction_appeals: dict[int, Appeal]
    cases: Sequence[Thread]


def find_own(actor: Actor) -> Own:
    posts = _own(Post, Post.author_id == actor.id, Post.state.in_(OUT_OF_SIGHT))
    appeals = _own(Appeal, Appeal.made_by == actor.id)
    return Own(
        posts,
        _threads({post.thread_id for post in posts}),
        _own(Flag, Flag.flagged_by == actor.id),
        _own(Sanction, Sanction.user_id == actor.id),
        {a.post_id: a for a in reversed(appeals) if a.post_id},
        {a.sanction_id: a for a in reversed(appeals) if a.sanction_id},
        _cases(actor),
    )


def list_asked(actor: Actor) -> list[datetime]:
    """Since when each of the person's cases waits for its follow-up."""
    found = sa.select(CaseForm.asked_at).join(Thread, Thread.id == CaseForm.thread_id)
    rows = db.session.scalars(found.where(Thread.author_id == actor.id, *_WAITING))
    return [moment for moment in rows if moment is not None]


def _own(model: type[Any], *conditions: sa.ColumnElement[bool]) -> Sequence[Any]:
    found = sa.select(model).where(*conditions).order_by(model.id.desc()).limit(MOST)
    return db.session.scalars(found).all()


def _threads(ids: set[int]) -> dict[int, Thread]:
    return {thread.id: thread for thread in db.session.scalars(sa.select(Thread).where(Thread.id.in_(ids)))}


def _cases(actor: Actor) -> Sequence[Thread]:
    """Own cases that were asked about and not answered yet."""
    found = sa.select(Thread).join(CaseForm, CaseForm.thread_id == Thread.id)
    return db.session.scalars(found.where(Thread.author_id == actor.id, *_WAITING).order_by(Thread.id)).all()
