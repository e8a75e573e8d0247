"""Counting by SQL text over one snapshot, through a connection that can do nothing else."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.engine.problems import InvalidSnapshot

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    Source = Path | pd.DataFrame

MEMORY_LIMIT = "2GB"
THREADS = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of a count: names of the columns and tuples of whole numbers or text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def counts(source: "Source", sql: str) -> Answer:
    """Run one statement over the table `snapshot` and return its rows.

    Parameters
    ----------
    source : Path or DataFrame
        Parquet file, or a frame with the same columns.
    sql : str
        Constant text; sums are cast to BIGINT, groups by ordinal, no function of dates, no FILTER.

    Returns
    -------
    Answer
        Column names and rows.

    Raises
    ------
    InvalidSnapshot
        When a count came back as a fraction, which means that a cast to BIGINT is missing.
    """
    connection = _connect(source)
    try:
        result = connection.execute(sql)
        columns = tuple(str(part[0]) for part in result.description or ())
        rows = tuple(result.fetchall())
    finally:
        connection.close()
    if rows and not all(isinstance(value, int | str) for value in rows[0]):
        raise InvalidSnapshot("snapshot_uncast", columns=list(columns))
    return Answer(columns, rows)


def frame_of(source: "Source", sql: str) -> "pd.DataFrame":
    """Run one statement over the table `snapshot` and return a DataFrame of 64-bit integers and text.

    Raises
    ------
    InvalidSnapshot
        When a column came back as a fraction, which means that a cast to BIGINT is missing.
    """
    connection = _connect(source)
    try:
        frame: pd.DataFrame = connection.sql(sql).df()
    finally:
        connection.close()
    uncast = [str(name) for name in frame.columns if frame[name].dtype.kind == "f"]
    if uncast:
        raise InvalidSnapshot("snapshot_uncast", columns=uncast)
    return frame


def _connect(source: "Source") -> "duckdb.DuckDBPyConnection":
    import duckdb

    connection = duckdb.connect(":memory:", config={"memory_limit": MEMORY_LIMIT, "threads": THREADS})
    path = source if isinstance(source, Path) else None
    if path is not None:
        connection.execute(f"SET allowed_paths = [{_quoted(path)}]")
    connection.execute("SET temp_directory = ''")
    connection.execute("SET enable_external_access = false")
    if path is not None:
        connection.read_parquet(str(path.resolve())).create_view("snapshot")
    else:
        connection.register("snapshot", source)
    connection.execute("SET lock_configuration = true")
    return connection


def _quoted(path: Path) -> str:
    return "'" + str(path.resolve()).replace("'", "''") + "'"
