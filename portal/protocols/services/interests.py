"""Interests: declared before the text opens, decided by an editor before the reviewer reads.

A declaration stays with the version. A conflict that is declared later takes the approval away.
"""

from dataclasses import dataclass
from datetime import datetime

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, InvalidTransition, NotAllowed, Problem
from portal.core.permissions import Actor
from portal.core.workflow import find, verbs
from portal.extensions import db
from portal.protocols.dictionary import (
    INTERESTS,
    ONCE_PUBLISHED,
    OPEN,
    AssignmentState,
    InterestDecision,
)
from portal.protocols.models import CoiDeclaration, ProtocolVersion, ReviewAssignment
from portal.protocols.policies import check_can_be_asked, check_can_screen, check_can_submit
from portal.protocols.queries.versions import find_version, list_assignments
from portal.protocols.services.approvals import lose_approvals
from portal.protocols.services.content import refuse_identifiers
from portal.protocols.services.telling import tell_person
from portal.protocols.workflow import ASSIGNMENT_TRANSITIONS


@dataclass(frozen=True, slots=True)
class Interests:
    """Four kinds, each empty or in words; whether the employer takes part; whether the source is read."""

    financial: str = ""
    intellectual: str = ""
    institutional: str = ""
    personal: str = ""
    employer: bool = False
    reads_source: bool = True

    @property
    def has_any(self) -> bool:
        return self.employer or any(getattr(self, kind).strip() for kind in INTERESTS)


@transaction
def declare_as_author(
    version: ProtocolVersion, said: Interests, *, by: Actor, now: datetime
) -> CoiDeclaration:
    """The author declares before the version is handed in; it holds for the versions of a year."""
    check_can_submit(by, version)
    if version.state not in OPEN:
        raise InvalidTransition("wrong_state", state=version.state, verb="declare_as_author")
    row = _declare(version, said, "author", by=by, now=now)
    _record("interests_declared", version, by=by, capacity="author", any=said.has_any)
    return row


@transaction
def declare_as_reviewer(
    assignment: ReviewAssignment, said: Interests, *, by: Actor, now: datetime
) -> CoiDeclaration:
    """The reviewer declares before reading, for every task on this version; again whenever something changes.

    With nothing to declare the text opens. Otherwise it stays shut until an editor decides, and approvals
    that were given are lost. Raises InvalidTransition for an invitation that ran out.
    """
    version = _version_of(assignment)
    _check_may_declare(assignment, version, by)
    row = _declare(version, said, "reviewer", by=by, now=now)
    for task in _tasks(version, by.id):
        _answer(task, said, now=now)
    if said.has_any:
        lose_approvals(version, "conflict", "", by=by, now=now)
        tell_person(assignment.assigned_by, version, "interests_declared", version_id=version.id)
    event = "conflict_declared" if said.has_any else "interests_declared"
    _record(event, version, by=by, capacity="reviewer", any=said.has_any)
    return row


@transaction
def decide_interests(row: CoiDeclaration, decision: str, note: str = "", *, by: Actor, now: datetime) -> None:
    """An editor says whether declared interests are none that matter, are managed, or exclude the person."""
    version = find_version(row.version_id)
    assert version is not None  # a foreign key says so
    check_can_screen(by, version)
    _check_decision(row, decision, note, by=by)
    row.decision, row.decision_note = decision, note.strip()
    row.decided_by, row.decided_at = by.id, now
    if row.capacity == "reviewer":
        _open_or_exclude(version, row)
    _record("interests_decided", version, by=by, decision=decision, capacity=row.capacity)


def _check_may_declare(assignment: ReviewAssignment, version: ProtocolVersion, by: Actor) -> None:
    if assignment.reviewer_id != by.id:
        raise NotAllowed("not_assigned")
    check_can_be_asked(by, version)
    if assignment.state == AssignmentState.EXPIRED:
        raise InvalidTransition("invitation_expired")
    declares = {"declare", "declare_conflict"} & set(verbs(ASSIGNMENT_TRANSITIONS, assignment.state))
    if not declares or version.state in ONCE_PUBLISHED or version.state not in OPEN:
        raise InvalidTransition("assignment_closed")


def _check_decision(row: CoiDeclaration, decision: str, note: str, *, by: Actor) -> None:
    refuse_identifiers(note=note)
    if decision not in set(InterestDecision):
        raise Invalid(problems=(Problem("decision", "code_unknown"),))
    if decision != InterestDecision.NONE and not note.strip():
        raise Invalid(problems=(Problem("note", "reason_missing"),))
    if row.user_id == by.id:
        raise NotAllowed("own_interests")
    if row.decision is not None:
        raise Conflict("interests_decided_already")


def _declare(
    version: ProtocolVersion, said: Interests, capacity: str, *, by: Actor, now: datetime
) -> CoiDeclaration:
    texts = {kind: getattr(said, kind).strip() for kind in INTERESTS}
    refuse_identifiers(**texts)
    row = CoiDeclaration(
        protocol_id=version.protocol_id, version_id=version.id, user_id=by.id, capacity=capacity,
        employer=said.employer, declared_at=now, **texts,
    )  # fmt: skip
    if not said.has_any:
        row.decision, row.decided_by, row.decided_at = InterestDecision.NONE, 0, now
    db.session.add(row)
    db.session.flush()
    return row


def _answer(task: ReviewAssignment, said: Interests, *, now: datetime) -> None:
    """With a conflict every task of the person waits; without one only an invitation is answered."""
    possible = verbs(ASSIGNMENT_TRANSITIONS, task.state)
    task.reads_source = said.reads_source
    if said.has_any and "declare_conflict" in possible:
        task.state = find(ASSIGNMENT_TRANSITIONS, task.state, "declare_conflict").target
    elif not said.has_any and "declare" in possible:
        task.state = find(ASSIGNMENT_TRANSITIONS, task.state, "declare").target
    task.answered_at = task.answered_at or now


def _open_or_exclude(version: ProtocolVersion, row: CoiDeclaration) -> None:
    excluded = row.decision == InterestDecision.EXCLUDE
    for task in _tasks(version, row.user_id):
        if task.state == AssignmentState.DECLARED:
            verb = "exclude" if excluded else "let_read"
            task.state = find(ASSIGNMENT_TRANSITIONS, task.state, verb).target
    tell_person(row.user_id, version, "review_closed" if excluded else "review_opened")


def _tasks(version: ProtocolVersion, user_id: int) -> list[ReviewAssignment]:
    return [task for task in list_assignments(version.id) if task.reviewer_id == user_id]


def _version_of(assignment: ReviewAssignment) -> ProtocolVersion:
    version = find_version(assignment.version_id)
    assert version is not None  # a foreign key says so
    return version


def _record(event: str, version: ProtocolVersion, *, by: Actor, **changes: object) -> None:
    record(f"protocol.{event}", by=by, target=("protocol", version.protocol.public_id),
           changes={"version": version.number, **changes})  # fmt: skip
