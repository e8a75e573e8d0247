"""Units of translation: what there is to translate, what was approved for which text, what became stale."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from portal.core.errors import NotFound
from portal.extensions import db
from portal.protocols.dictionary import (
    CLINICAL_SECTIONS,
    CURRENT,
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
class Past:
    """Hashes of one version, the oldest version first."""

    change_type: str
    hashes: Mapping[str, str]
    number: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UnitView:
    """A text with its revisions, the newest of them, and the approved one that fits it.

    `fitted` is the last version that the newest approved text fits, `changed` the one that left it behind.
    """

    source: SourceUnit
    latest: TranslationUnit | None
    approved: TranslationUnit | None
    last_approved: TranslationUnit | None
    freshness: Freshness
    revisions: Sequence[TranslationUnit] = ()
    fitted: Past | None = None
    changed: Past | None = None

    @property
    def state(self) -> str:
        return self.latest.state if self.latest else "untranslated"

    @property
    def standing(self) -> str:
        """The state that the table of transitions knows.

        An approved text may be stale in one of two ways; one that waits for a source that is gone is a draft.
        """
        if self.state == UnitState.APPROVED and self.is_stale:
            return str(self.freshness)
        if self.state == UnitState.APPROVED and self.freshness == Freshness.MISSING:
            return "untranslated"
        return str(UnitState.DRAFT) if self.is_overtaken else self.state

    @property
    def mark(self) -> str:
        """Says exactly which text beside which source a page showed."""
        return f"{self.latest.revision if self.latest else 0}-{self.source.source_hash[:16]}"

    @property
    def writers(self) -> frozenset[int]:
        """Whose words the newest text may hold: all who saved one since the last approval."""
        settled = max((u.revision for u in self.revisions if u.state == UnitState.APPROVED), default=0)
        return frozenset(u.translated_by for u in self.revisions if u.revision > settled)

    @property
    def is_overtaken(self) -> bool:
        """Whether the newest text waits for its review against a source that no longer stands."""
        latest = self.latest
        return (
            latest is not None
            and latest.state == UnitState.NEEDS_REVIEW
            and latest.source_hash != self.source.source_hash
        )

    @property
    def is_stale(self) -> bool:
        return self.freshness in (Freshness.STALE_EDITORIAL, Freshness.STALE_CLINICAL)


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


def list_outlines(versions: Sequence[ProtocolVersion]) -> dict[int, list[SourceUnit]]:
    """As `list_sources`, without the texts of blocks and in no order: enough to count."""
    columns = sa.select(Block.version_id, Block.block_key, Block.section, Block.kind, Block.source_hash)
    columns = columns.where(Block.version_id.in_([v.id for v in versions]), Block.source_text != "")
    notes = _legal_notes([version.protocol_id for version in versions])
    reasons = list_reasons(versions)
    of = {v.id: [*_fields(v), *reasons[v.id], *notes.get(v.protocol_id, [])] for v in versions}
    for version_id, key, section, kind, source_hash in db.session.execute(columns):
        of[version_id].append(SourceUnit(key, section, kind, "", source_hash))
    return of


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


def list_hands(protocol_id: int, lang: str) -> set[int]:
    """Who translated or reviewed texts of a protocol in a language."""
    unit = TranslationUnit
    columns = sa.select(unit.translated_by, unit.reviewed_by).where(
        unit.protocol_id == protocol_id, unit.lang == lang
    )
    return {person for row in db.session.execute(columns.distinct()) for person in row if person}


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
    of: dict[str, list[TranslationUnit]] = {}
    for unit in list_units(version.protocol_id, lang):
        of.setdefault(unit.unit_key, []).append(unit)
    sources = list_sources([version])[version.id]
    # Which change left a text behind is asked only where one was: a history may be hundreds of versions long.
    behind = any(_is_behind(source, of.get(source.key, [])) for source in sources)
    history = _history(version, sources) if behind else []
    return [_view(source, of.get(source.key, []), history) for source in sources]


def _is_behind(source: SourceUnit, units: Sequence[TranslationUnit]) -> bool:
    hashes = {unit.source_hash for unit in _approved(units)}
    return bool(hashes) and source.source_hash not in hashes


def _history(version: ProtocolVersion, sources: Sequence[SourceUnit]) -> list[Past]:
    """The published versions of the protocol; after them this one, if it is none of them."""
    history = list_pasts([version.protocol_id]).get(version.protocol_id, [])
    if version.state in ONCE_PUBLISHED:
        return history
    hashes = {source.key: source.source_hash for source in sources}
    return [*history, Past(version.change_type, hashes, version.number)]


def _approved(units: Sequence[TranslationUnit]) -> list[TranslationUnit]:
    """Approved revisions, none from before a reopening."""
    reopened = max((unit.revision for unit in units if unit.reopened), default=0)
    return [u for u in units if u.state == UnitState.APPROVED and u.revision > reopened]


def _view(source: SourceUnit, units: Sequence[TranslationUnit], history: Sequence[Past]) -> UnitView:
    approved = _approved(units)
    fitting = [unit for unit in approved if unit.source_hash == source.source_hash]
    last = approved[-1] if approved else None
    best = fitting[-1] if fitting else last
    state = freshness(source, best.source_hash if best else None, history)
    fitted, changed = _turn(source, last, history) if last and not fitting else (None, None)
    return UnitView(
        source, units[-1] if units else None, fitting[-1] if fitting else None, last, state,
        tuple(units), fitted, changed,
    )  # fmt: skip


def _turn(
    source: SourceUnit, last: TranslationUnit, history: Sequence[Past]
) -> tuple[Past | None, Past | None]:
    fitted, since = _split(source.key, last.source_hash, history)
    return fitted[-1] if fitted else None, since[0] if since else None


def _split(key: str, approved_hash: str, history: Sequence[Past]) -> tuple[Sequence[Past], Sequence[Past]]:
    """The history up to the last version that the hash fits, and what came after it."""
    places = [place for place, past in enumerate(history) if past.hashes.get(key) == approved_hash]
    cut = places[-1] + 1 if places else 0
    return history[:cut], history[cut:]


def freshness(source: SourceUnit, approved_hash: str | None, history: Sequence[Past]) -> Freshness:
    """Whether the newest approved text still fits, and if not, whether a change of it was clinical."""
    if approved_hash is None:
        return Freshness.MISSING
    if approved_hash == source.source_hash:
        return Freshness.CURRENT
    if source.name == "change_note":  # the note of another version was not changed, it is another note
        return Freshness.MISSING
    if source.name == "legal":
        return Freshness.STALE_CLINICAL
    _fitted, since = _split(source.key, approved_hash, history)
    before, changed = approved_hash, set()
    for past in since:
        after = past.hashes.get(source.key, "")
        changed |= {past.change_type} if after != before else set()
        before = after
    weighty = changed & {ChangeType.CLINICAL, ChangeType.CORRECTION}
    return Freshness.STALE_CLINICAL if weighty or not since else Freshness.STALE_EDITORIAL


def list_pasts(protocol_ids: Collection[int] | None) -> dict[int, list[Past]]:
    """Hashes of all published versions of these protocols (None: of all), in two queries."""
    found = sa.select(ProtocolVersion).where(ProtocolVersion.state.in_(ONCE_PUBLISHED))
    columns = sa.select(Block.version_id, Block.block_key, Block.source_hash).join(
        ProtocolVersion, ProtocolVersion.id == Block.version_id
    )
    columns = columns.where(ProtocolVersion.state.in_(ONCE_PUBLISHED))
    if protocol_ids is not None:
        found = found.where(ProtocolVersion.protocol_id.in_(protocol_ids))
        columns = columns.where(ProtocolVersion.protocol_id.in_(protocol_ids))
    versions = db.session.scalars(found.order_by(ProtocolVersion.major, ProtocolVersion.minor)).all()
    hashes: dict[int, dict[str, str]] = {version.id: {} for version in versions}
    for version_id, key, value in db.session.execute(columns):
        hashes[version_id][key] = value
    history: dict[int, list[Past]] = {}
    for version in versions:
        fields = {unit.key: unit.source_hash for unit in _fields(version)}
        history.setdefault(version.protocol_id, []).append(
            Past(version.change_type, hashes[version.id] | fields, version.number, version.published_at)
        )
    return history


def list_releases(version_id: int) -> dict[str, TranslationPublication]:
    """The publication of a version that holds in each language; none where it was withdrawn."""
    found = sa.select(TranslationPublication).where(TranslationPublication.version_id == version_id)
    latest = {row.lang: row for row in db.session.scalars(found.order_by(TranslationPublication.id))}
    return {lang: row for lang, row in latest.items() if not row.withdrawn}


def find_withdrawals(protocol_ids: Collection[int]) -> dict[tuple[int, str], TranslationPublication]:
    """Withdrawals that hold, by protocol and language: nothing was published in the language since."""
    found = (
        sa.select(ProtocolVersion.protocol_id, TranslationPublication)
        .join(ProtocolVersion, ProtocolVersion.id == TranslationPublication.version_id)
        .where(ProtocolVersion.protocol_id.in_(protocol_ids))
        .order_by(TranslationPublication.id)
    )
    latest = {(protocol_id, row.lang): row for protocol_id, row in db.session.execute(found)}
    return {place: row for place, row in latest.items() if row.withdrawn}


def list_readable(version: ProtocolVersion, lang: str) -> list[UnitView]:
    """Views as readers get them: without approved texts where the translation was withdrawn."""
    views = list_views(version, lang)
    withdrawn = find_withdrawals([version.protocol_id]).get((version.protocol_id, lang))
    if withdrawn is None or (version.id != withdrawn.version_id and version.state not in CURRENT):
        return views
    return [
        replace(
            view, freshness=Freshness.MISSING, approved=None, last_approved=None, fitted=None, changed=None
        )
        for view in views
    ]


def find_texts(
    versions: Sequence[ProtocolVersion], keys: Collection[str], lang: str
) -> dict[tuple[int, str], str]:
    """Approved texts that fit, by version id and field: titles of lists in the reader's language."""
    protocol_ids = [version.protocol_id for version in versions]
    known, withdrawn = _approved_texts(protocol_ids, keys, lang), find_withdrawals(protocol_ids)
    texts = {}
    for version in versions:
        for field in _fields(version):
            text = known.get((version.protocol_id, field.key), {}).get(field.source_hash)
            if text is not None and (version.protocol_id, lang) not in withdrawn:
                texts[version.id, field.key] = text
    return texts


def _approved_texts(
    protocol_ids: Collection[int], keys: Collection[str], lang: str
) -> dict[tuple[int, str], dict[str, str]]:
    """Approved texts by protocol and unit, then by the hash of their source; none from before a reopening."""
    unit = TranslationUnit
    columns = sa.select(unit.protocol_id, unit.unit_key, unit.source_hash, unit.text, unit.reopened).where(
        unit.protocol_id.in_(protocol_ids),
        unit.unit_key.in_(keys),
        unit.lang == lang,
        (unit.state == UnitState.APPROVED) | unit.reopened,
    )
    known: dict[tuple[int, str], dict[str, str]] = {}
    for protocol_id, key, source_hash, text, reopened in db.session.execute(columns.order_by(unit.id)):
        held = known.setdefault((protocol_id, key), {})
        held.clear() if reopened else held.update({source_hash: text})
    return known
