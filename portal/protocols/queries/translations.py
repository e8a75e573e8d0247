"""Units of translation: what there is to translate, what was approved for which text, what became stale."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.core.errors import NotFound
from portal.extensions import db
from portal.protocols.dictionary import (
    CLINICAL_SECTIONS,
    LANGUAGES,
    NEEDED_TO_RELEASE,
    ONCE_PUBLISHED,
    ChangeType,
    Freshness,
    Section,
    UnitState,
)
from portal.protocols.models import (
    Block,
    LegalStatus,
    Protocol,
    ProtocolFork,
    ProtocolVersion,
    TranslationPublication,
    TranslationUnit,
)
from portal.protocols.queries.lineage import list_rationales, rationale_fields
from portal.protocols.units import field_hash

_ORDER = {str(section): place for place, section in enumerate(Section)}
_LEGAL = "legal:"


@dataclass(frozen=True, slots=True)
class SourceUnit:
    """A text that may be translated. `name` is its section or field."""

    key: str
    name: str
    kind: str
    text: str
    source_hash: str

    @property
    def is_clinical(self) -> bool:
        return self.name in CLINICAL_SECTIONS

    @property
    def is_needed(self) -> bool:
        """Whether a translation cannot be published without it."""
        return self.name in ("title", "summary") or self.name in NEEDED_TO_RELEASE


@dataclass(frozen=True, slots=True)
class UnitView:
    """A text with its newest revision and the approved one that fits it."""

    source: SourceUnit
    latest: TranslationUnit | None
    approved: TranslationUnit | None
    last_approved: TranslationUnit | None
    freshness: Freshness

    @property
    def state(self) -> str:
        return self.latest.state if self.latest else "untranslated"


def list_sources(versions: Sequence[ProtocolVersion]) -> dict[int, list[SourceUnit]]:
    """Texts of each version in reading order, by version id; two queries however many versions."""
    blocks = db.session.scalars(
        sa.select(Block).where(Block.version_id.in_([version.id for version in versions]))
    )
    of: dict[int, list[Block]] = {}
    for block in blocks:
        of.setdefault(block.version_id, []).append(block)
    notes = _legal_notes([version.protocol_id for version in versions])
    reasons = list_reasons(versions)
    return {
        version.id: [
            *_fields(version),
            *reasons.get(version.id, []),
            *_blocks(of.get(version.id, [])),
            *notes.get(version.protocol_id, []),
        ]
        for version in versions
    }


def _fields(version: ProtocolVersion) -> list[SourceUnit]:
    texts = {"title": version.title, "summary": version.summary, "change_note": version.change_note}
    return [
        SourceUnit(name, name, "field", text, field_hash(name, text)) for name, text in texts.items() if text
    ]


def list_reasons(versions: Sequence[ProtocolVersion]) -> dict[int, list[SourceUnit]]:
    """Why adaptations were made, and their short answers, by version."""
    answers = list_rationales([version.id for version in versions])
    forks = db.session.scalars(
        sa.select(ProtocolFork).where(ProtocolFork.protocol_id.in_({v.protocol_id for v in versions}))
    )
    reasons = {fork.protocol_id: {"fork_reason": fork.reason} for fork in forks}
    texts = {v.id: reasons.get(v.protocol_id, {}) | rationale_fields(answers.get(v.id, {})) for v in versions}
    return {
        version_id: [SourceUnit(key, key, "field", text, field_hash(key, text)) for key, text in held.items()]
        for version_id, held in texts.items()
    }


def _blocks(blocks: Iterable[Block]) -> list[SourceUnit]:
    ordered = sorted(blocks, key=lambda block: (_ORDER[block.section], block.position, block.id))
    return [
        SourceUnit(block.block_key, block.section, block.kind, block.source_text, block.source_hash)
        for block in ordered
        if block.source_text
    ]


def _legal_notes(protocol_ids: Collection[int]) -> dict[int, list[SourceUnit]]:
    found = sa.select(LegalStatus).where(LegalStatus.protocol_id.in_(protocol_ids)).order_by(LegalStatus.id)
    latest = {(row.protocol_id, row.country): row for row in db.session.scalars(found)}
    notes: dict[int, list[SourceUnit]] = {}
    for (protocol_id, country), row in sorted(latest.items()):
        if row.note:
            key = _LEGAL + country
            unit = SourceUnit(key, "legal", "field", row.note, field_hash(key, row.note))
            notes.setdefault(protocol_id, []).append(unit)
    return notes


def find_source(version: ProtocolVersion, key: str) -> SourceUnit:
    for unit in list_sources([version])[version.id]:
        if unit.key == key:
            return unit
    raise NotFound("not_found")


def list_units(protocol_id: int, lang: str) -> Sequence[TranslationUnit]:
    """All revisions in one language, the oldest first."""
    found = sa.select(TranslationUnit).where(
        TranslationUnit.protocol_id == protocol_id, TranslationUnit.lang == lang
    )
    return db.session.scalars(found.order_by(TranslationUnit.id)).all()


def find_latest(protocol_id: int, key: str, lang: str) -> TranslationUnit | None:
    """The newest revision of a unit."""
    found = sa.select(TranslationUnit).where(
        TranslationUnit.protocol_id == protocol_id,
        TranslationUnit.unit_key == key,
        TranslationUnit.lang == lang,
    )
    return db.session.scalar(found.order_by(TranslationUnit.revision.desc()).limit(1))


def list_views(version: ProtocolVersion, lang: str) -> list[UnitView]:
    """Every text of the version with where its translation stands."""
    units = list_units(version.protocol_id, lang)
    history = _history([version.protocol_id]).get(version.protocol_id, [])
    return [_view(source, units, history) for source in list_sources([version])[version.id]]


def _view(source: SourceUnit, units: Sequence[TranslationUnit], history: Sequence["Past"]) -> UnitView:
    mine = [unit for unit in units if unit.unit_key == source.key]
    approved = [unit for unit in mine if unit.state == UnitState.APPROVED]
    fitting = [unit for unit in approved if unit.source_hash == source.source_hash]
    last = approved[-1] if approved else None
    state = freshness(source, last.source_hash if last else None, history)
    return UnitView(source, mine[-1] if mine else None, fitting[-1] if fitting else None, last, state)


@dataclass(frozen=True, slots=True)
class Past:
    """Hashes of one published version, the oldest version first."""

    change_type: str
    hashes: Mapping[str, str]


def freshness(source: SourceUnit, approved_hash: str | None, history: Sequence[Past]) -> Freshness:
    """Whether the newest approved text still fits, and if not, whether the change was clinical."""
    if approved_hash is None:
        return Freshness.MISSING
    if approved_hash == source.source_hash:
        return Freshness.CURRENT
    if source.name == "legal":
        return Freshness.STALE_CLINICAL
    fitted = [place for place, past in enumerate(history) if past.hashes.get(source.key) == approved_hash]
    since = history[fitted[-1] + 1 :] if fitted else history
    changed = {past.change_type for past in since}
    weighty = changed & {ChangeType.CLINICAL, ChangeType.CORRECTION}
    return Freshness.STALE_CLINICAL if weighty or not since else Freshness.STALE_EDITORIAL


def _history(protocol_ids: Collection[int]) -> dict[int, list[Past]]:
    """Hashes of all published versions of these protocols, in two queries."""
    found = sa.select(ProtocolVersion).where(
        ProtocolVersion.protocol_id.in_(protocol_ids), ProtocolVersion.state.in_(ONCE_PUBLISHED)
    )
    versions = db.session.scalars(found.order_by(ProtocolVersion.major, ProtocolVersion.minor)).all()
    columns = sa.select(Block.version_id, Block.block_key, Block.source_hash)
    hashes: dict[int, dict[str, str]] = {version.id: {} for version in versions}
    for version_id, key, value in db.session.execute(columns.where(Block.version_id.in_(hashes))):
        hashes[version_id][key] = value
    history: dict[int, list[Past]] = {}
    for version in versions:
        fields = {unit.key: unit.source_hash for unit in _fields(version)}
        history.setdefault(version.protocol_id, []).append(
            Past(version.change_type, hashes[version.id] | fields)
        )
    return history


@dataclass(frozen=True, slots=True)
class Cell:
    """A protocol in one language: how much fits, the worst staleness, what waits for review, since when."""

    lang: str
    is_source: bool
    total: int
    fitting: int
    waiting: int
    stale_clinical: int
    stale_editorial: int
    released: bool
    oldest_waiting: datetime | None

    @property
    def share(self) -> float:
        return self.fitting / self.total if self.total else 0.0

    @property
    def state(self) -> str:
        """One of not_started, in_progress, in_review, approved, published, partly_stale, source."""
        if self.is_source:
            return "source"
        if self.stale_clinical or self.stale_editorial:
            return "partly_stale"
        if self.released:
            return "published"
        if self.fitting == self.total:
            return "approved"
        if self.waiting:
            return "in_review"
        return "in_progress" if self.fitting else "not_started"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the matrix: a published version and its three languages."""

    version: ProtocolVersion
    cells: Mapping[str, Cell]


