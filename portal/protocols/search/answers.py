"""Answering a query: results in the reader's language, what was understood, and counts to narrow by."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.extensions import db
from portal.protocols.search import ranking
from portal.protocols.search.highlighting import Highlighter, Segment
from portal.protocols.search.understanding import Reading, read
from portal.vocabulary.models import IndexedDocument


@dataclass(frozen=True, slots=True)
class Local:
    """A text in the reader's language, else in the source language."""

    text: str
    lang: str
    highlighter: Highlighter

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Return the text in runs, what matched marked."""
        return self.highlighter.mark(self.text)


@dataclass(frozen=True, slots=True)
class Hit:
    """A protocol that was found."""

    public_id: str
    slug: str
    title: Local
    summary: Local
    retired: bool
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Understood:
    """A concept that the query named, under its preferred label."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class FacetCount:
    """A value to narrow by, and how many results it leaves."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """Everything a result page shows. `left_out`: concepts that the reader took out; `corrected_from`: what
    was typed, if a word was taken for another.
    """

    results: tuple[Hit, ...]
    understood_as: tuple[Understood, ...]
    left_out: tuple[Understood, ...]
    text: str
    corrected_from: str | None
    total: int
    facets: Mapping[str, tuple[FacetCount, ...]]
    highlighter: Highlighter


def query(
    text: str,
    *,
    lang: str,
    filters: Mapping[str, Sequence[str]] | None = None,
    limit: int = 20,
    offset: int = 0,
    without: Collection[str] = (),
    as_typed: bool = False,
    facets: bool = True,
) -> Found:
    """Search. Without words, everything that the filters leave, the newest first."""
    reading = read(text, without=without, as_typed=as_typed)
    narrowed = filters or {}
    asked = bool(text.strip())
    ids, total = (
        _ids(reading, narrowed, limit=limit, offset=offset)
        if asked
        else ranking.newest(narrowed, limit=limit, offset=offset)
    )
    highlighter = Highlighter(reading.stems, reading.concepts, reading.thesaurus)
    return Found(
        results=_hits(ids, lang, highlighter),
        understood_as=_labelled(reading.concepts, reading, lang),
        left_out=_labelled(reading.left_out, reading, lang),
        text=reading.text,
        corrected_from=reading.typed if reading.corrected else None,
        total=total,
        facets=_facets(reading if asked else None, narrowed) if facets else {},
        highlighter=highlighter,
    )


def _labelled(concepts: Sequence[str], reading: Reading, lang: str) -> tuple[Understood, ...]:
    return tuple(Understood(concept, reading.thesaurus.label(concept, lang)) for concept in concepts)


def _ids(reading: Reading, filters: ranking.Filters, *, limit: int, offset: int) -> tuple[list[int], int]:
    if not reading.terms:
        return [], 0
    return ranking.ranked(reading.terms, filters, limit=limit, offset=offset)


def _facets(reading: Reading | None, filters: ranking.Filters) -> dict[str, tuple[FacetCount, ...]]:
    found = ranking.counts(reading.terms if reading else None, filters)
    return {facet: tuple(FacetCount(value, n) for value, n in values) for facet, values in found.items()}


def _hits(ids: Sequence[int], lang: str, highlighter: Highlighter) -> tuple[Hit, ...]:
    # Columns, not objects: numbers are used again, and a session would go on showing what had one before.
    columns = sa.select(*IndexedDocument.__table__.columns).where(IndexedDocument.id.in_(ids))
    by_id = {row.id: row for row in db.session.execute(columns)}
    return tuple(_hit(by_id[doc_id], lang, highlighter) for doc_id in ids)


def _hit(row: sa.Row[Any], lang: str, highlighter: Highlighter) -> Hit:
    return Hit(
        public_id=row.public_id,
        slug=row.slug,
        title=_local(row.titles, lang, row.source_lang, highlighter),
        summary=_local(row.summaries, lang, row.source_lang, highlighter),
        retired=row.retired,
        published_at=row.published_at,
    )


def _local(texts: Mapping[str, str], lang: str, source: str, highlighter: Highlighter) -> Local:
    spoken = lang if texts.get(lang) else source
    text = texts.get(spoken, "")
    return Local(text, spoken, highlighter)


def browse(
    filters: ranking.Filters, *, lang: str, before: str, limit: int, highlighter: Highlighter
) -> tuple[Hit, ...]:
    """Everything that the filters leave, by falling number: pages of a harvest neither skip nor repeat."""
    return _hits(ranking.by_number(filters, before=before, limit=limit), lang, highlighter)
