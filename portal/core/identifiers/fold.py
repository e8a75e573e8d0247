"""One form of a text for the detectors, with the way back to the places in the original."""

import re
import unicodedata
from typing import Final

TATWEEL: Final = "\u0640"
LETTERS: Final = {"\u064a": "\u06cc", "\u0643": "\u06a9"}  # Arabic yeh and kaf to the Persian ones
CLUSTER: Final = re.compile(r".[\u0300-\u036f\u064b-\u065f\u0670]*", re.DOTALL)


def normalise(text: str) -> str:
    """NFKC; no zero-width, bidi, soft-hyphen or tatweel; ASCII digits, `-` and space; Persian ye and kaf."""
    return text if text.isascii() else fold(text)[0]


def fold(text: str) -> tuple[str, list[int]]:
    """The normalised text and, for each of its characters, the place in the original."""
    out: list[str] = []
    places: list[int] = []
    for match in CLUSTER.finditer(text):
        folded = _cluster(match.group())
        out.append(folded)
        places.extend([match.start()] * len(folded))
    return "".join(out), places


def _cluster(cluster: str) -> str:
    if cluster.isascii():
        return cluster
    return "".join(_character(c) for c in unicodedata.normalize("NFKC", cluster))


def _character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" or character == TATWEEL:
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category == "Pd" or character == "\u2212":
        return "-"
    if category == "Zs":
        return " "
    return LETTERS.get(character, character)
