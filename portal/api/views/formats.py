"""A version in the forms that other programs read, each under its own ending."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from flask import current_app

from portal.api import fhir
from portal.api.views.answers import in_language
from portal.core import web
from portal.core.db import utcnow
from portal.protocols import jsonld
from portal.protocols.forms.copies import CITATIONS, Copy, copy_of
from portal.protocols.forms.dose_words import in_words
from portal.protocols.queries.page import Page
from portal.vocabulary.queries import find_codes


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file, how a page becomes one, and its schema in OpenAPI."""

    mimetype: str
    make: Callable[[Page], bytes | Copy]
    schema: Mapping[str, str] = field(default_factory=lambda: {"type": "string"})


def _described(page: Page) -> bytes:
    return _dumped(jsonld.guideline(page, find_codes(main_concepts(page)), base=web.public_address()))


def _planned(page: Page) -> bytes:
    ids = [concept.id for held in page.concepts.values() for concept in held]
    with in_language(page.lang):
        base = web.public_address()
        parent = jsonld.parent_address(page, base)
        return _dumped(fhir.plan(page, find_codes(ids), in_words, base=base, parent=parent))


def _dumped(content: Any) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_INDENT_2)


def main_concepts(page: Page) -> list[str]:
    return [concept.id for held in page.concepts.values() for concept in held if concept.is_main]


def _copied(ending: str) -> Callable[[Page], Copy]:
    """The same file that the page offers."""

    def of(page: Page) -> Copy:
        shown = current_app.config["DEMONSTRATION"]
        today = utcnow().date()
        return copy_of(page, ending, address=web.public_address(), demonstration=shown, printed_on=today)

    return of


FORMS: Final = {
    "jsonld": Form("application/ld+json", _described, {"type": "object"}),
    "fhir.json": Form("application/fhir+json", _planned, {"type": "object"}),
    "bib": Form(CITATIONS["bib"][0], _copied("bib")),
    "ris": Form(CITATIONS["ris"][0], _copied("ris")),
    "csl.json": Form(CITATIONS["csl.json"][0], _copied("csl.json"), {"type": "array"}),
    "md": Form("text/markdown", _copied("md")),
    "pdf": Form("application/pdf", _copied("pdf"), {"type": "string", "format": "binary"}),
}
"""By ending. An ending that is not here is no address."""
