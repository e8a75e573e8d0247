"""What a reviewer says about a content, remarks tied to words of it, and the answers of its author."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, InvalidTransition, Problem
from portal.core.permissions import Actor
from portal.core.workflow import check, find
from portal.extensions import db
from portal.protocols.dictionary import State
from portal.protocols.models import ProtocolVersion, Review, ReviewAssignment, ReviewComment
from portal.protocols.policies import check_can_edit, check_can_review, check_can_screen
from portal.protocols.queries.anchors import find_span
from portal.protocols.queries.versions import find_block, find_version, standing_of
from portal.protocols.services.content import refuse_identifiers, refuse_writer
from portal.protocols.services.telling import tell_author
from portal.protocols.workflow import ASSIGNMENT_TRANSITIONS, TRANSITIONS

SEVERITIES: Final = ("must", "should", "note")


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on a block, or on the words of it that are quoted. `block_key` may be empty: on the whole."""

    severity: str
    body: str
    block_key: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a reviewer says about the content that was read (`seen_hash`)."""

    recommendation: str
    seen_hash: str
    lang: str
    summary: str = ""
    remarks: tuple[Remark, ...] = ()


@transaction
def submit_review(assignment: ReviewAssignment, said: Opinion, *, by: Actor, now: datetime) -> Review:
    """The reviewer recommends approval or revision of exactly the content that was read.

    Raises Conflict when the content changed meanwhile. A recommended revision with a remark that must be
    answered sends the version back to its author.
    """
    version = _version_of(assignment)
    check_can_review(by, version, assignment)
    refuse_writer(version, by)
    if version.state != State.IN_REVIEW:
        raise InvalidTransition("wrong_state", state=version.state, verb="submit_review")
    find(ASSIGNMENT_TRANSITIONS, assignment.state, "submit")
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
    """Write remarks down, each tied to a block that exists, or to words in it. Called inside a verb."""
    for remark in remarks:
        refuse_identifiers(remark=remark.body, quote=remark.quote)
        if remark.severity not in SEVERITIES or not remark.body.strip():
            raise Invalid(problems=(Problem("remark", "comment_needed"),))
        span = _span(version, remark)
        db.session.add(
            ReviewComment(
                version_id=version.id, author_id=by.id, block_key=remark.block_key, severity=remark.severity,
                anchor_start=span[0] if span else None, anchor_end=span[1] if span else None,
                quote=remark.quote.strip(), body=remark.body.strip(), lang=lang, created_at=now,
            )
        )  # fmt: skip
    db.session.flush()


def _span(version: ProtocolVersion, remark: Remark) -> tuple[int, int] | None:
    """Where in its block the quoted words stand."""
    block = find_block(version.id, remark.block_key) if remark.block_key else None
    if remark.block_key and block is None:
        raise Invalid(problems=(Problem("remark", "block_unknown"),))
    if not remark.quote.strip():
        return None
    span = find_span(block.source_text, remark.quote) if block is not None else None
    if span is None:
        raise Invalid(problems=(Problem("remark", "quote_not_found"),))
    return span


def send_back(version: ProtocolVersion, *, now: datetime) -> None:
    """in_review → changes_requested, and tell the author. Called inside a verb."""
    row = check(TRANSITIONS, standing_of(version), "request_changes")
    version.state, version.changed_at = row.target, now
    tell_author(version, "changes_requested")


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
