"""What a code of a classification means: concepts that carry it, those below it, or the nearest known one.

F11.2 is opioid dependence, F11 is whatever of the opioids has a code, and F11.202 is read as F11.2. Pure.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

# ICD-10 with one letter, ICD-11 with a letter in second place, ATC from its third level on; folded.
_CODE = re.compile(r"[a-z]\d\d(?:\.\d+)?|[a-z0-9][a-z][a-z0-9]{2}(?:\.\d+)?|[a-z]\d\d[a-z]{1,2}\d{0,2}")
_CHAPTER = 3


@lru_cache(maxsize=10_000)
def is_code(word: str) -> bool:
    """Whether a folded word has the form of a code."""
    return bool(_CODE.fullmatch(word)) and any(letter.isdigit() for letter in word)


class Codes:
    """Codes of concepts that people look for by code, and of substances where nothing else has it."""

    def __init__(self, sought: Iterable[tuple[str, str]], substances: Iterable[tuple[str, str]]) -> None:
        """Pairs of concept id and code; of substances, broader ones first."""
        self._sought, self._substances = _by_code(sought), _by_code(substances)
        chapters = (concepts for code, concepts in self._sought.items() if len(code) == _CHAPTER)
        self._chapters = Counter(concept for concepts in chapters for concept in concepts)

    def concepts(self, word: str) -> tuple[str, ...]:
        """Concepts of a folded code; a longer one than is known means the nearest chapter that is."""
        found = self._of(word)
        while not found and len(word) > _CHAPTER:
            word = word[:-1].rstrip(".")
            found = self._of(word) if word in self._sought or word in self._substances else ()
        return found

    def _of(self, code: str) -> tuple[str, ...]:
        exact = self._sought.get(code, ())
        plain = tuple(concept for concept in exact if not self._lists_chapters(concept, code))
        return plain or self._below(code) or tuple(self._substances.get(code, ())[:1]) or tuple(exact)

    def _lists_chapters(self, concept: str, code: str) -> bool:
        """A concept of many chapters says nothing of one."""
        return len(code) == _CHAPTER and self._chapters[concept] > 1

    def _below(self, code: str) -> tuple[str, ...]:
        below = (
            found for longer, found in self._sought.items() if longer.startswith(code) and longer != code
        )
        return tuple(sorted({concept for concepts in below for concept in concepts}))


def _by_code(pairs: Iterable[tuple[str, str]]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for concept, code in pairs:
        found[code].append(concept)
    return found
