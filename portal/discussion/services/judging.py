"""What moderators decide about posts: those that are held, and those that were flagged."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Invalid, InvalidTransition, Problem
from portal.core.permissions import Actor
from portal.core.workflow import check
from portal.discussion import rules
from portal.discussion.dictionary import PostState, Verdict
from portal.discussion.models import Flag, Post
from portal.discussion.policies import check_can_judge
from portal.discussion.queries.flags import list_open_flags
from portal.discussion.services.checking import check_text
from portal.discussion.services.erasing import erase_later, erase_unless_disputed
from portal.discussion.services.telling import tell_author, tell_flaggers, tell_of_post
from portal.discussion.services.writing import thread_of
from portal.discussion.workflow import FLAGS, POSTS

DECIDED: Final[dict[str, str]] = {
    Verdict.AGREE: "post.flags_agreed",
    Verdict.DISAGREE: "post.flags_disagreed",
    Verdict.IGNORE: "post.flags_ignored",
}
BACK: Final[dict[str, str]] = {PostState.HIDDEN: "restore", PostState.HELD: "accept"}


@transaction
def accept(post: Post, *, by: Actor, now: datetime) -> None:
    """A held post comes into sight, and whom it concerns is told only now."""
    check_can_judge(by, post, flagged=False)
    row = check(POSTS, post, "accept")
    post.state, post.decided_by, post.decided_at = row.target, by.id, now
    tell_author(post, "post_accepted")
    tell_of_post(post, thread_of(post))
    record(row.event, by=by, target=post, changes={"thread": post.thread_id})


@transaction
def remove(post: Post, reason_code: str, reason: str = "", *, by: Actor, now: datetime) -> None:
    """A post that is held goes; its author gets the reason and may appeal."""
    check_can_judge(by, post, flagged=False)
    _remove(post, reason_code, reason, by=by, now=now)
    record("post.removed", by=by, target=post, reason_code=reason_code)


@transaction
def decide_flags(
    post: Post, verdict: str, reason_code: str = "", reason: str = "", *, by: Actor, now: datetime
) -> None:
    """Agree (the post goes), disagree or ignore (it comes back). All open flags of the post are answered.

    Raises NotAllowed for the author and for whoever flagged it, InvalidTransition when nothing waits.
    """
    flags = list_open_flags(post.id)
    check_can_judge(by, post, flagged=any(flag.flagged_by == by.id for flag in flags))
    if not flags:
        raise InvalidTransition("nothing_waits")
    if verdict == Verdict.AGREE:
        _remove_flagged(post, reason_code or flags[0].reason, reason, by=by, now=now)
    elif post.state in BACK:
        post.state, post.decided_by, post.decided_at = check(POSTS, post, BACK[post.state]).target, by.id, now
    _answer(flags, verdict, by=by, now=now)
    erase_unless_disputed(post)
    changes = {"flags": [flag.id for flag in flags], "state": post.state}
    record(DECIDED[verdict], by=by, target=post, changes=changes, reason_code=post.reason_code)


def _remove_flagged(post: Post, reason_code: str, reason: str, *, by: Actor, now: datetime) -> None:
    """A post that its author took back meanwhile is gone already."""
    if post.state != PostState.DELETED:
        _remove(post, reason_code, reason, by=by, now=now)


def _remove(post: Post, reason_code: str, reason: str, *, by: Actor, now: datetime) -> None:
    if not rules.is_reason(reason_code):
        raise Invalid(problems=(Problem("reason_code", "code_unknown"),))
    if reason.strip():
        check_text(reason=reason, longest=rules.LONGEST_NOTE)
    post.state = check(POSTS, post, "remove").target
    post.reason_code, post.reason = reason_code, reason.strip()
    post.decided_by, post.decided_at = by.id, now
    tell_author(post, "post_removed", reason_code=reason_code)
    erase_later(post, by=by, now=now)


def _answer(flags: Sequence[Flag], verdict: str, *, by: Actor, now: datetime) -> None:
    for flag in flags:
        flag.state = check(FLAGS, flag, verdict).target
        flag.decided_by, flag.decided_at = by.id, now
    tell_flaggers(flags)
