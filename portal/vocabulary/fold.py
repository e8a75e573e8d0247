"""One spelling for search: case, diacritics, Arabic and Persian letters, digits and invisible marks.

Used when a text is indexed and when a query is read, never to rewrite what an author typed.
"""

import re
import unicodedata

HALF_SPACE = "\u200c"
_LETTERS = str.maketrans("ёيىېكةۀەھأإٱآؤئ", "еیییکههههااااوی")
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "0123456789" * 2)
# Stress marks, tatweel, vowel signs, then joiners, direction marks, soft hyphen and byte order mark.
_SIGNS = "\u0300\u0301\u0307\u0640\u064b-\u065f\u0670"
_MARKS = _SIGNS + "\u200b\u200d-\u200f\u061c\u202a-\u202e\u2060\u2066-\u2069\u00ad\ufeff"
_DROPPED = re.compile(f"[{_MARKS}]")
# A word of the original text: letters, digits and the marks between them, with one decimal part (f11.3).
WORD = re.compile(rf"[\w{_MARKS}{HALF_SPACE}]+(?:\.[0-9۰-۹٠-٩]+)?")


def fold_word(text: str) -> str:
    """Fold everything but the half-space, which tells the parts of a Persian word apart."""
    lowered = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    # Normalised again: letters that a dropped mark held apart may now compose.
    bare = unicodedata.normalize("NFKC", _DROPPED.sub("", lowered))
    return bare.translate(_LETTERS).translate(_DIGITS)


def fold(text: str) -> str:
    """Fold a text; the half-space becomes a space."""
    return fold_word(text).replace(HALF_SPACE, " ")
