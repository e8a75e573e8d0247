"""Mistyped words: the nearest known word of the script, by letters changed, missing, added or swapped."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.extensions import db
from portal.protocols.search.keyboards import latin_codes
from portal.vocabulary import queries, thesaurus
from portal.vocabulary.fold import fold
from portal.vocabulary.models import SearchState, SearchVocab
from portal.vocabulary.stem import stems
from portal.vocabulary.thesaurus import Token, tokens, word_lists

_SHORTEST = 4
_LONG = 7
_ENDINGS = 2
_SCRIPTS = {
    "latin": re.compile("[a-z]+"),
    "cyrillic": re.compile("[а-я]+"),
    "arabic": re.compile("[\u0600-\u06ff]+"),
}


@dataclass(frozen=True, slots=True)
class _Known:
    """A stem that stands somewhere: in how many documents, a word that shows it, whether a name holds it."""

    df: int
    word: str
    named: bool


_kept: dict[tuple[str, int], dict[str, dict[str, _Known]]] = {}


def corrections(text: str, unknown: Sequence[Token]) -> tuple[str, tuple[str, ...]]:
    """Return the text with each unknown word replaced by the nearest known one, and the words put in."""
    lexicon = _lexicon()
    guessed = []
    for token in sorted(unknown, key=lambda token: -token.start):
        word = _code(text[token.start : token.end]) or _nearest(token, lexicon)
        if word:
            text = text[: token.start] + word + text[token.end :]
            guessed.append(word)
    return text, tuple(guessed)


def _code(word: str) -> str | None:
    codes = thesaurus.current().codes
    return next((code for code in latin_codes(word) if codes.concepts(fold(code))), None)


def _nearest(token: Token, lexicon: Mapping[str, Mapping[str, _Known]]) -> str | None:
    known = lexicon.get(_script(token.form) or "", {})
    if len(token.form) < _SHORTEST or token.form in word_lists().never_mistyped:
        return None
    if any(stem in known for stem in stems(token.form)):
        return None
    shown = {stem: entry.word for stem, entry in known.items()}
    near = [*_within(token.stem, {stem: stem for stem in known}), *_within(token.form, shown)]
    near = [found for found in near if _alike(token.form, shown[found[1]])]
    if not near:
        return None
    # Words of the vocabulary are what people look for; among equals the more usual word.
    _, best = min(
        near, key=lambda found: (found[0], not known[found[1]].named, -known[found[1]].df, found[1])
    )
    return known[best].word


def _within(typed: str, candidates: Mapping[str, str]) -> list[tuple[float, str]]:
    """Distances and stems of the candidates that may have been meant.

    One letter may be wrong in a word of four, two in one of seven; the first letter seldom is, unless it was
    swapped with the second. Shorter words are too near to everything.
    """
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    if len(typed) < _SHORTEST:
        return []
    most = 1 if len(typed) < _LONG else 2
    found = extract(typed, candidates, scorer=OSA.distance, score_cutoff=most, limit=None)
    return [
        (distance, stem) for word, distance, stem in found if word[0] == typed[0] or word[:2] == typed[1::-1]
    ]


def _alike(typed: str, word: str) -> bool:
    """Stems of four letters are near to each other whose words are not: "shakes" is no "sharing"."""
    from rapidfuzz.distance import OSA

    most = _ENDINGS + (1 if len(typed) < _LONG else 2)
    return bool(OSA.distance(typed, word, score_cutoff=most) <= most)


def _script(word: str) -> str | None:
    return next((name for name, letters in _SCRIPTS.items() if letters.fullmatch(word)), None)


def _lexicon() -> Mapping[str, Mapping[str, _Known]]:
    """Known stems by script; kept in memory until the vocabulary or the index changes."""
    revision = db.session.scalar(sa.select(SearchState.revision).where(SearchState.id == 1)) or 0
    version = (queries.find_version() or "", revision)
    if version not in _kept:
        _kept.clear()
        _kept[version] = _gather()
    return _kept[version]


def _gather() -> dict[str, dict[str, _Known]]:
    known: dict[str, dict[str, _Known]] = {name: {} for name in _SCRIPTS}
    for text in queries.list_texts():
        for token in tokens(text):
            if script := _script(token.form):
                known[script].setdefault(token.stem, _Known(0, token.form, named=True))
    rows = sa.select(SearchVocab.term, SearchVocab.word, SearchVocab.df).where(SearchVocab.df > 0)
    for term, word, df in db.session.execute(rows):
        if script := _script(term):
            kept = known[script].get(term)
            known[script][term] = _Known(df, kept.word if kept else word, named=kept is not None)
    return known
