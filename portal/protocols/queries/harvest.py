"""Versions as records that others harvest: every one that was public, the withdrawn ones by name only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.extensions import db
from portal.protocols.dictionary import LANGUAGES, ONCE_PUBLISHED, Role, State
from portal.protocols.models import Protocol, ProtocolConcept, ProtocolVersion, TranslationPublication
from portal.protocols.queries.hiding import shown_only
from portal.protocols.queries.translations import find_texts
from portal.protocols.queries.versions import find_people
from portal.vocabulary.queries import find_labels

FIELDS = ("title", "summary")


@dataclass(frozen=True, slots=True)
class Record:
    """A version with texts by language, main concepts with labels by language, and when it changed."""

    version: ProtocolVersion
    changed_at: datetime
    texts: Mapping[str, Mapping[str, str]]
    concepts: Mapping[str, Mapping[str, str]]
    languages: Sequence[str]
    author: str

    @property
    def withdrawn(self) -> bool:
        return self.version.state == State.WITHDRAWN


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records: changed within a span, in a language, of a country, about a main concept."""

    since: datetime | None = None
    until: datetime | None = None
    lang: str = ""
    country: str = ""
    concept: str = ""
    public_id: str = ""
    number: tuple[int, int] | None = None


_RELEASED = (
    sa.select(sa.func.max(TranslationPublication.published_at))
    .where(TranslationPublication.version_id == ProtocolVersion.id)
    .correlate(ProtocolVersion)
    .scalar_subquery()
)
_CHANGED = sa.case((ProtocolVersion.changed_at < _RELEASED, _RELEASED), else_=ProtocolVersion.changed_at)


def list_records(wanted: Wanted, *, offset: int = 0, limit: int = 100) -> list[Record]:
    """Records in the order in which their versions were begun, which nothing changes; ten queries a page."""
    found = (
        sa.select(ProtocolVersion, _CHANGED.label("changed"))
        .join(Protocol, Protocol.id == ProtocolVersion.protocol_id)
        .where(ProtocolVersion.state.in_(ONCE_PUBLISHED), *_conditions(wanted))
        .order_by(ProtocolVersion.id)
        .limit(limit)
        .offset(offset)
    )
    rows = [(row[0], row[1]) for row in db.session.execute(found)]
    return _records(rows)


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    version = ProtocolVersion
    found = shown_only(version.protocol_id)
    if wanted.since:
        found.append(wanted.since <= _CHANGED)
    if wanted.until:
        found.append(wanted.until >= _CHANGED)
    if wanted.lang:
        released = sa.select(TranslationPublication.version_id).where(
            TranslationPublication.lang == wanted.lang
        )
        found.append((Protocol.source_lang == wanted.lang) | version.id.in_(released))
    if wanted.country:
        found.append(Protocol.origin_country == wanted.country)
    if wanted.concept:
        main = ProtocolConcept.role == Role.MAIN, ProtocolConcept.concept_id == wanted.concept
        found.append(version.id.in_(sa.select(ProtocolConcept.version_id).where(*main)))
    if wanted.public_id:
        found.append(Protocol.public_id == wanted.public_id)
    if wanted.number:
        found += [version.major == wanted.number[0], version.minor == wanted.number[1]]
    return found


def _records(rows: Sequence[tuple[ProtocolVersion, datetime]]) -> list[Record]:
    versions = [version for version, _ in rows]
    people = find_people({version.created_by for version in versions})
    texts = {lang: find_texts(versions, FIELDS, lang) for lang in LANGUAGES}
    main, released = _main([version.id for version in versions]), _released([v.id for v in versions])
    ids = {concept for held in main.values() for concept in held}
    labels = {lang: find_labels(ids, lang) for lang in LANGUAGES}
    return [
        Record(
            version=version,
            changed_at=changed,
            texts=_texts(version, texts),
            concepts={
                concept: {lang: labels[lang][concept] for lang in LANGUAGES if concept in labels[lang]}
                for concept in main.get(version.id, ())
            },
            languages=sorted({version.protocol.source_lang, *released.get(version.id, ())}),
            author=people[version.created_by].name if version.created_by in people else "",
        )
        for version, changed in rows
    ]


def _texts(
    version: ProtocolVersion, texts: Mapping[str, Mapping[tuple[int, str], str]]
) -> dict[str, dict[str, str]]:
    """Title and summary in every language that has an approved one; the source first."""
    source = version.protocol.source_lang
    found = {source: {"title": version.title, "summary": version.summary}}
    for lang in LANGUAGES:
        held = {name: texts[lang][version.id, name] for name in FIELDS if (version.id, name) in texts[lang]}
        if lang != source and held:
            found[lang] = held
    return found


def _main(version_ids: Collection[int]) -> dict[int, list[str]]:
    found = sa.select(ProtocolConcept.version_id, ProtocolConcept.concept_id).where(
        ProtocolConcept.version_id.in_(version_ids), ProtocolConcept.role == Role.MAIN
    )
    held: dict[int, list[str]] = {}
    for version_id, concept in db.session.execute(found.order_by(ProtocolConcept.id)):
        held.setdefault(version_id, []).append(concept)
    return held


def _released(version_ids: Collection[int]) -> dict[int, set[str]]:
    of = TranslationPublication.version_id.in_(version_ids)
    held: dict[int, set[str]] = {}
    columns = sa.select(TranslationPublication.version_id, TranslationPublication.lang).where(of)
    for version_id, lang in db.session.execute(columns):
        held.setdefault(version_id, set()).add(lang)
    return held


def list_main_concepts() -> Sequence[str]:
    """Main concepts of whatever was public."""
    found = (
        sa.select(ProtocolConcept.concept_id)
        .join(ProtocolVersion, ProtocolVersion.id == ProtocolConcept.version_id)
        .where(ProtocolConcept.role == Role.MAIN, ProtocolVersion.state.in_(ONCE_PUBLISHED))
    )
    return db.session.scalars(found.distinct().order_by(ProtocolConcept.concept_id)).all()


def find_earliest() -> datetime | None:
    """When the first version became public."""
    found = sa.select(sa.func.min(ProtocolVersion.published_at)).where(
        ProtocolVersion.state.in_(ONCE_PUBLISHED)
    )
    return db.session.scalar(found)
