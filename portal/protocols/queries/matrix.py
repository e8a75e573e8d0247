"""The matrix of translations: protocols by languages, each cell with its state, share, staleness and age.

Everything is derived from hashes in a number of queries that does not grow with the protocols.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from portal.extensions import db
from portal.protocols.dictionary import CURRENT, LANGUAGES, Freshness, UnitState
from portal.protocols.models import Protocol, ProtocolVersion, TranslationPublication, TranslationUnit
from portal.protocols.queries.hiding import shown_only
from portal.protocols.queries.translations import (
    Past,
    SourceUnit,
    find_withdrawals,
    freshness,
    list_outlines,
    list_pasts,
)

Marks = dict[tuple[int, str], dict[str, "Mark"]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the matrix: languages, country of origin, the worst first, only what nobody began."""

    langs: Sequence[str] = LANGUAGES
    country: str = ""
    stale_first: bool = False
    no_translator: bool = False

    @property
    def needs_all(self) -> bool:
        """Whether every protocol is judged before a page of them can be cut out."""
        return self.stale_first or self.no_translator


@dataclass(frozen=True, slots=True)
class Cell:
    """A protocol in one language. `stale_since`: when the oldest clinically stale text was left behind."""

    lang: str
    is_source: bool
    total: int
    fitting: int
    written: int
    waiting: int
    stale_clinical: int
    stale_editorial: int
    released: bool
    withdrawn: bool
    oldest_waiting: datetime | None
    stale_since: datetime | None

    @property
    def share(self) -> float:
        return self.fitting / self.total if self.total else 0.0

    @property
    def state(self) -> str:
        """The first that holds; `not_started` where none does."""
        states = {
            "source": self.is_source,
            "withdrawn": self.withdrawn,
            "partly_stale": self.stale_clinical + self.stale_editorial > 0,
            "published": self.released,
            "approved": self.fitting == self.total,
            "in_review": self.waiting > 0,
            "in_progress": self.written > 0,
        }
        return next((state for state, holds in states.items() if holds), "not_started")

    @property
    def worst(self) -> str:
        """The worst staleness in the cell, empty where nothing is stale."""
        if self.stale_clinical:
            return str(Freshness.STALE_CLINICAL)
        return str(Freshness.STALE_EDITORIAL) if self.stale_editorial else ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the matrix: a published version and its languages."""

    version: ProtocolVersion
    cells: Mapping[str, Cell]

    @property
    def weight(self) -> tuple[int, int]:
        """Clinically stale texts, then editorially stale ones."""
        return (
            sum(cell.stale_clinical for cell in self.cells.values()),
            sum(cell.stale_editorial for cell in self.cells.values()),
        )


@dataclass(slots=True)
class Mark:
    """What is known of one unit without its text."""

    state: str = "untranslated"
    approved_hash: str | None = None
    approved_hashes: set[str] = field(default_factory=set)
    since: datetime | None = None
    source_hash: str = ""

    def take(self, state: str, source_hash: str, at: datetime, *, reopened: bool) -> None:
        """The next revision of the unit."""
        self.state, self.since, self.source_hash = state, at, source_hash
        if reopened:
            self.approved_hash, self.approved_hashes = None, set()
        if state == UnitState.APPROVED:
            self.approved_hash = source_hash
            self.approved_hashes.add(source_hash)

    def waits_for(self, unit: SourceUnit) -> bool:
        """Whether the newest text waits for its review, against the source that stands."""
        return self.state == UnitState.NEEDS_REVIEW and self.source_hash == unit.source_hash


@dataclass(frozen=True, slots=True)
class _Facts:
    """Prepared tables of the protocols that a page shows or that are judged."""

    sources: Mapping[int, Sequence[SourceUnit]]
    marks: Marks
    history: Mapping[int, Sequence[Past]]
    released: Collection[tuple[int, str]]
    withdrawn: Collection[tuple[int, str]]


def list_matrix(wanted: Wanted | None = None, *, page: int = 1, limit: int = 50) -> list[Row]:
    """One page of protocols × languages; the number of queries does not grow with the protocols."""
    wanted = wanted or Wanted()
    first = (page - 1) * limit
    if not wanted.needs_all:
        return rows_of(_current(wanted, first, limit), wanted.langs)
    rows = rows_of(_current(wanted), wanted.langs)
    if wanted.no_translator:
        rows = [row for row in rows if any(_is_untouched(cell) for cell in row.cells.values())]
    if wanted.stale_first:
        rows.sort(key=lambda row: (*(-count for count in row.weight), row.version.protocol_id))
    return rows[first : first + limit]


def _is_untouched(cell: Cell) -> bool:
    return not cell.is_source and not cell.written


def _current(wanted: Wanted, first: int = 0, limit: int | None = None) -> Sequence[ProtocolVersion]:
    found = (
        sa.select(ProtocolVersion)
        .join(Protocol, Protocol.id == ProtocolVersion.protocol_id)
        .where(ProtocolVersion.state.in_(CURRENT), *shown_only(ProtocolVersion.protocol_id))
        .order_by(ProtocolVersion.protocol_id)
    )
    found = found.where(Protocol.origin_country == wanted.country) if wanted.country else found
    return db.session.scalars(found.offset(first).limit(limit) if limit else found).all()


def rows_of(versions: Sequence[ProtocolVersion], langs: Sequence[str]) -> list[Row]:
    """The lines of these versions."""
    facts = _facts(versions)
    return [Row(v, {lang: _cell(v, lang, facts) for lang in langs}) for v in versions]


def _facts(versions: Sequence[ProtocolVersion]) -> _Facts:
    protocol_ids = [version.protocol_id for version in versions]
    sources, marks = list_outlines(versions), _marks(protocol_ids)
    behind = [
        version.protocol_id
        for version in versions
        if any(_is_behind(sources[version.id], marks.get((version.protocol_id, g), {})) for g in LANGUAGES)
    ]
    return _Facts(
        sources, marks, list_pasts(behind), find_released([v.id for v in versions]),
        set(find_withdrawals(protocol_ids)),
    )  # fmt: skip


def _is_behind(sources: Iterable[SourceUnit], marks: Mapping[str, Mark]) -> bool:
    """Whether an approved text no longer fits: only then the history is of interest."""
    return any(
        (mark := marks.get(unit.key)) and mark.approved_hash and unit.source_hash not in mark.approved_hashes
        for unit in sources
    )


def _marks(protocol_ids: Collection[int]) -> Marks:
    unit = TranslationUnit
    columns = sa.select(
        unit.protocol_id,
        unit.lang,
        unit.unit_key,
        unit.state,
        unit.source_hash,
        unit.created_at,
        unit.reopened,
    ).where(unit.protocol_id.in_(protocol_ids))
    marks: Marks = {}
    for protocol_id, lang, key, state, source_hash, at, reopened in db.session.execute(
        columns.order_by(unit.id)
    ):
        of = marks.setdefault((protocol_id, lang), {})
        of.setdefault(key, Mark()).take(state, source_hash, at, reopened=reopened)
    return marks


def _cell(version: ProtocolVersion, lang: str, facts: _Facts) -> Cell:
    units, past = facts.sources[version.id], facts.history.get(version.protocol_id, ())
    marks = facts.marks.get((version.protocol_id, lang), {})
    found = [(unit, marks.get(unit.key)) for unit in units]
    states = [_freshness(unit, mark, past) for unit, mark in found]
    waiting = [mark.since for unit, mark in found if mark and mark.waits_for(unit)]
    stale = [unit for unit, state in zip(units, states, strict=True) if state == Freshness.STALE_CLINICAL]
    return Cell(
        lang=lang,
        is_source=lang == version.protocol.source_lang,
        total=len(units),
        fitting=states.count(Freshness.CURRENT),
        written=sum(mark is not None for _, mark in found),
        waiting=len(waiting),
        stale_clinical=len(stale),
        stale_editorial=states.count(Freshness.STALE_EDITORIAL),
        released=(version.id, lang) in facts.released,
        withdrawn=(version.protocol_id, lang) in facts.withdrawn,
        oldest_waiting=min(filter(None, waiting), default=None),
        stale_since=min(filter(None, (_left_behind(unit, marks, past) for unit in stale)), default=None),
    )


def _freshness(unit: SourceUnit, mark: Mark | None, past: Sequence[Past]) -> Freshness:
    if mark is None:
        return Freshness.MISSING
    if unit.source_hash in mark.approved_hashes:
        return Freshness.CURRENT
    return freshness(unit, mark.approved_hash, past)


def _left_behind(unit: SourceUnit, marks: Mapping[str, Mark], past: Sequence[Past]) -> datetime | None:
    """When the first version was published that the newest approved text does not fit."""
    fitted = [n for n, held in enumerate(past) if held.hashes.get(unit.key) == marks[unit.key].approved_hash]
    since = past[fitted[-1] + 1 :] if fitted else ()
    return since[0].published_at if since else None


def find_released(version_ids: Collection[int]) -> set[tuple[int, str]]:
    """Versions and languages whose translation is out, withdrawn ones left out."""
    publication = TranslationPublication
    columns = sa.select(publication.version_id, publication.lang, publication.withdrawn)
    rows = db.session.execute(columns.where(publication.version_id.in_(version_ids)).order_by(publication.id))
    latest = {(version_id, lang): withdrawn for version_id, lang, withdrawn in rows}
    return {place for place, withdrawn in latest.items() if not withdrawn}
