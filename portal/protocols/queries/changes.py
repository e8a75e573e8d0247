"""What became public, event by event, for feeds and harvesters. Every event is an entry of the audit."""

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from portal.core.audit import AuditEvent
from portal.extensions import db
from portal.protocols.dictionary import ONCE_PUBLISHED, Role
from portal.protocols.models import Protocol, ProtocolConcept, ProtocolVersion
from portal.protocols.queries.hiding import shut_numbers
from portal.protocols.queries.page import Text
from portal.protocols.queries.translations import find_texts

EVENTS: Final = (
    "protocol.published", "protocol.legal_set", "translation.published", "protocol.concern_raised",
    "protocol.concern_closed", "protocol.concern_expired", "protocol.retired", "protocol.withdrawn",
)  # fmt: skip
_NAMESPACE: Final = uuid.UUID("6e4f6f0a-5d0c-4c53-9d0b-6f1c6c0f2b7e")
LAW: Final = "protocol.legal_set"
FIELDS: Final = ("title", "summary", "change_note")


@dataclass(frozen=True, slots=True)
class Change:
    """An event about a version. `lang` is that of a translation, `country` that of the law."""

    seq: int
    at: datetime
    event: str
    version: ProtocolVersion
    title: Text
    summary: Text
    note: Text
    lang: str
    country: str

    @property
    def urn(self) -> str:
        """The same for ever, wherever the portal is found."""
        return uuid.uuid5(_NAMESPACE, f"{self.public_id}/{self.event}/{self.seq}/{self.at.isoformat()}").urn

    @property
    def public_id(self) -> str:
        return self.version.protocol.public_id


@dataclass(frozen=True, slots=True)
class Only:
    """Which changes: on protocols with one of these concepts or numbers, of a country, translations."""

    concepts: Collection[str] = ()
    country: str = ""
    translated_to: str = ""
    protocol: str = ""
    protocols: Collection[str] | None = None


def list_changes(
    lang: str, only: Only | None = None, *, before: int | None = None, limit: int = 50
) -> list[Change]:
    """Changes before a place, the latest first, with titles in a language where a translation fits."""
    rows = db.session.scalars(_statement(only or Only(), before).limit(limit)).all()
    versions = _versions({row.object_id for row in rows})
    found = [(row, version) for row in rows if (version := _meant(row, versions)) is not None]
    texts = find_texts([version for _, version in found], FIELDS, lang)
    return [_change(row, version, texts, lang) for row, version in found]


def _statement(only: Only, before: int | None) -> sa.Select[AuditEvent]:
    """Events from the first publication of a protocol on: what came earlier was nobody's to read."""
    first = (
        sa.select(AuditEvent.object_id, sa.func.min(AuditEvent.seq).label("seq"))
        .where(AuditEvent.event == "protocol.published", AuditEvent.object_type == "protocol")
        .group_by(AuditEvent.object_id)
        .subquery()
    )
    found = (
        sa.select(AuditEvent)
        .join(first, first.c.object_id == AuditEvent.object_id)
        .where(AuditEvent.object_type == "protocol", AuditEvent.seq >= first.c.seq, *_wanted(only))
        .order_by(AuditEvent.seq.desc())
    )
    return found.where(AuditEvent.seq < before) if before is not None else found


def _wanted(only: Only) -> list[sa.ColumnElement[bool]]:
    events = ("translation.published",) if only.translated_to else EVENTS
    wanted: list[sa.ColumnElement[bool]] = [AuditEvent.event.in_(events)]
    if shut := shut_numbers():
        wanted.append(AuditEvent.object_id.not_in(shut))
    if only.translated_to:
        wanted.append(AuditEvent.changes.contains(f'"lang":"{only.translated_to}"'))
    if only.protocol:
        wanted.append(AuditEvent.object_id == only.protocol)
    if only.protocols is not None:
        wanted.append(AuditEvent.object_id.in_(only.protocols))
    if only.concepts:
        wanted.append(AuditEvent.object_id.in_(_carrying(only.concepts)))
    if only.country:
        own = AuditEvent.object_id.in_(
            sa.select(Protocol.public_id).where(Protocol.origin_country == only.country)
        )
        wanted.append(own | ((AuditEvent.event == LAW) & (AuditEvent.country == only.country)))
    return wanted


def _carrying(concepts: Collection[str]) -> sa.Select[str]:
    return (
        sa.select(Protocol.public_id)
        .join(ProtocolVersion, ProtocolVersion.protocol_id == Protocol.id)
        .join(ProtocolConcept, ProtocolConcept.version_id == ProtocolVersion.id)
        .where(
            ProtocolVersion.state.in_(ONCE_PUBLISHED),
            ProtocolConcept.concept_id.in_(concepts),
            ProtocolConcept.role != Role.EXCLUDED,
        )
    )


def _versions(public_ids: Collection[str]) -> dict[str, list[ProtocolVersion]]:
    """Versions that were public once, the newest first, by protocol."""
    found = (
        sa.select(ProtocolVersion)
        .join(Protocol, Protocol.id == ProtocolVersion.protocol_id)
        .where(Protocol.public_id.in_(public_ids), ProtocolVersion.state.in_(ONCE_PUBLISHED))
        .order_by(ProtocolVersion.major.desc(), ProtocolVersion.minor.desc())
    )
    held: dict[str, list[ProtocolVersion]] = {}
    for version in db.session.scalars(found):
        held.setdefault(version.protocol.public_id, []).append(version)
    return held


def _meant(row: AuditEvent, versions: Mapping[str, Sequence[ProtocolVersion]]) -> ProtocolVersion | None:
    """The version that an event names, the newest where it names none."""
    held = versions.get(row.object_id, ())
    number = _told(row).get("version")
    named = [version for version in held if version.number == number] if number else held
    return named[0] if named else None


def _told(row: AuditEvent) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(row.changes)
    return told


def _change(
    row: AuditEvent, version: ProtocolVersion, texts: Mapping[tuple[int, str], str], lang: str
) -> Change:
    source = version.protocol.source_lang

    def text(name: str) -> Text:
        found = texts.get((version.id, name)) if lang != source else None
        return (
            Text(found, lang) if found else Text(getattr(version, name), source, is_fallback=lang != source)
        )

    translated = _told(row).get("lang", "") if row.event == "translation.published" else ""
    return Change(
        seq=row.seq, at=row.at, event=row.event, version=version, title=text("title"),
        summary=text("summary"), note=text("change_note"), lang=translated,
        country=row.country if row.event == LAW else "",
    )  # fmt: skip
