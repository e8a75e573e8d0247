"""Compared texts as pages show them: cards with fields and words, in the reader's language.

The first side is the one that the others are compared with. Two sides mark words on both; with three, the
second and third show in one flow what they did to the first.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.protocols.diff import Change
from portal.protocols.diff.fields import changed_fields
from portal.protocols.diff.words import Mark, Piece, compare_words, whole
from portal.protocols.forms import labels
from portal.protocols.forms.dose_words import in_words
from portal.protocols.queries.compare import Compared, ThreePages, blocks_of
from portal.protocols.queries.page import Page, ShownBlock, Text

FIELD_NAMES: Final = {
    "section": _l("Section"),
    "kind": _l("Kind of block"),
    "drug": _l("Drug"),
    "phase": _l("Phase"),
    "route": _l("Route"),
    "dose": _l("Dose"),
    "interval": _l("How often"),
    "ceiling": _l("Ceiling"),
    "observe": _l("Observation"),
    "source": _l("Source"),
    "quote": _l("Words of the source"),
    "verify": _l("To be checked in the primary document"),
    "certainty": _l("Certainty of evidence"),
    "strength": _l("Strength of the recommendation"),
    "references": _l("Sources"),
    "concept": _l("Keyword"),
    "operator": _l("Comparison"),
    "value": _l("Value"),
    "unit": _l("Unit"),
    "instrument": _l("Instrument"),
    "schedule": _l("When"),
    "threshold": _l("Act when"),
}
WHAT_NAMES: Final = {
    "added": _l("added"),
    "removed": _l("removed"),
    "changed": _l("changed"),
    "moved": _l("moved"),
    "same": _l("unchanged"),
}
PILLS: Final = {"added": "done", "removed": "off", "changed": "warn", "moved": "active", "same": "idle"}
_DOSE_CELLS: Final = {
    "drug": "drug", "phase": "phase", "route": "routes", "dose": "dose", "interval": "interval",
    "ceiling": "ceiling", "observe": "observe",
}  # fmt: skip
_MAIN = "main_concepts"


@dataclass(frozen=True, slots=True)
class Value:
    """A field of one side in words."""

    text: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Words:
    """The text of one side. `is_fallback`: the source, where no translation of both fits."""

    pieces: tuple[Piece, ...]
    lang: str
    is_fallback: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One block or field. `about` names a dose line, `reason` says why the change is clinical.

    `same`: the text where every side has it, in place of `texts`.
    """

    key: str
    title: str
    what: str
    about: str = ""
    reason: str = ""
    fields: tuple[tuple[Any, tuple[Value, ...]], ...] = ()
    texts: tuple[Words | None, ...] = ()
    same: Words | None = None
    row: Any = None


def cards(compared: Compared) -> list[Card]:
    """A card for every difference, in reading order."""
    old, new = blocks_of(compared.old), blocks_of(compared.new)
    return [
        _of_block(change, old.get(change.key), new.get(change.key), compared)
        if change.before or change.after
        else _of_field(change, compared)
        for change in compared.difference.changes
    ]


def cards_of_three(rows: Iterable[Any], pages: ThreePages) -> list[Card]:
    """A card for every row of an adaptation, with its three sides."""
    held = [blocks_of(page) for page in (pages.then, pages.now, pages.mine)]
    names = {**pages.then.evidence, **pages.now.evidence, **pages.mine.evidence}
    lang = pages.mine.protocol.source_lang
    return [
        _of_row(row, [_shown(block, of) for block, of in zip(_states(row), held, strict=True)], names, lang)
        for row in rows
    ]


def list_sections(made: Sequence[Card]) -> list[str]:
    """Titles of what changed, each once."""
    return list(dict.fromkeys(str(card.title) for card in made))


def of_text(old: str, new: str, lang: str) -> tuple[Words, Words]:
    """Any two texts of one language, for a page that has no versions to compare."""
    found = compare_words(old, new)
    return Words(found.old, lang), Words(found.new, lang)


def _of_block(change: Change, old: ShownBlock | None, new: ShownBlock | None, compared: Compared) -> Card:
    block = new or old
    names = {**compared.old.evidence, **compared.new.evidence}
    return _settled(
        Card(
            key=change.key,
            title=str(labels.SECTIONS.get(change.section, change.section)),
            what=change.what,
            about=_about(block, names),
            reason=_reason(change.reason),
            fields=() if change.what == "moved" else _fields([old, new], names),
            texts=_two_texts(old.text if old else None, new.text if new else None, change, compared),
        )
    )


def _settled(card: Card) -> Card:
    """A text that is the same on every side is shown once."""
    held = {words.pieces for words in card.texts if words}
    alike = len(held) == 1 and all(card.texts) and all(piece.mark == "same" for piece in next(iter(held)))
    return replace(card, texts=(), same=card.texts[0]) if alike else card


def _of_field(change: Change, compared: Compared) -> Card:
    """Title, summary, an answer of an adaptation, or the main keywords."""
    title = str(labels.FIELDS.get(change.section, change.section))
    if change.reason == _MAIN:
        said = [Value(_main_concepts(page), mark) for page, mark in _marked(compared)]
        return Card(
            change.key, title, "changed", reason=_reason(change.reason), fields=((title, tuple(said)),)
        )
    texts = [_field_text(page, change.key) for page in (compared.old, compared.new)]
    return Card(
        change.key, title, _what(change), reason=_reason(change.reason),
        texts=_two_texts(texts[0], texts[1], change, compared),
    )  # fmt: skip


