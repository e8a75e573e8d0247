"""Risk sets: at risk, events and censorings per group and time, from duration cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.cube.frames import ranks

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RiskSets:
    """Sorted by group, then time; `starts[g]:starts[g + 1]` are the rows of group g.

    Attributes
    ----------
    labels : list of str
        Groups in natural order.
    starts : ndarray, shape (groups + 1,)
        Bounds of the groups.
    time, at_risk, events, censored : ndarray, shape (rows,)
        At risk just before the time, ends of interest and other ends at it.
    """

    labels: list[str]
    starts: Counts
    time: Floats
    at_risk: Counts
    events: Counts
    censored: Counts

    def slices(self) -> list[slice]:
        """Rows of each group."""
        bounds = self.starts.tolist()
        return [slice(first, last) for first, last in pairwise(bounds)]


def risk_sets(cells: pd.DataFrame, by: str, causes: Sequence[int] | None) -> RiskSets:
    """Risk sets of every group.

    Parameters
    ----------
    cells : DataFrame
        Duration cells of a cube.
    by : str
        Key of the groups; empty for one group `all`.
    causes : sequence of int, optional
        Causes that count as the event; every end but 0 when None.

    Returns
    -------
    RiskSets

    Notes
    -----
    At risk at t: exits at t or later, minus those who had not entered before t. An entry of 0 is no delay.
    """
    group, labels = _groups(cells, by)
    n = cells["n"].to_numpy(dtype=np.int64)
    entry = cells["entry"].to_numpy(dtype=np.float64)
    late = entry > 0
    times = np.concatenate([cells["time"].to_numpy(dtype=np.float64), entry[late]])
    grid, place = np.unique(times, return_inverse=True)
    keys, cell = np.unique(np.concatenate([group, group[late]]) * len(grid) + place, return_inverse=True)
    exits, entries = cell[: len(n)], cell[len(n) :]
    event = is_event(cells["end_cause"].to_numpy(), causes)
    sums = [_sums(exits, n * event, len(keys)), _sums(exits, n * ~event, len(keys))]
    starts = np.searchsorted(keys // len(grid), np.arange(len(labels) + 1))
    change = sums[0] + sums[1] - _sums(entries, n[late], len(keys))
    return RiskSets(labels, starts, grid[keys % len(grid)], _later(change, starts), sums[0], sums[1])


def is_event(cause: NDArray[np.int64], causes: Sequence[int] | None) -> NDArray[np.bool_]:
    """Whether an end counts as the event."""
    return cause != 0 if causes is None else np.isin(cause, list(causes))


def _groups(cells: pd.DataFrame, by: str) -> tuple[NDArray[np.intp], list[str]]:
    if not by:
        return np.zeros(len(cells), dtype=np.intp), ["all"]
    places, labels = ranks(cells[by])
    return places, [str(label) for label in labels]


def _sums(cell: NDArray[np.intp], counts: Counts, length: int) -> Counts:
    sums = np.zeros(length, dtype=np.int64)
    np.add.at(sums, cell, counts)
    return sums


def _later(change: Counts, starts: Counts) -> Counts:
    """Sum from each row to the end of its group."""
    tail = np.concatenate([np.cumsum(change[::-1])[::-1], [0]])
    ends = np.repeat(starts[1:], np.diff(starts))
    return tail[:-1] - tail[ends]
