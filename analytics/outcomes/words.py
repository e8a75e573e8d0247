"""Weekly urine words: one character a week, and every definition of abstinence and relapse read from them.

The alphabet is that of the CTNote library: `+` positive, `-` negative, `*` both in one week, `o` planned but
missed, `_` none planned. Words are kept as one matrix of characters, so that a definition is a handful of
array operations over all of them. What a missed week means is the caller's choice, said beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.errors import CellProblem, InvalidEpisodes

ALPHABET: Final = "+-*o_"
EXPECTED: Final = "a word of + - * o _"

Chars = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_PLUS, _MINUS, _BOTH, _MISSED, _NONE = (ord(each) for each in ALPHABET)
_END: Final = 0
"""Filler after the last week of a word that is shorter than the longest."""


class Windowed(NamedTuple):
    """First window that holds the thing: the week it is dated to, and whether it came (else censored)."""

    time: Ints
    event: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Words as a matrix.

    Parameters
    ----------
    chars : ndarray of uint8, shape (words, longest)
        Codes of the characters; 0 after the end.
    length : ndarray of int, shape (words,)
        Weeks of each word.
    """

    chars: Chars
    length: Ints

    def __len__(self) -> int:
        """Return how many words there are."""
        return len(self.length)

    def count(self, characters: str) -> Ints:
        """Weeks that hold one of these characters."""
        return self.has(characters).sum(axis=1).astype(np.int64)

    def has(self, characters: str) -> Flags:
        """Which weeks hold one of these characters."""
        return np.isin(self.chars, [ord(each) for each in characters])

    def weeks(self, first: int, last: int) -> Words:
        """The weeks from `first` to `last`, counted from 1; what a word does not reach is absent."""
        chars = self.chars[:, first - 1 : last]
        return Words(chars, np.clip(self.length - (first - 1), 0, last - first + 1))

    def missing_positive(self) -> Words:
        """Missed and mixed weeks as positive ones, the default of the trials."""
        return Words(np.where(self.has("o*"), np.uint8(_PLUS), self.chars), self.length)

    def missing_excluded(self) -> Words:
        """Only the weeks with a result, in their order; a mixed week is positive."""
        kept = self.has("+-*")
        order = np.argsort(~kept, axis=1, kind="stable")
        sorted_chars = np.take_along_axis(self.chars, order, axis=1)
        length = kept.sum(axis=1).astype(np.int64)
        inside = np.arange(self.chars.shape[1]) < length[:, None]
        chars = np.where(sorted_chars == _BOTH, np.uint8(_PLUS), sorted_chars)
        return Words(np.where(inside, chars, np.uint8(_END)), length)


def read_words(texts: Sequence[str], *, source: str = "words") -> Words:
    """Read words of the alphabet.

    Parameters
    ----------
    texts : sequence of str
        One word per person; an empty one has no weeks.
    source : str
        Name for the refusal.

    Returns
    -------
    Words

    Raises
    ------
    InvalidEpisodes
        A character outside the alphabet.

    Examples
    --------
    >>> read_words(["--o+", "-"]).length.tolist()
    [4, 1]
    """
    bad = [
        CellProblem(place + 1, "word", EXPECTED, text)
        for place, text in enumerate(texts)
        if text.strip(ALPHABET)
    ]
    if bad:
        raise InvalidEpisodes(source, tuple(bad))
    longest = max((len(text) for text in texts), default=0)
    padded = "".join(text.ljust(longest, "\0") for text in texts).encode("ascii")
    chars = np.frombuffer(padded, dtype=np.uint8).reshape(len(texts), longest)
    return Words(chars, np.array([len(text) for text in texts], dtype=np.int64))


def write_words(words: Words) -> list[str]:
    """Words as text, the reverse of `read_words`.

    Examples
    --------
    >>> write_words(read_words(["--o+", ""]))
    ['--o+', '']
    """
    return [
        bytes(row[:length]).decode("ascii") for row, length in zip(words.chars, words.length, strict=True)
    ]


def window(words: Words, character: str, width: int, least: int) -> Windowed:
    """First window of `width` weeks with at least `least` weeks of a character.

    Notes
    -----
    For s = 1 … max(len - width + 1, 0): the first s whose window holds enough gives (s + width - least, 1);
    none gives (the last s + width - least, 0).

    Examples
    --------
    >>> window(read_words(["-----++++-"]), "+", 4, 4)
    Windowed(time=array([6]), event=array([ True]))
    """
    starts = np.maximum(words.length - width + 1, 0)
    hits = words.has(character).astype(np.int64)
    sums = np.concatenate([np.zeros((len(words), 1), np.int64), np.cumsum(hits, axis=1)], axis=1)
    inside = sums[:, width:] - sums[:, :-width] if sums.shape[1] > width else sums[:, :0]
    found = (inside >= least) & (np.arange(inside.shape[1]) < starts[:, None])
    event = np.asarray(found.any(axis=1))
    first = found.argmax(axis=1) + 1 if found.shape[1] else np.ones(len(words), np.int64)
    return Windowed(np.where(event, first, starts) + width - least, event)


def longest_run(words: Words, character: str) -> Ints:
    """Length of the longest run of a character.

    Examples
    --------
    >>> longest_run(read_words(["--+---", "++"]), "-").tolist()
    [3, 0]
    """
    best = run = np.zeros(len(words), dtype=np.int64)
    for week in range(words.chars.shape[1]):
        run = np.where(words.chars[:, week] == ord(character), run + 1, 0)
        best = np.maximum(best, run)
    return best


def first_positive(words: Words) -> Windowed:
    """Week of the first positive week; a word without one is censored at its length.

    Examples
    --------
    >>> first_positive(read_words(["--+", "---"]))
    Windowed(time=array([3, 3]), event=array([ True, False]))
    """
    positive = words.has("+")
    event = np.asarray(positive.any(axis=1))
    first = positive.argmax(axis=1) + 1 if positive.shape[1] else np.zeros(len(words), np.int64)
    return Windowed(np.where(event, first, words.length), event)


def negative_share(words: Words) -> Floats:
    """RED-FRAC: negative weeks over all weeks, a mixed week one half, a missed one nothing; NaN of none.

    Examples
    --------
    >>> negative_share(read_words(["--*o", ""])).tolist()
    [0.625, nan]
    """
    good = words.count("-") + 0.5 * words.count("*")
    return np.divide(good, words.length, out=np.full(len(words), np.nan), where=words.length > 0)


def last_week_seen(words: Words) -> Ints:
    """Place of the last week that was not missed, counted from 1; 0 where every planned week was.

    Examples
    --------
    >>> last_week_seen(read_words(["__++++*o-------+--+-o-o-o+o+oooooo"])).tolist()
    [28]
    """
    seen = (words.chars != _MISSED) & (words.chars != _END)
    last = words.chars.shape[1] - np.argmax(seen[:, ::-1], axis=1) if seen.shape[1] else 0
    return np.where(seen.any(axis=1), last, 0).astype(np.int64)


def last_planned_negative(words: Words, k: int) -> tuple[Flags, Flags]:
    """ABS-UDS(k): whether the last k planned weeks are all negative, and where there are k of them."""
    planned = words.has("+-*o")
    later = np.cumsum(planned[:, ::-1], axis=1)[:, ::-1]
    last = planned & (later <= k)
    spoiled = np.asarray((last & ~words.has("-")).any(axis=1))
    return ~spoiled, planned.sum(axis=1) >= k
