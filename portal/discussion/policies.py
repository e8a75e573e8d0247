"""Who may read, write, flag, judge and appeal. `check_can_…` raises, `can_…` answers the same question.

Everybody with an account reads what is visible. What is held, hidden or removed is read by its author and by
moderators alone, whatever their country.
"""

from portal.core.errors import NotAllowed
from portal.core.permissions import Actor, Permission, check, has_permission
from portal.discussion.dictionary import PostState
from portal.discussion.models import Appeal, Post, Sanction, Thread
from portal.discussion.rules import is_moderator


def check_can_write(actor: Actor) -> None:
    if not can_write(actor):
        raise NotAllowed("permission_missing", permission=str(Permission.WRITE_POST))


def can_write(actor: Actor) -> bool:
    return has_permission(actor, Permission.WRITE_POST)


def check_can_read(actor: Actor, post: Post) -> None:
    if not can_read(actor, post):
        raise NotAllowed("post_out_of_sight")


def can_read(actor: Actor, post: Post) -> bool:
    """The text itself; tombstones and notices of what is hidden are for everybody."""
    if post.state == PostState.VISIBLE or is_moderator(actor):
        return True
    return actor.id == post.author_id and post.state != PostState.DELETED


def check_can_change(actor: Actor, post: Post) -> None:
    """Edit or take back: the author alone."""
    check_can_write(actor)
    if actor.id != post.author_id:
        raise NotAllowed("not_your_post")


def can_change(actor: Actor, post: Post) -> bool:
    return can_write(actor) and actor.id == post.author_id


def check_can_flag(actor: Actor, post: Post) -> None:
    check_can_write(actor)
    if actor.id == post.author_id:
        raise NotAllowed("own_post")


def can_flag(actor: Actor, post: Post) -> bool:
    return can_write(actor) and actor.id != post.author_id


def check_can_judge(actor: Actor, post: Post, *, flagged: bool) -> None:
    """A moderator who neither wrote the post nor flagged it."""
    check(actor, Permission.MODERATE)
    if actor.id == post.author_id:
        raise NotAllowed("own_post")
    if flagged:
        raise NotAllowed("own_flag")


def can_judge(actor: Actor, post: Post, *, flagged: bool) -> bool:
    return is_moderator(actor) and actor.id != post.author_id and not flagged


def check_can_settle(actor: Actor, thread: Thread) -> None:
    """Say that a question is answered, or open it again."""
    if not can_settle(actor, thread):
        raise NotAllowed("not_your_thread")


def can_settle(actor: Actor, thread: Thread) -> bool:
    return actor.id == thread.author_id or is_moderator(actor)


def check_can_follow_up(actor: Actor, thread: Thread) -> None:
    """Only who asked about a case knows what became of it."""
    check_can_write(actor)
    if actor.id != thread.author_id:
        raise NotAllowed("not_your_thread")


def can_follow_up(actor: Actor, thread: Thread) -> bool:
    return can_write(actor) and actor.id == thread.author_id


def check_can_appeal(actor: Actor, subject: Post | Sanction) -> None:
    if not can_appeal(actor, subject):
        raise NotAllowed("not_your_appeal")


def can_appeal(actor: Actor, subject: Post | Sanction) -> bool:
    owner = subject.author_id if isinstance(subject, Post) else subject.user_id
    return actor.id == owner


def check_can_decide_appeal(actor: Actor, appeal: Appeal, *, decided_by: int, flagged: bool) -> None:
    """Another moderator than the first, who neither appeals nor flagged what the first one removed."""
    check(actor, Permission.MODERATE)
    if actor.id == appeal.made_by:
        raise NotAllowed("own_post")
    if flagged:
        raise NotAllowed("own_flag")
    if actor.id == decided_by:
        raise NotAllowed("second_moderator_needed")


def can_decide_appeal(actor: Actor, appeal: Appeal, *, decided_by: int, flagged: bool) -> bool:
    return is_moderator(actor) and actor.id not in (appeal.made_by, decided_by) and not flagged


def check_can_sanction(actor: Actor, user: Actor) -> None:
    check(actor, Permission.SANCTION)
    if actor.id == user.id:
        raise NotAllowed("own_account")


def can_sanction(actor: Actor, user: Actor) -> bool:
    return has_permission(actor, Permission.SANCTION) and actor.id != user.id
