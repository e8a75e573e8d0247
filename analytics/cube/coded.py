"""Counted codes of a snapshot in the order of a cube.

Hundreds of thousands of cells stay whole numbers while they are ordered; labels are put in last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.cube.counting import MEASURES, duration_sql, outcome_sql
from analytics.cube.frames import ranks
from analytics.cube.spec import CubeSpec, DurationSpec
from analytics.schema import MISSING, natural_sorted

Whole = NDArray[np.integer[Any]]
Levels = Mapping[str, Sequence[str]]
Columns = Mapping[str, NDArray[Any]]
_DENSE = 2**22  # up to so many possible cells a table of marks is faster than sorting


@dataclass(frozen=True, slots=True)
class Ranked:
    """A column as places among its distinct labels, which stand in natural order."""

    places: Whole
    labels: Any

    def at(self, rows: Whole) -> Any:
        """The labels of some rows."""
        return self.labels.take(self.places[rows])

    def all(self) -> Any:
        """The labels of every row."""
        return self.labels.take(self.places)


@dataclass(frozen=True, slots=True)
class Numbered:
    """Rows by the number of their cell; cells are numbered in natural order of their keys."""

    cell: Whole
    count: int

    @property
    def first(self) -> Whole:
        """A row of each cell."""
        rows = np.empty(self.count, dtype=np.intp)
        rows[self.cell] = np.arange(len(self.cell))
        return rows

    def total(self, column: NDArray[Any]) -> NDArray[np.int64]:
        """Sum of a column over each cell."""
        sums = np.zeros(self.count, dtype=np.int64)
        if self.count == len(self.cell):
            sums[self.cell] = column
        else:  # two codes with one label
            np.add.at(sums, self.cell, column)
        return sums


@dataclass(frozen=True, slots=True)
class SnapshotCells:
    """The frames of a cube. `outcome` and `pattern`, or `duration`, are None when not asked for."""

    outcome: pd.DataFrame | None
    pattern: pd.DataFrame | None
    duration: pd.DataFrame | None


def snapshot_cells(path: Path, spec: CubeSpec) -> SnapshotCells:
    """Count a snapshot, one statement for all outcomes and one for the durations."""
    from analytics import engine

    statements = {}
    if spec.outcomes:
        statements["outcome"] = outcome_sql(spec)
    if spec.duration:
        statements["duration"] = duration_sql(spec, spec.duration)
    counted = dict(zip(statements, engine.columns_of(path, *statements.values()), strict=True))
    levels = engine.read_codes(path)
    outcome, pattern = _outcomes(counted["outcome"], levels, spec) if spec.outcomes else (None, None)
    duration = _durations(counted["duration"], levels, spec, spec.duration) if spec.duration else None
    return SnapshotCells(outcome, pattern, duration)


def _outcomes(cells: Columns, levels: Levels, spec: CubeSpec) -> tuple[pd.DataFrame, pd.DataFrame]:
    keys, terms = _ranked(cells, levels, spec.keys), _ranked(cells, levels, spec.terms)
    height = len(cells[f"0_{MEASURES[0]}"])
    groups, patterns = numbered(keys.values(), height), numbered(terms.values(), height)
    listed = {name: column.at(patterns.first) for name, column in terms.items()}
    pattern = pd.DataFrame({"pattern_id": np.arange(patterns.count), **listed})
    return _long(cells, keys, _Order.of(groups, patterns), spec), pattern


def _durations(cells: Columns, levels: Levels, spec: CubeSpec, duration: DurationSpec) -> pd.DataFrame:
    columns = _ranked(cells, levels, (*spec.keys, *spec.strata)) | _ranked(cells, {}, ("entry", "time"))
    cause = cells["end_cause"]
    if duration.causes:
        code = {label: place for place, label in enumerate(duration.causes)}
        cause = np.array([code.get(label, -1) for label in _labels(levels[duration.cause])])[cause]
    columns["end_cause"] = Ranked(*_by_value(cause.astype(np.int64)))
    counted = numbered(columns.values(), len(cells["n"]))
    first = counted.first
    frame = {name: column.at(first) for name, column in columns.items()}
    return pd.DataFrame({**frame, "n": counted.total(cells["n"])}, copy=False)


def numbered(columns: Iterable[Ranked], height: int) -> Numbered:
    """Number the distinct combinations of the columns in lexicographic order."""
    joint: Whole = np.zeros(height, dtype=np.int64)
    size = 1
    for column in columns:
        width = max(1, len(column.labels))
        joint, size = joint * width + column.places, size * width
        if size > _DENSE:
            joint, size = _packed(joint, size)
    return Numbered(*_packed(joint, size))


@dataclass(frozen=True, slots=True)
class _Order:
    """Where the cells of wide rows go in a long frame: by group, then outcome, then pattern."""

    wide: Numbered
    group_sizes: Whole
    group: Whole
    first: Whole
    pattern_id: Whole

    @classmethod
    def of(cls, groups: Numbered, patterns: Numbered) -> _Order:
        joint, size = groups.cell * patterns.count + patterns.cell, groups.count * patterns.count
        wide = Numbered(*_packed(joint, size))
        first = wide.first
        group = groups.cell[first]
        sizes = np.bincount(group, minlength=groups.count)
        return cls(wide, sizes, group, first, patterns.cell[first])

    def places(self, outcomes: int) -> list[Whole]:
        """The long rows of each outcome."""
        start = np.cumsum(self.group_sizes) - self.group_sizes
        within = np.arange(self.wide.count) - start[self.group]
        base, step = outcomes * start[self.group] + within, self.group_sizes[self.group]
        return [base + place * step for place in range(outcomes)]


def _long(cells: Columns, keys: Mapping[str, Ranked], order: _Order, spec: CubeSpec) -> pd.DataFrame:
    ids = natural_sorted({outcome.id for outcome in spec.outcomes})
    places = order.places(len(ids))
    columns = {
        name: np.zeros(len(ids) * order.wide.count, dtype=np.int64) for name in ("pattern_id", *MEASURES)
    }
    for number, outcome in enumerate(spec.outcomes):
        rows = places[ids.index(outcome.id)]
        columns["pattern_id"][rows] = order.pattern_id
        for name in MEASURES:
            columns[name][rows] += order.wide.total(cells[f"{number}_{name}"])
    start = order.first[np.cumsum(order.group_sizes) - order.group_sizes]
    each = len(ids) * order.group_sizes
    labelled = {
        name: Ranked(np.repeat(column.places[start], each), column.labels) for name, column in keys.items()
    }
    outcome_places = np.repeat(
        np.tile(np.arange(len(ids)), len(each)), np.repeat(order.group_sizes, len(ids))
    )
    labelled["outcome_id"] = Ranked(outcome_places, pd.array(ids, dtype="str"))
    named = {name: column.all() for name, column in labelled.items()}
    return pd.DataFrame({**named, **columns}, copy=False)


def _ranked(cells: Columns, levels: Levels, names: Iterable[str]) -> dict[str, Ranked]:
    return {
        name: _by_code(cells[name], levels[name]) if name in levels else Ranked(*_by_value(cells[name]))
        for name in names
    }


def _by_code(codes: Whole, levels: Sequence[str]) -> Ranked:
    """Only labels that occur are ranked: the others of a list make no cell."""
    labels = _labels(levels)
    occurring = [labels[code] for code in np.flatnonzero(np.bincount(codes, minlength=len(labels)))]
    values = natural_sorted(set(occurring))
    place = {label: rank for rank, label in enumerate(values)}
    rank_of_code = np.array([place.get(label, 0) for label in labels])
    return Ranked(rank_of_code[codes], pd.array(values, dtype="str"))


def _by_value(column: NDArray[Any]) -> tuple[Whole, Any]:
    places, values = ranks(pd.Series(column))
    return places, np.array(values, dtype=column.dtype)


def _labels(levels: Sequence[str]) -> list[str]:
    """Labels by code; 0 is missing."""
    return [MISSING, *levels]


def _packed(joint: Whole, size: int) -> tuple[Whole, int]:
    """Numbers without gaps, in the same order."""
    if size > _DENSE:
        values, packed = np.unique(joint, return_inverse=True)
        return packed, len(values)
    marks = np.zeros(size, dtype=bool)
    marks[joint] = True
    return (np.cumsum(marks) - 1)[joint], int(marks.sum())
