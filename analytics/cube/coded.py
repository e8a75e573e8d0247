"""Counted codes of a snapshot in the order of a cube.

Hundreds of thousands of cells stay whole numbers while they are ordered; labels are put in last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
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

    def runs(self, rows: Whole, times: Whole) -> Any:
        """The labels of some rows, each so many times; text as categories, a tenth of the memory."""
        if isinstance(self.labels, np.ndarray):
            return np.repeat(self.at(rows), times)
        chosen = pd.Categorical.from_codes(self.places[rows], dtype=pd.CategoricalDtype(self.labels))
        return pd.Categorical.from_codes(np.repeat(chosen.codes, times), dtype=chosen.dtype)


@dataclass(frozen=True)
class Numbered:
    """Rows by the number of their cell; cells are numbered in natural order of their keys."""

    cell: Whole
    count: int

    @cached_property
    def first(self) -> Whole:
        """A row of each cell."""
        rows = np.empty(self.count, dtype=np.intp)
        rows[self.cell] = np.arange(len(self.cell))
        return rows

    def total(self, column: Whole) -> Whole:
        """Sum of a column over each cell."""
        if self.count == len(self.cell):
            return column[self.first]
        sums = np.zeros(self.count, dtype=column.dtype)
        np.add.at(sums, self.cell, column)  # two codes with one label
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

    statements = [outcome_sql(spec)] if spec.outcomes else []
    if spec.duration:
        statements.append(duration_sql(spec, spec.duration))
    levels = engine.read_codes(path)
    with closing(engine.columns_ahead(path, *statements)) as counted:
        outcome, pattern = _outcomes(next(counted), levels, spec) if spec.outcomes else (None, None)
        duration = _durations(next(counted), levels, spec, spec.duration) if spec.duration else None
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

    def long(self, wide: Whole) -> NDArray[np.int64]:
        """One row of `wide` for each outcome, its columns in the order of `first`, as a long column.

        The rows of a group lie side by side in both: whole blocks are copied, not single counts.
        """
        outcomes, end = len(wide), np.cumsum(self.group_sizes)
        column = np.empty(wide.size, dtype=np.int64)
        for low, high in zip((end - self.group_sizes).tolist(), end.tolist(), strict=True):
            column[outcomes * low : outcomes * high].reshape(outcomes, -1)[:] = wide[:, low:high]
        return column


def _long(cells: Columns, keys: Mapping[str, Ranked], order: _Order, spec: CubeSpec) -> pd.DataFrame:
    ids = natural_sorted({outcome.id for outcome in spec.outcomes})
    columns = {"pattern_id": order.long(np.broadcast_to(order.pattern_id, (len(ids), order.wide.count)))}
    for name in MEASURES:
        measured = {number: cells[f"{number}_{name}"] for number in range(len(spec.outcomes))}
        wide = np.zeros((len(ids), order.wide.count), dtype=_width(measured.values()))
        for number, outcome in enumerate(spec.outcomes):
            wide[ids.index(outcome.id)] += order.wide.total(measured[number].astype(wide.dtype))
        columns[name] = order.long(wide)
    sizes = order.group_sizes
    start = order.first[np.cumsum(sizes) - sizes]
    named = {name: column.runs(start, len(ids) * sizes) for name, column in keys.items()}
    listed = Ranked(np.arange(len(ids)), pd.array(ids, dtype="str"))
    named["outcome_id"] = listed.runs(np.tile(listed.places, len(start)), np.repeat(sizes, len(ids)))
    return pd.DataFrame({**named, **columns}, copy=False)


def _width(columns: Iterable[NDArray[Any]]) -> type[np.integer[Any]]:
    """Numbers of half the width move twice as fast through the memory; sums must fit as well."""
    most = sum(int(column.max(initial=0)) for column in columns)
    return np.int32 if most <= np.iinfo(np.int32).max else np.int64


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
