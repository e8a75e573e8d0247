"""What time bears on: reviews, invitations without an answer, drafts that rest, checks that are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from portal.extensions import db
from portal.protocols.dictionary import ASKED, CURRENT, INVITATION_DAYS, OPEN, AssignmentState, State
from portal.protocols.models import CurrencyCheck, LegalStatus, ProtocolVersion, ReviewAssignment
from portal.protocols.queries.work import list_queue

Row = tuple[ReviewAssignment, ProtocolVersion]


def list_reading() -> list[Row]:
    """Assignments that were accepted and not handed in, with their versions in review."""
    found = sa.select(ReviewAssignment, ProtocolVersion).join(
        ProtocolVersion, ProtocolVersion.id == ReviewAssignment.version_id
    )
    of = ReviewAssignment.state == AssignmentState.READING, ProtocolVersion.state == State.IN_REVIEW
    rows = db.session.execute(found.where(*of).order_by(ReviewAssignment.due_on, ReviewAssignment.id))
    return [(row[0], row[1]) for row in rows]


def list_unanswered(*, now: datetime) -> Sequence[ReviewAssignment]:
    """Invitations that nobody answered within their week."""
    found = sa.select(ReviewAssignment).where(
        ReviewAssignment.state == AssignmentState.INVITED,
        ReviewAssignment.assigned_at <= now - timedelta(days=INVITATION_DAYS),
    )
    return db.session.scalars(found.order_by(ReviewAssignment.id)).all()


def list_resting(*, since: datetime) -> Sequence[ProtocolVersion]:
    """Open versions on which nothing was done since a moment."""
    found = sa.select(ProtocolVersion).where(
        ProtocolVersion.state.in_(OPEN), ProtocolVersion.changed_at <= since
    )
    return db.session.scalars(found.order_by(ProtocolVersion.id)).all()


def due_of(versions: Sequence[ProtocolVersion]) -> dict[int, date]:
    """When each version is to be looked at again: by its last check, else as set at publication."""
    ids = [version.id for version in versions]
    found = sa.select(CurrencyCheck.version_id, sa.func.max(CurrencyCheck.next_due_on))
    checked = db.session.execute(
        found.where(CurrencyCheck.version_id.in_(ids)).group_by(CurrencyCheck.version_id)
    )
    due = {version.id: version.review_due_on for version in versions if version.review_due_on}
    return due | {row[0]: row[1] for row in checked}


def list_currency_due(*, until: date) -> list[tuple[ProtocolVersion, date]]:
    """Current versions whose check is due up to a day, with that day."""
    found = sa.select(ProtocolVersion).where(
        ProtocolVersion.state.in_(CURRENT), ProtocolVersion.review_due_on <= until
    )
    versions = db.session.scalars(found.order_by(ProtocolVersion.id)).all()
    due = due_of(versions)
    return [(version, due[version.id]) for version in versions if due[version.id] <= until]


def list_law_ending(*, until: date) -> list[tuple[LegalStatus, ProtocolVersion, date]]:
    """What was last said of the law of each country about a current version, and runs out up to a day."""
    last = sa.select(sa.func.max(LegalStatus.id)).group_by(LegalStatus.protocol_id, LegalStatus.country)
    found = (
        sa.select(LegalStatus, ProtocolVersion)
        .join(ProtocolVersion, ProtocolVersion.protocol_id == LegalStatus.protocol_id)
        .where(LegalStatus.id.in_(last), LegalStatus.expires_on <= until, ProtocolVersion.state.in_(CURRENT))
        .order_by(LegalStatus.id)
    )
    return [(row, version, row.expires_on) for row, version in db.session.execute(found) if row.expires_on]


@dataclass(frozen=True, slots=True)
class DeskLine:
    """A version on the editors' desk: how many reviews are open, overdue, or wait for a decision."""

    version: ProtocolVersion
    open: int
    overdue: int
    undecided: int


def list_lines(*, today: date) -> list[DeskLine]:
    """What waits for editors, the longest waiting first, in two queries."""
    versions = list_queue()
    found = sa.select(ReviewAssignment).where(
        ReviewAssignment.version_id.in_([version.id for version in versions]),
        ReviewAssignment.state.in_(ASKED),
    )
    asked: dict[int, list[ReviewAssignment]] = {}
    for assignment in db.session.scalars(found):
        asked.setdefault(assignment.version_id, []).append(assignment)
    return [
        DeskLine(
            version, len(held := asked.get(version.id, [])), sum(a.is_overdue(today) for a in held),
            sum(a.state == AssignmentState.DECLARED for a in held),
        )
        for version in versions
    ]  # fmt: skip
