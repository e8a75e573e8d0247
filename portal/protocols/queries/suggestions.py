"""Whom an editor may ask: reviewers with the reasons for and against, in a fixed number of queries."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from portal.accounts.models import User
from portal.extensions import db
from portal.protocols.dictionary import ASKED, COAUTHOR_MONTHS, Role
from portal.protocols.models import ProtocolConcept, ProtocolVersion, Review, ReviewAssignment
from portal.protocols.queries.interests import list_declarations
from portal.protocols.queries.versions import list_assignments, list_concepts, list_reviewers
from portal.protocols.rules import add_months


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A reviewer. `blocked` is a code why the person cannot be asked; empty when it is possible.

    `reads_source`: None where nobody knows. `median_days` from the question to the review; None without any.
    """

    person: User
    topics: tuple[str, ...]
    reads_source: bool | None
    open_reviews: int
    median_days: float | None
    blocked: str
    is_coauthor: bool


def list_suggestions(version: ProtocolVersion, *, today: date) -> list[Suggestion]:
    """Everybody who reviews: those who can be asked first, by topics in common, language, load and pace."""
    people = list_reviewers()
    ids = [person.id for person in people]
    topics, loads, pace = _topics(version, ids), _loads(ids), _pace(ids)
    reads, coauthors = _reads(version, ids), _coauthors(version, today)
    barred = _barred(version)
    found = [
        Suggestion(
            person, tuple(topics.get(person.id, ())), _may_read(person, version, reads), loads[person.id],
            pace.get(person.id), barred.get(person.id) or _blocked(person, version), person.id in coauthors,
        )
        for person in people
    ]  # fmt: skip
    return sorted(found, key=_rank)


def _rank(found: Suggestion) -> tuple[object, ...]:
    return (
        bool(found.blocked), found.is_coauthor, -len(found.topics), found.reads_source is not True,
        found.open_reviews, found.median_days or 0, found.person.name, found.person.id,
    )  # fmt: skip


def _blocked(person: User, version: ProtocolVersion) -> str:
    if person.id in (version.created_by, version.protocol.owner_id):
        return "own_text"
    if not person.organisation_ids:
        return "reviewer_without_organisation"
    close = person.organisation_ids & set(version.protocol.organisation_ids)
    return "same_organisation" if close else ""


def _barred(version: ProtocolVersion) -> dict[int, str]:
    barred = {
        row.user_id: "reviewer_excluded" for row in list_declarations(version) if row.decision == "exclude"
    }
    declined = (a.reviewer_id for a in list_assignments(version.id) if a.state == "declined")
    return dict.fromkeys(declined, "reviewer_declined") | barred


def _topics(version: ProtocolVersion, ids: Sequence[int]) -> Mapping[int, list[str]]:
    """Concepts of this version that a person wrote about or reviewed before."""
    wanted = [link.concept_id for link in list_concepts(version.id) if link.role != Role.EXCLUDED]
    wrote = sa.select(ProtocolVersion.created_by.label("person"), ProtocolVersion.id.label("version"))
    read = sa.select(Review.reviewer_id.label("person"), Review.version_id.label("version"))
    took_part = sa.union(wrote, read).subquery()
    found = (
        sa.select(took_part.c.person, ProtocolConcept.concept_id)
        .join(ProtocolConcept, ProtocolConcept.version_id == took_part.c.version)
        .where(took_part.c.person.in_(ids), ProtocolConcept.concept_id.in_(wanted))
        .where(took_part.c.version != version.id, ProtocolConcept.role != Role.EXCLUDED)
        .distinct()
    )
    held = defaultdict(set)
    for person, concept in db.session.execute(found):
        held[person].add(concept)
    return {person: [concept for concept in wanted if concept in known] for person, known in held.items()}


def _loads(ids: Sequence[int]) -> Counter[int]:
    found = sa.select(ReviewAssignment.reviewer_id).where(
        ReviewAssignment.reviewer_id.in_(ids), ReviewAssignment.state.in_(ASKED)
    )
    return Counter(db.session.scalars(found))


def _pace(ids: Sequence[int]) -> dict[int, float]:
    """Median days from the question to the first review, of the reviews that were handed in."""
    found = (
        sa.select(
            ReviewAssignment.reviewer_id, ReviewAssignment.assigned_at, sa.func.min(Review.submitted_at)
        )
        .join(Review, Review.assignment_id == ReviewAssignment.id)
        .where(ReviewAssignment.reviewer_id.in_(ids))
        .group_by(ReviewAssignment.id)
    )
    days: dict[int, list[float]] = defaultdict(list)
    for person, asked, handed_in in db.session.execute(found):
        days[person].append(max(0.0, (_plain(handed_in) - _plain(asked)).total_seconds() / 86400))
    return {person: statistics.median(held) for person, held in days.items()}


def _plain(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _reads(version: ProtocolVersion, ids: Sequence[int]) -> dict[int, bool]:
    """What people said last when they accepted a review in the same language."""
    found = (
        sa.select(ReviewAssignment.reviewer_id, ReviewAssignment.reads_source)
        .join(ProtocolVersion, ProtocolVersion.id == ReviewAssignment.version_id)
        .where(ReviewAssignment.reviewer_id.in_(ids), ReviewAssignment.reads_source.is_not(None))
        .where(ProtocolVersion.protocol.has(source_lang=version.protocol.source_lang))
        .order_by(ReviewAssignment.id)
    )
    return {person: bool(reads) for person, reads in db.session.execute(found)}


def _may_read(person: User, version: ProtocolVersion, said: Mapping[int, bool]) -> bool | None:
    if person.language == version.protocol.source_lang:
        return True
    return said.get(person.id)


def _coauthors(version: ProtocolVersion, today: date) -> set[int]:
    """Who wrote a version of the same protocol as this author within three years."""
    since = add_months(today, -COAUTHOR_MONTHS)
    theirs = sa.select(ProtocolVersion.protocol_id).where(ProtocolVersion.created_by == version.created_by)
    found = sa.select(ProtocolVersion.created_by).where(
        ProtocolVersion.protocol_id.in_(theirs),
        ProtocolVersion.created_by != version.created_by,
        sa.func.date(ProtocolVersion.created_at) >= since.isoformat(),
    )
    return set(db.session.scalars(found))
