"""Texts typed on the wrong keyboard, and codes in letters of another script, put as they were meant. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from portal.vocabulary.fold import fold

Table = dict[int, str]

_LATIN: Final = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
_RUSSIAN: Final = "йцукенгшщзхъфывапролджэячсмитьбю"
_PERSIAN: Final = "ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدپو."
# Keys that older Persian keyboards use for other letters, and shifted ones.
_OLDER: Final = {"m": "ئ", "\\": "پ", "`": "پ", "H": "آ", "C": "ژ"}
_ARABIC: Final = {"ي": "d", "ك": ";", "ئ": "m"}
_LETTERS: Final = {
    "latin": re.compile("[a-z]", re.IGNORECASE),
    "cyrillic": re.compile("[а-яё]", re.IGNORECASE),
    "arabic": re.compile("[\u0600-\u06ff]"),
}
# A word with a digit and with a letter that no code has.
_MIXED: Final = re.compile(r"(?=\w*\d)(?=\w*[а-яё\u0600-\u06ff])\w+(?:\.\d+)?", re.IGNORECASE)


def _chars(pairs: Mapping[str, str]) -> Table:
    return {ord(typed): meant for typed, meant in pairs.items()}


def _table(typed: str, meant: str) -> Table:
    pairs = [(a, b) for a, b in zip(typed, meant, strict=True) if a != b]
    return _chars(dict(pairs) | {a.upper(): b.upper() for a, b in pairs if a.upper() != a})


_OTHERS: Final = {
    "latin": (
        _table(_LATIN, _RUSSIAN),
        _table(_LATIN, _PERSIAN),
        _table(_LATIN, _PERSIAN) | _chars(_OLDER),
    ),
    "cyrillic": (_table(_RUSSIAN, _LATIN),),
    "arabic": (_table(_PERSIAN, _LATIN) | _chars(_ARABIC),),
}
_ALIKE: Final = _table("авсекмнортухі", "abcekmhoptyxi")
_SOUNDS: Final = _table("абвгдезиклмнопрстфх", "abvgdeziklmnoprstfh")


def other_layouts(text: str) -> Iterator[str]:
    """The same keys on the other keyboards. What is in several scripts was typed as it was meant."""
    written = [script for script, letter in _LETTERS.items() if letter.search(text)]
    if len(written) == 1:
        yield from (text.translate(table) for table in _OTHERS[written[0]])


def latin_codes(word: str) -> Iterator[str]:
    """A code typed with Cyrillic or Persian letters: by their look, their sound, their key."""
    if _MIXED.fullmatch(word):
        folded = fold(word)
        spelled = [folded.translate(table) for table in (_ALIKE, _SOUNDS)]
        yield from (text.upper() for text in (*spelled, *other_layouts(folded)))
