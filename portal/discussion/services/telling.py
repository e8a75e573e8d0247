"""Who is told of what. A notice names a place and a kind of thing, never a word of what was written."""

from collections.abc import Iterable, Mapping

from portal.accounts.models import User
from portal.accounts.queries import find_user, list_holders, list_subscribers
from portal.core.notify import notify
from portal.core.permissions import Role
from portal.discussion.dictionary import Waits
from portal.discussion.models import Appeal, CaseForm, Flag, Post, Sanction, Thread
from portal.discussion.queries.people import list_named
from portal.discussion.queries.posts import find_post
from portal.discussion.queries.threads import find_owner, find_thread
from portal.discussion.rules import find_mentions


def tell_of_post(post: Post, thread: Thread) -> None:
    """A post came into sight: tell whom it answers, who follows the thread, who is called, and the owner."""
    values = {"post": post.id}
    told = {post.author_id}
    told |= _tell(_answered(post, thread), "comment_reply", values, besides=told)
    told |= _tell(_called(post, thread), "comment_mention", values, besides=told)
    told |= _tell(list_subscribers("thread", str(thread.id)), "comment_reply", values, besides=told)
    if post.opens:
        _tell(_people({find_owner(thread)}), "thread_started", values, besides=told)


def tell_of_mentions(post: Post, *, before: str) -> None:
    """An edited text calls people; those whom the former wording called were told."""
    thread = find_thread(post.thread_id)
    assert thread is not None  # a foreign key says so
    known = find_mentions(before, _names(thread))
    _tell(_called(post, thread), "comment_mention", {"post": post.id}, besides={post.author_id, *known})


def tell_author(post: Post, key: str, *, reason_code: str = "") -> None:
    _tell(_people({post.author_id}), key, {"post": post.id, "reason_code": reason_code}, besides=set())


def tell_flaggers(flags: Iterable[Flag]) -> None:
    for flag in flags:
        values = {"post": flag.post_id, "state": flag.state}
        _tell(_people({flag.flagged_by}), "flag_decided", values, besides=set())


def tell_moderators(waits: Waits, *, besides: set[int]) -> None:
    """What has to be decided within a day is told at once to all who may decide it."""
    _tell(list_holders(Role.MODERATOR), "moderation_urgent", {"waits": str(waits)}, besides=besides)


def tell_of_sanction(sanction: Sanction) -> None:
    values = {"reason_code": sanction.reason_code, "until": sanction.ends_at.date().isoformat()}
    _tell(_people({sanction.user_id}), "sanction_issued", values, besides=set())


def tell_of_appeal(appeal: Appeal) -> None:
    values = {"state": appeal.state, "post": appeal.post_id}
    _tell(_people({appeal.made_by}), "appeal_decided", values, besides=set())


def ask_for_follow_up(case: CaseForm, thread: Thread) -> None:
    _tell(_people({thread.author_id}), "case_follow_up", {"thread": case.thread_id}, besides=set())


def _tell(people: Iterable[User], key: str, values: Mapping[str, object], *, besides: set[int]) -> set[int]:
    """Tell each person once; returns who was told."""
    told = {person.id: person for person in people if person.id not in besides and person.active}
    for person in told.values():
        notify(person, key, dict(values))
    return set(told)


def _answered(post: Post, thread: Thread) -> list[User]:
    answered = find_post(post.reply_to_id) if post.reply_to_id else None
    return _people({answered.author_id if answered else thread.author_id})


def _called(post: Post, thread: Thread) -> list[User]:
    return _people(find_mentions(post.body, _names(thread)))


def _names(thread: Thread) -> dict[int, str]:
    return {user.id: user.name for user in list_named(thread.id, owner_id=find_owner(thread))}


def _people(ids: Iterable[int | None]) -> list[User]:
    return [user for user in (find_user(key) for key in sorted(i for i in ids if i)) if user is not None]
