"""The reader's page of one version in one language, assembled block by block in a fixed number of queries.

A text is the approved translation whose hash fits, else the source, marked as such: nobody meets an old dose
under a new title.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from portal.protocols.dictionary import (
    COUNTRIES,
    CURRENT,
    LANGUAGES,
    ONCE_PUBLISHED,
    ChangeType,
    Freshness,
    Kind,
    Role,
    Section,
    State,
)
from portal.protocols.models import LegalStatus, Protocol, ProtocolVersion, Reference, TranslationPublication
from portal.protocols.queries.hiding import check_shown
from portal.protocols.queries.translations import (
    UnitView,
    find_texts,
    find_withdrawals,
    list_readable,
    list_releases,
    list_units,
)
from portal.protocols.queries.versions import (
    find_head,
    find_numbered,
    find_people,
    find_protocol,
    list_agreements,
    list_blocks,
    list_concepts,
    list_legal,
    list_references,
)
from portal.vocabulary.queries import find_labels

SCHEMES = {
    "sub-": "substance", "cond-": "condition", "int-": "intervention", "set-": "setting",
    "pop-": "population", "out-": "outcome", "ins-": "instrument", "comp-": "complication",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is shown. `is_fallback`: in the source language because nothing approved fits."""

    text: str
    lang: str
    is_fallback: bool = False
    is_stale: bool = False
    origin: str = "human"
    # When the version was published that left the last approved translation behind.
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block on the page; dose lines are data and have a drug label in the reader's language."""

    key: str
    section: str
    kind: str
    data: Mapping[str, Any]
    text: Text | None
    drug: str = ""


@dataclass(frozen=True, slots=True)
class Legal:
    """A badge: status in a country, when it was checked, and whether that is too long ago."""

    country: str
    status: str
    label: str
    note: Text | None
    basis: Sequence[Mapping[str, str]]
    checked_on: date | None
    is_expired: bool


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of the version under its label."""

    id: str
    label: str
    is_main: bool


@dataclass(frozen=True, slots=True)
class Translated:
    """How far the page is in the reader's language, what changed since which version, and who translated.

    `origins` counts the shown texts by their origin, which says nothing about how fresh they are.
    """

    total: int
    fitting: int
    stale_sections: tuple[str, ...]
    stale: int = 0
    since: str = ""
    origins: Mapping[str, int] = field(default_factory=dict)
    withdrawn: TranslationPublication | None = None

    @property
    def share(self) -> float:
        return self.fitting / self.total if self.total else 1.0

    @property
    def is_complete(self) -> bool:
        return self.fitting == self.total


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the page of a protocol shows."""

    protocol: Protocol
    version: ProtocolVersion
    current: ProtocolVersion | None
    lang: str
    title: Text
    summary: Text
    change_note: Text | None
    sections: Mapping[str, Sequence[ShownBlock]]
    concepts: Mapping[str, Sequence[Concept]]
    references: Sequence[Reference]
    legal: Mapping[str, Legal]
    evidence: Mapping[str, str]
    translated: Translated
    languages: tuple[str, ...]
    author: str
    awaits_confirmation: bool
    reasons: Mapping[str, Text]

    @property
    def is_current(self) -> bool:
        return self.current is not None and self.current.id == self.version.id


def find_page(
    public_id: str, lang: str, *, today: date, number: tuple[int, int] | None = None
) -> Page | None:
    """The current or retired version, or the one with this number; None when readers get none.

    Raises LegallyClosed where the protocol is hidden from the reader.
    """
    check_shown(public_id)
    protocol = find_protocol(public_id)
    if protocol is None:
        return None
    head = find_head(protocol.id)
    version = find_numbered(protocol.id, *number) if number else head
    if version is None or version.state == State.WITHDRAWN:
        return None
    current = head if head is not None and head.state in CURRENT else None
    return page_of(version, lang, today=today, current=current)


def source_page(version: ProtocolVersion, reader: str, *, today: date) -> Page:
    """A version as it was written, for those who work on it; names of drugs and codes are the reader's."""
    return page_of(version, version.protocol.source_lang, today=today, names=reader)


def page_of(
    version: ProtocolVersion,
    lang: str,
    *,
    today: date,
    current: ProtocolVersion | None = None,
    names: str = "",
) -> Page:
    """The page of any version. `names`: language of drugs, grades and badges where it is not the texts'."""
    protocol = version.protocol
    views = _pinned(version, lang)
    blocks, links = list_blocks(version.id), list_concepts(version.id)
    labels = _labels(blocks, [link.concept_id for link in links], protocol, names or lang)
    texts = {view.source.key: _text(view, protocol.source_lang, lang) for view in views}
    shown = [
        ShownBlock(b.block_key, b.section, b.kind, b.data, texts.get(b.block_key), _drug(b.data, labels))
        for b in blocks
    ]
    return Page(
        protocol=protocol,
        version=version,
        current=current,
        lang=lang,
        title=texts["title"],
        summary=texts.get("summary") or Text("", protocol.source_lang),
        change_note=texts.get("change_note"),
        sections={
            section: held for section in Section if (held := [b for b in shown if b.section == section])
        },
        concepts=_concepts([(link.concept_id, link.role) for link in links], labels),
        references=list_references(version.id),
        legal=_legal(list_legal(protocol.id), texts, labels, today=today),
        evidence=labels,
        translated=_translated(version, views, lang),
        languages=_languages(version),
        author=_author(version),
        awaits_confirmation=_awaits_confirmation(version),
        reasons={key: text for key, text in texts.items() if key.startswith(("etd:", "fork_reason"))},
    )


