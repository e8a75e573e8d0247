"""Reading a comma-separated text table into typed columns, refusing with line and column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analytics.errors import CellProblem, InvalidEpisodes, InvalidFile
from analytics.schema.columns import MISSING, RULES, ColumnKind, ColumnSpec

if TYPE_CHECKING:
    import pandas as pd

MAX_COLUMNS = 10_000
SHOWN_COLUMNS = 30
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
_NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def parse_number(text: str) -> float | None:
    """Number of a cell written with ASCII digits and a point; None for anything else.

    Examples
    --------
    >>> parse_number("1.5"), parse_number("۱"), parse_number("1,5"), parse_number("nan")
    (1.5, None, None, None)
    """
    return float(text) if _NUMBER.fullmatch(text.strip()) else None


def read_text_table(path: str, specs: Sequence[ColumnSpec]) -> pd.DataFrame:
    """Read the named columns of a UTF-8 CSV file with one header line.

    Parameters
    ----------
    path : str
        The file; a byte order mark is accepted.
    specs : sequence of ColumnSpec
        Columns to read; others are ignored.

    Returns
    -------
    DataFrame
        One row per record, indexed by its line, the columns of `specs`: labels as text exactly as in the
        cell (`missing` when empty and nullable), numbers as float64 (NaN when empty and nullable).

    Raises
    ------
    InvalidFile
        No file, no rows, a missing or double column, NUL, bytes that are no UTF-8, ragged rows, a level
        `missing` beside empty cells.
    InvalidEpisodes
        Cells that break their column's rule, with line and column.
    """
    import pandas as pd

    text = _decode(path)
    header, records = _records(path, text)
    places = [_place(path, header, spec.name) for spec in specs]
    lines: list[int] = []
    cells: list[list[str]] = [[] for _ in specs]
    for line, record in records:
        lines.append(line)
        for column, place in zip(cells, places, strict=True):
            column.append(record[place])
    if not lines:
        raise InvalidFile("file_without_rows", path=path)
    for spec, column in zip(specs, cells, strict=True):
        _one_missing(path, column, spec, lines)
    problems: list[CellProblem] = []
    typed = {
        spec.name: _typed(column, spec, lines, problems) for spec, column in zip(specs, cells, strict=True)
    }
    if problems:
        raise InvalidEpisodes(path, tuple(sorted(problems, key=lambda p: p.line)))
    return pd.DataFrame(typed, index=pd.Index(lines, name="line"))


def read_header(path: str) -> list[str]:
    """Names of the columns of a CSV file.

    Parameters
    ----------
    path : str
        The file.

    Returns
    -------
    list of str
        As they stand in the first line.

    Raises
    ------
    InvalidFile
        No file, empty, or no UTF-8.
    """
    return _records(path, _decode(path))[0]


def _decode(path: str) -> str:
    """Text of the file; a byte that is no UTF-8 is named with its line and column."""
    try:
        data = Path(path).read_bytes()
    except FileNotFoundError:
        raise InvalidFile("file_missing", path=path) from None
    except (OSError, ValueError) as error:
        raise InvalidFile(
            "file_unreadable", path=path, why=getattr(error, "strerror", None) or error
        ) from None
    try:
        text = data.decode("utf-8").removeprefix(_BOM)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        line, column = _locate(before)
        raise InvalidFile(
            "not_utf8", path=path, line=line, column=column, byte=f"{data[error.start]:02x}"
        ) from None
    if "\0" in text:
        line, column = _locate(text[: text.index("\0")])
        raise InvalidFile("nul_byte", path=path, line=line, column=column)
    if not text.strip():
        raise InvalidFile("file_empty", path=path)
    return text


def _locate(before: str) -> tuple[int, str]:
    """Line and column name of the place after this text."""
    lines = before.removeprefix(_BOM).splitlines() or [""]
    if before.endswith(("\n", "\r")):
        lines.append("")
    place = len(next(csv.reader([lines[-1] + "x"]), ["x"]))
    header = next(csv.reader([lines[0]]), []) if len(lines) > 1 else []
    return len(lines), header[place - 1] if place <= len(header) else str(place)


def _records(path: str, text: str) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """Header and the (line, cells) of every record that is not blank."""
    records = _numbered(path, text)
    _, header = next(records)
    if len(header) > MAX_COLUMNS:
        raise InvalidFile("too_many_columns", path=path, limit=MAX_COLUMNS, got=len(header))
    return header, _whole(path, records, len(header))


def _numbered(path: str, text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for record in reader:
            if record:
                yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        raise InvalidFile("bad_quotes", path=path, line=line, why=error) from None


def _whole(
    path: str, records: Iterator[tuple[int, list[str]]], width: int
) -> Iterator[tuple[int, list[str]]]:
    for line, record in records:
        if len(record) != width:
            raise InvalidFile("ragged_row", path=path, line=line, expected=width, got=len(record))
        yield line, record


def _place(path: str, header: list[str], name: str) -> int:
    """Position of the column; the name must stand once in the header."""
    places = [place for place, column in enumerate(header) if column.strip() == name.strip()]
    if not places:
        shown = ", ".join(header[:SHOWN_COLUMNS])
        raise InvalidFile("column_missing", path=path, column=name, columns=shown)
    if len(places) > 1:
        first, second = places[0] + 1, places[1] + 1
        raise InvalidFile("column_twice", path=path, column=name, first=first, second=second)
    return places[0]


def _typed(
    cells: list[str], spec: ColumnSpec, lines: list[int], problems: list[CellProblem]
) -> np.ndarray[tuple[int], np.dtype[np.object_]] | np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Typed column; each distinct text is judged once."""
    import pandas as pd

    codes, texts = pd.factorize(np.asarray(cells, dtype=object))
    values, good = (
        _label_values(texts, spec) if spec.kind is ColumnKind.LABEL else _number_values(texts, spec)
    )
    problems.extend(
        CellProblem(lines[row], spec.name, spec.expected, cells[row]) for row in np.flatnonzero(~good[codes])
    )
    return values[codes]


def _one_missing(path: str, cells: list[str], spec: ColumnSpec, lines: list[int]) -> None:
    """Refuse a level written `missing` beside empty cells: they would be added up as one level."""
    levels = set(cells) if spec.kind is ColumnKind.LABEL and spec.nullable else set()
    if MISSING in levels and not all(level.strip() for level in levels):
        line = lines[cells.index(MISSING)]
        raise InvalidFile("missing_twice", path=path, line=line, column=spec.name, level=MISSING)


def _label_values(texts: np.ndarray, spec: ColumnSpec) -> tuple[np.ndarray, np.ndarray]:
    empty = np.array([not text.strip() for text in texts])
    values = np.where(empty, MISSING, texts).astype(object)
    allowed = np.isin(texts.astype(str), spec.codes) if spec.codes else np.ones(len(texts), dtype=bool)
    return values, np.where(empty, spec.nullable, allowed)


def _number_values(texts: np.ndarray, spec: ColumnSpec) -> tuple[np.ndarray, np.ndarray]:
    parsed = [parse_number(text) for text in texts]
    values = np.array([np.nan if number is None else number for number in parsed])
    empty = np.array([not text.strip() for text in texts])
    return values, np.where(empty, spec.nullable, RULES[spec.kind](values))
