"""What pages carry for programs: data in the words of schema.org. Data never runs: the CSP lets it pass."""

from typing import Any

import orjson
from markupsafe import Markup

from portal.core import i18n, web
from portal.protocols import jsonld
from portal.protocols.queries.page import Page
from portal.vocabulary.queries import ConceptPage, find_codes


def version_data(page: Page) -> Markup:
    """The version that the page shows."""
    main = [concept.id for held in page.concepts.values() for concept in held if concept.is_main]
    return _inside_script(jsonld.guideline(page, find_codes(main), base=web.public_address()))


def concept_data(page: ConceptPage) -> Markup:
    """The concept that the page shows."""
    return _inside_script(jsonld.concept_node(page, base=web.public_address(), lang=i18n.current()))


def _inside_script(content: Any) -> Markup:
    """JSON in which no text can end the element that holds it."""
    return Markup(orjson.dumps(content).decode().replace("<", "\\u003c"))  # noqa: S704 # no "<" is left
