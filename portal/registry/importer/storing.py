"""Writing a chunk into the store under an invisible import, with the driver's own executemany.

Two million rows pass here, so columns stay columns until the statement runs: `zip` feeds the driver.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from portal.registry.dictionary import Dictionary
from portal.registry.importer.parting import RULE, Outcome
from portal.registry.models import RowStatus
from portal.registry.queries import VISIBLE_SQL
from portal.registry.rules.coding import decode

if TYPE_CHECKING:
    import polars as pl

LOOKUP: Final = 500
CACHE_KIB: Final = 131_072  # random keys go into three indexes; without room each row waits for the disk
TEXT_KINDS: Final = ("month", "icd10")

Known = tuple[int, int | None, int, bytes, str | None]  # id, first_id, revision, content_hash, case_code


@dataclass(slots=True)
class Counts:
    """Rows by status; `submitted` is their sum."""

    submitted: int = 0
    accepted_new: int = 0
    accepted_changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    withdrawn: int = 0
    normalised: int = 0

    def add(self, other: "Counts") -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class Target:
    """Where rows go: the batch, its programmes, and whether any of their rows may be there already."""

    batch_id: int
    dictionary: Dictionary
    programme_codes: tuple[str, ...]
    admission_precision: int
    may_know: bool
    known_keys: dict[bytes, Known] = field(default_factory=dict)


def store(outcome: Outcome, target: Target, connection: sa.Connection) -> Counts:
    """Insert accepted rows that are new or changed, and rows that wait. Runs in the caller's transaction."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size=-{CACHE_KIB}")
    accepted = outcome.accepted.sort("row_key")
    known = _known(accepted, connection) if target.may_know else {}
    counts = Counts(outcome.submitted, withdrawn=outcome.withdrawn, normalised=outcome.normalised)
    counts.rejected = outcome.waiting.height
    if known:
        fresh = _is_fresh(accepted, known)
        counts.unchanged = accepted.height - int(fresh.sum())
        accepted = accepted.filter(fresh)
    counts.accepted_changed = sum(1 for key in accepted["row_key"] if key in known) if known else 0
    counts.accepted_new = accepted.height - counts.accepted_changed
    if accepted.height:
        _insert_episodes(accepted, outcome, target, _Writer(connection, known))
    if outcome.waiting.height:
        insert_waiting(outcome.waiting, RowStatus.REJECTED, target, connection)
    return counts


@dataclass(frozen=True, slots=True)
class _Writer:
    connection: sa.Connection
    known: dict[bytes, Known]

    def many(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], end: str = "") -> None:
        run_many(self.connection, table, columns, rows, end)


def run_many(
    connection: sa.Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *end: str
) -> None:
    """The driver's executemany: SQLAlchemy would hold every row as a parameter set."""
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    values = ", ".join([mark] * len(columns))
    text = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values}) {' '.join(end)}"  # noqa: S608 # own names
    cursor: Any = connection.connection.cursor()  # drivers take any iterable, the protocol does not say so
    try:
        cursor.executemany(text, rows)
    finally:
        cursor.close()


def _known(accepted: "pl.DataFrame", connection: sa.Connection) -> dict[bytes, Known]:
    """Current revisions with these row keys."""
    keys = accepted["row_key"].to_list()
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    found: dict[bytes, Known] = {}
    for start in range(0, len(keys), LOOKUP):
        part = keys[start : start + LOOKUP]
        marks = ", ".join([mark] * len(part))
        text = (
            "SELECT row_key, id, first_id, revision, content_hash, case_code FROM episode"  # noqa: S608 # marks only
            f" WHERE row_key IN ({marks}) AND {VISIBLE_SQL}"
        )
        rows = connection.exec_driver_sql(text, tuple(part))
        found.update({bytes(row[0]): (row[1], row[2], row[3], bytes(row[4]), row[5]) for row in rows})
    return found


def _is_fresh(accepted: "pl.DataFrame", known: dict[bytes, Known]) -> "pl.Series":
    import polars as pl

    keys, hashes = accepted["row_key"].to_list(), accepted["content_hash"].to_list()
    same = [known[k][3] == h if k in known else False for k, h in zip(keys, hashes, strict=True)]
    return ~pl.Series(same, dtype=pl.Boolean)


