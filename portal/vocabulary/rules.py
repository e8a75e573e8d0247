"""What a name, an id and a relation of the vocabulary must be: one rule set for its file and for editors."""

import re
from collections.abc import Mapping
from typing import Final

PREFIXES: Final = {
    "substance": "sub-", "intervention": "int-", "condition": "cond-", "setting": "set-",
    "population": "pop-",
    "outcome": "out-", "instrument": "ins-", "complication": "comp-", "evidence": "ev-", "legal": "leg-",
}  # fmt: skip
LONGEST_NAME: Final = 200
LONGEST_ID: Final = 60
_ARABIC: Final = re.compile("[يكىة]")
_HALF_SPACE: Final = re.compile("\u200c[ \u200c]| \u200c|^\u200c|\u200c$")
_CYRILLIC: Final = re.compile("[а-яё]", re.IGNORECASE)
_PERSIAN: Final = re.compile("[\u0600-\u06ff]")
_FOREIGN: Final = {"en": (_CYRILLIC, _PERSIAN), "ru": (_PERSIAN,), "fa": (_CYRILLIC,)}


def name_fault(text: str, lang: str) -> str | None:
    """The code of what is wrong with a name in a language; None when nothing is."""
    if not text.strip():
        return "name_empty"
    if text != text.strip() or "  " in text or "|" in text or len(text) > LONGEST_NAME:
        return "name_shape"
    if lang == "fa" and _ARABIC.search(text):
        return "arabic_letters"
    if lang == "fa" and _HALF_SPACE.search(text):
        return "half_space_wrong"
    return "script_wrong" if any(script.search(text) for script in _FOREIGN[lang]) else None


def id_fault(concept: str, scheme: str) -> str | None:
    """Ids are the scheme's prefix and an English slug; they are never renamed."""
    prefix = PREFIXES.get(scheme)
    if prefix is None:
        return "scheme_unknown"
    shape = re.fullmatch(rf"{prefix}[a-z0-9]+(-[a-z0-9]+)*", concept)
    return None if shape and len(concept) <= LONGEST_ID else "id_wrong"


def is_circular(concept: str, parents: Mapping[str, str | None]) -> bool:
    """Whether a concept is its own ancestor."""
    seen, above = {concept}, parents.get(concept)
    while above:
        if above in seen:
            return True
        seen.add(above)
        above = parents.get(above)
    return False
