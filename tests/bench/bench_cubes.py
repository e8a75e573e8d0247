"""Cubes of an edition beside the same GROUP BY run bare by DuckDB over the same snapshot."""

import tempfile
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from bench import snapshots
from bench.table import Line
from bench.timing import ROUNDS, interleaved

from analytics import engine
from analytics.cube import Cube
from analytics.cube.counting import MEASURES, duration_sql, outcome_sql
from analytics.engine.counting import THREADS
from analytics.schema import MISSING
from portal.releases.builder.cubes import SPEC

ROWS = 1_000_000
REACH = 1.5


def measure(rows: int = ROWS, rounds: int = ROUNDS) -> list[Line]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "snapshot.parquet"
        snapshots.write(path, rows)
        bare = Bare(path)
        assert_equal_counts(Cube.build(path, SPEC), bare, path)
        spent = interleaved({"bare": bare.count, "cube": lambda: Cube.build(path, SPEC)}, rounds=rounds)
    cube, plain = spent["cube"], spent["bare"]
    note = f"{1000 * cube.wall:.0f} / {1000 * plain.wall:.0f} ms"
    what = f"cubes of an edition at {rows:,} rows / bare GROUP BY"
    return [Line(what, cube.wall / plain.wall, REACH, cpu=cube.cpu / plain.cpu, note=note)]


class Bare:
    """DuckDB as anybody would use it: one open connection, the statements, the rows as Arrow."""

    def __init__(self, path: Path) -> None:
        assert SPEC.duration is not None
        self.connection = duckdb.connect(config={"threads": THREADS})
        self.connection.read_parquet(str(path)).create_view("snapshot")
        self.statements = (outcome_sql(SPEC), duration_sql(SPEC, SPEC.duration))

    def count(self) -> list[Any]:
        return [self.connection.sql(statement).to_arrow_table() for statement in self.statements]


def assert_equal_counts(cube: Cube, bare: Bare, path: Path) -> None:
    """Every count of the cube is one of the bare statements, and the other way round."""
    outcome, duration = (table.to_pandas() for table in bare.count())
    labels = engine.read_codes(path)
    for frame in (outcome, duration):
        for name in set(labels) & set(frame.columns):
            frame[name] = np.array([MISSING, *labels[name]], dtype=object)[frame[name].to_numpy()]
    by = [*SPEC.keys, *SPEC.terms]
    for place, each in enumerate(SPEC.outcomes):
        wanted = outcome[by].assign(**{name: outcome[f"{place}_{name}"] for name in MEASURES})
        found = cube.counts(each.id).merge(cube.pattern, on="pattern_id")
        _assert_same(found, wanted, by, list(MEASURES))
    _assert_same(cube.duration, duration, [*SPEC.keys, *SPEC.strata, "entry", "time", "end_cause"], ["n"])


def _assert_same(found: pd.DataFrame, wanted: pd.DataFrame, by: list[str], measures: list[str]) -> None:
    plain = (frame[[*by, *measures]].astype(dict.fromkeys(by, object)) for frame in (found, wanted))
    left, right = (frame.sort_values(by, ignore_index=True) for frame in plain)
    assert len(left) == len(right), "the cube has other cells"
    for name in (*by, *measures):
        assert (left[name].to_numpy() == right[name].to_numpy()).all(), f"the cube differs in {name}"
