"""Starting a thread, replying, editing, taking back; useful posts, answered questions."""

from dataclasses import dataclass
from datetime import datetime

from portal.core.audit import record
from portal.core.db import bookkeeping, transaction
from portal.core.errors import Invalid, NotFound, Problem
from portal.core.permissions import Actor
from portal.core.workflow import check
from portal.discussion import rules
from portal.discussion.dictionary import About, Kind, PostState
from portal.discussion.models import Post, PostRevision, Reaction, Thread
from portal.discussion.policies import check_can_change, check_can_read, check_can_settle
from portal.discussion.queries.people import trust_of
from portal.discussion.queries.posts import find_once, find_post
from portal.discussion.queries.threads import find_thread
from portal.discussion.services.checking import (
    Said,
    check_language,
    check_may_post,
    check_text,
    check_thread_open,
)
from portal.discussion.services.erasing import erase_unless_disputed
from portal.discussion.services.telling import tell_of_mentions, tell_of_post
from portal.discussion.workflow import POSTS
from portal.extensions import db
from portal.protocols.units import marked


@dataclass(frozen=True, slots=True)
class Target:
    """What a thread hangs on. A case may hang on nothing."""

    about: About
    protocol_id: int | None = None
    version_id: int | None = None
    block_key: str = ""


@dataclass(frozen=True, slots=True)
class NewThread:
    kind: Kind
    title: str
    said: Said


NOTHING = Target(About.NOTHING)


@transaction
def start_thread(new: NewThread, target: Target, *, by: Actor, now: datetime) -> Post:
    """Any member begins a thread; the first post of a new member is held. Returns the first post.

    The same form sent twice gives the same thread. Raises NotAllowed during a sanction.
    """
    known = find_once(by.id, new.said.once)
    if known is not None:
        return known
    check_may_post(by, now=now)
    check_text(title=new.title, longest=rules.LONGEST_TITLE)
    _check_target(new.kind, target)
    thread = Thread(
        kind=new.kind, title=new.title.strip(), lang=new.said.lang, author_id=by.id, about=target.about,
        protocol_id=target.protocol_id, version_id=target.version_id, block_key=target.block_key,
        created_at=now, last_post_at=now,
    )  # fmt: skip
    db.session.add(thread)
    db.session.flush()
    post = write(thread, new.said, by=by, now=now, opens=True)
    record("thread.started", by=by, target=thread, changes={"kind": new.kind, "post": post.id})
    return post


@transaction
def reply(thread: Thread, said: Said, *, by: Actor, now: datetime) -> Post:
    """A post in a thread that is open and in sight. The same form sent twice gives the same post."""
    known = find_once(by.id, said.once)
    if known is not None:
        return known
    check_may_post(by, now=now)
    check_thread_open(thread, by=by)
    post = write(thread, said, by=by, now=now)
    thread.last_post_at = now
    record("post.written", by=by, target=post, changes={"thread": thread.id, "state": post.state})
    return post


def write(thread: Thread, said: Said, *, by: Actor, now: datetime, opens: bool = False) -> Post:
    """Store a post with its first wording and tell whom it concerns. Called inside a verb, which records."""
    check_text(body=said.body)
    check_language(said.lang)
    _check_answered(thread, said.reply_to, by=by)
    held = rules.is_held(trust_of(by))
    post = Post(
        thread_id=thread.id, opens=opens, reply_to_id=said.reply_to, author_id=by.id, lang=said.lang,
        body=marked(said.body.strip()), signs_removed=said.signs_removed, once=said.once, created_at=now,
        state=PostState.HELD if held else PostState.VISIBLE,
    )  # fmt: skip
    db.session.add(post)
    db.session.flush()
    _keep_wording(post, by=by, now=now)
    if not held:
        tell_of_post(post, thread)
    return post


@transaction
def edit(post: Post, body: str, lang: str, *, by: Actor, now: datetime, signs_removed: int = 0) -> None:
    """The author changes the wording; the former ones stay. What a new member changes is held again."""
    check_can_change(by, post)
    check_may_post(by, now=now)
    check_text(body=body)
    check_language(lang)
    verb = "edit_unproven" if rules.is_held(trust_of(by)) else "edit"
    row = check(POSTS, post, verb)
    words = marked(body.strip())
    if (words, lang) == (post.body, post.lang):
        return
    before, post.state = post.body, row.target
    post.body, post.lang, post.edited_at = words, lang, now
    post.revision, post.signs_removed = post.revision + 1, signs_removed
    _keep_wording(post, by=by, now=now)
    if post.state == PostState.VISIBLE:
        tell_of_mentions(post, before=before)
    record(row.event, by=by, target=post, changes={"revision": post.revision, "state": post.state})


@transaction
def delete(post: Post, *, by: Actor, now: datetime) -> None:
    """The author takes a post back: a tombstone stays. Its text goes, once nobody has to judge it."""
    check_can_change(by, post)
    row = check(POSTS, post, "delete")
    post.state = row.target
    post.edited_at = now
    erase_unless_disputed(post)
    record(row.event, by=by, target=post, changes={"thread": post.thread_id})


@transaction
def settle(thread: Thread, *, settled: bool, by: Actor, now: datetime) -> None:
    """Who asked, or a moderator, says that a question is answered, or that it is open again."""
    check_can_settle(by, thread)
    if settled == (thread.settled_at is not None):
        return
    thread.settled_at, thread.settled_by = (now, by.id) if settled else (None, None)
    record("thread.settled" if settled else "thread.reopened", by=by, target=thread)


@bookkeeping
def set_useful(post: Post, *, useful: bool, by: Actor, now: datetime) -> None:
    """Say that a post helped, or take it back. Nobody praises the own post."""
    check_can_read(by, post)
    found = db.session.get(Reaction, (post.id, by.id))
    if found is not None and not useful:
        db.session.delete(found)
    if found is None and useful and post.author_id != by.id and post.state == PostState.VISIBLE:
        db.session.add(Reaction(post_id=post.id, user_id=by.id, made_at=now))


def thread_of(post: Post) -> Thread:
    thread = find_thread(post.thread_id)
    assert thread is not None  # a foreign key says so
    return thread


def _check_target(kind: Kind, target: Target) -> None:
    if target.about == About.NOTHING and kind != Kind.CASE:
        raise Invalid(problems=(Problem("kind", "protocol_missing"),))


def _check_answered(thread: Thread, reply_to: int | None, *, by: Actor) -> None:
    """An answer goes to a post of the same thread that the writer sees."""
    if reply_to is None:
        return
    answered = find_post(reply_to)
    if answered is None or answered.thread_id != thread.id:
        raise NotFound("not_found")
    check_can_read(by, answered)


def _keep_wording(post: Post, *, by: Actor, now: datetime) -> None:
    wording = PostRevision(post_id=post.id, revision=post.revision, lang=post.lang, body=post.body)
    wording.saved_by, wording.saved_at = by.id, now
    db.session.add(wording)
