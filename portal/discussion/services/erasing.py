"""When the words of a post go for good: taken back, or removed because a patient could be identified.

Until an appeal is decided, or its time is over, moderators still have to read what they judge.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.accounts.queries import find_user
from portal.core import jobs
from portal.core.audit import record
from portal.core.db import transaction, utcnow
from portal.core.errors import NotFound
from portal.core.permissions import Actor
from portal.discussion.dictionary import GONE, AppealState, FlagState, PostState, Reason
from portal.discussion.models import Appeal, Flag, Post, PostRevision, Thread
from portal.discussion.queries.flags import is_disputed
from portal.discussion.rules import APPEAL_WITHIN
from portal.extensions import db

JOB = "discussion_erase"


def erase(post: Post) -> None:
    """Empty every wording, and the title of a thread with its first post. Called inside a verb."""
    post.body = ""
    if post.opens:
        db.session.execute(sa.update(Thread).where(Thread.id == post.thread_id).values(title=""))
    wordings = sa.update(PostRevision).where(PostRevision.post_id == post.id, PostRevision.body != "")
    db.session.execute(wordings.values(body="").execution_options(synchronize_session=False))
    notes = sa.update(Flag).where(Flag.post_id == post.id, Flag.state != FlagState.OPEN)
    db.session.execute(notes.values(note="").execution_options(synchronize_session=False))


def erase_unless_disputed(post: Post) -> None:
    """For a post that was taken back: at once, or after the last open flag."""
    if post.state == PostState.DELETED and not is_disputed(post.id):
        erase(post)


@transaction
def erase_due(*, by: Actor, now: datetime) -> int:
    """Empty what may go: removed for identifying a patient and no longer open to appeal. How many."""
    found = sa.select(Post).where(Post.state.in_(GONE), Post.body != "").order_by(Post.id)
    asked = sa.select(Appeal.post_id).where(Appeal.state == AppealState.OPEN, Appeal.post_id.is_not(None))
    due = Post.decided_at < now - APPEAL_WITHIN
    removed = (Post.reason_code == Reason.PATIENT) & due & Post.id.not_in(asked)
    posts = [
        post
        for post in db.session.scalars(found.where(removed | (Post.state == PostState.DELETED)))
        if not is_disputed(post.id)
    ]
    for post in posts:
        erase(post)
    if posts:
        record(
            "post.erased", by=by, target=("post", posts[0].id), changes={"posts": [post.id for post in posts]}
        )
    return len(posts)


def erase_later(post: Post, *, by: Actor, now: datetime) -> None:
    """Queue the erasing for the moment at which nobody can appeal any longer."""
    if post.reason_code != Reason.PATIENT:
        return
    key = f"{JOB}:{post.id}"
    jobs.enqueue(JOB, {"by": by.id}, dedupe=key)
    job = jobs.find_job(key)
    assert job is not None  # just queued
    job.run_at = now + APPEAL_WITHIN + timedelta(minutes=1)


def erase_by_job(args: dict[str, Any]) -> None:
    """The job, as the moderator who removed the post. A second run finds nothing left."""
    person = find_user(int(args["by"]))
    if person is None:
        raise NotFound("unknown_account")
    erase_due(by=person, now=utcnow())
