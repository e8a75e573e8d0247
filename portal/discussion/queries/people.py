"""People as the discussion sees them: trust computed from what they did, and sanctions in force."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.accounts.models import User
from portal.core.permissions import Actor
from portal.discussion import rules
from portal.discussion.dictionary import FlagState, PostState, SanctionState
from portal.discussion.models import Flag, Post, Sanction
from portal.discussion.rules import is_clinician
from portal.extensions import db
from portal.protocols.queries.versions import find_people


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a post: the name, the country, and whether a verified clinician."""

    id: int
    name: str
    country: str
    is_clinician: bool


def find_authors(ids: Collection[int]) -> dict[int, Author]:
    """In a fixed number of queries."""
    return {
        user.id: Author(user.id, user.name, user.country, is_clinician(user))
        for user in find_people(set(ids)).values()
    }


def trust_of(actor: Actor) -> int:
    return list_trust([actor])[actor.id]


def list_trust(people: Sequence[Actor]) -> dict[int, int]:
    """Level of trust by id, in two queries."""
    ids = [person.id for person in people]
    accepted, decided = _accepted(ids), _decided(ids)
    return {
        person.id: rules.level(
            is_clinician=is_clinician(person),
            accepted=accepted.get(person.id, 0),
            agreed=decided.get((person.id, FlagState.AGREED), 0),
            disagreed=decided.get((person.id, FlagState.DISAGREED), 0),
        )
        for person in people
    }


def _accepted(ids: Collection[int]) -> dict[int, int]:
    found = sa.select(Post.author_id, sa.func.count()).where(Post.author_id.in_(ids))
    found = found.where(Post.state == PostState.VISIBLE).group_by(Post.author_id)
    return {row[0]: row[1] for row in db.session.execute(found)}


def _decided(ids: Collection[int]) -> dict[tuple[int, str], int]:
    found = sa.select(Flag.flagged_by, Flag.state, sa.func.count()).where(Flag.flagged_by.in_(ids))
    found = found.where(Flag.state != FlagState.OPEN).group_by(Flag.flagged_by, Flag.state)
    return {(row[0], row[1]): row[2] for row in db.session.execute(found)}


def find_sanction(user_id: int, *, now: datetime) -> Sanction | None:
    """The sanction that keeps a person from posting now."""
    found = sa.select(Sanction).where(Sanction.user_id == user_id, Sanction.ends_at > now)
    found = found.where(Sanction.state == SanctionState.ISSUED).order_by(Sanction.ends_at.desc())
    return db.session.scalar(found.limit(1))


def find_sanction_by_id(sanction_id: int) -> Sanction | None:
    return db.session.get(Sanction, sanction_id)


def count_sanctions(ids: Collection[int]) -> dict[int, int]:
    """How many sanctions people had that nobody lifted: a moderator sees it beside the post."""
    found = sa.select(Sanction.user_id, sa.func.count()).where(Sanction.user_id.in_(ids))
    found = found.where(Sanction.state == SanctionState.ISSUED).group_by(Sanction.user_id)
    return {row[0]: row[1] for row in db.session.execute(found)}


def count_posts_since(user_id: int, since: datetime) -> int:
    found = sa.select(sa.func.count()).select_from(Post)
    return db.session.scalar(found.where(Post.author_id == user_id, Post.created_at > since)) or 0


def has_posted_too_much(user_id: int, *, now: datetime) -> bool:
    return count_posts_since(user_id, now - timedelta(hours=1)) >= rules.MOST_POSTS_AN_HOUR


def list_named(thread_id: int, *, owner_id: int | None) -> Sequence[User]:
    """Who may be called by name in a thread: those who spoke in it in sight, and the protocol's author."""
    spoke = sa.select(Post.author_id).where(Post.thread_id == thread_id, Post.state == PostState.VISIBLE)
    named = sa.or_(User.id.in_(spoke), User.id == (owner_id or 0))
    return db.session.scalars(sa.select(User).where(named).order_by(User.name, User.id)).all()