def list_matrix(
    *, langs: Sequence[str] = LANGUAGES, after: int = 0, limit: int = 50, ids: Collection[int] | None = None
) -> list[Row]:
    """Protocols × languages for one page; the number of queries does not grow with the protocols."""
    found = (
        sa.select(ProtocolVersion)
        .join(Protocol, Protocol.id == ProtocolVersion.protocol_id)
        .where(ProtocolVersion.state == "published", ProtocolVersion.protocol_id > after)
        .order_by(ProtocolVersion.protocol_id)
        .limit(limit)
    )
    found = found.where(ProtocolVersion.protocol_id.in_(ids)) if ids is not None else found
    versions = db.session.scalars(found).all()
    protocol_ids = [version.protocol_id for version in versions]
    sources, marks = list_sources(versions), _marks(protocol_ids)
    history, released = _history(protocol_ids), _released([version.id for version in versions])
    return [
        Row(version, {
            lang: _cell(version, lang, sources[version.id], marks, history, released) for lang in langs
        })
        for version in versions
    ]  # fmt: skip


@dataclass(slots=True)
class _Mark:
    """What is known of one unit without its text."""

    state: str = "untranslated"
    approved_hash: str | None = None
    approved_hashes: frozenset[str] = frozenset()
    since: datetime | None = None


