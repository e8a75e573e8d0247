"""Column specifications: what a column of a table handed to analytics may hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analytics.errors import CellProblem, InvalidFile

if TYPE_CHECKING:
    import pandas as pd

MISSING = "missing"
"""Level of a category that was not answered."""

UNKNOWN = -1
"""Outcome that is due but not known; an empty cell means the same."""

NOT_DUE = -2
"""Episode outside the cohort of an outcome."""

LARGEST = 1e15
"""Beyond it whole numbers are no longer exact, and squares of sums no longer finite."""

Floats = NDArray[np.float64]
Rule = Callable[[Floats], NDArray[np.bool_]]


class ColumnKind(StrEnum):
    """What the cells of a column are."""

    LABEL = "label"
    NUMBER = "number"
    BINARY = "binary"
    COUNT = "count"
    DURATION = "duration"
    OUTCOME = "outcome"


_WRITTEN = "written with 0-9 and a decimal point"
_MOST = f"at most {LARGEST:.0e}".replace("+", "")
EXPECTED: dict[ColumnKind, str] = {
    ColumnKind.LABEL: "a label",
    ColumnKind.NUMBER: f"a number {_WRITTEN}, {_MOST} either way",
    ColumnKind.BINARY: "0 or 1",
    ColumnKind.COUNT: f"a whole number of 0 or more, written with 0-9, {_MOST}",
    ColumnKind.DURATION: f"a number of 0 or more {_WRITTEN}, {_MOST}",
    ColumnKind.OUTCOME: "1 reached, 0 not, -1 unknown or -2 not due",
}
RULES: dict[ColumnKind, Rule] = {
    ColumnKind.NUMBER: lambda x: np.abs(x) <= LARGEST,
    ColumnKind.BINARY: lambda x: (x == 0) | (x == 1),
    ColumnKind.COUNT: lambda x: (x >= 0) & (x <= LARGEST) & (x == np.floor(x)),
    ColumnKind.DURATION: lambda x: (x >= 0) & (x <= LARGEST),
    ColumnKind.OUTCOME: lambda x: np.isin(x, (1, 0, UNKNOWN, NOT_DUE)),
}


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column.

    Parameters
    ----------
    name : str
        Header.
    kind : ColumnKind
        Rule of the cells.
    nullable : bool
        Whether a cell may be empty: no number, or the level `missing` of a label.
    unit : str
        Unit of the numbers, for the reader.
    codes : tuple of str
        Allowed labels; empty allows all.
    """

    name: str
    kind: ColumnKind
    nullable: bool = False
    unit: str = ""
    codes: tuple[str, ...] = ()

    @property
    def expected(self) -> str:
        """What a cell may hold, in words."""
        base = f"one of {', '.join(self.codes)}" if self.codes else EXPECTED[self.kind]
        return f"{base}, or an empty cell" if self.nullable else base


def validate_episodes(frame: pd.DataFrame, specs: Sequence[ColumnSpec]) -> list[CellProblem]:
    """Check a typed frame before it is counted.

    Parameters
    ----------
    frame : DataFrame, shape (rows, columns)
        Rows in any order.
    specs : sequence of ColumnSpec
        The columns that will be used.

    Returns
    -------
    list of CellProblem
        Every cell that breaks its column's rule; `line` is the position of the row, from 1.

    Raises
    ------
    InvalidFile
        A column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> spec = ColumnSpec("event", ColumnKind.BINARY)
    >>> [str(p) for p in validate_episodes(pd.DataFrame({"event": [0, 2]}), [spec])]
    ["line 2, column event: expected 0 or 1, got '2.0'"]
    """
    problems: list[CellProblem] = []
    for spec in specs:
        if spec.name not in frame.columns:
            columns = ", ".join(map(str, frame.columns))
            raise InvalidFile("column_missing", path="frame", column=spec.name, columns=columns)
        problems.extend(_problems(frame[spec.name], spec))
    return problems


def _problems(column: pd.Series[Any], spec: ColumnSpec) -> list[CellProblem]:
    empty = column.isna().to_numpy()
    if spec.kind is ColumnKind.LABEL:
        labels = column.astype("str").to_numpy()
        bad = ~np.isin(labels, spec.codes) if spec.codes else np.zeros(len(labels), dtype=bool)
        got = list(labels)
    else:
        numbers = column.to_numpy(dtype="float64", na_value=np.nan)
        bad = ~RULES[spec.kind](numbers)
        got = list(numbers)
    bad = np.where(empty, not spec.nullable, bad)
    return [
        CellProblem(int(row) + 1, spec.name, spec.expected, "" if empty[row] else str(got[row]))
        for row in np.flatnonzero(bad)
    ]
