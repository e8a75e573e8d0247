"""Facts about several protocols at once: what the result list shows beside what search found."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from portal.extensions import db
from portal.protocols.dictionary import CURRENT, Kind, Role
from portal.protocols.models import (
    Block,
    LegalStatus,
    Protocol,
    ProtocolConcept,
    ProtocolVersion,
)
from portal.protocols.queries.hiding import shown_only
from portal.protocols.queries.matrix import Cell, find_released, rows_of
from portal.protocols.queries.page import Concept, Legal, Page, legal_of
from portal.protocols.queries.translations import find_texts
from portal.protocols.queries.versions import is_shown
from portal.vocabulary.queries import find_labels

MOST_ALTERNATIVES: Final = 3
PROTECTED: Final = {"pop-pregnant", "pop-neonates", "pop-children", "pop-adolescents"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a line of the list says about a protocol."""

    number: str
    published_at: datetime | None
    demonstration: bool
    legal: tuple[Legal, ...]
    certainty: str
    certainty_label: str
    main: tuple[Concept, ...]
    languages: tuple[str, ...]


def find_facts(public_ids: Collection[str], lang: str, *, today: date) -> dict[str, Facts]:
    """Facts by public number, in six queries however many protocols."""
    versions = _shown(public_ids)
    legal, certainty = _legal_rows(versions), _certainty(versions)
    main, released = _main(versions), _released(versions)
    ids = {row.status for rows in legal.values() for row in rows.values()} | set(certainty.values())
    labels = find_labels(ids | {concept for held in main.values() for concept in held}, lang)
    return {
        version.protocol.public_id: Facts(
            number=version.number,
            published_at=version.published_at,
            demonstration=version.protocol.demonstration,
            legal=tuple(
                legal_of(row, labels, today=today)
                for _, row in sorted(legal.get(version.protocol_id, {}).items(), reverse=True)
            ),
            certainty=certainty.get(version.id, ""),
            certainty_label=labels.get(certainty.get(version.id, ""), ""),
            main=tuple(
                Concept(concept, labels[concept], is_main=True)
                for concept in main.get(version.id, [])
                if concept in labels
            ),
            languages=(version.protocol.source_lang, *sorted(released.get(version.id, ()))),
        )
        for version in versions
    }


def find_translations(public_ids: Collection[str], lang: str) -> dict[str, Cell]:
    """How far the protocols are translated into a language, in as many queries for all as for one."""
    return {row.version.protocol.public_id: row.cells[lang] for row in rows_of(_shown(public_ids), [lang])}


def _shown(public_ids: Collection[str]) -> Sequence[ProtocolVersion]:
    found = (
        sa.select(ProtocolVersion)
        .join(Protocol, Protocol.id == ProtocolVersion.protocol_id)
        .where(Protocol.public_id.in_(public_ids), is_shown())
    )
    return db.session.scalars(found).all()


def _legal_rows(versions: Sequence[ProtocolVersion]) -> dict[int, dict[str, LegalStatus]]:
    of = LegalStatus.protocol_id.in_([version.protocol_id for version in versions])
    rows: dict[int, dict[str, LegalStatus]] = {}
    for row in db.session.scalars(sa.select(LegalStatus).where(of).order_by(LegalStatus.id)):
        rows.setdefault(row.protocol_id, {})[row.country] = row
    return rows


def _certainty(versions: Sequence[ProtocolVersion]) -> dict[int, str]:
    """The certainty of the first evidence statement."""
    found = sa.select(Block.version_id, Block.data).where(
        Block.version_id.in_([version.id for version in versions]), Block.kind == Kind.EVIDENCE
    )
    rows = db.session.execute(found.order_by(Block.position.desc(), Block.id.desc()))
    return {version_id: data["certainty"] for version_id, data in rows if data.get("certainty")}


def _main(versions: Sequence[ProtocolVersion]) -> dict[int, list[str]]:
    found = sa.select(ProtocolConcept.version_id, ProtocolConcept.concept_id).where(
        ProtocolConcept.version_id.in_([version.id for version in versions]),
        ProtocolConcept.role == Role.MAIN,
    )
    held: dict[int, list[str]] = {}
    for version_id, concept in db.session.execute(found.order_by(ProtocolConcept.id)):
        held.setdefault(version_id, []).append(concept)
    return held


def _released(versions: Sequence[ProtocolVersion]) -> dict[int, set[str]]:
    held: dict[int, set[str]] = {}
    for version_id, lang in find_released([version.id for version in versions]):
        held.setdefault(version_id, set()).add(lang)
    return held


def list_permitted(
    concepts: Collection[str], country: str, *, besides: int, needed: Collection[str] = ()
) -> Sequence[ProtocolVersion]:
    """Current versions that share a concept, hold every needed one and are permitted in the country, the most
    shared first.
    """
    latest = (
        sa.select(sa.func.max(LegalStatus.id))
        .where(LegalStatus.country == country)
        .group_by(LegalStatus.protocol_id)
    )
    permitted = sa.select(LegalStatus.protocol_id).where(
        LegalStatus.id.in_(latest), LegalStatus.status == "leg-permitted"
    )
    shared = (
        sa.select(ProtocolConcept.version_id, sa.func.count().label("number"))
        .where(ProtocolConcept.concept_id.in_(concepts), ProtocolConcept.role != Role.EXCLUDED)
        .group_by(ProtocolConcept.version_id)
        .subquery()
    )
    found = (
        sa.select(ProtocolVersion)
        .join(shared, shared.c.version_id == ProtocolVersion.id)
        .where(
            ProtocolVersion.state.in_(CURRENT),
            ProtocolVersion.protocol_id != besides,
            ProtocolVersion.protocol_id.in_(permitted),
            *shown_only(ProtocolVersion.protocol_id),
            *(ProtocolVersion.id.in_(_holding(concept)) for concept in sorted(needed)),
        )
        .order_by(shared.c.number.desc(), ProtocolVersion.id)
        .limit(MOST_ALTERNATIVES)
    )
    return db.session.scalars(found).all()


def _holding(concept: str) -> Any:
    held = ProtocolConcept.concept_id == concept, ProtocolConcept.role != Role.EXCLUDED
    return sa.select(ProtocolConcept.version_id).where(*held)


@dataclass(frozen=True, slots=True)
class Alternative:
    """A protocol that is lawful in a country where this one is not."""

    public_id: str
    slug: str
    title: str
    lang: str


def list_alternatives(page: Page, country: str) -> list[Alternative]:
    """Protocols for the same conditions or substances that are permitted in the country.

    What helps adults may harm an unborn child: a page for pregnancy or for the young offers only its like.
    """
    shared = [
        concept.id for scheme in ("condition", "substance") for concept in page.concepts.get(scheme, ())
    ]
    needed = {concept.id for concept in page.concepts.get("population", ())} & PROTECTED
    versions = list_permitted(shared, country, besides=page.protocol.id, needed=needed)
    titles = find_texts(versions, ("title",), page.lang)
    return [
        Alternative(
            v.protocol.public_id, v.protocol.slug, titles.get((v.id, "title"), v.title),
            page.lang if (v.id, "title") in titles else v.protocol.source_lang,
        )
        for v in versions
    ]  # fmt: skip
