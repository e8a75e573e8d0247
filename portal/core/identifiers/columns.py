"""Scanning of a column: distinct values only, with the header as context, and the header itself."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from portal.core.identifiers.checksums import ir_national_code
from portal.core.identifiers.fold import normalise
from portal.core.identifiers.kinds import Hit, Level
from portal.core.identifiers.scan import scan

TOKEN: Final = re.compile(r"[a-z2-7]{26}")
SHORT_CODE: Final = re.compile(r"-?\d{1,6}|[A-Za-z]?\d{0,3}(?:\.\d{1,2})?")  # no identifier is this short
NUMBER_CELL: Final = re.compile(r"\d+(?:\.0+)?|\d(?:\.\d+)?[eE]\+?\d{1,2}")
NAME_HEADER: Final = re.compile(
    r"^(?:(?:full|first|last|sur|patient|family|given)?[ _]*name|patnam|фио|ф\.\s?и\.\s?о\."
    r"|фамилия|имя|отчество|نام(?: و نام خانوادگی| خانوادگی| پدر| بیمار)?)$",
    re.IGNORECASE,
)
MIN_VALUES, MIN_SHARE = 20, 0.6


@dataclass(frozen=True, slots=True)
class ColumnHit:
    """A finding in a column: the place of the first value that shows it, -1 for the column as a whole."""

    kind: str
    level: Level
    index: int


def scan_column(
    values: Iterable[str] | Mapping[str, int], header: str, *, patient_data: bool = True
) -> list[ColumnHit]:
    """Findings among the distinct values (or a mapping from value to its count) and of the whole column."""
    counts = values if isinstance(values, Mapping) else Counter(values)
    context = f"{header} "
    found: dict[tuple[str, int], ColumnHit] = {}
    for index, value in enumerate(counts):
        for hit in _scan_cell(value, context, patient_data=patient_data):
            found[hit.kind, index] = ColumnHit(hit.kind, hit.level, index)
    if column_rule(counts):
        found["ir_national_code", -1] = ColumnHit("ir_national_code", Level.BLOCK, -1)
    return list(found.values())


def scan_header(header: str) -> list[ColumnHit]:
    """A header that asks for a name, or that holds an identifier itself."""
    text = normalise(header).strip()
    hits = [ColumnHit(hit.kind, hit.level, -1) for hit in scan(header, patient_data=True)]
    if NAME_HEADER.fullmatch(text):
        hits.append(ColumnHit("name_column", Level.BLOCK, -1))
    return hits


def column_rule(values: Iterable[str] | Mapping[str, int]) -> bool:
    """Whether 60 % of at least 20 ten-digit values are valid national codes: chance 6 in 10^8."""
    counts = values if isinstance(values, Mapping) else Counter(values)
    digits = [(re.sub(r"\D", "", normalise(v)), n) for v, n in counts.items() if len(v) >= 10]
    ten = [(d, n) for d, n in digits if len(d) == 10]
    total = sum(n for _, n in ten)
    return total >= MIN_VALUES and sum(n for d, n in ten if ir_national_code(d)) >= MIN_SHARE * total


def _scan_cell(value: str, context: str, *, patient_data: bool) -> list[Hit]:
    if TOKEN.fullmatch(value) or SHORT_CODE.fullmatch(value):
        return []
    hits = scan(value, context=context, patient_data=patient_data)
    if number := _as_number(value):
        hits += scan(number, context=context, patient_data=patient_data)
    return hits


def _as_number(value: str) -> str:
    """A number as a spreadsheet writes it (9.99E+09, 11111119.0), as its digits; else nothing."""
    text = normalise(value).strip()
    if not NUMBER_CELL.fullmatch(text) or text.isdigit():
        return ""
    return str(int(float(text)))
