"""Finding concepts in words: every spelling, the longest name first, everyday words where they are meant.

Pure once built from rows; kept in memory until another vocabulary is loaded. Scores are the business of who
searches.
"""

import itertools
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from portal.vocabulary import queries
from portal.vocabulary.catalogue import Codes, is_code
from portal.vocabulary.fold import HALF_SPACE, fold
from portal.vocabulary.models import CODED, Scheme
from portal.vocabulary.stem import Word, stem, stems, words

_WORDS = Path(__file__).parent / "data" / "words.toml"
_BRACKETED = re.compile(r"\s*\([^()]*\)")
_MOST_SPELLINGS = 16
_JOINED_WORDS = 3
_PREFIX = 4


@dataclass(frozen=True, slots=True)
class Token:
    """One part of a word as it is matched: folded form, stem, and the place of the word in the text."""

    form: str
    stem: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Match:
    """Tokens first to last-1 name these concepts."""

    concepts: tuple[str, ...]
    first: int
    last: int

    @property
    def words(self) -> int:
        return self.last - self.first


@dataclass(frozen=True, slots=True)
class ConceptEntry:
    """What search needs of a concept."""

    concept_id: str
    scheme: str
    parent: str | None
    labels: Mapping[str, str]


@dataclass(frozen=True)
class WordLists:
    """Words that need care, see words.toml: stems of the first two, forms of the others."""

    ambiguous: frozenset[str]
    context: frozenset[str]
    stop: frozenset[str]
    hurtful: frozenset[str]
    passable: frozenset[str]
    asking: frozenset[str]

    @cached_property
    def never_mistyped(self) -> frozenset[str]:
        """Plain words of questions are no name spelled wrongly."""
        return self.stop | self.asking


@lru_cache(maxsize=1)
def word_lists() -> WordLists:
    """Read the lists of everyday words, of context words and of words that only join."""
    lists = tomllib.loads(_WORDS.read_text("utf-8"))

    def all_of(name: str) -> frozenset[str]:
        return frozenset(
            token.stem for terms in lists[name].values() for term in terms for token in tokens(term)
        )

    def forms_of(name: str) -> frozenset[str]:
        return frozenset(
            token.form for terms in lists[name].values() for term in terms for token in tokens(term)
        )

    forms = (forms_of(name) for name in ("stop", "hurtful", "passable", "asking"))
    return WordLists(all_of("ambiguous"), all_of("context"), *forms)


def tokens(text: str) -> list[Token]:
    """Cut a text into the tokens that names are compared with."""
    return tokens_of(words(text))


def tokens_of(cut: Iterable[Word]) -> list[Token]:
    """Return the parts of words as tokens."""
    return [Token(part, stem(part), word.start, word.end) for word in cut for part in word.parts]


