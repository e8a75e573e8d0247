"""Counting by SQL text over one snapshot, through a connection that can do nothing else."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.engine.problems import InvalidSnapshot

if TYPE_CHECKING:
    from collections.abc import Generator

    import duckdb
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray

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


def columns_of(source: "Source", *statements: str) -> "list[dict[str, NDArray[Any]]]":
    """Run statements over the table `snapshot` and return the columns of each as arrays.

    Raises
    ------
    InvalidSnapshot
        When a column holds fractions or gaps, which means that a cast to BIGINT is missing.
    """
    return list(columns_ahead(source, *statements))


def columns_ahead(source: "Source", *statements: str) -> "Generator[dict[str, NDArray[Any]]]":
    """As `columns_of`, one after the other: the next one is counted while the caller works on the last."""
    from concurrent.futures import ThreadPoolExecutor

    connection = _connect(source)
    with ThreadPoolExecutor(1) as pool:
        answers = [pool.submit(_columns, connection, statement) for statement in statements]
        pool.submit(connection.close)
        for answer in answers:
            yield answer.result()


def _columns(connection: "duckdb.DuckDBPyConnection", statement: str) -> "dict[str, NDArray[Any]]":
    return _whole(connection.sql(statement).to_arrow_table())


def _whole(table: "pa.Table") -> "dict[str, NDArray[Any]]":
    from pyarrow import types

    columns = dict(zip(table.column_names, table.columns, strict=True))
    uncast = [
        name
        for name, column in columns.items()
        if column.null_count or types.is_floating(column.type) or types.is_decimal(column.type)
    ]
    if uncast:
        raise InvalidSnapshot("snapshot_uncast", columns=uncast)
    return {name: column.to_numpy() for name, column in columns.items()}


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
