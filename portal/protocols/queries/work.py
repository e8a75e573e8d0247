"""Work that waits: an author's drafts, the editors' queue, a reviewer's assignments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.core.audit import AuditEvent
from portal.core.permissions import Actor
from portal.extensions import db
from portal.protocols.dictionary import ASKED, MAY_READ, OPEN, State, UnitState
from portal.protocols.models import Protocol, ProtocolVersion, ReviewAssignment, TranslationUnit


def list_own(actor: Actor, *, limit: int = 100) -> Sequence[ProtocolVersion]:
    """Versions that the actor wrote, open ones first, the last changed first."""
    found = sa.select(ProtocolVersion).where(ProtocolVersion.created_by == actor.id)
    closed = ProtocolVersion.state.not_in(OPEN)
    return db.session.scalars(
        found.order_by(closed, ProtocolVersion.changed_at.desc(), ProtocolVersion.id.desc()).limit(limit)
    ).all()


def list_queue(*, limit: int = 200) -> Sequence[ProtocolVersion]:
    """What waits for editors, the longest waiting first."""
    waiting = (State.SUBMITTED, State.IN_REVIEW, State.ACCEPTED)
    found = sa.select(ProtocolVersion).where(ProtocolVersion.state.in_(waiting))
    return db.session.scalars(
        found.order_by(ProtocolVersion.submitted_at, ProtocolVersion.id).limit(limit)
    ).all()


@dataclass(frozen=True, slots=True)
class Task:
    """An assignment with the version that it is about."""

    assignment: ReviewAssignment
    version: ProtocolVersion


def list_tasks(actor: Actor, *, limit: int = 100) -> list[Task]:
    """A reviewer's assignments, open ones first."""
    found = (
        sa.select(ReviewAssignment, ProtocolVersion)
        .join(ProtocolVersion, ProtocolVersion.id == ReviewAssignment.version_id)
        .where(ReviewAssignment.reviewer_id == actor.id)
        .order_by(
            ReviewAssignment.state.not_in(ASKED),
            ReviewAssignment.due_on,
            ReviewAssignment.id,
        )
        .limit(limit)
    )
    return [Task(row[0], row[1]) for row in db.session.execute(found)]


def list_units_waiting() -> Sequence[datetime]:
    """Since when each text of a translation waits for its review."""
    unit = TranslationUnit
    later = sa.orm.aliased(unit)
    is_last = ~sa.exists().where(
        later.protocol_id == unit.protocol_id,
        later.unit_key == unit.unit_key,
        later.lang == unit.lang,
        later.revision > unit.revision,
    )
    return db.session.scalars(
        sa.select(unit.created_at).where(unit.state == UnitState.NEEDS_REVIEW, is_last)
    ).all()


def is_assigned(actor: Actor, version_id: int) -> bool:
    """Whether the actor was asked to review the version and has declared interests."""
    found = sa.select(ReviewAssignment.id).where(
        ReviewAssignment.version_id == version_id,
        ReviewAssignment.reviewer_id == actor.id,
        ReviewAssignment.state.in_(MAY_READ),
        ReviewAssignment.answered_at.is_not(None),
    )
    return db.session.scalar(found.limit(1)) is not None


WRITING = frozenset({
    "protocol.created", "protocol.adapted", "protocol.version_begun", "protocol.details_changed",
    "protocol.blocks_added", "protocol.block_saved", "protocol.block_removed", "protocol.block_moved",
    "protocol.references_added", "protocol.reference_removed", "protocol.concepts_set",
    "protocol.rationale_saved", "protocol.parent_taken",
})  # fmt: skip


def has_written(user_id: int, protocol: Protocol) -> bool:
    """Whether a person wrote anything of a protocol, in whatever organisation that was."""
    found = sa.select(AuditEvent.seq).where(
        AuditEvent.object_type == "protocol",
        AuditEvent.object_id == protocol.public_id,
        AuditEvent.actor_id == user_id,
        AuditEvent.event.in_(WRITING),
    )
    return db.session.scalar(found.limit(1)) is not None


PUBLIC_EVENTS = (
    "protocol.published", "protocol.superseded", "protocol.legal_set", "translation.published",
    "protocol.concern_raised", "protocol.concern_renewed", "protocol.concern_closed",
    "protocol.concern_expired", "protocol.retired", "protocol.withdrawn", "protocol.hidden",
    "protocol.shown_again", "protocol.currency_checked",
    "protocol.confirmed", "declaration.confirmed", "declaration.moved", "declaration.ended",
    "declaration.closed", "field_report.accepted",
)  # fmt: skip

# Words that were written for readers: what a notice says, and what was found.
PUBLIC_REASONS = (
    "protocol.concern_raised", "protocol.concern_closed", "protocol.retired", "protocol.withdrawn",
)  # fmt: skip

# Who says that something went wrong at a place is told to nobody who reads: not the author, not an editor.
NAMELESS = frozenset({
    "field_report.saved", "field_report.sent", "field_report.withdrawn",
    "declaration.made", "declaration.checked", "declaration.answered", "declaration.taken_back",
    "declaration.moved", "declaration.ended", "declaration.closed",
})  # fmt: skip


def list_history(protocol: Protocol, *, full: bool, skip: int = 0, limit: int = 200) -> Sequence[AuditEvent]:
    """What was done to a protocol, the latest first. The public part without drafts, reviews and names."""
    found = sa.select(AuditEvent).where(
        AuditEvent.object_type == "protocol", AuditEvent.object_id == protocol.public_id
    )
    if not full:
        found = found.where(AuditEvent.event.in_(PUBLIC_EVENTS))
    return db.session.scalars(found.order_by(AuditEvent.seq.desc()).offset(skip).limit(limit)).all()
