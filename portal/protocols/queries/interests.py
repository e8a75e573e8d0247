"""Interests that were declared, and approvals that no longer count."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from portal.extensions import db
from portal.protocols.dictionary import INTERESTS_DAYS, InterestDecision
from portal.protocols.models import ApprovalWithdrawal, CoiDeclaration, ProtocolVersion


def find_declaration(declaration_id: int) -> CoiDeclaration | None:
    return db.session.get(CoiDeclaration, declaration_id)


def list_declarations(version: ProtocolVersion) -> Sequence[CoiDeclaration]:
    """The latest declaration of each reviewer of the version, and of its author."""
    found = sa.select(CoiDeclaration).where(CoiDeclaration.version_id == version.id)
    rows = {(row.user_id, row.capacity): row for row in db.session.scalars(found.order_by(CoiDeclaration.id))}
    author = find_authors_declaration(version)
    return [*([author] if author else []), *(row for row in rows.values() if row.capacity == "reviewer")]


def find_reviewers_declaration(version_id: int, user_id: int) -> CoiDeclaration | None:
    """What a reviewer declared last about this version."""
    found = sa.select(CoiDeclaration).where(
        CoiDeclaration.version_id == version_id,
        CoiDeclaration.user_id == user_id,
        CoiDeclaration.capacity == "reviewer",
    )
    return db.session.scalar(found.order_by(CoiDeclaration.id.desc()))


def find_authors_declaration(version: ProtocolVersion) -> CoiDeclaration | None:
    """What its author declared last about the protocol; a declaration holds for the versions of a year."""
    since = version.created_at - timedelta(days=INTERESTS_DAYS)
    found = sa.select(CoiDeclaration).where(
        CoiDeclaration.protocol_id == version.protocol_id,
        CoiDeclaration.user_id == version.created_by,
        CoiDeclaration.capacity == "author",
        CoiDeclaration.declared_at >= since,
    )
    return db.session.scalar(found.order_by(CoiDeclaration.id.desc()))


def count_undecided(version: ProtocolVersion) -> int:
    """Declared interests of people who touch the decision, on which no editor decided yet."""
    return sum(row.decision is None for row in list_declarations(version))


def is_excluded(version_id: int, user_id: int) -> bool:
    """Whether an editor excluded this reviewer from the version."""
    row = find_reviewers_declaration(version_id, user_id)
    return row is not None and row.decision == InterestDecision.EXCLUDE


def list_withdrawn_reviews(version_id: int) -> set[int]:
    """Ids of reviews that their reviewers took back or lost."""
    found = sa.select(ApprovalWithdrawal.review_id).where(ApprovalWithdrawal.version_id == version_id)
    return set(db.session.scalars(found))
