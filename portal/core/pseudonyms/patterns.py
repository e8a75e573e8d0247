"""The detectors as data for the browser: the same patterns, in the dialect of JavaScript.

Only what holds for patient data is handed over, for that is what a table of a centre is.
"""

from __future__ import annotations

import re
from typing import Any, Final

from portal.core.identifiers import Level
from portal.core.identifiers.columns import MIN_SHARE, MIN_VALUES, NAME_HEADER, NUMBER_CELL, SHORT_CODE
from portal.core.identifiers.columns import TOKEN as PSEUDONYM
from portal.core.identifiers.digits import (
    IR_MOBILE,
    LONGEST,
    LONGEST_CELL,
    MOST_GROUPS,
    RU_MOBILE,
    RU_PHONE,
    RUN,
    SHORTEST,
)
from portal.core.identifiers.fold import CLUSTER
from portal.core.identifiers.kinds import CONTEXT, CONTEXT_LENGTH, LEVELS
from portal.core.identifiers.scan import IBAN, LABELLED, NEEDS_WORD, PASSPORT_SHAPE, SHAPES

WORD: Final = r"\p{L}\p{N}_"
EDGE: Final = f"(?:(?<=[{WORD}])(?![{WORD}])|(?<![{WORD}])(?=[{WORD}]))"
OUTSIDE: Final = {"w": f"[{WORD}]", "b": EDGE, "d": "[0-9]", "D": "[^0-9]"}
INSIDE: Final = {"w": WORD, "d": "0-9"}
LETTERS: Final = r"[^\W\d]"
PARTS: Final = re.compile(r"\[\^\\W\\d\]|\\.|[\[\]]|[^\\\[\]]+", re.DOTALL)


def detectors() -> dict[str, Any]:
    """Everything that the page needs to find what the command line finds."""
    return {
        "shapes": [[kind, *javascript(pattern)] for kind, pattern in SHAPES],
        "iban": javascript(IBAN),
        "needsWord": sorted(NEEDS_WORD),
        "labelled": javascript(LABELLED),
        "passportShape": javascript(PASSPORT_SHAPE),
        "context": {kind: javascript(pattern) for kind, pattern in CONTEXT.items()},
        "contextLength": CONTEXT_LENGTH,
        "block": sorted(kind for kind, levels in LEVELS.items() if levels[0] is Level.BLOCK),
        "run": javascript(RUN),
        "irMobile": javascript(IR_MOBILE),
        "ruMobile": javascript(RU_MOBILE),
        "ruPhone": javascript(RU_PHONE),
        "mostGroups": MOST_GROUPS,
        "shortest": SHORTEST,
        "longest": LONGEST,
        "longestCell": LONGEST_CELL,
        "cluster": javascript(CLUSTER),
        "token": javascript(PSEUDONYM),
        "shortCode": javascript(SHORT_CODE),
        "numberCell": javascript(NUMBER_CELL),
        "nameHeader": javascript(NAME_HEADER),
        "minValues": MIN_VALUES,
        "minShare": MIN_SHARE,
    }


def javascript(pattern: re.Pattern[str]) -> list[str]:
    """Source and flags. Letters and digits of every script are words in Python, so they are named here."""
    flags = "u" + ("i" if pattern.flags & re.IGNORECASE else "") + ("s" if pattern.flags & re.DOTALL else "")
    out, inside = [], False
    for found in PARTS.finditer(pattern.pattern):
        part = found[0]
        if part == LETTERS:
            out.append(r"[\p{L}\p{Nl}\p{No}_]")
            continue
        if part in ("[", "]"):
            inside = part == "["
        elif part.startswith("\\"):
            part = (INSIDE if inside else OUTSIDE).get(part[1], part)
        out.append(part)
    return ["".join(out), flags]
