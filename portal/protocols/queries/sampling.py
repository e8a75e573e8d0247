"""Reads of the monthly second review: what may be drawn, what waits, and how often texts were wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.extensions import db
from portal.protocols.dictionary import CLINICAL_SECTIONS, LANGUAGES, READABLE, UnitState
from portal.protocols.models import Block, Protocol, ProtocolVersion, TranslationUnit, UnitSample


def has_draw(month: str) -> bool:
    return db.session.scalar(sa.select(UnitSample.id).where(UnitSample.month == month).limit(1)) is not None


def list_effective(lang: str) -> Sequence[TranslationUnit]:
    """Texts whose newest revision is approved, of protocols that are read."""
    unit, later = TranslationUnit, aliased(TranslationUnit)
    is_last = ~sa.exists().where(
        later.protocol_id == unit.protocol_id,
        later.unit_key == unit.unit_key,
        later.lang == unit.lang,
        later.revision > unit.revision,
    )
    is_read = sa.exists().where(
        ProtocolVersion.protocol_id == unit.protocol_id, ProtocolVersion.state.in_(READABLE)
    )
    found = sa.select(unit).where(unit.lang == lang, unit.state == UnitState.APPROVED, is_last, is_read)
    return db.session.scalars(found.order_by(unit.id)).all()


def section_of(unit: TranslationUnit) -> str:
    """Section of the block that a text translates; the key itself for a field."""
    found = sa.select(Block.section).where(Block.block_key == unit.unit_key).limit(1)
    return db.session.scalar(found) or unit.unit_key


def find_sample(sample_id: int) -> UnitSample | None:
    return db.session.get(UnitSample, sample_id)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A text that waits for its second review."""

    sample: UnitSample
    protocol: Protocol
    section: str

    @property
    def is_clinical(self) -> bool:
        return self.section in CLINICAL_SECTIONS


def list_drawn(limit: int = 200) -> list[Drawn]:
    """What waits for a second review, the oldest first."""
    found = (
        sa.select(UnitSample, Protocol)
        .join(TranslationUnit, TranslationUnit.id == UnitSample.unit_id)
        .join(Protocol, Protocol.id == TranslationUnit.protocol_id)
        .where(UnitSample.verdict == "")
        .order_by(UnitSample.id)
        .limit(limit)
    )
    rows = [(row[0], row[1]) for row in db.session.execute(found)]
    sections = _sections([sample.unit.unit_key for sample, _ in rows])
    return [Drawn(s, protocol, sections.get(s.unit.unit_key, s.unit.unit_key)) for s, protocol in rows]


def _sections(keys: Sequence[str]) -> dict[str, str]:
    columns = sa.select(Block.block_key, Block.section).where(Block.block_key.in_(keys)).distinct()
    return {row[0]: row[1] for row in db.session.execute(columns)}


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """Of the texts of a language that were judged a second time, how many were wrong."""

    lang: str
    judged: int
    wrong: int
    waiting: int

    @property
    def share(self) -> float | None:
        return self.wrong / self.judged if self.judged else None


def list_error_rates(since: datetime | None = None) -> list[ErrorRate]:
    """Per language, over samples drawn since a moment (all without one)."""
    columns = sa.select(UnitSample.lang, UnitSample.verdict, sa.func.count())
    columns = columns.where(UnitSample.drawn_at >= since) if since else columns
    counts: dict[tuple[str, str], int] = {
        (lang, verdict): count
        for lang, verdict, count in db.session.execute(columns.group_by(UnitSample.lang, UnitSample.verdict))
    }
    return [
        ErrorRate(
            lang, sum(counts.get((lang, verdict), 0) for verdict in ("right", "minor", "wrong")),
            counts.get((lang, "wrong"), 0), counts.get((lang, ""), 0),
        )
        for lang in LANGUAGES
        if any(held == lang for held, _ in counts)
    ]  # fmt: skip
