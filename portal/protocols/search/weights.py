"""Every number of the ranking, in one table; the gate judges every change.

A term's weight in a document grows with its count and falls with the length of the text (BM25); a tag counts
by its role and its nearness to the concept asked for; rare terms count more than common ones. Of a query,
what is named as a concept counts more than loose words, and what was typed more than what it was taken for.
"""

import math
from typing import Final

TITLE: Final = 3.0
SUMMARY: Final = 1.0
BODY: Final = 0.5
SATURATION: Final = 1.2  # k1
LENGTH: Final = 0.6  # b
CONCEPT: Final = 4.0
MAIN: Final = 1.5
SECONDARY: Final = 0.7
ONE_LEVEL_BROADER: Final = 0.35
PER_LEVEL: Final = 0.15
PER_WORD: Final = 0.3
COVERED: Final = 0.1
GUESSED: Final = 0.5  # of a word that was taken for another
NAMED: Final = 1.0  # how far a thing asked for counts as one of several: named as a concept,
LOOSE: Final = 0.25  # and a word of the text
COMMON: Final = 0.05  # share of documents above which a covered word is not looked up
RETIRED: Final = 1e-6
VERY_COMMON: Final = 10_000  # documents with a term above which only its best candidates are ranked
CANDIDATES: Final = 2000
MOST_SLOTS: Final = 16
CONCEPT_MARK: Final = "#"


def saturated(count: float, length: float, average: float) -> float:
    """Weight of a term that stands `count` times in a text of this length."""
    norm = 1 - LENGTH + LENGTH * (length / average if average else 1)
    return count * (SATURATION + 1) / (count + SATURATION * norm)


def rarity(documents: int, df: int) -> float:
    """Weight of a term in a query: 0 for what stands nowhere."""
    return math.log(1 + (documents - df + 0.5) / (df + 0.5)) if df else 0.0


def scarcity(documents: int, df: int) -> float:
    """Weight of a concept in a query. One that most documents hold still says what they are about."""
    return math.log(1 + documents / df) if df else 0.0


def narrower(levels: int) -> float:
    """Count of a tag that is some levels narrower than the concept asked for."""
    return 1 / (1 + PER_LEVEL * levels)


def several_words(words: int) -> float:
    """Weight of a concept that took this many words of the query to name."""
    return 1 + PER_WORD * (words - 1)
