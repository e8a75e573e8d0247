"""Words and their stems in English, Russian and Persian; the script of a word picks its stemmer.

Knows nothing of concepts: `thesaurus` matches what is cut here.
"""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from portal.vocabulary.fold import HALF_SPACE, WORD, fold_word

_TOKEN = re.compile(r"[\wα]+(?:\.\d+)?")
_PERSIAN, _RUSSIAN, _LATIN = re.compile("[\u0600-\u06ff]+"), re.compile("[а-я]+"), re.compile("[a-z]+")
# Endings written after a half-space; alone they say nothing.
_ENDINGS = frozenset(
    (
        *(
            "ها",
            "های",
            "هایی",
            "هایم",
            "هایت",
            "هایش",
            "هایمان",
            "هایتان",
            "هایشان",
            "تر",
            "ترین",
            "می",
            "نمی",
        ),
        *("ام", "ات", "اش", "ای", "ایم", "اید", "اند", "مان", "تان", "شان", "ی"),
    )
)
_PLURALS = ("هایمان", "هایتان", "هایشان", "هایی", "هایم", "هایت", "هایش", "های", "ها")
# Ending, letters that must remain, what takes its place: short words (درمان, زندان) only look like plurals.
_ANIMATE = (("گان", 4, "ه"), ("ان", 4, ""), ("ات", 4, ""), ("ین", 5, ""))
# What a word in -ه becomes when it is made an adjective or a quality: خانه and خانگی, وابسته and وابستگی.
_DERIVED = (("انگی", 1, "انه"), ("تگی", 2, "ته"), ("دگی", 3, "ده"))
# The stemmer takes these for verbs and cuts into the root.
_EXCEPTIONS = {"درمانی": "درمان", "زندانی": "زندان", "زندانیان": "زندان"}
_CONSONANTS = frozenset("бвгджзйклмнпрстфхцчшщ")
# Words repeat: what was cut once is remembered.
_REMEMBERED = 100_000
_local = threading.local()


class Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - the name both libraries share


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the original text: where it stands, its joined form, and its parts around half-spaces."""

    start: int
    end: int
    joined: str
    parts: tuple[str, ...]


def words(text: str) -> Iterator[Word]:
    """Cut a text into words; the places are those of the original text."""
    for found in WORD.finditer(text):
        for joined, parts in _cut(found.group()):
            yield Word(found.start(), found.end(), joined, parts)


@lru_cache(maxsize=_REMEMBERED)
def _cut(written: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Fold what stands between two gaps; return the joined form and the parts of each word in it."""
    found = []
    for run in fold_word(written).split():
        parts = [token for piece in run.split(HALF_SPACE) for token in _TOKEN.findall(piece)]
        if parts:
            meaningful = tuple(part for i, part in enumerate(parts) if i == 0 or part not in _ENDINGS)
            found.append(("".join(parts), meaningful))
    return tuple(found)


@lru_cache(maxsize=_REMEMBERED)
def stem(word: str) -> str:
    """Return the stem of one folded word; codes, numbers and mixed scripts stay as they are."""
    if _LATIN.fullmatch(word):
        return _stemmers()["english"].stemWord(word)
    if _RUSSIAN.fullmatch(word):
        return _stemmers()["russian"].stemWord(word)
    if _PERSIAN.fullmatch(word):
        return _stemmers()["persian"].stemWord(singular(word))
    return word


@lru_cache(maxsize=_REMEMBERED)
def stems(word: str) -> tuple[str, ...]:
    """Return the stem and, where Russian cuts the nominative shorter than the genitive, the latter's too."""
    first = stem(word)
    if first == word or word[-1:] not in _CONSONANTS:
        return (first,)
    second = stem(word[:-1] + "я" if word.endswith("й") else word + "а")
    return (first,) if second == first else (first, second)


def singular(word: str) -> str:
    """Take a Persian plural ending off, and bring a quality back to the word it was made of."""
    if word in _EXCEPTIONS:
        return _EXCEPTIONS[word]
    for ending in _PLURALS:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            return _EXCEPTIONS.get(word[: -len(ending)], word[: -len(ending)])
    for ending, least, instead in (*_ANIMATE, *_DERIVED):
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return word[: -len(ending)] + instead
    return word


def _stemmers() -> dict[str, Stemmer]:
    # A compiled stemmer keeps a buffer of its own, so each thread has its set.
    if not hasattr(_local, "stemmers"):
        _local.stemmers = {language: compiled(language) for language in ("english", "russian", "persian")}
    made: dict[str, Stemmer] = _local.stemmers
    return made


def compiled(language: str) -> Stemmer:
    """Make PyStemmer's stemmer where it is installed, else the equal one in pure Python."""
    try:
        from Stemmer import Stemmer as Compiled
    except ImportError:
        return pure(language)
    made: Stemmer = Compiled(language)
    return made


def pure(language: str) -> Stemmer:
    """Make the stemmer in pure Python."""
    from importlib import import_module

    module = import_module(f"snowballstemmer.{language}_stemmer")
    made: Stemmer = getattr(module, f"{language.capitalize()}Stemmer")()
    return made
