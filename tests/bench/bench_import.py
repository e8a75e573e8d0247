"""Import with all rules and detectors, beside the same parse and store without them and beside raw executemany.

Invented rows of one programme, through the verb that the command line calls. The stores are compared before a
time is given: the judged import, the unjudged one and the raw one must hold the same records.
"""

import base64
import csv
import gc
import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import numpy as np
import polars as pl
from bench.stage import own_portal
from bench.table import Line
from bench.timing import ROUNDS, Spent, rotated, spending
from factories import make_programme

from portal.core.db import utcnow
from portal.core.permissions import SYSTEM
from portal.extensions import db
from portal.registry.importer import reading, working
from portal.registry.importer.source import COMMAND_LINE
from portal.registry.importer.storing import CACHE_KIB
from portal.registry.rules import Judgement
from portal.registry.services.imports import VALID, import_file
from portal.registry.services.reports import report_of
from portal.registry.services.submitting import Submission

ROWS = 100_000
CHUNK = 100_000
WARM_ROWS = 2_000
TABLES = ("person", "episode", "episode_sensitive")


@dataclass(slots=True)
class Sheet:
    """Files of one size, the store that they fill, and what must be in it."""

    rows: int
    clean: Path
    half_bad: Path
    full: Path
    held: tuple[int, str] = (0, "")


def measure(rows: int = ROWS, rounds: int = ROUNDS) -> list[Line]:
    """Ratios of speed: with rules to without, to raw executemany, and half bad to clean."""
    spent = {kind: Spent() for kind in ("judged", "unjudged", "raw", "half_bad")}
    with tempfile.TemporaryDirectory() as folder, _portal(Path(folder)) as bench:
        small, sheet = bench.prepared(min(WARM_ROWS, rows)), bench.prepared(rows)
        for number in range(rounds):
            for kind in rotated(spent, number):
                bench.run(kind, small)
                spent[kind].add(*bench.run(kind, sheet))
    return [
        _line(rows, "parse and store without rules", spent["unjudged"], spent["judged"], 0.95),
        _line(rows, "raw executemany", spent["raw"], spent["judged"], 0.47),
        _line(rows, "clean rows, 50 % bad with full report", spent["judged"], spent["half_bad"], 0.9),
    ]


def _line(rows: int, what: str, other: Spent, ours: Spent, reach: float) -> Line:
    """Speed of ours by the speed of the other: its seconds by ours."""
    note = f"{ours.wall:.2f} and {other.wall:.2f} s"
    return Line(f"import {rows:,} rows / {what}", other.wall / ours.wall, reach, at_least=True,
                cpu=other.cpu / ours.cpu, note=note)  # fmt: skip


