"""Blocks of text as frames of text cells, with the number of each line in the file."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Final

from portal.registry.importer.refusal import FileRefused
from portal.registry.importer.source import Limits, Source

if TYPE_CHECKING:
    import polars as pl

FIRST_LINE: Final = 2  # the header is line 1
CHUNK: Final = 100_000


@dataclass(slots=True)
class Chunk:
    """Rows of text cells. `lines` are their numbers in the file; `torn` have a wrong number of cells."""

    cells: "pl.DataFrame"
    lines: "pl.Series"
    torn: list[int] = field(default_factory=list)


def chunks(source: Source, *, size: int = CHUNK) -> Iterator[Chunk]:
    """The rows of a file, at most `size` at a time. Wholly empty rows are left out."""
    import polars as pl

    names, line = [str(i) for i in range(len(source.header.cells))], FIRST_LINE
    found = False
    for block in source.blocks():
        frame, torn = _frame(block, names, source, line)
        if line - FIRST_LINE + frame.height > source.limits.rows:
            raise FileRefused("too_many_rows", limit=source.limits.rows)
        lines = pl.int_range(line, line + frame.height, eager=True, dtype=pl.Int32)
        line += frame.height
        whole = Chunk(frame, lines, torn)
        for part in _parts(_without_empty(whole), size):
            found = True
            yield part
    if not found:
        raise FileRefused("empty_file")


def _frame(block: bytes, names: list[str], source: Source, line: int) -> tuple["pl.DataFrame", list[int]]:
    import polars as pl

    head = source.header.delimiter.join(names).encode() + b"\n"
    try:
        frame = pl.read_csv(BytesIO(head + block), separator=source.header.delimiter, infer_schema=False)
    except pl.exceptions.PolarsError:
        return _slow_frame(block, names, source, line)
    wanted = frame.height * (len(names) - 1)
    if b'"' not in block and block.count(source.header.delimiter.encode()) != wanted:
        return _slow_frame(block, names, source, line)
    _check_lengths(frame, source.limits, line)
    return frame, []


def _slow_frame(
    block: bytes, names: list[str], source: Source, line: int
) -> tuple["pl.DataFrame", list[int]]:
    """Row by row, to find those whose cells are not as many as the header's."""
    import polars as pl

    rows, torn, width = [], [], len(names)
    reader = csv.reader(StringIO(block.decode(), newline=""), delimiter=source.header.delimiter)
    try:
        for place, cells in enumerate(reader):
            if cells and len(cells) != width:
                torn.append(line + place)
                cells = [""] * width  # noqa: PLW2901 # which cell is which cannot be told
                cells[0] = "?"
            _check_length(cells, source.limits, line + place)
            rows.append([cell or None for cell in cells] or [None] * width)
    except csv.Error:
        raise FileRefused("STRUCT", line=line + len(rows)) from None
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row"), torn


def _check_length(cells: list[str], limits: Limits, line: int) -> None:
    if any(len(cell) > limits.cell for cell in cells):
        raise FileRefused("long_cell", line=line, limit=limits.cell)


def _check_lengths(frame: "pl.DataFrame", limits: Limits, line: int) -> None:
    """Before anything reads the cells: a book in one of them would keep a reader busy for seconds."""
    import polars as pl

    bytes_at_most = frame.select(pl.all().str.len_bytes().max()).row(0)  # known without a look at the text
    for column in (frame[:, place] for place, size in enumerate(bytes_at_most) if (size or 0) > limits.cell):
        too_long = (column.str.len_chars() > limits.cell).fill_null(value=False)
        if too_long.any():
            raise FileRefused("long_cell", line=line + int(too_long.arg_max() or 0), limit=limits.cell)


def _without_empty(chunk: Chunk) -> Chunk:
    """Rows without a single cell were never submitted."""
    import polars as pl

    if chunk.cells.height and all(column.null_count() for column in chunk.cells.get_columns()):
        kept = chunk.cells.select(pl.any_horizontal(pl.all().is_not_null()).alias("k")).to_series()
        return Chunk(chunk.cells.filter(kept), chunk.lines.filter(kept), chunk.torn)
    return chunk


def _parts(chunk: Chunk, size: int) -> Iterator[Chunk]:
    for start in range(0, chunk.cells.height, size):
        part = slice(start, start + size)
        yield Chunk(chunk.cells[part], chunk.lines[part], chunk.torn)
