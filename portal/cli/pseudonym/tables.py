"""A table of the centre, its identifying columns replaced, judged before a byte of it is written."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from portal.core.identifiers import Level, scan_column, scan_header
from portal.core.pseudonyms.dates import days_between, month_of
from portal.core.pseudonyms.making import pseudonym
from portal.core.pseudonyms.refusing import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

Rows = list[list[str]]
ENCODINGS: Final = ("utf-8-sig", "cp1251", "cp1256")
SEPARATORS: Final = (",", ";", "\t")
MONTH, DAY, DROP = "month", "day", "drop"  # what may become of a column that holds no identifier


@dataclass(frozen=True)
class Replaced:
    """A column of one kind, and the name of the column that takes its place."""

    column: str
    kind: str
    target: str

    @classmethod
    def of(cls, text: str) -> Replaced:
        """From `column=kind:target`, for example `کد ملی=ir-nc:person_token`, or `column=drop`."""
        column, _, rest = text.rpartition("=")
        kind, _, target = (part.strip() for part in rest.partition(":"))
        if not column or (kind != DROP and not (kind and target)):
            raise Refused("column_wrong")
        return cls(column.strip(), kind, target)


def read(path: Path, encoding: str = "utf-8-sig") -> Rows:
    """The rows of a CSV file, the header first. Refused: unreadable, empty, ragged."""
    try:
        text = path.read_bytes().decode(encoding)
    except (OSError, UnicodeDecodeError):
        raise Refused("table_unreadable") from None
    rows = _rows(text)
    if len(rows) < 2:
        raise Refused("table_empty")
    for line, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise Refused("table_ragged", line=line)
    return rows


def _rows(text: str) -> Rows:
    whole = io.StringIO(text, newline=None)  # every kind of line end is one
    separator = max(SEPARATORS, key=whole.readline().count)
    whole.seek(0)
    try:
        return [row for row in csv.reader(whole, delimiter=separator) if row]
    except csv.Error:
        raise Refused("table_unreadable") from None


def replace(rows: Rows, columns: Sequence[Replaced], key: bytes) -> Rows:
    """The same table with pseudonyms, months and days. Refused with line and column for an identifier or a
    date that is none, and for anything in another column that looks like an identifier of a person.
    """
    made = [list(row) for row in rows]
    admission = next((_place(rows[0], one.column) for one in columns if one.kind == MONTH), None)
    for one in columns:
        place = _place(rows[0], one.column)
        made[0][place] = one.target
        for line, row in enumerate(rows[1:], 2):
            made[line - 1][place] = _replaced(row, place, one, (line, admission, key))
    dropped = {_place(rows[0], one.column) for one in columns if one.kind == DROP}
    kept = [at for at in range(len(rows[0])) if at not in dropped]
    _refuse_identifiers(made, kept)
    return [[row[at] for at in kept] for row in made]


def _place(header: list[str], name: str) -> int:
    places = [at for at, found in enumerate(header) if found.strip() == name]
    if len(places) != 1:
        raise Refused("column_missing" if not places else "column_twice", column=name)
    return places[0]


def _replaced(row: list[str], place: int, one: Replaced, within: tuple[int, int | None, bytes]) -> str:
    line, admission, key = within
    try:
        return _value(row, row[place], one.kind, (admission, key))
    except Refused as refusal:
        raise Refused(refusal.code, line=line, column=one.column) from None


def _value(row: list[str], raw: str, kind: str, within: tuple[int | None, bytes]) -> str:
    admission, key = within
    if kind == DROP:
        return ""
    if kind == MONTH:
        return month_of(raw)
    if kind == DAY:
        if admission is None:
            raise Refused("admission_missing")
        return days_between(raw, row[admission])
    return pseudonym(key, kind, raw)


def _refuse_identifiers(rows: Rows, places: Sequence[int]) -> None:
    for place in places:
        values, header = [row[place] for row in rows[1:]], rows[0][place]
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
        yield [_replaced(row, place, one, (line, None, key)) for key in (old, new)]
