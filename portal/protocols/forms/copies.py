"""Copies of a version to take away: PDF, Markdown, citation files. One function for pages and interfaces."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask_babel import force_locale

from portal.core import i18n
from portal.protocols.citations import files
from portal.protocols.citations.items import Item
from portal.protocols.forms import citing, printing
from portal.protocols.forms.document.making import document
from portal.protocols.forms.document.shape import Document
from portal.protocols.forms.markdown import to_markdown
from portal.protocols.queries.page import Page
from portal.protocols.queries.reading import find_around
from portal.protocols.units import digest

CITATIONS: Final[dict[str, tuple[str, Callable[[list[Item]], str]]]] = {
    "bib": ("application/x-bibtex", files.to_bibtex),
    "ris": ("application/x-research-info-systems", files.to_ris),
    "csl.json": ("application/vnd.citationstyles.csl+json", files.to_csl_json),
}
REFERENCES: Final = {f"references.{ending}": ending for ending in CITATIONS}
ENDINGS: Final = ("pdf", "md", *CITATIONS, *REFERENCES)


@dataclass(frozen=True, slots=True)
class Copy:
    """A file. `etag` is known before it is made, and differs only where it says something else."""

    name: str
    mimetype: str
    etag: str
    make: Callable[[], bytes]
    is_attachment: bool = True


def copy_of(page: Page, ending: str, *, address: str, demonstration: bool, printed_on: date) -> Copy:
    """The page as a file with one of `ENDINGS`, in the page's language whatever language is in force.

    `address` is where the portal is found, without a slash at its end.
    """
    name = f"{page.protocol.public_id}-v{page.version.number}-{page.lang}.{ending}"
    with i18n.speaking(page.lang), force_locale(page.lang):
        if ending in ("pdf", "md"):
            told = document_of(page, address=address, demonstration=demonstration)
            return _pdf(told, name, printed_on) if ending == "pdf" else _markdown(told, name)
        items = citing.works_of(page) if ending in REFERENCES else [citing.item_of(page, address)]
    mimetype, write = CITATIONS[REFERENCES.get(ending, ending)]
    return _text(name, mimetype, write(items))


def document_of(page: Page, *, address: str, demonstration: bool) -> Document:
    """The page in the words of the language in force."""
    return document(
        page, find_around(page), address=address, demonstration=demonstration,
        citations=citing.citations(page, address),
    )  # fmt: skip


def _pdf(told: Document, name: str, printed_on: date) -> Copy:
    etag = printing.fingerprint(told)
    return Copy(name, "application/pdf", etag, lambda: printing.to_pdf(told, printed_on), is_attachment=False)


def _markdown(told: Document, name: str) -> Copy:
    return _text(name, "text/markdown", to_markdown(told))


def _text(name: str, mimetype: str, text: str) -> Copy:
    return Copy(name, f"{mimetype}; charset=utf-8", digest(text)[:32], text.encode)
