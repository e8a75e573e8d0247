"""A document as Markdown, for people's own texts. Doses stay in one piece in every direction."""

from collections.abc import Iterator

from portal.core import i18n
from portal.protocols.forms.document.shape import Document, Law, Row, Said, Section
from portal.protocols.forms.printing import plain_text

COLUMNS = ("drug", "phase", "dose", "interval", "ceiling", "note")


def to_markdown(document: Document) -> str:
    """The whole document; each text keeps the Markdown that its author wrote."""
    lines = [*_head(document)]
    for section in document.sections:
        lines += [f"## {section.title}", *_section(section, document)]
    if document.laws:
        lines += [f"## {document.words['legal']}", *(_law(law) for law in document.laws)]
    if document.works:
        lines += [f"## {document.words['references']}", *_works(document)]
    if document.change_note:
        lines += [f"## {document.words['changes']}", *_said(document.change_note)]
    lines += [f"## {document.words['cite']}"]
    lines += [f"- {style}: {plain_text(text)}" for style, text in document.citations]
    lines += [f"{document.words['newer']} {document.newest}"]
    return plain("\n\n".join(line for line in lines if line), document.lang) + "\n"


def plain(text: str, lang: str) -> str:
    """Doses between isolates where a sentence may run from right to left, else as they are."""
    if i18n.direction(lang) == "rtl":
        return i18n.plain_tokens(text)
    return text.replace("⟦", "").replace("⟧", "")


def _head(document: Document) -> Iterator[str]:
    yield f"# {document.title.text}"
    if document.strip:
        yield f"**{document.strip}**"
    for notice in document.notices:
        told = [f"**{notice.title}**" if notice.title else "", *notice.lines, *(i.text for i in notice.items)]
        yield "\n>\n".join(f"> {line}" for line in told if line)
    if document.lead:
        yield from _said(document.lead)
    yield " · ".join(document.facts)
    yield "\n".join(f"- {law.country}: {law.status} ({law.since})" for law in document.laws)
    yield "\n".join(f"- {name}: {value}" for name, value in document.glance)


def _said(said: Said) -> Iterator[str]:
    if said.missing:
        yield f"*({said.missing})*"
    yield said.text


def _section(section: Section, document: Document) -> Iterator[str]:
    if section.kind == "dosing":
        yield from _doses(section, document)
        return
    for place, piece in enumerate(section.pieces, 1):
        mark = f"{place}. " if section.kind == "steps" else ""
        note = f"*({piece.said.missing})* " if piece.said.missing else ""
        indented = piece.said.text.replace("\n", "\n" + " " * len(mark))
        yield f"{mark}{note}{indented}"
        yield " · ".join(piece.facts)


def _doses(section: Section, document: Document) -> Iterator[str]:
    coded = [row for row in section.rows if not row.quote]
    if coded:
        head = [document.words[name] for name in COLUMNS]
        lines = [head, ["---"] * len(head), *(_cells(row) for row in coded)]
        yield "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)
    for row in section.rows:
        if row.quote:
            told = [row.drug, row.note.text if row.note else "", f"> {row.quote}", document.words["quoted"]]
            yield "\n\n".join(line for line in [*told, f"{row.doubt} {row.source}".strip()] if line)


def _cells(row: Row) -> list[str]:
    phase = f"{row.phase} ({row.routes})" if row.routes and row.phase else row.phase or row.routes
    note = [row.note.text if row.note else "", row.observe, row.doubt and f"({row.doubt})", row.source]
    return [row.drug, phase, row.dose, row.interval, row.ceiling, " ".join(part for part in note if part)]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ") or "–"


def _law(law: Law) -> str:
    basis = "".join(f"\n- {cite}" + (f" <{url}>" if url else "") for cite, url in law.basis)
    note = f"\n\n{law.note.text}" if law.note else ""
    return f"**{law.country}: {law.status}** ({law.since}){note}\n{basis}".rstrip()


def _works(document: Document) -> Iterator[str]:
    for work in document.works:
        told = [work.cite, *work.ids, f"<{work.url}>" if work.url else "", work.doubt and f"({work.doubt})"]
        yield f"[{work.number}] " + " ".join(part for part in told if part)
