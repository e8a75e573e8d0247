"""Answers as small integers: the form in which records are judged, hashed and compared.

A month is year * 12 + month - 1, a modality its number, a diagnosis chapter * 1000 + state, where one digit
after the point is the state itself, two digits are 100 + them, and 200 is a bare chapter. A chapter of ICD-11
is the place of its last sign. A decimal is in tenths. Missing codes stay negative.
"""

import re
from typing import Final

from portal.registry.dictionary import Variable

MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
DIAGNOSIS: Final = re.compile(r"F(1\d)\.(\d{1,2})")
DIAGNOSIS_11: Final = re.compile(r"6C4([0-9A-H])(?:\.(\d{1,2}))?")
CHAPTERS_11: Final = "0123456789ABCDEFGH"
NO_STATE: Final = 200
DECIMAL: Final = re.compile(r"(\d{1,4})(?:[.,](\d))?")
EMPTY: Final = -32768  # what stands for "nothing entered" in a content hash


def encode(variable: Variable, text: str) -> int | None:
    """The integer of a normalised cell; None when it has none."""
    if variable.kind == "month":
        return encode_month(text)
    if variable.kind == "icd10" and (match := DIAGNOSIS.fullmatch(text)):
        return int(match.group(1)) * 1000 + _state(match.group(2))
    if variable.kind == "icd11" and (match := DIAGNOSIS_11.fullmatch(text)):
        return CHAPTERS_11.index(match.group(1)) * 1000 + _state(match.group(2))
    if variable.kind == "decimal" and (match := DECIMAL.fullmatch(text)):
        return int(match.group(1)) * 10 + int(match.group(2) or 0)
    if variable.codes is not None and variable.codes.lettered and not text.startswith("-"):
        return next((i.number for i in variable.codes.items if str(i.code) == text), None)
    return int(text) if re.fullmatch(r"-?\d{1,4}", text) else None


def decode(variable: Variable, number: int) -> int | str:
    """The stored form: text for months, diagnoses and modalities, else the number itself."""
    if variable.kind == "month":
        return f"{number // 12:04d}-{number % 12 + 1:02d}"
    if variable.kind == "icd10":
        return str(number) if number < 0 else decode_diagnosis(number)
    return f"M{number:02d}" if variable.name == "modality" else number


def shown(variable: Variable, stored: int | str | None) -> int | str | None:
    """A stored answer as people write it: the code with its letters, the diagnosis, the number."""
    if not isinstance(stored, int) or stored < 0:
        return stored
    if variable.kind == "icd11":
        chapter, state = divmod(stored, 1000)
        return f"6C4{CHAPTERS_11[chapter]}" + ("" if state == NO_STATE else f".{_written(state)}")
    if variable.kind == "decimal":
        return f"{stored // 10}.{stored % 10}"
    if variable.codes is not None and variable.codes.lettered:
        return next((i.code for i in variable.codes.items if i.number == stored), stored)
    return stored


def _state(text: str | None) -> int:
    if text is None:
        return NO_STATE
    return int(text) if len(text) == 1 else 100 + int(text)


def _written(state: int) -> str:
    return f"{state - 100:02d}" if state >= 100 else str(state)


def encode_month(text: str) -> int | None:
    match = MONTH.fullmatch(text)
    if not match or not 1 <= int(match.group(2)) <= 12:
        return None
    return int(match.group(1)) * 12 + int(match.group(2)) - 1


def decode_diagnosis(number: int) -> str:
    chapter, state = divmod(number, 1000)
    return f"F{chapter}.{_written(state)}"