def spellings(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the keys of a name word by word, and its keys written together."""
    keys: set[str] = set()
    joined: set[str] = set()
    for variant in {name, _BRACKETED.sub("", name)}:
        for written in {variant, variant.replace(HALF_SPACE, "")}:
            parts = [part for word in words(written) for part in word.parts]
            for kept in {tuple(parts), _necessary(parts)}:
                choices = itertools.product(*(stems(part) for part in kept))
                keys.update(" ".join(choice) for choice in itertools.islice(choices, _MOST_SPELLINGS))
        joined.update(stems("".join(word.joined for word in words(variant))))
    return frozenset(keys - {""}), frozenset(joined - {""})


def _necessary(parts: Sequence[str]) -> tuple[str, ...]:
    """Return the words without which a name would be another one: all, if one alone would remain."""
    kept = tuple(part for part in parts if part not in word_lists().passable)
    return kept if len(kept) > 1 else tuple(parts)


class Thesaurus:
    """All names of all concepts, ready to be matched."""

    def __init__(
        self,
        entries: Iterable[ConceptEntry],
        names: Iterable[tuple[str, str, str]],
        codes: Codes = Codes((), ()),  # noqa: B008 - it is never written to
    ) -> None:
        """Names are triples: concept id, keys word by word, keys written together; bars separate keys."""
        self.codes = codes
        self.entries = {entry.concept_id: entry for entry in entries}
        spaced: dict[str, set[str]] = defaultdict(set)
        joined: dict[str, set[str]] = defaultdict(set)
        for concept, keys, together in names:
            for key in keys.split("|"):
                spaced[key].add(concept)
            for key in together.split("|"):
                joined[key].add(concept)
        self._spaced = {key: tuple(sorted(found)) for key, found in spaced.items()}
        self._joined = {key: tuple(sorted(found)) for key, found in joined.items()}
        self._longest: dict[str, int] = defaultdict(int)
        for key in self._spaced:
            first, *rest = key.split(" ")
            self._longest[first] = max(self._longest[first], 1 + len(rest))
        self._beginnings = {key[:_PREFIX] for key in self._joined}

    @cached_property
    def stems(self) -> frozenset[str]:
        """Every stem that stands in a name."""
        return frozenset(part for key in self._spaced for part in key.split(" "))

    @cached_property
    def partly(self) -> Mapping[str, Counter[str]]:
        """Concepts by the stems that stand in their names of several words, and in how many of them."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for key, concepts in self._spaced.items():
            for part in set(key.split(" ")):
                found[part].update(concepts)
        return found

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for entry in self.entries.values():
            if entry.parent:
                found[entry.parent].append(entry.concept_id)
        return {parent: tuple(sorted(below)) for parent, below in found.items()}

    def broader(self, concept: str) -> list[tuple[str, int]]:
        """Return the broader concepts, nearest first, each with its distance."""
        found: list[tuple[str, int]] = []
        parent = self.entries[concept].parent if concept in self.entries else None
        while parent:
            found.append((parent, len(found) + 1))
            parent = self.entries[parent].parent
        return found

    def label(self, concept: str, lang: str) -> str:
        """Return the preferred label; hidden names are never shown."""
        return self.entries[concept].labels[lang]

    def match(self, sequence: Sequence[Token], *, everyday: bool = True) -> list[Match]:
        """Find concepts, the longest names first; a token is used once.

        Everyday words count where the query makes them mean it, never in running text (everyday=False).
        """
        found = self._not_overlapping(sequence)
        if everyday:
            found = self._with_codes(sequence, found)
        everyday_words = [match for match in found if self._is_everyday(sequence, match)]
        certain = [match for match in found if match not in everyday_words]
        if everyday and everyday_words and (certain or self._meant(sequence, everyday_words)):
            return found
        return certain

    def _with_codes(self, sequence: Sequence[Token], found: Sequence[Match]) -> list[Match]:
        """A code that was typed means its chapter too; one that a text mentions means only itself."""
        others = [match for match in found if match.words > 1 or not is_code(sequence[match.first].form)]
        used = {at for match in others for at in range(match.first, match.last)}
        coded = [
            Match(concepts, at, at + 1)
            for at, token in enumerate(sequence)
            if at not in used and is_code(token.form) and (concepts := self.codes.concepts(token.form))
        ]
        kept = [
            match for match in found if match not in others and match.first not in {m.first for m in coded}
        ]
        return sorted([*others, *kept, *coded], key=lambda match: match.first)

    def _not_overlapping(self, sequence: Sequence[Token]) -> list[Match]:
        candidates = sorted(self._candidates(sequence), key=lambda match: (-match.words, match.first))
        used: set[int] = set()
        kept = []
        for match in candidates:
            span = range(match.first, match.last)
            if used.isdisjoint(span):
                used.update(span)
                kept.append(match)
        return sorted(kept, key=lambda match: match.first)

    def _candidates(self, sequence: Sequence[Token]) -> Iterable[Match]:
        """Names as they stand, and names around words that they are complete without."""
        for at in range(len(sequence)):
            yield from self._starting(sequence, at)
        places = [i for i, token in enumerate(sequence) if token.form not in word_lists().passable]
        if len(places) < len(sequence):
            shorter = [sequence[i] for i in places]
            for at in range(len(shorter)):
                for match in self._starting(shorter, at):
                    yield Match(match.concepts, places[match.first], places[match.last - 1] + 1)

    def _starting(self, sequence: Sequence[Token], at: int) -> Iterable[Match]:
        longest = max(self._longest.get(first, 0) for first in stems(sequence[at].form))
        for last in range(at + 1, min(at + longest, len(sequence)) + 1):
            if concepts := self._spelled(sequence[at:last]):
                yield Match(concepts, at, last)
        for last in range(at + 1, min(at + _JOINED_WORDS, len(sequence)) + 1):
            together = "".join(token.form for token in sequence[at:last])
            if together[:_PREFIX] in self._beginnings and (whole := self._joined.get(stem(together))):
                yield Match(whole, at, last)

    def _spelled(self, tokens: Sequence[Token]) -> tuple[str, ...]:
        """Concepts of a name, whichever stem of a Russian nominative it was kept under."""
        usual = " ".join(token.stem for token in tokens)
        if usual in self._spaced:
            return self._spaced[usual]
        if all(len(stems(token.form)) == 1 for token in tokens):
            return ()
        choices = itertools.product(*(stems(token.form) for token in tokens))
        keys = (" ".join(choice) for choice in itertools.islice(choices, 1, _MOST_SPELLINGS))
        return next((self._spaced[key] for key in keys if key in self._spaced), ())

    @staticmethod
    def _is_everyday(sequence: Sequence[Token], match: Match) -> bool:
        return match.words == 1 and sequence[match.first].stem in word_lists().ambiguous

    @staticmethod
    def _meant(sequence: Sequence[Token], everyday_words: Sequence[Match]) -> bool:
        lists = word_lists()
        used = {match.first for match in everyday_words}
        others = [token for i, token in enumerate(sequence) if i not in used and token.form not in lists.stop]
        return not others or any(token.stem in lists.context for token in others)


_kept: dict[str, Thesaurus] = {}


def current() -> Thesaurus:
    """Return the thesaurus of the loaded vocabulary; an empty one before any is loaded."""
    version = queries.find_version() or ""
    kept = _kept.get(version)
    if kept is None:
        kept = _read()
        _kept.clear()
        _kept[version] = kept
    return kept


def _read() -> Thesaurus:
    labels = queries.list_labels()
    entries = (
        ConceptEntry(concept, scheme, parent, labels[concept])
        for concept, scheme, parent in queries.list_concepts()
    )
    return Thesaurus(entries, queries.list_keys(), _codes())


def _codes() -> Codes:
    """A substance's own code means its disorders first, so substances stand apart."""
    every = [(scheme, concept, fold(code)) for scheme, concept, code in queries.list_codes()]
    sought = [(concept, code) for scheme, concept, code in every if scheme in CODED]
    return Codes(sought, [(concept, code) for scheme, concept, code in every if scheme == Scheme.SUBSTANCE])