class Bench:
    """A portal whose database is put back to empty before every run."""

    def __init__(self, folder: Path, code: str) -> None:
        self.folder, self.code = folder, code
        self.database, self.empty = folder / "portal.db", folder / "empty.db"
        db.session.remove()
        db.engine.dispose()
        shutil.copy(self.database, self.empty)

    def prepared(self, rows: int) -> Sheet:
        """Write the files and fill a store once, with all rules: what every other run is compared with."""
        paths = (self.folder / f"{name}{rows}" for name in ("clean", "half_bad", "full"))
        sheet = Sheet(rows, *paths)
        write_rows(sheet.clean, rows)
        write_rows(sheet.half_bad, rows, bad_every=2)
        self.imported(sheet.clean, rows)
        sheet.held = fingerprint(self.database)
        shutil.copy(self.database, sheet.full)
        return sheet

    def run(self, kind: str, sheet: Sheet) -> tuple[float, float]:
        """Seconds of one kind on an empty store; what it stored is compared."""
        spent = self._kinds()[kind](sheet)
        if kind != "half_bad":
            assert fingerprint(self.database) == sheet.held, f"{kind} stored other records"
        return spent

    def _kinds(self) -> dict[str, Callable[[Sheet], tuple[float, float]]]:
        return {
            "judged": lambda sheet: self.imported(sheet.clean, sheet.rows),
            "unjudged": self._unjudged,
            "raw": self._raw,
            "half_bad": lambda sheet: self.imported(sheet.half_bad, sheet.rows, rejected=sheet.rows // 2),
        }

    def _unjudged(self, sheet: Sheet) -> tuple[float, float]:
        with without_rules():
            return self.imported(sheet.clean, sheet.rows)

    def _raw(self, sheet: Sheet) -> tuple[float, float]:
        self.reset()
        return insert_raw(sheet.full, self.database)

    def imported(self, path: Path, rows: int, *, rejected: int = 0) -> tuple[float, float]:
        """Seconds of the command line's verb, with the whole report of what was rejected."""
        self.reset()
        submission = Submission(path, programme=self.code, limits=COMMAND_LINE)
        spent = [0.0, 0.0]
        large = mock.patch("portal.registry.services.imports._is_small", return_value=False)
        with large, spending(spent):
            batch = import_file(submission, mode=VALID, by=SYSTEM, now=utcnow())
            report = report_of(batch)
        assert (batch.accepted, batch.rejected) == (rows - rejected, rejected), report.by_code
        assert len({error.line for error in report.errors}) == rejected
        db.session.remove()
        with sqlite3.connect(self.database) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return spent[0], spent[1]

    def reset(self) -> None:
        """An empty store, and a disk that owes nothing to the run before."""
        db.session.remove()
        db.engine.dispose()
        for end in ("", "-wal", "-shm"):
            Path(f"{self.database}{end}").unlink(missing_ok=True)
        shutil.copy(self.empty, self.database)
        os.sync()
        gc.collect()


@contextmanager
def _portal(folder: Path) -> Iterator[Bench]:
    """A portal of its own with one invented programme."""
    with own_portal(folder):
        programme = make_programme("IR", synthetic=True, start_month="2020-01")
        yield Bench(folder, programme.code)


def _unjudged(frame: pl.DataFrame, **_: object) -> Judgement:
    return Judgement(frame.height, (), {}, frame.select(()), frame)


@contextmanager
def without_rules() -> Iterator[None]:
    """The same parse and store: no rule, range, code or detector is asked."""
    with (
        mock.patch.object(working, "judge", _unjudged),
        mock.patch.object(reading, "check_texts", return_value=set()),
    ):
        yield


def insert_raw(source: Path, target: Path) -> tuple[float, float]:
    """Seconds of plain executemany of ready tuples, with the portal's own settings of the store."""
    spent = [0.0, 0.0]
    with sqlite3.connect(source) as full, sqlite3.connect(target, isolation_level=None) as store:
        for pragma in ("journal_mode=wal", "synchronous=full", f"cache_size=-{CACHE_KIB}"):
            store.execute(f"PRAGMA {pragma}")
        store.execute("PRAGMA foreign_keys=on")
        _copy(full, store, "import_batch")
        for low in range(1, _rows(full) + 1, CHUNK):
            ready = [_ready(full, table, low) for table in TABLES]
            gc.collect()
            with spending(spent):
                store.execute("BEGIN IMMEDIATE")
                for statement, rows in ready:
                    store.executemany(statement, rows)
                store.execute("COMMIT")
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return spent[0], spent[1]


def _rows(store: sqlite3.Connection) -> int:
    return int(store.execute("SELECT max(id) FROM episode").fetchone()[0])


def _copy(full: sqlite3.Connection, store: sqlite3.Connection, table: str) -> None:
    for row in full.execute(f"SELECT * FROM {table}"):
        store.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)


def _ready(full: sqlite3.Connection, table: str, low: int) -> tuple[str, list[tuple[object, ...]]]:
    """The statement and the tuples of one chunk: columns that hold nothing are left out, as the import does."""
    part = {
        "episode": f"SELECT * FROM episode WHERE id BETWEEN {low} AND {low + CHUNK - 1}",
        "episode_sensitive": f"SELECT * FROM episode_sensitive WHERE episode_id BETWEEN {low} AND {low + CHUNK - 1}",
        "person": "SELECT DISTINCT programme_code, person_s FROM episode"
        f" WHERE id BETWEEN {low} AND {low + CHUNK - 1} ORDER BY person_s",
    }[table]
    found = full.execute(part)
    names = ["programme_code", "s"] if table == "person" else [column[0] for column in found.description]
    rows = found.fetchall()
    used = [place for place in range(len(names)) if any(row[place] is not None for row in rows)]
    chosen = ", ".join(names[place] for place in used)
    statement = f"INSERT INTO {table} ({chosen}) VALUES ({', '.join('?' * len(used))})"
    if table == "person":
        statement += " ON CONFLICT DO NOTHING"
    return statement, [tuple(row[place] for place in used) for row in rows]


def fingerprint(database: Path) -> tuple[int, str]:
    """How many records a store holds, and a hash of their keys and contents."""
    digest, count = hashlib.blake2b(), 0
    with sqlite3.connect(database) as store:
        query = "SELECT row_key, content_hash, modality, discharge_day FROM episode ORDER BY row_key"
        for count, (key, content, *rest) in enumerate(store.execute(query), 1):  # noqa: B007 # the last one counts
            digest.update(key + content + repr(rest).encode())
        persons = store.execute("SELECT count(*) FROM person").fetchone()[0]
    return count, f"{digest.hexdigest()} {persons}"


