"""Sections of a document: blocks with their language, dose lines as rows, evidence with its grade."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from flask_babel import gettext as _

from portal.core import i18n
from portal.protocols.dictionary import Section as Name
from portal.protocols.forms import dose_words, labels
from portal.protocols.forms.document.shape import Piece, Row, Said, Section
from portal.protocols.queries.page import Page, ShownBlock, Text

Saying = Callable[[Text], Said]


def saying(since: datetime | None) -> Saying:
    """How a text is shown: itself, or the source with a label that says so."""

    def said(text: Text) -> Said:
        if not text.is_fallback:
            return Said(text.text, text.lang)
        if text.is_stale and since:
            return Said(
                text.text, text.lang, _("not yet translated (changed on %(date)s)", date=i18n.day(since))
            )
        return Said(text.text, text.lang, _("not yet translated"))

    return said


def of(page: Page, numbers: Mapping[str, int], said: Saying) -> Iterator[Section]:
    """Sections in reading order. `numbers` are those of the references, by key."""
    for name, blocks in page.sections.items():
        title = str(labels.SECTIONS[name])
        if name == Name.DOSING:
            yield Section(name, title, "dosing", rows=tuple(_row(block, numbers, said) for block in blocks))
            continue
        kind = "steps" if name == Name.STEPS else "text"
        pieces = [
            Piece(block.key, said(block.text), tuple(_evidence(block, page, numbers)))
            for block in blocks
            if block.text
        ]
        yield Section(name, title, kind, pieces=tuple(pieces))


def _row(block: ShownBlock, numbers: Mapping[str, int], said: Saying) -> Row:
    line = dose_words.in_words(block.data, block.drug)
    return Row(
        key=block.key,
        drug=line.drug,
        phase=line.phase,
        routes=line.routes,
        dose=line.dose,
        interval=line.interval,
        ceiling=line.ceiling,
        observe=line.observe,
        note=said(block.text) if block.text else None,
        doubt=_("check the primary document") if block.data.get("verify") else "",
        source=_sources([block.data.get("source", "")], numbers),
        quote=block.data.get("source_quote", "") if block.data.get("quoted") else "",
    )


def _evidence(block: ShownBlock, page: Page, numbers: Mapping[str, int]) -> Iterator[str]:
    for name in ("certainty", "strength"):
        if block.data.get(name):
            yield page.evidence[block.data[name]]
    if sources := _sources(block.data.get("references") or [], numbers):
        yield sources


def _sources(keys: list[str], numbers: Mapping[str, int]) -> str:
    """Numbers of references as they stand in the list: [1] [3]."""
    return " ".join(f"[{i18n.number(numbers[key])}]" for key in keys if key in numbers)
