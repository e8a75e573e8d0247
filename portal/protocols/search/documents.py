"""What is handed to the index: a published protocol as plain values, and what becomes of its words."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from portal.protocols.search.weights import (
    BODY,
    CONCEPT,
    CONCEPT_MARK,
    MAIN,
    ONE_LEVEL_BROADER,
    SECONDARY,
    SUMMARY,
    TITLE,
    narrower,
)
from portal.vocabulary.stem import Word, stems, words
from portal.vocabulary.thesaurus import Thesaurus, tokens_of, word_lists

_LONGEST_TERM = 80
FACETED = frozenset({"substance", "intervention", "condition", "setting", "population"})


class TagRole(StrEnum):
    MAIN = "main"
    SECONDARY = "secondary"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A protocol's latest published version in all its languages. Texts are keyed by language."""

    public_id: str
    slug: str
    source_lang: str
    titles: Mapping[str, str]
    summaries: Mapping[str, str] = field(default_factory=dict)
    bodies: Mapping[str, Sequence[str]] = field(default_factory=dict)
    tags: Mapping[str, TagRole] = field(default_factory=dict)
    legal: Mapping[str, str] = field(default_factory=dict)
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    published_at: datetime | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Analysed:
    """Counts of terms, fixed weights of tags, a word for each term, the length, and the facets."""

    document: Document
    counts: Mapping[str, float]
    tags: Mapping[str, float]
    spelled: Mapping[str, str]
    length: int
    facets: frozenset[tuple[str, str]]


def analyse(document: Document, thesaurus: Thesaurus) -> Analysed:
    """Cut the texts into terms and weigh the tags."""
    counts: dict[str, float] = defaultdict(float)
    spelled: dict[str, str] = {}
    length = 0
    for text, weight in _texts(document):
        cut = list(words(text))
        length += len(cut)
        for word in cut:
            for term in terms_of(word.joined, word.parts):
                counts[term] += weight
                spelled.setdefault(term, word.joined[:_LONGEST_TERM])
        for concept in _named(cut, thesaurus):
            counts[CONCEPT_MARK + concept] = max(counts[CONCEPT_MARK + concept], BODY)
    tags = tag_weights(document.tags, thesaurus)
    languages = max(1, len(document.titles))
    kept = {term: count for term, count in counts.items() if term not in tags}
    return Analysed(document, kept, tags, spelled, length // languages, facets_of(document, thesaurus))


@lru_cache(maxsize=100_000)
def terms_of(joined: str, parts: tuple[str, ...]) -> frozenset[str]:
    """Return the stems of a word joined and of its parts; words that only join others have none."""
    if joined in word_lists().stop:
        return frozenset()
    forms = {joined, *parts}
    return frozenset(stem[:_LONGEST_TERM] for form in forms for stem in stems(form))


def tag_weights(tags: Mapping[str, TagRole], thesaurus: Thesaurus) -> dict[str, float]:
    """Weigh concepts by the best tag: the tag itself, what is broader, and what is one level narrower."""
    best: dict[str, float] = defaultdict(float)
    for tag, role in tags.items():
        if role is TagRole.EXCLUDED or tag not in thesaurus.entries:
            continue
        weight = CONCEPT * (MAIN if role is TagRole.MAIN else SECONDARY)
        reached = [(tag, 1.0)]
        reached += [(above, narrower(levels)) for above, levels in thesaurus.broader(tag)]
        reached += [(below, ONE_LEVEL_BROADER) for below in thesaurus.children.get(tag, ())]
        for concept, share in reached:
            best[CONCEPT_MARK + concept] = max(best[CONCEPT_MARK + concept], weight * share)
    return dict(best)


def facets_of(document: Document, thesaurus: Thesaurus) -> frozenset[tuple[str, str]]:
    """Values to narrow by: tags count for the broader concepts too."""
    found = {(name, value) for name, values in document.facets.items() for value in values}
    found |= {(f"legal_{country.lower()}", status) for country, status in document.legal.items()}
    for tag, role in document.tags.items():
        entry = thesaurus.entries.get(tag)
        if entry is None or role is TagRole.EXCLUDED or entry.scheme not in FACETED:
            continue
        found |= {(entry.scheme, value) for value in (tag, *(above for above, _ in thesaurus.broader(tag)))}
    return frozenset(found)


def _texts(document: Document) -> Iterator[tuple[str, float]]:
    yield from ((text, TITLE) for text in document.titles.values())
    yield from ((text, SUMMARY) for text in document.summaries.values())
    yield from ((text, BODY) for texts in document.bodies.values() for text in texts)


def _named(cut: Sequence[Word], thesaurus: Thesaurus) -> frozenset[str]:
    found = thesaurus.match(tokens_of(cut), everyday=False)
    return frozenset(concept for match in found for concept in match.concepts)