def _of_row(row: Any, blocks: Sequence[ShownBlock | None], names: Any, lang: str) -> Card:
    texts = [block.text.text if block and block.text else "" for block in blocks]
    return _settled(Card(
        key=row.key,
        title=str(labels.SECTIONS.get(row.section, row.section)),
        what=row.parent if row.is_news else row.own,
        reason=_reason(row.reason),
        about=_about(next((block for block in reversed(blocks) if block), None), names),
        fields=_fields(blocks, names),
        texts=tuple(
            Words(pieces, lang) if pieces else None for pieces in _against_first(blocks, texts)
        ) if any(texts) else (),
        row=row,
    ))  # fmt: skip


def _against_first(blocks: Sequence[ShownBlock | None], texts: Sequence[str]) -> Iterator[tuple[Piece, ...]]:
    """The first text as it is, the others in one flow with it; what one of them lacks is shown as removed."""
    yield whole(texts[0], "same")
    for block, text in zip(blocks[1:], texts[1:], strict=True):
        if block is None:
            yield whole(texts[0], "removed")
        else:
            yield compare_words(texts[0], text).inline if blocks[0] else whole(text, "added")


def _states(row: Any) -> tuple[Any, Any, Any]:
    return row.then, row.now, row.mine


def _shown(block: Any, shown: Any) -> ShownBlock | None:
    """The block as its page shows it; a block of an older state of the parent is shown from its own row."""
    if block is None:
        return None
    held = shown.get(block.block_key)
    if (
        held is not None
        and held.text is not None
        and held.text.text == block.source_text
        and held.data == block.data
    ):
        return held
    text = Text(block.source_text, "") if block.source_text else None
    return ShownBlock(block.block_key, block.section, block.kind, block.data, text)


def _marked(compared: Compared) -> tuple[tuple[Page, Mark], tuple[Page, Mark]]:
    return (compared.old, "removed"), (compared.new, "added")


def _main_concepts(page: Page) -> str:
    main = [concept.label for held in page.concepts.values() for concept in held if concept.is_main]
    return _(", ").join(main)


def _field_text(page: Page, key: str) -> Text | None:
    texts: dict[str, Text] = {"title": page.title, "summary": page.summary, **page.reasons}
    return texts.get(key)


def _what(change: Change) -> str:
    return "changed" if change.old and change.new else "added" if change.new else "removed"


def _reason(code: str) -> str:
    """Why a change is clinical, in words."""
    if code == "number":
        return _("a number or unit changed")
    if code == _MAIN:
        return str(labels.ROLES["main"])
    return str(labels.KINDS.get(code) or labels.SECTIONS.get(code, ""))


def _about(block: ShownBlock | None, names: Any) -> str:
    """A dose line is known by its drug and phase."""
    if block is None or block.kind != "dose":
        return ""
    line = in_words(block.data, block.drug or names.get(block.data.get("drug"), ""))
    return _(", ").join(part for part in (line.drug, line.phase) if part)


def _two_texts(
    old: Text | None, new: Text | None, change: Change, compared: Compared
) -> tuple[Words | None, ...]:  # fmt: skip
    """Both in the reader's language where both are translated, else both in the source."""
    if not (old or new):
        return ()
    source = compared.new.protocol.source_lang
    if old and new and old.lang != new.lang:
        old, new = Text(change.old, source, is_fallback=True), Text(change.new, source, is_fallback=True)
    found = compare_words(old.text if old else "", new.text if new else "")
    return (
        Words(found.old, old.lang, old.is_fallback) if old and old.text else None,
        Words(found.new, new.lang, new.is_fallback) if new and new.text else None,
    )


def _fields(blocks: Sequence[ShownBlock | None], names: Any) -> tuple[tuple[Any, tuple[Value, ...]], ...]:
    """Fields in which any side differs from the first, each side in words."""
    first = blocks[0]
    data = [block.data if block else {} for block in blocks]
    differing = dict.fromkeys(name for other in data[1:] for name in changed_fields(data[0], other))
    if len({(block.section, block.kind) for block in blocks if block}) > 1:
        differing = dict.fromkeys([*_places(blocks), *differing])
    words = [{name: _in_words(name, block, names) for name in differing} for block in blocks]
    return tuple(
        (FIELD_NAMES.get(name, name), tuple(_values([side[name] for side in words], pair=len(blocks) == 2)))
        for name in differing
        if len({side[name] for side in words}) > 1 or first is None
    )


def _places(blocks: Sequence[ShownBlock | None]) -> list[str]:
    held = [block for block in blocks if block]
    return [name for name in ("section", "kind") if len({getattr(block, name) for block in held}) > 1]


def _values(said: Sequence[str], *, pair: bool) -> list[Value]:
    changed = [text != said[0] for text in said[1:]]
    first: Mark = "removed" if pair and changed[0] else "same"
    return [Value(said[0], first)] + [
        Value(text, "added" if differs else "same") for text, differs in zip(said[1:], changed, strict=True)
    ]


def _in_words(name: str, block: ShownBlock | None, names: Any) -> str:
    if block is None:
        return ""
    if name in ("section", "kind"):
        listed: Any = labels.SECTIONS if name == "section" else labels.KINDS
        return str(listed.get(getattr(block, name), ""))
    if name in _DOSE_CELLS:
        line = in_words(block.data, block.drug or names.get(block.data.get("drug"), ""))
        return str(getattr(line, _DOSE_CELLS[name]))
    return _plain(name, block.data, names)


def _plain(name: str, data: Any, names: Any) -> str:
    if name == "source":
        page = f", {data['page']}" if data.get("page") else ""
        return f"⟦{data['source']}{page}⟧" if data.get("source") else ""
    if name == "references":
        return _(", ").join(f"⟦{key}⟧" for key in data.get("references", ()))
    if name == "quote":
        return str(data.get("source_quote", ""))
    if name == "verify":
        return _("yes") if data.get("verify") else ""
    value = data.get(name, "")
    return str(names.get(value, value)) if isinstance(value, str) else f"⟦{value}⟧"
