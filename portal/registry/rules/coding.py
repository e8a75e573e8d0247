"""Answers as small integers: the form in which records are judged, hashed and compared.

A month is year * 12 + month - 1, a modality its number, a diagnosis chapter * 1000 + state, where one digit
after the point is the state itself and two digits are 100 + them. Missing codes stay negative.
"""

import re
from typing import Final

from portal.registry.dictionary import Variable

MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
DIAGNOSIS: Final = re.compile(r"F(1\d)\.(\d{1,2})")
MODALITY: Final = re.compile(r"M(\d{2})")
EMPTY: Final = -32768  # what stands for "nothing entered" in a content hash


def encode(variable: Variable, text: str) -> int | None:
    """The integer of a normalised cell; None when it has none."""
    if variable.kind == "month":
        return encode_month(text)
    if variable.kind == "icd10" and (match := DIAGNOSIS.fullmatch(text)):
        state = match.group(2)
        return int(match.group(1)) * 1000 + (int(state) if len(state) == 1 else 100 + int(state))
    if variable.name == "modality":
        match = MODALITY.fullmatch(text)
        return int(match.group(1)) if match else None
    return int(text) if re.fullmatch(r"-?\d{1,4}", text) else None


def decode(variable: Variable, number: int) -> int | str:
    """The stored form: text for months, diagnoses and modalities, else the number itself."""
    if variable.kind == "month":
        return f"{number // 12:04d}-{number % 12 + 1:02d}"
    if variable.kind == "icd10":
        return str(number) if number < 0 else decode_diagnosis(number)
    return f"M{number:02d}" if variable.name == "modality" else number


def encode_month(text: str) -> int | None:
    match = MONTH.fullmatch(text)
    if not match or not 1 <= int(match.group(2)) <= 12:
        return None
    return int(match.group(1)) * 12 + int(match.group(2)) - 1


def decode_diagnosis(number: int) -> str:
    chapter, state = divmod(number, 1000)
    return f"F{chapter}.{state - 100:02d}" if state >= 100 else f"F{chapter}.{state}"
