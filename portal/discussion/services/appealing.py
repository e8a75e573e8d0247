"""An author asks a second moderator, who keeps or undoes what the first one decided."""

from datetime import datetime

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict, InvalidTransition
from portal.core.permissions import Actor
from portal.core.workflow import check
from portal.discussion import rules
from portal.discussion.dictionary import PostState, SanctionState, Waits
from portal.discussion.models import Appeal, Post, Sanction
from portal.discussion.policies import check_can_appeal, check_can_decide_appeal
from portal.discussion.queries.flags import find_appeal_after, find_last_flag
from portal.discussion.queries.people import find_sanction_by_id
from portal.discussion.queries.posts import find_post
from portal.discussion.services.checking import check_language, check_text
from portal.discussion.services.telling import tell_moderators, tell_of_appeal
from portal.discussion.workflow import APPEALS, POSTS, SANCTIONS
from portal.extensions import db


@transaction
def appeal(subject: Post | Sanction, text: str, lang: str, *, by: Actor, now: datetime) -> Appeal:
    """The author of a removed post, or who was sanctioned, says why this was wrong. Once for each decision.

    Raises InvalidTransition when nothing can be appealed any longer, Conflict for a second time.
    """
    check_can_appeal(by, subject)
    check_text(argument=text, longest=rules.LONGEST_NOTE)
    check_language(lang)
    _refuse_late(subject, now=now)
    made = Appeal(made_by=by.id, made_at=now, lang=lang, text=text.strip())
    if isinstance(subject, Post):
        made.post_id = subject.id
    else:
        made.sanction_id = subject.id
        tell_moderators(Waits.SANCTION_APPEAL, besides={by.id, subject.issued_by})
    db.session.add(made)
    record("appeal.made", by=by, target=subject)
    return made


@transaction
def decide(found: Appeal, answer: str, *, granted: bool, by: Actor, now: datetime) -> None:
    """Another moderator grants it (the post comes back, the sanction is lifted) or refuses it."""
    subject = subject_of(found)
    flagged = found.post_id is not None and find_last_flag(found.post_id, by.id) is not None
    check_can_decide_appeal(by, found, decided_by=decider_of(subject), flagged=flagged)
    check_text(answer=answer, longest=rules.LONGEST_NOTE)
    row = check(APPEALS, found, "grant" if granted else "refuse")
    found.state, found.answer = row.target, answer.strip()
    found.decided_by, found.decided_at = by.id, now
    if granted:
        _undo(subject, by=by, now=now)
    tell_of_appeal(found)
    record(row.event, by=by, target=found, changes={"post": found.post_id, "sanction": found.sanction_id})


def subject_of(found: Appeal) -> Post | Sanction:
    subject = find_post(found.post_id) if found.post_id else find_sanction_by_id(found.sanction_id or 0)
    assert subject is not None  # a foreign key says so
    return subject


def decider_of(subject: Post | Sanction) -> int:
    """The moderator whose decision is appealed."""
    return (subject.decided_by or 0) if isinstance(subject, Post) else subject.issued_by


def _undo(subject: Post | Sanction, *, by: Actor, now: datetime) -> None:
    if isinstance(subject, Post):
        subject.state = check(POSTS, subject, "reinstate").target
        subject.reason_code, subject.reason = "", ""
        subject.decided_by, subject.decided_at = by.id, now
        return
    subject.state = check(SANCTIONS, subject, "lift").target
    subject.lifted_by, subject.lifted_at = by.id, now


def _refuse_late(subject: Post | Sanction, *, now: datetime) -> None:
    if isinstance(subject, Post):
        decided, stands = subject.decided_at, subject.state == PostState.REMOVED
    else:
        decided, stands = subject.issued_at, subject.state == SanctionState.ISSUED
    if not stands or decided is None or not rules.may_appeal(decided, now):
        raise InvalidTransition("decision_final")
    if find_appeal_after(subject, decided) is not None:
        raise Conflict("appealed_already")
