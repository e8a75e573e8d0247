"""Names of columns: what the header's cells say, and whether they may be said at all."""

import re
from collections.abc import Sequence
from typing import Final

from portal.core.identifiers import Level, normalise, scan_header
from portal.registry.importer.refusal import FileRefused

BRACKETED: Final = re.compile(r".*\[([A-Za-z0-9_]+)\]")  # "Пол [sex]", as the translated templates write it
LONGEST_CELL: Final = 500
NOTES: Final = ("_line", "_codes", "_messages")  # columns that an error file adds


def column_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Names without decoration. Refused when a name is there twice or asks for a person."""
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise FileRefused("long_cell", line=1, limit=LONGEST_CELL)
    names = tuple(_name(cell) or f"#{place + 1}" for place, cell in enumerate(cells))
    for place, name in enumerate(names):
        if any(hit.level is Level.BLOCK for hit in scan_header(cells[place])):
            raise FileRefused("Q-PII", line=1, column=str(place + 1), kind="column")
        if name in names[:place]:
            raise FileRefused("duplicate_header", line=1, column=name)
    return names


def _name(cell: str) -> str:
    text = normalise(cell).strip()
    match = BRACKETED.fullmatch(text)
    return match.group(1) if match else text
