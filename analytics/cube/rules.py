"""The integrity rules of a cube, run on build and merge."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.cube.frames import summed
from analytics.errors import DefinitionsDiffer


def validate(
    outcome: pd.DataFrame,
    duration: pd.DataFrame,
    pattern: pd.DataFrame,
    *,
    keys: tuple[str, ...],
    always_due: tuple[str, ...],
) -> None:
    """Check the frames of a cube.

    Raises
    ------
    DefinitionsDiffer
        Naming the broken rule: counts are whole and not negative, successes <= known <= due, patterns
        exist, causes are codes, and outcomes due for every admission add up to the durations.
    """
    due, known, success = (outcome[name].to_numpy() for name in ("n_due", "n_known", "n_success"))
    _keep("0 <= n_success <= n_known <= n_due", (success < 0) | (success > known) | (known > due))
    _keep("n > 0", duration["n"].to_numpy() <= 0)
    _keep("pattern_id exists", ~_among(outcome["pattern_id"], pattern["pattern_id"]))
    _keep("end_cause >= 0", duration["end_cause"].to_numpy() < 0)
    _keep("entry = 0, or 0 < entry < time", ~_ordered(duration))
    for each in always_due:
        _keep(f"n_due of {each} = n of durations", _unequal(outcome, duration, keys, each))


def _keep(rule: str, broken: np.ndarray) -> None:
    if broken.any():
        raise DefinitionsDiffer("broken_counts", rule=rule, count=int(broken.sum()))


def _among(ids: pd.Series[int], known: pd.Series[int]) -> np.ndarray:
    numbers = known.to_numpy()
    if np.array_equal(numbers, np.arange(len(numbers))):  # as patterns are numbered: no look-up is needed
        found = ids.to_numpy()
        return (found >= 0) & (found < len(numbers))
    return ids.isin(known).to_numpy()


def _ordered(duration: pd.DataFrame) -> np.ndarray:
    entry, time = duration["entry"].to_numpy(), duration["time"].to_numpy()
    # Who would leave at the moment of a delayed entry was never at risk.
    return (entry == 0) | ((entry > 0) & (entry < time))


def _unequal(
    outcome: pd.DataFrame, duration: pd.DataFrame, keys: tuple[str, ...], outcome_id: str
) -> np.ndarray:
    if duration.empty:
        return np.zeros(1, dtype=bool)
    due = summed(outcome[outcome["outcome_id"] == outcome_id], keys, ["n_due"])
    all_of = summed(duration, keys, ["n"])
    if len(due) != len(all_of) or (keys and not _same(due, all_of, keys)):
        return np.ones(1, dtype=bool)
    return due["n_due"].to_numpy() != all_of["n"].to_numpy()


def _same(left: pd.DataFrame, right: pd.DataFrame, keys: tuple[str, ...]) -> bool:
    """Whether the keys hold the same labels, be they text or categories."""
    return all((left[key].to_numpy(object) == right[key].to_numpy(object)).all() for key in keys)
