"""A document as PDF: its texts as nodes for the typesetter, its citations without markup of HTML."""

import dataclasses
import re
from collections.abc import Mapping
from datetime import date
from html import unescape
from typing import Any, Final

from portal.core import i18n
from portal.core.pdf import compile_pdf
from portal.core.richtext import Node, to_nodes, to_tree
from portal.protocols.forms.document.shape import Document, Said
from portal.protocols.units import digest

TEMPLATE: Final = "protocol.typ"
_MARKUP: Final = re.compile("<[^<>]*>")
# Lines that may hold tokens; every other string is printed as it is.
_LINES: Final = frozenset(
    {"drug", "phase", "routes", "dose", "interval", "ceiling", "observe", "status", "facts"}
)


def to_pdf(document: Document, printed_on: date) -> bytes:
    """Tagged PDF/UA-1. The day of printing is all that differs between two days."""
    return compile_pdf(TEMPLATE, as_data(document, printed_on))


def fingerprint(document: Document) -> str:
    """What the document says, whenever it is printed: the same for equal text, law and words."""
    return digest(dataclasses.asdict(document))[:32]


def as_data(document: Document, printed_on: date) -> dict[str, Any]:
    """The document as the template reads it: nodes in place of text that holds marks."""
    told: dict[str, Any] = _told(document)
    plain = document.title.text.replace("⟦", "").replace("⟧", "")
    author = next((value for name, value in document.glance if name == document.words["author"]), "")
    return told | {
        "plain_title": plain,
        "author": author,
        "printed_on": i18n.day(printed_on, document.lang),
        "title": told["title"] | {"tree": to_nodes(document.title.text)},
        "glance": [(name, to_nodes(value)) for name, value in document.glance],
        "citations": [(style, to_nodes(plain_text(text))) for style, text in document.citations],
    }


def plain_text(html: str) -> str:
    """A citation without its italics; what is isolated stays so."""
    isolated = (
        html.replace("<bdi>", i18n.FSI).replace('<bdi dir="ltr">', i18n.LRI).replace("</bdi>", i18n.PDI)
    )
    return unescape(_MARKUP.sub("", isolated))


def _told(value: Any, name: str = "") -> Any:
    if isinstance(value, Said):
        return {"lang": value.lang, "direction": value.direction, "missing": value.missing,
                "tree": list(to_tree(value.text))}  # fmt: skip
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _fields(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple | list):
        return [_told(each, name) for each in value]
    return _line(value, name)


def _fields(value: Any) -> dict[str, Any]:
    told = {each.name: _told(getattr(value, each.name), each.name) for each in dataclasses.fields(value)}
    return told | ({"direction": value.direction} if hasattr(value, "direction") else {}) | _notice(value)


def _notice(value: Any) -> dict[str, list[Any]]:
    """Titles and lines of notices hold marks; titles of sections do not."""
    if not hasattr(value, "lines"):
        return {}
    lines: list[list[Node]] = [to_nodes(line) for line in value.lines]
    return {"title": to_nodes(value.title), "lines": lines}


def _line(value: Any, name: str) -> Any:
    return to_nodes(value) if name in _LINES and isinstance(value, str) else value
