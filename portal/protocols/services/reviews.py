"""Verbs around a review: asking people, declaring interests, saying what one thinks, answering remarks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from portal.accounts.models import User
from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, InvalidTransition, NotAllowed, Problem
from portal.core.notify import notify
from portal.core.permissions import Actor
from portal.core.workflow import check
from portal.extensions import db
from portal.protocols.dictionary import ReviewKind, State
from portal.protocols.models import ProtocolVersion, Review, ReviewAssignment, ReviewComment
from portal.protocols.policies import check_can_be_asked, check_can_edit, check_can_review, check_can_screen
from portal.protocols.queries.versions import (
    find_block,
    find_people,
    find_version,
    list_assignments,
    standing_of,
)
from portal.protocols.services.content import refuse_identifiers
from portal.protocols.workflow import TRANSITIONS

REVIEW_DAYS: Final = 21
Panel = Sequence[tuple[User, str]]


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on a block. `block_key` may be empty: on the whole."""

    severity: str
    body: str
    block_key: str = ""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a reviewer says about the content that was read (`seen_hash`)."""

    recommendation: str
    seen_hash: str
    lang: str
    summary: str = ""
    remarks: tuple[Remark, ...] = ()


@transaction
def start_review(version: ProtocolVersion, panel: Panel, *, by: Actor, now: datetime) -> None:
    """An editor asks reviewers: two clinical ones of two organisations, a dose check where doses are.

    People of an earlier round stay asked. Raises NotAllowed for a reviewer close to the text,
    InvalidTransition while the panel is incomplete.
    """
    check_can_screen(by, version)
    for reviewer, kind in panel:
        _ask(version, reviewer, kind, by=by, now=now)
    db.session.flush()
    row = check(TRANSITIONS, standing_of(version), "start_review")
    version.state, version.changed_at = row.target, now
    for assignment in list_assignments(version.id):
        if assignment.state == "submitted":
            assignment.state = "reading"
    asked = {"version": version.number, "reviewers": [[reviewer.id, kind] for reviewer, kind in panel]}
    record(row.event, by=by, target=("protocol", version.protocol.public_id), changes=asked,
           hash_after=version.content_hash)  # fmt: skip


@transaction
def ask_reviewer(version: ProtocolVersion, reviewer: User, kind: str, *, by: Actor, now: datetime) -> None:
    """Ask one more reviewer while the review runs."""
    check_can_screen(by, version)
    if version.state != State.IN_REVIEW:
        raise InvalidTransition("wrong_state", state=version.state, verb="ask_reviewer")
    _ask(version, reviewer, kind, by=by, now=now)
    record("protocol.reviewer_asked", by=by, target=("protocol", version.protocol.public_id),
           changes={"version": version.number, "reviewer": reviewer.id, "kind": kind})  # fmt: skip


def _ask(version: ProtocolVersion, reviewer: User, kind: str, *, by: Actor, now: datetime) -> None:
    check_can_be_asked(reviewer, version)
    if kind not in set(ReviewKind):
        raise Invalid("review_kind_unknown", problems=(Problem("kind", "review_kind_unknown"),))
    known = [a for a in list_assignments(version.id) if (a.reviewer_id, a.kind) == (reviewer.id, kind)]
    if known:
        if known[0].state == "declined":
            raise Conflict("reviewer_declined")
        return
    due = (now + timedelta(days=REVIEW_DAYS)).date()
    assignment = ReviewAssignment(
        version_id=version.id, kind=kind, reviewer_id=reviewer.id, due_on=due, assigned_by=by.id,
        organisation_ids=sorted(reviewer.organisation_ids), assigned_at=now,
    )  # fmt: skip
    db.session.add(assignment)
    db.session.flush()
    notify(reviewer, "review_invited", {"public_id": version.protocol.public_id, "due_on": due.isoformat()})


@transaction
def declare_interests(assignment: ReviewAssignment, conflict: str, *, by: Actor, now: datetime) -> None:
    """The reviewer declares before reading. An empty text means none; a conflict ends the assignment."""
    version = _version_of(assignment)
    if assignment.reviewer_id != by.id:
        raise NotAllowed("not_assigned")
    check_can_be_asked(by, version)
    if assignment.state not in ("invited", "reading", "submitted"):
        raise InvalidTransition("assignment_closed")
    refuse_identifiers(conflict=conflict)
    assignment.interests, assignment.declared_at = conflict.strip(), now
    assignment.state = "declined" if conflict.strip() else "reading"
    what = "review_declined" if conflict.strip() else "interests_declared"
    record(f"protocol.{what}", by=by, target=("protocol", version.protocol.public_id),
           changes={"version": version.number, "kind": assignment.kind})  # fmt: skip


@transaction
def submit_review(assignment: ReviewAssignment, said: Opinion, *, by: Actor, now: datetime) -> Review:
    """The reviewer recommends approval or revision of exactly the content that was read.

    Raises Conflict when the content changed meanwhile. A recommended revision with a remark that must be
    answered sends the version back to its author.
    """
    version = _version_of(assignment)
    check_can_review(by, version, assignment)
    if version.state != State.IN_REVIEW:
        raise InvalidTransition("wrong_state", state=version.state, verb="submit_review")
    _check_opinion(version, said)
    review = Review(
        assignment_id=assignment.id, version_id=version.id, kind=assignment.kind, reviewer_id=by.id,
        organisation_ids=assignment.organisation_ids, content_hash=version.content_hash,
        recommendation=said.recommendation, summary=said.summary.strip(), lang=said.lang, submitted_at=now,
    )  # fmt: skip
    db.session.add(review)
    assignment.state = "submitted"
    add_remarks(version, said.remarks, lang=said.lang, by=by, now=now)
    if said.recommendation == "revise" and any(remark.severity == "must" for remark in said.remarks):
        send_back(version, now=now)
    record("protocol.reviewed", by=by, target=("protocol", version.protocol.public_id),
           hash_after=version.content_hash, changes=_brief(version, assignment, said))  # fmt: skip
    return review


def approve(
    assignment: ReviewAssignment,
    *,
    seen_hash: str,
    by: Actor,
    now: datetime,
    summary: str = "",
    lang: str = "en",
) -> Review:
    """Recommend publication of exactly this content."""
    said = Opinion("approve", seen_hash, lang, summary)
    return submit_review(assignment, said, by=by, now=now)


def _brief(version: ProtocolVersion, assignment: ReviewAssignment, said: Opinion) -> dict[str, object]:
    return {
        "version": version.number,
        "kind": assignment.kind,
        "recommendation": said.recommendation,
        "remarks": len(said.remarks),
    }


def _check_opinion(version: ProtocolVersion, said: Opinion) -> None:
    refuse_identifiers(summary=said.summary)
    if said.seen_hash != version.content_hash:
        raise Conflict("content_changed")
    problems = []
    if said.recommendation not in ("approve", "revise"):
        problems.append(Problem("recommendation", "recommendation_unknown"))
    if said.recommendation == "revise" and not said.remarks:
        problems.append(Problem("remark", "comment_needed"))
    if said.recommendation == "approve" and any(remark.severity == "must" for remark in said.remarks):
        problems.append(Problem("recommendation", "approve_with_must"))
    if problems:
        raise Invalid(problems=tuple(problems))


def add_remarks(
    version: ProtocolVersion, remarks: Iterable[Remark], *, lang: str, by: Actor, now: datetime
) -> None:
    """Write remarks down, each tied to a block that exists. Called inside a verb."""
    for remark in remarks:
        refuse_identifiers(remark=remark.body)
        if remark.severity not in ("must", "should", "note") or not remark.body.strip():
            raise Invalid(problems=(Problem("remark", "comment_needed"),))
        if remark.block_key and find_block(version.id, remark.block_key) is None:
            raise Invalid(problems=(Problem("remark", "block_unknown"),))
        db.session.add(
            ReviewComment(
                version_id=version.id, author_id=by.id, block_key=remark.block_key, severity=remark.severity,
                body=remark.body.strip(), lang=lang, created_at=now,
            )
        )  # fmt: skip
    db.session.flush()


def send_back(version: ProtocolVersion, *, now: datetime) -> None:
    """in_review → changes_requested, and tell the author. Called inside a verb."""
    row = check(TRANSITIONS, standing_of(version), "request_changes")
    version.state, version.changed_at = row.target, now
    author = find_people({version.created_by})[version.created_by]
    notify(author, "changes_requested", {"public_id": version.protocol.public_id})


@transaction
def answer_remark(
    comment: ReviewComment, answer: str, *, disputed: bool = False, by: Actor, now: datetime
) -> None:
    """The author answers a remark: addressed, or disputed with a text."""
    version = find_version(comment.version_id)
    assert version is not None  # a foreign key says so
    check_can_edit(by, version)
    if version.state != State.CHANGES_REQUESTED:
        raise InvalidTransition("wrong_state", state=version.state, verb="answer_remark")
    if disputed and not answer.strip():
        raise Invalid(problems=(Problem("answer", "answer_missing"),))
    refuse_identifiers(answer=answer)
    comment.state, comment.answer = "disputed" if disputed else "addressed", answer.strip()
    comment.answered_by, comment.answered_at = by.id, now
    record("protocol.remark_answered", by=by, target=("protocol", version.protocol.public_id),
           changes={"remark": comment.id, "state": comment.state})  # fmt: skip


@transaction
def settle_remark(comment: ReviewComment, *, by: Actor, now: datetime) -> None:
    """Who made a remark, or an editor, accepts a dispute."""
    version = find_version(comment.version_id)
    assert version is not None  # a foreign key says so
    if comment.author_id != by.id:
        check_can_screen(by, version)
    if comment.state not in ("disputed", "open"):
        raise InvalidTransition("wrong_state", state=comment.state, verb="settle")
    comment.state, version.changed_at = "resolved", now
    record("protocol.remark_settled", by=by, target=("protocol", version.protocol.public_id),
           changes={"remark": comment.id})  # fmt: skip


def _version_of(assignment: ReviewAssignment) -> ProtocolVersion:
    version = find_version(assignment.version_id)
    assert version is not None  # a foreign key says so
    return version
