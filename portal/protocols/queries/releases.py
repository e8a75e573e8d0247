"""Reads of publications of translations: decisions for a joint release, and the events of a language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.extensions import db
from portal.protocols.dictionary import READABLE
from portal.protocols.models import JointRelease, ProtocolVersion, SourceChange, TranslationPublication


def find_joint(version_id: int, lang: str) -> JointRelease | None:
    found = sa.select(JointRelease).where(JointRelease.version_id == version_id, JointRelease.lang == lang)
    return db.session.scalar(found)


def list_joint(version_id: int) -> Sequence[JointRelease]:
    """Languages that go public with this version, as decided."""
    found = sa.select(JointRelease).where(JointRelease.version_id == version_id)
    return db.session.scalars(found.order_by(JointRelease.lang)).all()


@dataclass(frozen=True, slots=True)
class TranslationEvent:
    """What happened to a translation: published, withdrawn, stale_clinical or stale_editorial.

    `key` is stable for ever; `count` is the number of texts that a new version left behind.
    """

    key: str
    kind: str
    lang: str
    at: datetime
    version: ProtocolVersion
    count: int = 0


def list_translation_events(lang: str, limit: int = 50) -> list[TranslationEvent]:
    """Events of one language, the latest first, of protocols that may still be read."""
    events = [*_publications(lang, limit), *_changes(lang, limit)]
    return sorted(events, key=lambda event: (event.at, event.key), reverse=True)[:limit]


def _publications(lang: str, limit: int) -> list[TranslationEvent]:
    row = TranslationPublication
    found = sa.select(row, ProtocolVersion).join(ProtocolVersion, ProtocolVersion.id == row.version_id)
    found = found.where(row.lang == lang, ProtocolVersion.state.in_(READABLE))
    return [
        TranslationEvent(
            f"translation-publication-{made.id}", "withdrawn" if made.withdrawn else "published", lang,
            made.published_at, version, len(made.units),
        )
        for made, version in db.session.execute(found.order_by(row.id.desc()).limit(limit))
    ]  # fmt: skip


def _changes(lang: str, limit: int) -> list[TranslationEvent]:
    return [
        TranslationEvent(
            f"source-change-{row.id}", row.kind, lang, row.created_at, version, len(row.unit_keys)
        )
        for row, version in list_source_changes(lang, limit=limit)
    ]


def list_source_changes(
    lang: str, *, since: datetime | None = None, limit: int = 100
) -> list[tuple[SourceChange, ProtocolVersion]]:
    """What new versions left behind in a language, the latest first: the weekly list with `since`."""
    row = SourceChange
    found = sa.select(row, ProtocolVersion).join(ProtocolVersion, ProtocolVersion.id == row.version_id)
    found = found.where(row.lang == lang, ProtocolVersion.state.in_(READABLE))
    found = found.where(row.created_at >= since) if since else found
    return [(r[0], r[1]) for r in db.session.execute(found.order_by(row.id.desc()).limit(limit))]