def _insert_episodes(frame: "pl.DataFrame", outcome: Outcome, target: Target, writer: _Writer) -> None:
    n = frame.height
    first = reserve_ids(writer.connection, n)
    ids = range(first, first + n)
    persons = frame.select("programme", "person_s").unique().sort("programme", "person_s")
    codes = target.programme_codes
    writer.many(
        "person", ("programme_code", "s"),
        ((codes[place], s) for place, s in persons.iter_rows()), "ON CONFLICT DO NOTHING",
    )  # fmt: skip
    columns = {**_meta(frame, ids, target, writer.known), **_answers(frame, target.dictionary)}
    writer.many("episode", tuple(columns), zip(*columns.values(), strict=False))
    sensitive = [v.name for v in target.dictionary.stored if v.sensitive and v.name in frame.columns]
    apart = [frame[name].to_list() for name in sensitive]
    if sensitive:
        writer.many("episode_sensitive", ("episode_id", *sensitive), zip(ids, *apart, strict=True))
    writer.many("rule_result", ("episode_id", "rule", "severity"), _notes(frame, first, outcome.severities))


def _meta(
    frame: "pl.DataFrame", ids: range, target: Target, known: dict[bytes, Known]
) -> dict[str, Iterable[Any]]:
    """Columns that are no answers. `repeat` is endless: zip stops with the ids."""
    keys = frame["row_key"].to_list()
    codes = target.programme_codes
    code: Iterable[str] = repeat(codes[0])
    if len(codes) > 1:
        code = [codes[place] for place in frame["programme"].to_list()]
    columns: dict[str, Iterable[Any]] = {
        "id": ids, "import_batch_id": repeat(target.batch_id), "line": frame["line"].to_list(),
        "programme_code": code, "row_key": keys, "person_s": frame["person_s"].to_list(),
        "has_token": frame["has_token"].to_list(), "content_hash": frame["content_hash"].to_list(),
        "dictionary_version": repeat(target.dictionary.version),
        "admission_precision": repeat(target.admission_precision),
        "day_precision": frame["day_precision"].to_list(), "revision": repeat(1),
    }  # fmt: skip
    if known:
        older = [known.get(key) for key in keys]
        columns |= {
            "first_id": [(o[1] or o[0]) if o else None for o in older],
            "revision": [o[2] + 1 if o else 1 for o in older],
            "case_code": [o[4] if o else None for o in older],
        }
    return columns


def _answers(frame: "pl.DataFrame", dictionary: Dictionary) -> dict[str, list[Any]]:
    import polars as pl

    columns = {}
    for variable in dictionary.stored:
        if variable.name not in frame.columns or variable.sensitive:
            continue
        column = frame[variable.name]
        if column.null_count() == frame.height:
            continue
        if variable.kind in TEXT_KINDS or variable.name == "modality":
            numbers = column.unique().drop_nulls().to_list()
            texts = [str(decode(variable, number)) for number in numbers]
            column = column.replace_strict(numbers, texts, default=None, return_dtype=pl.String)
        columns[variable.name] = column.to_list()
    return columns


def _notes(frame: "pl.DataFrame", first: int, severities: dict[str, str]) -> Iterator[tuple[int, str, str]]:
    for name, severity in severities.items():
        places = frame[name].arg_true().to_list()
        rule = name.removeprefix(RULE)
        yield from ((first + place, rule, severity) for place in places)


def insert_waiting(
    frame: "pl.DataFrame", status: RowStatus, target: Target, connection: sa.Connection
) -> None:
    """Rows that wait for correction."""
    codes = target.programme_codes
    place = frame["programme"].to_list()
    columns: dict[str, Iterable[Any]] = {
        "import_batch_id": repeat(target.batch_id), "line": frame["line"].to_list(),
        "status": repeat(str(status)),
        "programme_code": [codes[p] if p is not None else None for p in place],
        "row_key": frame["row_key"].to_list(), "person_s": frame["person_s"].to_list(),
        "codes": frame["codes"].to_list(), "cells": frame["cells"].to_list(),
    }  # fmt: skip
    run_many(connection, "import_row", tuple(columns), zip(*columns.values(), strict=False))


def reserve_ids(connection: sa.Connection, n: int) -> int:
    """The first of `n` free ids. The write lock of SQLite, or the sequence, keeps others from taking them."""
    if connection.dialect.name == "sqlite":
        return int(connection.exec_driver_sql("SELECT coalesce(max(id), 0) + 1 FROM episode").scalar_one())
    name = connection.exec_driver_sql("SELECT pg_get_serial_sequence('episode', 'id')").scalar_one()
    text = "SELECT setval(%s, nextval(%s) + %s)"
    return int(connection.exec_driver_sql(text, (name, name, n)).scalar_one()) - n