def write_rows(path: Path, rows: int, *, bad_every: int = 0, seed: int = 3) -> None:
    """Invented episodes of the template; every `bad_every`th row breaks a rule, a range, a code or a type."""
    columns = invented(rows, np.random.default_rng(seed))
    if bad_every:
        spoil(columns, bad_every)
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


def invented(rows: int, rng: np.random.Generator) -> dict[str, list[object]]:
    """Columns of the template. Two rows in five are one of two episodes of a person, both closed."""
    pairs = rows // 5
    people = [token for token in tokens(pairs, rng) for _ in (1, 2)] + tokens(rows - 2 * pairs, rng)
    order = rng.permutation(rows)
    closed = (order < 2 * pairs) | (rng.random(rows) < 0.7)
    last = rng.integers(1, 400, rows)
    reviewed = last >= 182
    used = rng.integers(1, 29, rows)
    exits = closed & (rng.random(rows) < 0.6)
    columns: dict[str, list[object]] = {
        "source_key": tokens(rows, rng), "person_token": [people[place] for place in order],
    }  # fmt: skip
    columns |= {
        "admission_month": [f"{y}-{m:02d}" for y, m in zip(rng.integers(2021, 2026, rows), rng.integers(1, 13, rows), strict=True)],
        "sex": rng.integers(1, 3, rows), "age_band": rng.integers(2, 13, rows),
        "labour": rng.choice([1, 2, 4, 5], rows), "living_where": rng.choice([1, 2, 4], rows),
        "referral_source": rng.integers(1, 10, rows), "legal_status": rng.integers(1, 3, rows),
        "prior_treatment": rng.choice([0, 1, 2, 99], rows), "dx_icd10": ["F11.2"] * rows,
        "inject_status": rng.integers(1, 4, rows), "modality": ["M20"] * rows,
        "substance_1_code": rng.choice([110, 151, 152, 153], rows), "substance_1_route": rng.choice([2, 3], rows),
        "substance_1_days28": used, "substance_2_code": _where(rng.random(rows) < 0.4, 800),
    }  # fmt: skip
    second = np.array([cell != "" for cell in columns["substance_2_code"]])
    columns |= {
        "substance_2_route": _where(second, 3), "substance_2_days28": _where(second, rng.integers(1, 20, rows)),
        "start_day": rng.integers(0, 8, rows), "start_d28_alcohol": rng.integers(0, 10, rows),
        "start_d28_opioid": used, "start_d28_stimulant": rng.integers(0, 10, rows),
        "start_d28_inject": np.zeros(rows, dtype=int), "start_d28_controlled_env": rng.integers(0, 4, rows),
        "review_1_day": _where(reviewed, rng.integers(160, 182, rows)),
    }  # fmt: skip
    for item in ("alcohol", "opioid", "stimulant", "inject", "controlled_env"):
        columns[f"review_1_d28_{item}"] = _where(reviewed, rng.integers(0, 9, rows))
    columns |= {
        "last_contact_day": last, "discharge_day": _where(closed, last),
        "discharge_reason": _where(closed, rng.choice([13, 21, 31, 31, 32, 33, 61], rows)),
        "exit_labour": _where(closed, rng.integers(1, 5, rows)), "exit_living_where": _where(closed, 1),
        "exit_day": _where(exits, last),
    }  # fmt: skip
    for item in ("alcohol", "opioid", "stimulant", "inject", "controlled_env"):
        columns[f"exit_d28_{item}"] = _where(exits, rng.integers(0, 9, rows))
    return {
        name: cells.tolist() if isinstance(cells, np.ndarray) else cells for name, cells in columns.items()
    }


def spoil(columns: dict[str, list[object]], every: int) -> None:
    """Faults of every kind, one to a row."""
    kinds = (("sex", 7), ("start_d28_opioid", 40), ("referral_source", "?"), ("dx_icd10", "F99"), ("labour", ""),
             ("modality", "M60"), ("last_contact_day", 3000), ("age_band", "old"))  # fmt: skip
    for row in range(0, len(columns["sex"]), every):
        name, cell = kinds[row // every % len(kinds)]
        columns[name][row] = cell
        columns["discharge_day"][row] = columns["discharge_day"][row] or 500
        if not columns["discharge_reason"][row]:
            columns["exit_labour"][row] = ""


def tokens(count: int, rng: np.random.Generator) -> list[str]:
    data = rng.bytes(20 * count)
    return [base64.b32encode(data[20 * i : 20 * i + 20]).decode().lower()[:26] for i in range(count)]


def _where(rows: np.ndarray, values: object) -> list[object]:
    filled = np.broadcast_to(np.asarray(values), rows.shape).tolist()
    return [value if there else "" for there, value in zip(rows.tolist(), filled, strict=True)]
