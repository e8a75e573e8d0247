"""A version in the forms that other programs read, each under its own ending."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import orjson

from portal.api import fhir
from portal.api.views.answers import in_language
from portal.core import web
from portal.protocols import jsonld
from portal.protocols.forms.dose_words import in_words
from portal.protocols.queries.page import Page
from portal.vocabulary.queries import find_codes

Body = bytes | str


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file, how a page becomes one, and what OpenAPI calls it: an object, an array, a string."""

    mimetype: str
    make: Callable[[Page], Body]
    shape: str = "string"


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


FORMS: Final = {
    "jsonld": Form("application/ld+json", _described, "object"),
    "fhir.json": Form("application/fhir+json", _planned, "object"),
}
"""By ending. An ending that is not here is no address."""
