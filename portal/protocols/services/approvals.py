"""Approvals that no longer count: taken back by their reviewer, or lost with a conflict of interest.

Acceptance is judged anew at once: a version that lacks an approval goes back into review.
"""

from datetime import datetime

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Invalid, InvalidTransition, NotAllowed, Problem
from portal.core.permissions import Actor
from portal.core.workflow import find
from portal.extensions import db
from portal.protocols.dictionary import State
from portal.protocols.models import ApprovalWithdrawal, ProtocolVersion, ReviewAssignment
from portal.protocols.queries.versions import find_version, list_approving, standing_of
from portal.protocols.services.content import refuse_identifiers
from portal.protocols.services.telling import tell_editors
from portal.protocols.workflow import ASSIGNMENT_TRANSITIONS, TRANSITIONS, missing_seats


@transaction
def withdraw_approval(assignment: ReviewAssignment, reason: str, *, by: Actor, now: datetime) -> None:
    """A reviewer takes an approval back, until the version is published. The text is open again."""
    version = find_version(assignment.version_id)
    assert version is not None  # a foreign key says so
    if assignment.reviewer_id != by.id:
        raise NotAllowed("not_assigned")
    if version.state not in (State.IN_REVIEW, State.ACCEPTED):
        raise InvalidTransition("wrong_state", state=version.state, verb="withdraw_approval")
    if not reason.strip():
        raise Invalid("reason_missing", problems=(Problem("reason", "reason_missing"),))
    refuse_identifiers(reason=reason)
    lost = lose_approvals(version, "reviewer", reason, by=by, now=now, assignment=assignment)
    if not lost:
        raise InvalidTransition("nothing_approved")
    row = find(ASSIGNMENT_TRANSITIONS, assignment.state, "withdraw_approval")
    assignment.state = row.target
    record(row.event, by=by, target=("protocol", version.protocol.public_id), reason_text=reason.strip(),
           hash_after=version.content_hash, changes=_brief(version, kind=assignment.kind))  # fmt: skip


def lose_approvals(
    version: ProtocolVersion,
    cause: str,
    reason: str,
    *,
    by: Actor,
    now: datetime,
    assignment: ReviewAssignment | None = None,
) -> int:
    """Void the person's approvals, those of one assignment where it is given. Called inside a verb."""
    held = [
        review
        for review in list_approving(version)
        if review.reviewer_id == by.id and (assignment is None or review.assignment_id == assignment.id)
    ]
    for review in held:
        db.session.add(
            ApprovalWithdrawal(
                review_id=review.id, version_id=version.id, cause=cause, reason=reason.strip(),
                withdrawn_by=by.id, withdrawn_at=now,
            )
        )  # fmt: skip
    db.session.flush()
    if held:
        record("protocol.approval_lost", by=by, target=("protocol", version.protocol.public_id),
               reason_code=cause, changes=_brief(version, reviews=[r.id for r in held]))  # fmt: skip
        _judge_anew(version, cause, by=by, now=now)
    return len(held)


def _judge_anew(version: ProtocolVersion, cause: str, *, by: Actor, now: datetime) -> None:
    """accepted → in review, where what is left does not carry the acceptance."""
    standing = standing_of(version)
    if version.state != State.ACCEPTED or not missing_seats(standing.approvals, has_dose=standing.has_dose):
        return
    row = find(TRANSITIONS, version.state, "lose_approval")
    version.state, version.changed_at = row.target, now
    version.accepted_at = version.accepted_by = None
    tell_editors(version, "approval_lost", version_id=version.id)
    record(row.event, by=by, target=("protocol", version.protocol.public_id), reason_code=cause,
           changes={"version": version.number}, hash_after=version.content_hash)  # fmt: skip


def _brief(version: ProtocolVersion, **more: object) -> dict[str, object]:
    return {"version": version.number, **more}
