"""Sums and canonical order of count frames: the same counts give the same bytes, however they arrived."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.schema import natural_sorted

Ranks = NDArray[np.intp]


def ranks(column: pd.Series[Any]) -> tuple[Ranks, list[Any]]:
    """Place of each value among the distinct values in natural order, and those values.

    Examples
    --------
    >>> places, labels = ranks(pd.Series(["S10", "S2", "S10"]))
    >>> places.tolist(), labels
    ([1, 0, 1], ['S2', 'S10'])
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        return _category_ranks(column.cat.codes.to_numpy(), list(column.cat.categories))
    if pd.api.types.is_numeric_dtype(column.dtype):
        values, places = np.unique(column.to_numpy(), return_inverse=True)
        return places, list(values)
    codes, uniques = pd.factorize(column.to_numpy(dtype=object))
    labels = natural_sorted(uniques)
    place = {label: rank for rank, label in enumerate(labels)}
    return np.array([place[label] for label in uniques], dtype=np.intp)[codes], labels


def _category_ranks(codes: NDArray[np.integer[Any]], categories: list[Any]) -> tuple[Ranks, list[Any]]:
    """As `ranks`, for a column without gaps; categories that do not occur are left out."""
    used = [categories[code] for code in np.flatnonzero(np.bincount(codes, minlength=len(categories)))]
    labels = natural_sorted(used)
    place = {label: rank for rank, label in enumerate(labels)}
    return np.array([place.get(label, 0) for label in categories], dtype=np.intp)[codes], labels


def joint_ranks(frame: pd.DataFrame, columns: Iterable[str]) -> Ranks:
    """Number the distinct combinations of the columns in natural, lexicographic order."""
    joint = np.zeros(len(frame), dtype=np.intp)
    for name in columns:
        places, labels = ranks(frame[name])
        joint = np.unique(joint * len(labels) + places, return_inverse=True)[1]
    return joint


def categorised(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its text as categories in natural order: cells repeat few labels many times."""
    text = [str(name) for name in frame if not pd.api.types.is_numeric_dtype(frame[name].dtype)]
    columns = {}
    for name in text:
        places, labels = ranks(frame[name])
        columns[name] = pd.Categorical.from_codes(places, categories=pd.array(labels, dtype="str"))  # type: ignore[call-overload] # whole numbers
    return frame.assign(**columns)


def summed(frame: pd.DataFrame, by: Sequence[str], measures: Sequence[str]) -> pd.DataFrame:
    """Add the measures over equal keys, in natural order of the keys.

    Parameters
    ----------
    frame : DataFrame
        Cells, keys may repeat.
    by, measures : sequence of str
        Columns to keep and columns to add.

    Returns
    -------
    DataFrame
        One row per combination of keys, measures as 64-bit integers.
    """
    columns = [*by, *measures]
    if frame.empty:
        return frame.reindex(columns=columns)
    cell = joint_ranks(frame, by)
    first = np.unique(cell, return_index=True)[1]
    result = frame[list(by)].iloc[first].reset_index(drop=True)
    totals = {name: _whole_sums(cell, frame[name].to_numpy()) for name in measures}
    return pd.concat([result, pd.DataFrame(totals)], axis=1) if len(by) else pd.DataFrame(totals)


def _whole_sums(cell: Ranks, counts: NDArray[Any]) -> NDArray[np.int64]:
    sums = np.zeros(int(cell.max()) + 1, dtype=np.int64)
    np.add.at(sums, cell, counts.astype(np.int64))
    return sums
