"""Flagging a post. From people whose flags weigh, the two grave reasons hide it before anybody has looked.

Not from somebody who is kept from posting, and a few in an hour at most: else one account could silence a
discussion. Such flags wait for a moderator like others.
"""

from datetime import datetime, timedelta

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, InvalidTransition, Problem
from portal.core.permissions import Actor
from portal.core.workflow import check
from portal.discussion import rules
from portal.discussion.dictionary import PostState, Waits
from portal.discussion.models import Flag, Post
from portal.discussion.policies import check_can_flag
from portal.discussion.queries.flags import count_hidden_since, find_last_flag
from portal.discussion.queries.people import find_sanction, trust_of
from portal.discussion.services.checking import check_text
from portal.discussion.services.telling import tell_moderators
from portal.discussion.workflow import POSTS
from portal.extensions import db


@transaction
def flag(post: Post, reason: str, note: str = "", *, by: Actor, now: datetime) -> Flag:
    """A member says why a post should not stand. Raises Conflict for a second flag of the same wording."""
    check_can_flag(by, post)
    if not rules.is_reason(reason):
        raise Invalid(problems=(Problem("reason", "code_unknown"),))
    if note.strip():
        check_text(note=note, longest=rules.LONGEST_NOTE)
    if post.state != PostState.VISIBLE:
        raise InvalidTransition("post_not_in_sight")
    _refuse_again(post, by=by)
    hid = rules.hides(reason, trust_of(by)) and _may_hide(by, now=now)
    waits = rules.flag_waits(reason, hid=hid)
    made = Flag(
        post_id=post.id, flagged_by=by.id, flagged_at=now, reason=reason, note=note.strip(), hid=hid,
        due_at=rules.due(waits, now),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    if hid:
        post.state = check(POSTS, post, "hide").target
    if waits == Waits.SAFETY:
        tell_moderators(waits, besides={by.id, post.author_id})
    record("post.flagged", by=by, target=post, reason_code=reason, changes={"flag": made.id, "hid": hid})
    return made


def _may_hide(actor: Actor, *, now: datetime) -> bool:
    lately = count_hidden_since(actor.id, now - timedelta(hours=1))
    return lately < rules.MOST_HIDDEN_AN_HOUR and find_sanction(actor.id, now=now) is None


def _refuse_again(post: Post, *, by: Actor) -> None:
    """Once, and again only when the wording changed after a moderator had decided."""
    last = find_last_flag(post.id, by.id)
    if last is None:
        return
    changed = last.decided_at and post.edited_at and post.edited_at > last.decided_at
    if not changed:
        raise Conflict("flagged_already")
