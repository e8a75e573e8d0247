"""Counting rows into wide cells: by pandas from a frame, by constant SQL text from a snapshot."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.cube.spec import CubeSpec, DurationSpec, quoted
from analytics.errors import InvalidEpisodes, TooFew
from analytics.schema import MISSING, NOT_DUE, validate_episodes

MEASURES = ("n_due", "n_known", "n_success")

# Truth cast to a number is a third faster than CASE. NULL is neither true nor false: it is due and unknown.
_DUE = f"count(*) - sum(CAST({{0}} = {NOT_DUE} AS INTEGER))"
_KNOWN = "sum(CAST({0} BETWEEN 0 AND 1 AS INTEGER))"
_SUCCESS = "sum(CAST({0} = 1 AS INTEGER))"
_WHOLE = "CAST({0} AS BIGINT) AS {1}"


def outcome_cells(source: pd.DataFrame, spec: CubeSpec) -> pd.DataFrame:
    """Count every outcome by keys and terms: columns of the keys and terms, then `0_n_due`, `0_n_known`, …"""
    flags = pd.DataFrame(
        {
            f"{place}_{name}": flag
            for place, outcome in enumerate(spec.outcomes)
            for name, flag in zip(MEASURES, _flags(source[outcome.column]), strict=True)
        }
    )
    return _added(_keyed(source, spec.keys, spec.terms), flags)


def duration_cells(source: pd.DataFrame, spec: CubeSpec, duration: DurationSpec) -> pd.DataFrame:
    """Count durations: columns of the keys and strata, `entry`, `time`, `end_cause`, `n`."""
    keyed = _keyed(source, spec.keys, spec.strata)
    keyed["entry"] = source[duration.entry].to_numpy() if duration.entry else 0
    keyed["time"] = source[duration.time].to_numpy()
    keyed["end_cause"] = source[duration.cause].to_numpy()
    cells = _added(keyed, pd.DataFrame({"n": np.ones(len(keyed), dtype=np.int64)}))
    if duration.causes:
        code = {label: place for place, label in enumerate(duration.causes)}
        cells["end_cause"] = cells["end_cause"].map(code)
    return cells.astype({"end_cause": np.int64})


def outcome_sql(spec: CubeSpec) -> str:
    """SQL text of the outcome cells.

    Examples
    --------
    >>> from analytics.cube.spec import OutcomeSpec
    >>> text = outcome_sql(CubeSpec(keys=("programme",), outcomes=(OutcomeSpec("RET", "stayed"),)))
    >>> text.startswith('SELECT "programme", CAST(count(*) - sum(CAST("stayed" = -2 AS')
    True
    """
    by = [quoted(name) for name in (*spec.keys, *spec.terms)]
    sums = [
        _WHOLE.format(rule.format(quoted(outcome.column)), f'"{place}_{name}"')
        for place, outcome in enumerate(spec.outcomes)
        for name, rule in zip(MEASURES, (_DUE, _KNOWN, _SUCCESS), strict=True)
    ]
    return _grouped(by, sums)


def duration_sql(spec: CubeSpec, duration: DurationSpec) -> str:
    """SQL text of the duration cells."""
    by = [quoted(name) for name in (*spec.keys, *spec.strata)]
    entry = quoted(duration.entry) if duration.entry else "0"
    by += [f"{entry} AS entry", f"{quoted(duration.time)} AS time", f"{quoted(duration.cause)} AS end_cause"]
    return _grouped(by, ["CAST(count(*) AS BIGINT) AS n"])


def checked(source: pd.DataFrame, spec: CubeSpec) -> pd.DataFrame:
    """Rows that keep the rules of their columns.

    Raises
    ------
    TooFew
        No rows.
    InvalidEpisodes
        Cells that break a rule.
    """
    if source.empty:
        raise TooFew("no_rows", where="frame")
    problems = validate_episodes(source, spec.columns())
    if problems:
        raise InvalidEpisodes("frame", tuple(problems))
    return source


def _grouped(by: list[str], sums: list[str]) -> str:
    ordinals = ", ".join(str(place) for place in range(1, len(by) + 1))
    tail = f" GROUP BY {ordinals}" if by else ""
    # Names are checked by `quoted` and no value of a user enters the text.
    return f"SELECT {', '.join([*by, *sums])} FROM snapshot{tail}"  # noqa: S608


def _keyed(source: pd.DataFrame, keys: tuple[str, ...], others: tuple[str, ...]) -> pd.DataFrame:
    columns = {}
    for name in (*keys, *others):
        column = source[name].reset_index(drop=True)
        numeric = pd.api.types.is_numeric_dtype(column.dtype)
        columns[name] = column if numeric else column.astype(object).where(column.notna(), MISSING)
    return pd.DataFrame(columns, index=range(len(source)))


def _flags(column: pd.Series[float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    values = column.to_numpy(dtype="float64", na_value=np.nan)
    flags = (values != NOT_DUE, np.isin(values, (0, 1)), values == 1)
    return flags[0].astype(np.int64), flags[1].astype(np.int64), flags[2].astype(np.int64)


def _added(keyed: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    from analytics.cube.frames import summed

    return summed(pd.concat([keyed, measures], axis=1), list(keyed.columns), list(measures.columns))
