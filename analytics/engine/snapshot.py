"""Snapshot files: labels to codes and back, written so that a killed writer leaves nothing behind."""

import hashlib
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from analytics.engine.digest import Cell, digest
from analytics.engine.problems import InvalidSnapshot

if TYPE_CHECKING:
    import pyarrow as pa

_CODES = b"treatment-exchange.codes"
_MISSING = 0  # NULL compares differently from engine to engine, so it has a code of its own
_READ_ONLY = 0o400


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns of a snapshot.

    Parameters
    ----------
    coded : mapping of column to levels
        Text columns; a level's code is its place in the list, from 1; missing is 0.
    integers : tuple of str
        Columns of whole numbers that fit 16 bits, never missing.
    tokens : tuple of str
        Columns of 64 hexadecimal characters, stored as 32 bytes.
    sort : tuple of str
        Columns that the rows are ordered by in the file.
    """

    coded: Mapping[str, Sequence[str]]
    integers: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column, tokens first."""
        return (*self.tokens, *self.coded, *self.integers)


@dataclass(frozen=True, slots=True)
class Written:
    """What is recorded of a snapshot: digest of its rows, hash of the file, number of rows."""

    digest: str
    file_sha256: str
    rows: int
    path: Path = field(compare=False)


def write_snapshot(rows: Iterable[Mapping[str, Cell]], path: Path, layout: Layout) -> Written:
    """Write rows of labels as a Parquet file of codes, whole or not at all, readable by its owner only.

    Parameters
    ----------
    rows : iterable of mappings
        One mapping per person with exactly the layout's columns.
    path : Path
        Where the file shall stand; an existing file is replaced.
    layout : Layout
        Columns and code lists.

    Returns
    -------
    Written
        Digest, hash of the file and number of rows.

    Raises
    ------
    InvalidSnapshot
        When a row has other columns than the layout, or a level that its list does not hold.
    """
    import pyarrow.parquet as pq

    listed = _sorted(rows, [*layout.sort, *layout.tokens])
    table = _encode(listed, layout)
    part = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        with part.open("xb") as stream:
            part.chmod(_READ_ONLY)
            pq.write_table(table, stream, compression="zstd")
            stream.flush()
            os.fsync(stream.fileno())
        file_sha256 = _sha256(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return Written(digest(listed), file_sha256, len(listed), path)


def read_rows(path: Path) -> list[dict[str, Cell]]:
    """Return the rows of a snapshot with their labels, in the order of the file.

    Raises
    ------
    InvalidSnapshot
        When the file is no snapshot or a code is outside its list.
    """
    table = _open(path)
    codes = _codes_of(table)
    columns = {name: _decode(table.column(name), codes.get(name), name) for name in table.column_names}
    names = list(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def read_codes(path: Path) -> dict[str, list[str]]:
    """Return the code lists of a snapshot: the label of code `i` of a column stands at place `i - 1`."""
    import pyarrow.parquet as pq

    return _codes_from(pq.read_schema(path).metadata)


def _open(path: Path) -> "pa.Table":
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise InvalidSnapshot("snapshot_unreadable", path=path.name) from error


def _codes_of(table: "pa.Table") -> dict[str, list[str]]:
    return _codes_from(table.schema.metadata)


def _codes_from(metadata: Mapping[bytes, bytes] | None) -> dict[str, list[str]]:
    codes: dict[str, list[str]] = orjson.loads((metadata or {}).get(_CODES, b"{}"))
    return codes


def _encode(rows: list[Mapping[str, Cell]], layout: Layout) -> "pa.Table":
    import pyarrow as pa

    wanted = set(layout.columns)
    for number, row in enumerate(rows, start=1):
        if row.keys() != wanted:
            raise InvalidSnapshot("snapshot_columns", row=number, columns=sorted(row.keys() ^ wanted))
    arrays: dict[str, Any] = {}
    for name in layout.tokens:
        arrays[name] = pa.array([bytes.fromhex(str(row[name])) for row in rows], pa.binary(32))
    for name, levels in layout.coded.items():
        arrays[name] = pa.array(_to_codes(rows, name, levels), _width(len(levels)))
    for name in layout.integers:
        arrays[name] = pa.array([row[name] for row in rows], pa.int16())
    codes = orjson.dumps({name: list(levels) for name, levels in layout.coded.items()})
    return pa.table(arrays).replace_schema_metadata({_CODES: codes})


def _sorted(rows: Iterable[Mapping[str, Cell]], names: list[str]) -> list[Mapping[str, Cell]]:
    def key(row: Mapping[str, Cell]) -> tuple[str | int, ...]:
        return tuple(value if isinstance(value, int) else (value or "") for value in map(row.get, names))

    return sorted(rows, key=key)


def _to_codes(rows: list[Mapping[str, Cell]], name: str, levels: Sequence[str]) -> list[int]:
    code_of: dict[Cell, int] = {level: code for code, level in enumerate(levels, start=1)}
    code_of[None] = _MISSING
    try:
        return [code_of[row[name]] for row in rows]
    except KeyError as error:
        raise InvalidSnapshot("snapshot_level", column=name, level=error.args[0]) from error


def _width(levels: int) -> "pa.DataType":
    import pyarrow as pa

    return pa.int8() if levels < 2**7 else pa.int32()


def _decode(column: "pa.ChunkedArray", levels: list[str] | None, name: str) -> list[Cell]:
    values = column.to_pylist()
    if levels is None:
        return [value.hex() if isinstance(value, bytes) else value for value in values]
    labels: list[Cell] = [None, *levels]
    try:
        return [labels[value] for value in values]
    except (IndexError, TypeError) as error:
        raise InvalidSnapshot("snapshot_code", column=name) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut, not only the content."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
