"""Reads of complaints about texts and of remarks on them."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from portal.extensions import db
from portal.protocols.models import Protocol, TranslationUnit, UnitComment, UnitComplaint


def find_complaint(complaint_id: int) -> UnitComplaint | None:
    return db.session.get(UnitComplaint, complaint_id)


def find_comment(comment_id: int) -> UnitComment | None:
    return db.session.get(UnitComment, comment_id)


def find_unit(unit_id: int) -> TranslationUnit:
    """A revision that some row names."""
    return db.session.get_one(TranslationUnit, unit_id)


def find_unit_or_none(unit_id: int) -> TranslationUnit | None:
    """A revision that a form names."""
    return db.session.get(TranslationUnit, unit_id)


def find_open_complaint(unit_id: int, person: int) -> UnitComplaint | None:
    """What this person said of this revision and nobody decided yet."""
    found = sa.select(UnitComplaint).where(UnitComplaint.unit_id == unit_id, UnitComplaint.state == "open")
    return db.session.scalar(found.where(UnitComplaint.created_by == person))


def list_own_complaints(protocol_id: int, lang: str, person: int) -> Sequence[UnitComplaint]:
    """What a person reported of a protocol in a language, the latest first."""
    found = sa.select(UnitComplaint).where(
        UnitComplaint.protocol_id == protocol_id, UnitComplaint.lang == lang,
        UnitComplaint.created_by == person,
    )  # fmt: skip
    return db.session.scalars(found.order_by(UnitComplaint.id.desc()).limit(20)).all()


def list_open_complaints(protocol_id: int, lang: str) -> dict[str, list[UnitComplaint]]:
    """Open complaints of a protocol in a language, by unit."""
    found = sa.select(UnitComplaint).where(
        UnitComplaint.protocol_id == protocol_id, UnitComplaint.lang == lang, UnitComplaint.state == "open"
    )
    of: dict[str, list[UnitComplaint]] = {}
    for row in db.session.scalars(found.order_by(UnitComplaint.id)):
        of.setdefault(row.unit_key, []).append(row)
    return of


def list_unit_comments(protocol_id: int, lang: str) -> dict[str, list[UnitComment]]:
    """Remarks on the texts of a protocol in a language, by unit, the oldest first."""
    found = sa.select(UnitComment).where(UnitComment.protocol_id == protocol_id, UnitComment.lang == lang)
    of: dict[str, list[UnitComment]] = {}
    for row in db.session.scalars(found.order_by(UnitComment.id)):
        of.setdefault(row.unit_key, []).append(row)
    return of


def list_complaints_waiting(limit: int = 100) -> Sequence[tuple[UnitComplaint, Protocol]]:
    """Complaints that no editor has decided, the oldest first."""
    found = sa.select(UnitComplaint, Protocol).join(Protocol, Protocol.id == UnitComplaint.protocol_id)
    found = found.where(UnitComplaint.state == "open").order_by(UnitComplaint.id).limit(limit)
    return [(row[0], row[1]) for row in db.session.execute(found)]


def list_complained_since() -> Sequence[datetime]:
    """Since when each complaint waits."""
    return db.session.scalars(sa.select(UnitComplaint.created_at).where(UnitComplaint.state == "open")).all()
