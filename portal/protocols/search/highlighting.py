"""Marking words of the original text whose stem or concept was asked for, in whatever language it stands."""

from collections.abc import Collection
from dataclasses import dataclass

from portal.protocols.search.documents import terms_of
from portal.vocabulary.stem import Word, words
from portal.vocabulary.thesaurus import Thesaurus, tokens


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text, marked or not. Segments joined give the text."""

    text: str
    marked: bool


class Highlighter:
    """Marks any text for one query: found words, found concepts and what is narrower than they."""

    def __init__(self, stems: Collection[str], concepts: Collection[str], thesaurus: Thesaurus) -> None:
        self._stems = frozenset(stems)
        self._thesaurus = thesaurus
        self._concepts = frozenset(
            concept
            for concept in thesaurus.entries
            if concept in concepts or any(above in concepts for above, _ in thesaurus.broader(concept))
        )

    def mark(self, text: str) -> tuple[Segment, ...]:
        """Cut a text into marked and unmarked runs."""
        segments: list[Segment] = []
        done = 0
        for start, end in self._places(text):
            if start > done:
                segments.append(Segment(text[done:start], marked=False))
            segments.append(Segment(text[start:end], marked=True))
            done = end
        return (*segments, *([Segment(text[done:], marked=False)] if done < len(text) else []))

    def _asks(self, word: Word) -> bool:
        return not self._stems.isdisjoint(terms_of(word.joined, word.parts))

    def _places(self, text: str) -> list[tuple[int, int]]:
        found = {(word.start, word.end) for word in words(text) if self._asks(word)}
        if self._concepts:
            sequence = tokens(text)
            for match in self._thesaurus.match(sequence, everyday=False):
                if not self._concepts.isdisjoint(match.concepts):
                    found |= {(token.start, token.end) for token in sequence[match.first : match.last]}
        return sorted(found)
