"""What a query asks for, cut into things: concepts it names and loose words, each with its weight."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.extensions import db
from portal.protocols.search.weights import (
    COMMON,
    CONCEPT_MARK,
    COVERED,
    GUESSED,
    LOOSE,
    MOST_SLOTS,
    NAMED,
    rarity,
    scarcity,
    several_words,
)
from portal.vocabulary.models import SearchState, SearchVocab
from portal.vocabulary.stem import Word, stems, words
from portal.vocabulary.thesaurus import Match, Token, word_lists

_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Term:
    """A term to look up. Terms of one slot are alternatives; terms without slot only add to the score."""

    term: str
    slot: int | None
    weight: float
    df: int
    worth: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A text, the concepts that the reader took out of it, and the words that stand for mistyped ones."""

    text: str
    without: Collection[str]
    guessed: Collection[str] = ()

    def trust(self, forms: Iterable[str]) -> float:
        """What was typed counts whole, what it was taken for does not."""
        return GUESSED if any(form in self.guessed for form in forms) else 1.0


@dataclass(frozen=True, slots=True)
class Slot:
    """A thing asked for, before weighing: alternatives, weight of its wording, trust, the words it covers."""

    terms: tuple[str, ...]
    wording: float
    trust: float
    covered: tuple[str, ...] = ()

    @property
    def worth(self) -> float:
        """How far it counts as one of several things asked for."""
        return self.trust * (NAMED if self.terms[0].startswith(CONCEPT_MARK) else LOOSE)


def slots_of(
    asked: Asked, sequence: Sequence[Token], matches: Sequence[Match]
) -> tuple[list[Slot], list[Token]]:
    """Things asked for, and the tokens of words that name no concept."""
    slots: list[Slot] = []
    covered: set[tuple[int, int]] = set()
    for match in matches:
        named = sequence[match.first : match.last]
        covered |= {(token.start, token.end) for token in named}
        concepts = tuple(CONCEPT_MARK + concept for concept in match.concepts if concept not in asked.without)
        if concepts:
            trust = asked.trust(t.form for t in named)
            slots.append(Slot(concepts, several_words(match.words), trust, tuple(t.stem for t in named)))
    if not slots and asked.without:
        # What no concept is left of was meant as plain words.
        covered = set()
    loose = [word for word in words(asked.text) if (word.start, word.end) not in covered and not _joins(word)]
    long = [word for word in loose if len(word.joined) >= _SHORTEST]
    slots += [
        Slot(_alternatives(word), 1.0, asked.trust([word.joined]))
        for word in long or ([] if slots else loose)
    ]
    places = {(word.start, word.end) for word in loose}
    return _distinct(slots), [token for token in sequence if (token.start, token.end) in places]


def _joins(word: Word) -> bool:
    return word.joined in word_lists().stop


def _alternatives(word: Word) -> tuple[str, ...]:
    forms = dict.fromkeys((word.joined, *word.parts))
    return tuple(dict.fromkeys(stem for form in forms for stem in stems(form)))


def _distinct(slots: Sequence[Slot]) -> list[Slot]:
    return list({slot.terms: slot for slot in reversed(slots)}.values())[::-1][:MOST_SLOTS]


def frequencies(slots: Sequence[Slot]) -> dict[str, int]:
    terms = {term for slot in slots for term in (*slot.terms, *slot.covered)}
    rows = db.session.execute(
        sa.select(SearchVocab.term, SearchVocab.df).where(SearchVocab.term.in_(terms), SearchVocab.df > 0)
    )
    return {row.term: row.df for row in rows}


def weighed(slots: Sequence[Slot], df: Mapping[str, int]) -> tuple[Term, ...]:
    documents = db.session.scalar(sa.select(SearchState.documents).where(SearchState.id == 1)) or 0
    terms: dict[str, Term] = {}
    for number, slot in enumerate(slots):
        for term in slot.terms:
            if term in df:
                rare = scarcity if term.startswith(CONCEPT_MARK) else rarity
                weight = slot.wording * slot.trust * rare(documents, df[term])
                terms.setdefault(term, Term(term, number, weight, df[term], slot.worth))
    for word in (word for slot in slots for word in slot.covered):
        if word in df and df[word] <= COMMON * documents:
            weight = COVERED * rarity(documents, df[word])
            terms.setdefault(word, Term(word, None, weight, df[word]))
    return tuple(terms.values())
