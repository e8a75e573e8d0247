"""When a collection may be published and retired. What was published never becomes a draft again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from portal.collections.models import LANGUAGES, State
from portal.core.errors import InvalidTransition
from portal.core.permissions import Permission
from portal.core.workflow import Transition

S = State
P = Permission


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides: the words by language, and how many of its protocols can be read."""

    state: str
    titles: Mapping[str, str]
    introductions: Mapping[str, str]
    readable: int


def needs_words(standing: Standing) -> None:
    """Readers of the three languages get the same collection."""
    written = (standing.titles, standing.introductions)
    if not all(texts.get(lang) for texts in written for lang in LANGUAGES):
        raise InvalidTransition("collection_words_missing")


def needs_protocols(standing: Standing) -> None:
    if not standing.readable:
        raise InvalidTransition("collection_empty")


READY: Final = (needs_words, needs_protocols)
TRANSITIONS: Final = (
    Transition("publish", (S.DRAFT,), S.PUBLISHED, P.CURATE, READY, "collection.published"),
    Transition("retire", (S.PUBLISHED,), S.RETIRED, P.CURATE, (), "collection.retired"),
    Transition("reopen", (S.RETIRED,), S.PUBLISHED, P.CURATE, READY, "collection.reopened"),
)
DIAGRAMS: Final = (("Collection", TRANSITIONS, S.DRAFT),)
