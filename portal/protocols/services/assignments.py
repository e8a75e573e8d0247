"""Asking reviewers: invited, accepted or declined, expired after a week, dismissed when silent."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from portal.accounts.models import User
from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, InvalidTransition, NotAllowed, Problem
from portal.core.permissions import Actor
from portal.core.workflow import check, find, verbs
from portal.extensions import db
from portal.protocols.dictionary import REVIEW_DAYS, AssignmentState, ReviewKind, State
from portal.protocols.models import ProtocolVersion, ReviewAssignment
from portal.protocols.policies import check_can_be_asked, check_can_screen
from portal.protocols.queries.interests import is_excluded
from portal.protocols.queries.versions import find_version, list_assignments, standing_of
from portal.protocols.services.content import refuse_identifiers, refuse_writer
from portal.protocols.services.telling import tell_author, tell_person, tell_reviewers
from portal.protocols.workflow import ASSIGNMENT_TRANSITIONS, TRANSITIONS

Panel = Sequence[tuple[User, str]]


@transaction
def start_review(version: ProtocolVersion, panel: Panel, *, by: Actor, now: datetime) -> None:
    """An editor asks reviewers: two clinical ones of two organisations, a dose check where doses are.

    People of an earlier round stay asked. Raises NotAllowed for a reviewer close to the text,
    InvalidTransition while the panel is incomplete or an author's interests are not decided.
    """
    check_can_screen(by, version)
    again = [a for a in list_assignments(version.id) if _may_resume(a)]
    for assignment in again:
        assignment.state = find(ASSIGNMENT_TRANSITIONS, assignment.state, "resume").target
        assignment.due_on = (now + timedelta(days=REVIEW_DAYS)).date()
    for reviewer, kind in panel:
        _ask(version, reviewer, kind, by=by, now=now)
    db.session.flush()
    row = check(TRANSITIONS, standing_of(version), "start_review")
    version.state, version.changed_at = row.target, now
    tell_author(version, "review_started")
    tell_reviewers(version, again, "review_again")
    asked = {"version": version.number, "reviewers": [[reviewer.id, kind] for reviewer, kind in panel]}
    record(row.event, by=by, target=("protocol", version.protocol.public_id), changes=asked,
           hash_after=version.content_hash)  # fmt: skip


@transaction
def ask_reviewer(version: ProtocolVersion, reviewer: User, kind: str, *, by: Actor, now: datetime) -> None:
    """Ask one more reviewer while the review runs, or one who let the invitation run out."""
    check_can_screen(by, version)
    if version.state != State.IN_REVIEW:
        raise InvalidTransition("wrong_state", state=version.state, verb="ask_reviewer")
    _ask(version, reviewer, kind, by=by, now=now)
    record("protocol.reviewer_asked", by=by, target=("protocol", version.protocol.public_id),
           changes={"version": version.number, "reviewer": reviewer.id, "kind": kind})  # fmt: skip


@transaction
def decline(assignment: ReviewAssignment, reason: str = "", *, by: Actor, now: datetime) -> None:
    """The reviewer cannot; a reason is welcome and not needed. Who asked is told."""
    version = _version_of(assignment)
    if assignment.reviewer_id != by.id:
        raise NotAllowed("not_assigned")
    refuse_identifiers(reason=reason)
    row = find(ASSIGNMENT_TRANSITIONS, assignment.state, "decline")
    assignment.state, assignment.answered_at = row.target, now
    tell_person(assignment.assigned_by, version, "review_declined", version_id=version.id)
    record(row.event, by=by, target=("protocol", version.protocol.public_id), reason_text=reason.strip(),
           changes={"version": version.number, "kind": assignment.kind})  # fmt: skip


@transaction
def dismiss(assignment: ReviewAssignment, *, by: Actor, now: datetime) -> None:
    """An editor stops waiting for a silent reviewer, who is thanked."""
    version = _version_of(assignment)
    check_can_screen(by, version)
    row = find(ASSIGNMENT_TRANSITIONS, assignment.state, "dismiss")
    assignment.state, version.changed_at = row.target, now
    tell_reviewers(version, [assignment], "review_closed")
    record(row.event, by=by, target=("protocol", version.protocol.public_id),
           changes=_brief(version, assignment))  # fmt: skip


@transaction
def expire(assignment: ReviewAssignment, *, by: Actor, now: datetime) -> None:  # noqa: ARG001 # every verb has it
    """A week passed without an answer. Reviewer and editor are told; the editor may ask again."""
    version = _version_of(assignment)
    row = find(ASSIGNMENT_TRANSITIONS, assignment.state, "expire")
    assignment.state = row.target
    tell_reviewers(version, [assignment], "invitation_expired")
    tell_person(assignment.assigned_by, version, "review_declined", version_id=version.id)
    record(row.event, by=by, target=("protocol", version.protocol.public_id),
           changes=_brief(version, assignment))  # fmt: skip


def _ask(version: ProtocolVersion, reviewer: User, kind: str, *, by: Actor, now: datetime) -> None:
    check_can_be_asked(reviewer, version)
    refuse_writer(version, reviewer)
    if kind not in set(ReviewKind):
        raise Invalid("review_kind_unknown", problems=(Problem("kind", "review_kind_unknown"),))
    if is_excluded(version.id, reviewer.id):
        raise Conflict("reviewer_excluded")
    known = [a for a in list_assignments(version.id) if (a.reviewer_id, a.kind) == (reviewer.id, kind)]
    if known and known[0].state == AssignmentState.DECLINED:
        raise Conflict("reviewer_declined")
    due = (now + timedelta(days=REVIEW_DAYS)).date()
    if known and "ask_again" in verbs(ASSIGNMENT_TRANSITIONS, known[0].state):
        known[0].state = find(ASSIGNMENT_TRANSITIONS, known[0].state, "ask_again").target
        known[0].answered_at = None
        known[0].due_on, known[0].assigned_at, known[0].assigned_by = due, now, by.id
    elif known:
        return
    else:
        _add(version, reviewer, kind, by=by, now=now)
    tell_person(reviewer.id, version, "review_invited", due_on=due)


def _may_resume(assignment: ReviewAssignment) -> bool:
    """Who took part in an earlier round takes part again; who never answered is asked anew."""
    took_part = assignment.answered_at is not None
    return took_part and "resume" in verbs(ASSIGNMENT_TRANSITIONS, assignment.state)


def _add(version: ProtocolVersion, reviewer: User, kind: str, *, by: Actor, now: datetime) -> None:
    assignment = ReviewAssignment(
        version_id=version.id, kind=kind, reviewer_id=reviewer.id, assigned_by=by.id, assigned_at=now,
        due_on=(now + timedelta(days=REVIEW_DAYS)).date(), organisation_ids=sorted(reviewer.organisation_ids),
    )  # fmt: skip
    db.session.add(assignment)
    db.session.flush()


def _version_of(assignment: ReviewAssignment) -> ProtocolVersion:
    version = find_version(assignment.version_id)
    assert version is not None  # a foreign key says so
    return version


def _brief(version: ProtocolVersion, assignment: ReviewAssignment) -> dict[str, object]:
    return {"version": version.number, "reviewer": assignment.reviewer_id, "kind": assignment.kind}
