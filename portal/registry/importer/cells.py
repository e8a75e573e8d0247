"""One cell at a time: normalisation and reading of what the fast path could not take as it stands.

Called once per distinct text of a column, never per row.
"""

import functools
import re
from dataclasses import dataclass
from typing import Final

from portal.core.identifiers import normalise
from portal.registry.dictionary import LANGUAGES, CodeList, Variable
from portal.registry.rules.coding import encode

# "28.0" is 28, but "1,000" may be a thousand as well as one.
NUMBER: Final = re.compile(r"([+-]?\d{1,6})(?:[.\u066b]0+|,(?!000$)0+)?")
MONTH: Final = re.compile(r"(\d{4})[-/.](\d{1,2})|(\d{1,2})[./-](\d{4})")
FORMULA: Final = re.compile(r"[=@+]|-(?![\d.])")
DIAGNOSIS: Final = re.compile(r"[Ff]\s?(1\d)(?:[.,](\d{1,2}))")
DIAGNOSIS_11: Final = re.compile(r"6\s?[Cc]4([0-9A-Ha-h])(?:[.,](\d{1,2}))?")
DECIMAL: Final = re.compile(r"\+?(\d{1,4})(?:[.,\u066b](\d)0*)?")
LOOKALIKE: Final = str.maketrans("АВЕКМНОРСТХ", "ABEKMHOPCTX")  # Cyrillic letters typed for Latin ones
GREGORIAN: Final = range(1900, 2101)
JALALI: Final = range(1300, 1500)
SMALLEST, LARGEST = -32000, 32000


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text means: a number, nothing (an empty cell), or a fault."""

    number: int | None
    fault: str = ""


def read_cell(variable: Variable, raw: str) -> Reading:
    """Read one cell of a variable."""
    text = normalise(raw).strip()
    if not text:
        return Reading(None)
    if FORMULA.match(text) and not NUMBER.fullmatch(text):
        return Reading(None, "FORMULA")
    if variable.kind == "month":
        return read_month(text)
    if match := DECIMAL.fullmatch(text) if variable.kind == "decimal" else None:
        return Reading(encode(variable, f"{match.group(1)}.{match.group(2) or 0}"))
    return _read_code(variable, text)


def _read_code(variable: Variable, text: str) -> Reading:
    if match := NUMBER.fullmatch(text):
        return _number(int(match.group(1)), variable)
    if variable.kind in {"icd10", "icd11"}:
        return _diagnosis(variable, text)
    return _label(variable, text) if variable.codes else Reading(None, "TYPE")


def read_month(text: str) -> Reading:
    """Year and month in either order; a Jalali month becomes the Gregorian one that holds its 15th day."""
    match = MONTH.fullmatch(text)
    if not match:
        return Reading(None, "TYPE")
    year, month = (int(part) for part in (match.group(1, 2) if match.group(1) else match.group(4, 3)))
    if not 1 <= month <= 12:
        return Reading(None, "TYPE")
    if year in JALALI:
        year, month = year + 621 + (month >= 10), (month + 2) % 12 + 1
    return Reading(year * 12 + month - 1) if year in GREGORIAN else Reading(None, "RANGE")


def _number(number: int, variable: Variable) -> Reading:
    if not SMALLEST < number < LARGEST:
        return Reading(None, "CODE" if variable.codes else "RANGE")
    if number >= 0 and (variable.kind in {"icd10", "icd11"} or _has_letters_only(variable)):
        return Reading(None, "CODE")
    return Reading(number)


def _has_letters_only(variable: Variable) -> bool:
    """Of codes without a digit no number is meant, whatever number a record holds for them."""
    codes = variable.codes
    return codes is not None and all(str(code).isalpha() for code in codes.codes)


def _diagnosis(variable: Variable, text: str) -> Reading:
    shape, start = (DIAGNOSIS, "F") if variable.kind == "icd10" else (DIAGNOSIS_11, "6C4")
    match = shape.fullmatch(text.translate(LOOKALIKE))
    state = f".{match.group(2)}" if match and match.group(2) else ""
    number = encode(variable, f"{start}{match.group(1).upper()}{state}") if match else None
    return Reading(number, "" if number is not None else "CODE")


def _label(variable: Variable, text: str) -> Reading:
    """A code with letters, or the label of a code in one of the languages; an ambiguous label is none."""
    if variable.codes is None:
        return Reading(None, "TYPE")
    labels = _labels(variable.codes)
    found = labels.get(_folded(text.translate(LOOKALIKE))) or labels.get(_folded(text), set())
    return Reading(next(iter(found))) if len(found) == 1 else Reading(None, "CODE")


def _folded(text: str) -> str:
    return " ".join(normalise(text).casefold().split())


@functools.cache
def _labels(codes: CodeList) -> dict[str, set[int]]:
    labels: dict[str, set[int]] = {}
    for item in codes.items:
        number = item.number
        for text in (str(item.code), *(item.label[language] for language in LANGUAGES)):
            labels.setdefault(_folded(text), set()).add(number)
    return labels
