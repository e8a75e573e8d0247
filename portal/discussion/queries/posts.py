"""Posts of a thread, page by page, in a fixed number of queries however long the thread is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.core.permissions import Actor
from portal.discussion.dictionary import PostState
from portal.discussion.models import Flag, Post, PostRevision, Reaction, Thread
from portal.discussion.queries.people import Author, find_authors
from portal.discussion.rules import PER_PAGE, is_moderator
from portal.extensions import db


@dataclass(frozen=True, slots=True)
class Shown:
    """A post on the page. Whether this reader gets its text is for the policies to say."""

    post: Post
    author: Author
    useful: int
    is_useful: bool
    is_flagged: bool
    answers: Author | None


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """One page of a thread; the first post is on the first page."""

    posts: Sequence[Shown]
    page: int
    pages: int


def find_post(post_id: int) -> Post | None:
    return db.session.get(Post, post_id)


def find_opening(thread_id: int) -> Post | None:
    return db.session.scalar(sa.select(Post).where(Post.thread_id == thread_id, Post.opens))


def find_once(author_id: int, once: str) -> Post | None:
    """The post that this form made already."""
    return db.session.scalar(sa.select(Post).where(Post.author_id == author_id, Post.once == once))


def list_revisions(post_id: int) -> Sequence[PostRevision]:
    found = sa.select(PostRevision).where(PostRevision.post_id == post_id)
    return db.session.scalars(found.order_by(PostRevision.revision.desc())).all()


def read_page(thread: Thread, actor: Actor, *, page: int) -> ThreadPage:
    """A page that exists: a number beyond the last leads to the last."""
    seen = _seen(thread.id, actor)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(seen.subquery())) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(1, page), pages)
    posts = db.session.scalars(seen.order_by(Post.id).offset((page - 1) * PER_PAGE).limit(PER_PAGE)).all()
    return ThreadPage(_shown(posts, actor), page, pages)


def page_of(post: Post, actor: Actor) -> int:
    """On which page of its thread a post stands for this reader."""
    before = _seen(post.thread_id, actor).where(Post.id < post.id).subquery()
    return (db.session.scalar(sa.select(sa.func.count()).select_from(before)) or 0) // PER_PAGE + 1


def _seen(thread_id: int, actor: Actor) -> sa.Select[Post]:
    """Nobody learns that a post of somebody else is held; what was hidden or removed leaves its place."""
    found = sa.select(Post).where(Post.thread_id == thread_id)
    if is_moderator(actor):
        return found
    return found.where(sa.or_(Post.state != PostState.HELD, Post.author_id == actor.id))


def _shown(posts: Sequence[Post], actor: Actor) -> list[Shown]:
    ids = [post.id for post in posts]
    answered = _authors_of({post.reply_to_id for post in posts if post.reply_to_id})
    authors = find_authors({post.author_id for post in posts} | set(answered.values()))
    useful, own, flagged = _useful(ids), _own_useful(ids, actor), _own_flags(ids, actor)
    return [
        Shown(
            post, authors[post.author_id], useful.get(post.id, 0), post.id in own,
            post.id in flagged, authors.get(answered.get(post.reply_to_id or 0, 0)),
        )
        for post in posts
    ]  # fmt: skip


def _authors_of(ids: Collection[int]) -> dict[int, int]:
    found = sa.select(Post.id, Post.author_id).where(Post.id.in_(ids))
    return {row[0]: row[1] for row in db.session.execute(found)}


def _useful(ids: Collection[int]) -> dict[int, int]:
    found = sa.select(Reaction.post_id, sa.func.count()).where(Reaction.post_id.in_(ids))
    return {row[0]: row[1] for row in db.session.execute(found.group_by(Reaction.post_id))}


def _own_useful(ids: Collection[int], actor: Actor) -> set[int]:
    found = sa.select(Reaction.post_id).where(Reaction.post_id.in_(ids), Reaction.user_id == actor.id)
    return set(db.session.scalars(found))


def _own_flags(ids: Collection[int], actor: Actor) -> set[int]:
    found = sa.select(Flag.post_id).where(Flag.post_id.in_(ids), Flag.flagged_by == actor.id)
    return set(db.session.scalars(found))