def _pinned(version: ProtocolVersion, lang: str) -> list[UnitView]:
    """Views of a version; a superseded one shows the revisions that its translation was published with."""
    views = list_readable(version, lang)
    pins = list_releases(version.id).get(lang)
    if pins is None or version.state in ("published", "under_concern"):
        return views
    by_id = {unit.id: unit for unit in list_units(version.protocol_id, lang)}
    return [
        view
        if view.source.key not in pins.units or pins.units[view.source.key] not in by_id
        else UnitView(view.source, view.latest, by_id[pins.units[view.source.key]], view.last_approved,
                      Freshness.CURRENT)
        for view in views
    ]  # fmt: skip


def _text(view: UnitView, source_lang: str, lang: str) -> Text:
    if lang == source_lang:
        return Text(view.source.text, lang)
    if view.approved is not None:
        return Text(view.approved.text, lang, origin=view.approved.origin)
    changed_at = view.changed.published_at if view.changed else None
    stale = view.is_stale
    return Text(view.source.text, source_lang, is_fallback=True, is_stale=stale, changed_at=changed_at)


def _labels(blocks: Any, concepts: Sequence[str], protocol: Protocol, lang: str) -> dict[str, str]:
    """Labels of everything on the page that is a concept, in one query."""
    ids = set(concepts)
    for block in blocks:
        ids |= {block.data[name] for name in ("drug", "certainty", "strength") if block.data.get(name)}
    ids |= {row.status for row in list_legal(protocol.id).values()}
    return find_labels(ids, lang)


def _drug(data: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    return labels.get(data.get("drug", ""), "")


def _concepts(links: Sequence[tuple[str, str]], labels: Mapping[str, str]) -> dict[str, list[Concept]]:
    """Concepts by scheme, main ones first."""
    found: dict[str, list[Concept]] = {}
    for prefix, scheme in SCHEMES.items():
        held = [
            Concept(concept, labels[concept], role == Role.MAIN)
            for concept, role in links
            if concept.startswith(prefix) and role != Role.EXCLUDED and concept in labels
        ]
        if held:
            found[scheme] = sorted(held, key=lambda concept: not concept.is_main)
    return found


def _legal(
    rows: Mapping[str, LegalStatus], texts: Mapping[str, Text], labels: Mapping[str, str], *, today: date
) -> dict[str, Legal]:
    return {
        country: legal_of(rows[country], labels, today=today, note=texts.get(f"legal:{country}"))
        for country in COUNTRIES
        if country in rows
    }


def legal_of(row: LegalStatus, labels: Mapping[str, str], *, today: date, note: Text | None = None) -> Legal:
    """A status as a badge; after its year, or never checked, it counts as not verified."""
    expired = row.expires_on is not None and row.expires_on < today
    return Legal(
        row.country, row.status, labels.get(row.status, row.status), note, row.basis, row.checked_on, expired
    )


def _translated(version: ProtocolVersion, views: Sequence[UnitView], lang: str) -> Translated:
    if lang == version.protocol.source_lang:
        return Translated(len(views), len(views), ())
    stale = [view for view in views if view.approved is None and view.is_stale]
    fitted = [view.fitted.number for view in stale if view.fitted]
    return Translated(
        len(views),
        sum(view.approved is not None for view in views),
        tuple(dict.fromkeys(view.source.name for view in stale)),
        len(stale),
        min(fitted, key=_by_number, default=""),
        Counter(view.approved.origin for view in views if view.approved),
        find_withdrawals([version.protocol_id]).get((version.protocol_id, lang)),
    )


def _by_number(number: str) -> tuple[int, ...]:
    return tuple(map(int, number.split(".")))


def _languages(version: ProtocolVersion) -> tuple[str, ...]:
    """Languages in which the version is published: the source, and those that somebody released."""
    released = list_releases(version.id)
    source = version.protocol.source_lang
    return tuple(lang for lang in LANGUAGES if lang == source or lang in released)


def _author(version: ProtocolVersion) -> str:
    people = find_people({version.created_by})
    return people[version.created_by].name if version.created_by in people else ""


def _awaits_confirmation(version: ProtocolVersion) -> bool:
    """A correction goes live with one editor; the chief editor of the other country confirms it."""
    if version.change_type != ChangeType.CORRECTION or version.state not in ONCE_PUBLISHED:
        return False
    return not list_agreements(version)


def doses(page: Page) -> list[ShownBlock]:
    """Dose lines of the page."""
    return [block for block in page.sections.get(Section.DOSING, ()) if block.kind == Kind.DOSE]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a protocol is read."""

    public_id: str
    slug: str


def find_address(public_id: str) -> Address | None:
    """The address of a protocol that was published once; a withdrawn one keeps its place as a tombstone."""
    protocol = find_protocol(public_id)
    if protocol is None or find_head(protocol.id) is None:
        return None
    return Address(protocol.public_id, protocol.slug)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One published version for the list of versions."""

    number: str
    state: str
    change_type: str
    note: str
    lang: str
    published_at: datetime | None


def list_history_lines(versions: Sequence[ProtocolVersion], lang: str) -> list[HistoryLine]:
    """Versions with their change notes, translated where an approved text fits."""
    notes = find_texts(versions, ("change_note",), lang)
    return [
        HistoryLine(
            v.number, v.state, v.change_type,
            "" if v.state == State.WITHDRAWN else notes.get((v.id, "change_note"), v.change_note),
            lang if (v.id, "change_note") in notes else v.protocol.source_lang, v.published_at,
        )
        for v in versions
    ]  # fmt: skip