def _marks(protocol_ids: Collection[int]) -> dict[tuple[int, str, str], _Mark]:
    unit = TranslationUnit
    columns = sa.select(
        unit.protocol_id, unit.lang, unit.unit_key, unit.state, unit.source_hash, unit.created_at
    ).where(unit.protocol_id.in_(protocol_ids))
    marks: dict[tuple[int, str, str], _Mark] = {}
    for protocol_id, lang, key, state, source_hash, at in db.session.execute(columns.order_by(unit.id)):
        mark = marks.setdefault((protocol_id, lang, key), _Mark())
        mark.state, mark.since = state, at
        if state == UnitState.APPROVED:
            mark.approved_hash = source_hash
            mark.approved_hashes |= {source_hash}
    return marks


def _cell(  # noqa: PLR0917 # prepared tables of one page
    version: ProtocolVersion,
    lang: str,
    sources: Sequence[SourceUnit],
    marks: Mapping[tuple[int, str, str], _Mark],
    history: Mapping[int, Sequence[Past]],
    released: Collection[tuple[int, str]],
) -> Cell:
    found = [(unit, marks.get((version.protocol_id, lang, unit.key), _Mark())) for unit in sources]
    past = history.get(version.protocol_id, ())
    states = [freshness(unit, mark.approved_hash, past) for unit, mark in found]
    waiting = [mark.since for _, mark in found if mark.state == UnitState.NEEDS_REVIEW and mark.since]
    return Cell(
        lang=lang,
        is_source=lang == version.protocol.source_lang,
        total=len(sources),
        fitting=sum(unit.source_hash in mark.approved_hashes for unit, mark in found),
        waiting=len(waiting),
        stale_clinical=states.count(Freshness.STALE_CLINICAL),
        stale_editorial=states.count(Freshness.STALE_EDITORIAL),
        released=(version.id, lang) in released,
        oldest_waiting=min(waiting, default=None),
    )


def _released(version_ids: Collection[int]) -> set[tuple[int, str]]:
    columns = sa.select(TranslationPublication.version_id, TranslationPublication.lang)
    rows = db.session.execute(columns.where(TranslationPublication.version_id.in_(version_ids)))
    return {(row[0], row[1]) for row in rows}


def list_releases(version_id: int) -> dict[str, TranslationPublication]:
    """The latest publication of a version in each language."""
    found = sa.select(TranslationPublication).where(TranslationPublication.version_id == version_id)
    return {row.lang: row for row in db.session.scalars(found.order_by(TranslationPublication.id))}


def find_texts(
    versions: Sequence[ProtocolVersion], keys: Collection[str], lang: str
) -> dict[tuple[int, str], str]:
    """Approved texts that fit, by version id and field: titles of lists in the reader's language."""
    unit = TranslationUnit
    columns = sa.select(unit.protocol_id, unit.unit_key, unit.source_hash, unit.text).where(
        unit.protocol_id.in_([version.protocol_id for version in versions]),
        unit.unit_key.in_(keys),
        unit.lang == lang,
        unit.state == UnitState.APPROVED,
    )
    known = {
        (protocol_id, key, source_hash): text
        for protocol_id, key, source_hash, text in db.session.execute(columns.order_by(unit.id))
    }
    texts = {}
    for version in versions:
        for field in _fields(version):
            text = known.get((version.protocol_id, field.key, field.source_hash))
            if text is not None:
                texts[version.id, field.key] = text
    return texts
