"""Reading a query: which concepts it names, which words remain, and what a mistyped word was meant to be."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from portal.protocols.search.keyboards import other_layouts
from portal.protocols.search.slots import Asked, Term, frequencies, slots_of, weighed
from portal.protocols.search.typos import corrections
from portal.protocols.search.weights import CONCEPT_MARK
from portal.vocabulary import thesaurus as vocabulary
from portal.vocabulary.stem import stems
from portal.vocabulary.thesaurus import Match, Thesaurus, Token, tokens, word_lists

__all__ = ["Reading", "Term", "read"]
_LONG_ENOUGH = 4
_MOST_CONCEPTS = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as it was understood. `left_out`: what the reader took out; `known`: that anything is known."""

    text: str
    typed: str
    concepts: tuple[str, ...]
    left_out: tuple[str, ...]
    stems: frozenset[str]
    terms: tuple[Term, ...]
    thesaurus: Thesaurus
    unknown: tuple[Token, ...]
    known: bool

    @property
    def corrected(self) -> bool:
        return self.text != self.typed

    @property
    def is_meaningful(self) -> bool:
        """Whether it names something, or holds known words alone: a slip of the keyboard seldom does."""
        if self.concepts or self.left_out:
            return True
        return self.known and not self.unknown and len(self.text.strip()) >= _LONG_ENOUGH


def read(text: str, *, without: Collection[str] = (), as_typed: bool = False) -> Reading:
    """Understand a query. `without` names concepts the reader took out; `as_typed` leaves spelling alone."""
    thesaurus, asked = vocabulary.current(), Asked(text, without)
    reading = _read(asked, thesaurus)
    if as_typed or not reading.unknown:
        return reading
    return replace(next(_otherwise(asked, reading), reading), typed=text)


def _otherwise(asked: Asked, reading: Reading) -> Iterator[Reading]:
    """What else may have been meant, the likeliest first. Only what is wholly unknown was typed on another
    keyboard or is part of a name: a real word stays what it is.
    """
    others = [] if reading.known else list(_on_other_keyboards(asked, reading.thesaurus))
    yield from (other for other in others if other.is_meaningful)
    yield from _mended(asked, reading)
    for other in others:
        yield from (found for found in _mended(replace(asked, text=other.text), other) if found.is_meaningful)
    if not reading.known:
        yield from _by_part_of_a_name(asked, reading.thesaurus)


def _on_other_keyboards(asked: Asked, thesaurus: Thesaurus) -> Iterator[Reading]:
    if len(asked.text.strip()) < _LONG_ENOUGH - 1:
        return
    for text in other_layouts(asked.text):
        yield _read(replace(asked, text=text), thesaurus)


def _mended(asked: Asked, reading: Reading) -> Iterator[Reading]:
    """Each unknown word replaced by the nearest known one."""
    corrected, guessed = corrections(asked.text, reading.unknown)
    if corrected != asked.text:
        yield _read(replace(asked, text=corrected, guessed=guessed), reading.thesaurus)


def _by_part_of_a_name(asked: Asked, thesaurus: Thesaurus) -> Iterator[Reading]:
    """A word that stands only within longer names means those that say it most."""
    sequence = tokens(asked.text)
    matches = [
        Match(found, at, at + 1) for at, token in enumerate(sequence) if (found := _holding(token, thesaurus))
    ]
    if matches:
        guessed = [sequence[match.first].form for match in matches]
        yield _read(replace(asked, guessed=guessed), thesaurus, matches)


def _holding(token: Token, thesaurus: Thesaurus) -> tuple[str, ...]:
    if len(token.form) < _LONG_ENOUGH or token.form in word_lists().never_mistyped or _is_everyday(token):
        return ()
    held = max((thesaurus.partly.get(stem, Counter[str]()) for stem in stems(token.form)), key=len)
    found = tuple(sorted(concept for concept, names in held.items() if names == max(held.values())))
    return found if len(found) <= _MOST_CONCEPTS else ()


def _is_everyday(token: Token) -> bool:
    return token.stem in word_lists().ambiguous | word_lists().context


def _read(asked: Asked, thesaurus: Thesaurus, matches: Sequence[Match] | None = None) -> Reading:
    sequence = tokens(asked.text)
    matches = thesaurus.match(sequence) if matches is None else matches
    slots, remaining = slots_of(asked, sequence, matches)
    df = frequencies(slots)
    named = dict.fromkeys(concept for match in matches for concept in match.concepts)
    wanted = frozenset(term for slot in slots for term in slot.terms if not term.startswith(CONCEPT_MARK))
    return Reading(
        text=asked.text,
        typed=asked.text,
        concepts=tuple(concept for concept in named if concept not in asked.without),
        left_out=tuple(concept for concept in named if concept in asked.without),
        stems=wanted,
        terms=weighed(slots, df),
        thesaurus=thesaurus,
        unknown=tuple(token for token in remaining if not any(df.get(s) for s in stems(token.form))),
        known=bool(named) or any(df.get(term) for term in wanted),
    )
