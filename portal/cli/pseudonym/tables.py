"""A table of the centre, its identifying columns replaced, judged before a byte of it is written."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from portal.cli.pseudonym.pseudonyms import pseudonym
from portal.cli.pseudonym.refusing import Refused
from portal.core.identifiers import Level, scan_column, scan_header

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

Rows = list[list[str]]
ENCODINGS: Final = ("utf-8-sig", "cp1251", "cp1256")
SEPARATORS: Final = (",", ";", "\t")


@dataclass(frozen=True)
class Replaced:
    """A column of identifiers of one kind, and the name of the column that takes its place."""

    column: str
    kind: str
    target: str

    @classmethod
    def of(cls, text: str) -> Replaced:
        """From `column=kind:target`, for example `کد ملی=ir-nc:person_token`."""
        column, _, rest = text.rpartition("=")
        kind, _, target = rest.partition(":")
        if not (column and kind and target):
            raise Refused("column_wrong")
        return cls(column.strip(), kind.strip(), target.strip())


def read(path: Path, encoding: str = "utf-8-sig") -> Rows:
    """The rows of a CSV file, the header first. Refused: unreadable, empty, ragged."""
    try:
        text = path.read_bytes().decode(encoding)
    except (OSError, UnicodeDecodeError):
        raise Refused("table_unreadable") from None
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if row]
    if len(rows) < 2:
        raise Refused("table_empty")
    for line, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise Refused("table_ragged", line=line)
    return rows


def replace(rows: Rows, columns: Sequence[Replaced], key: bytes) -> Rows:
    """The same table with pseudonyms. Refused with line and column for an identifier that is none, and for
    anything in another column that looks like an identifier of a person.
    """
    made = [list(row) for row in rows]
    for one in columns:
        place = _place(rows[0], one.column)
        made[0][place] = one.target
        for line, row in enumerate(made[1:], 2):
            row[place] = _replaced(row[place], one, key, line)
    _refuse_identifiers(made)
    return made


def _place(header: list[str], name: str) -> int:
    places = [at for at, found in enumerate(header) if found.strip() == name]
    if len(places) != 1:
        raise Refused("column_missing" if not places else "column_twice", column=name)
    return places[0]


def _replaced(raw: str, one: Replaced, key: bytes, line: int) -> str:
    try:
        return pseudonym(key, one.kind, raw)
    except Refused as refusal:
        raise Refused(refusal.code, line=line, column=one.column) from None


def _refuse_identifiers(rows: Rows) -> None:
    for place, header in enumerate(rows[0]):
        values = [row[place] for row in rows[1:]]
        for hit in (*scan_header(header), *scan_column(values, header)):
            if hit.level is Level.BLOCK:
                raise Refused("identifier", kind=hit.kind, column=place + 1, line=_line(values, hit.index))


def _line(values: list[str], index: int) -> int:
    """The line of the n-th distinct value; line 1 for what the column shows as a whole."""
    return 1 if index < 0 else values.index(list(dict.fromkeys(values))[index]) + 2


def write(path: Path, rows: Rows) -> None:
    """As a new UTF-8 file, whole or not at all. Refused where a file of this name exists."""
    if path.exists():
        raise Refused("output_exists")
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise Refused("output_unwritable") from None


def pairs(rows: Rows, one: Replaced, old: bytes, new: bytes) -> Iterator[list[str]]:
    """Old and new pseudonym of each person, for a change of keys."""
    place = _place(rows[0], one.column)
    yield ["old", "new"]
    for line, row in enumerate(rows[1:], 2):
        yield [_replaced(row[place], one, key, line) for key in (old, new)]
