"""The log-rank test and its weighted forms, stratified, from duration cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.cube import Cube
from analytics.cube.frames import joint_ranks, ranks
from analytics.cube.risk import is_event
from analytics.errors import NotComparable
from analytics.schema import Result
from analytics.survival.estimate import durations

Floats = NDArray[np.float64]

_SINGULAR = 1e-9


class Weighting(StrEnum):
    """Weights of the event times."""

    LOG_RANK = "log-rank"
    GEHAN_BRESLOW = "gehan-breslow"
    PETO_PRENTICE = "peto-prentice"
    FLEMING_HARRINGTON = "fleming-harrington"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LogRankTest(Result):
    """Log-rank test.

    Attributes
    ----------
    table : DataFrame
        One row per group in natural order: `group`, `observed`, `expected` (summed over strata; with a
        weighting other than log-rank, weighted sums).
    chisq, p : float
        Statistic and its probability.
    df : int
        Degrees of freedom.
    weighting : Weighting
        The weights.
    strata : tuple of str
        Keys of the strata.
    """

    chisq: float
    df: int
    p: float
    weighting: Weighting
    strata: tuple[str, ...]


def logrank_test(
    cube: Cube,
    group: str,
    strata: str | Sequence[str] = (),
    *,
    weighting: str = "log-rank",
    causes: Sequence[int] | None = None,
) -> LogRankTest:
    """Compare the curves of groups.

    Parameters
    ----------
    cube : Cube
        With durations kept by `group` and `strata`.
    group : str
        Key of the groups, 2 or more.
    strata : str or sequence of str
        Keys within which the groups are compared; the sums are added.
    weighting : {"log-rank", "gehan-breslow", "peto-prentice", "fleming-harrington"}
        1; n; the modified survival prod (1 - d/(n+1)); S(t-), rho = 1.
    causes : sequence of int, optional
        End causes that count as the event.

    Returns
    -------
    LogRankTest
        Without events chi-squared 0 and p 1.

    Raises
    ------
    NotComparable
        One group, or an unknown weighting.
    NotEstimable
        A cube without durations, or not kept by a key.

    Notes
    -----
    U_g = Σ w (d_g - d n_g/n), V_gh = Σ w² d(n-d)/(n-1) (n_g/n)(δ_gh - n_h/n), 0 at n = 1; X² = U'V⁻U.
    The degrees of freedom are the rank of V: groups - 1 unless groups never share a risk set.

    References
    ----------
    Mantel 1966; Peto & Peto 1972, DOI 10.2307/2344317; Harrington & Fleming 1982,
    DOI 10.1093/biomet/69.3.553.

    Examples
    --------
    >>> import pandas as pd
    >>> from analytics.cube import Cube, CubeSpec, DurationSpec
    >>> rows = pd.DataFrame({"arm": list("aabb"), "days": [1, 2, 3, 4], "left": [1, 1, 1, 1]})
    >>> cube = Cube.build(rows, CubeSpec(keys=("arm",), duration=DurationSpec("days", "left")))
    >>> round(logrank_test(cube, "arm").chisq, 4)
    2.8824
    """
    weights = _weighting(weighting)
    keys = (strata,) if isinstance(strata, str) else tuple(strata)
    cells = durations(cube, group, *keys)
    place, labels = ranks(cells[group])
    if len(labels) < 2:
        raise NotComparable("one_group", got=len(labels))
    numbered = cells.assign(place=place, stratum=joint_ranks(cells, keys))
    observed, expected, variance = _sums(numbered, len(labels), weights, causes)
    chisq, df = _chisq(observed - expected, variance)
    return LogRankTest(
        table=pd.DataFrame(
            {"group": [str(label) for label in labels], "observed": observed, "expected": expected}
        ),
        method=f"{weights.value} test" + (f", stratified by {', '.join(keys)}" if keys else ""),
        reference="Mantel, Cancer Chemother Rep 1966;50:163",
        n=int(cells["n"].sum()),
        definitions_version=cube.definitions_version,
        chisq=chisq,
        df=df,
        p=_tail(chisq, df),
        weighting=weights,
        strata=keys,
    )


def _weighting(name: str) -> Weighting:
    try:
        return Weighting(name)
    except ValueError:
        expected = ", ".join(Weighting)
        raise NotComparable("bad_option", option="weighting", expected=expected, got=name) from None


def _tail(chisq: float, df: int) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(df, chisq)) if df else 1.0


def _sums(
    cells: pd.DataFrame, groups: int, weighting: Weighting, causes: Sequence[int] | None
) -> tuple[Floats, Floats, Floats]:
    """Observed, expected and covariance, added over the strata."""
    observed, expected, variance = np.zeros(groups), np.zeros(groups), np.zeros((groups, groups))
    for _, part in cells.groupby("stratum"):
        events, at_risk = _dense(part, groups, causes)
        d, n = events.sum(axis=1), at_risk.sum(axis=1)
        weight = _weights(d, n, weighting)
        share = at_risk / n[:, None]
        observed += weight @ events
        expected += (weight * d) @ share
        spread = np.divide(d * (n - d), n - 1, out=np.zeros_like(n), where=n > 1) * weight**2
        variance += np.diag(spread @ share) - (share * spread[:, None]).T @ share
    return observed, expected, variance


def _dense(cells: pd.DataFrame, groups: int, causes: Sequence[int] | None) -> tuple[Floats, Floats]:
    """Events and numbers at risk, times with events x groups."""
    place = cells["place"].to_numpy()
    n = cells["n"].to_numpy(dtype=np.float64)
    event = is_event(cells["end_cause"].to_numpy(), causes)
    entry = cells["entry"].to_numpy(dtype=np.float64)
    late = entry > 0
    grid, row = np.unique(cells["time"].to_numpy(dtype=np.float64), return_inverse=True)
    events = _table((row, place), n * event, (len(grid), groups))
    change = _table((row, place), n, (len(grid), groups))
    at_risk: Floats = np.cumsum(change[::-1], axis=0)[::-1]
    if late.any():
        # Who enters at t is at risk after t only: taken off every time up to the entry.
        until = np.searchsorted(grid, entry[late], side="right") - 1
        kept = until >= 0
        absent = _table((until[kept], place[late][kept]), n[late][kept], (len(grid), groups))
        at_risk = at_risk - np.cumsum(absent[::-1], axis=0)[::-1]
    with_events = events.sum(axis=1) > 0
    return events[with_events], at_risk[with_events]


def _table(
    cells: tuple[NDArray[np.intp], NDArray[np.intp]], counts: Floats, shape: tuple[int, int]
) -> Floats:
    table = np.zeros(shape)
    np.add.at(table, cells, counts)
    return table


def _weights(d: Floats, n: Floats, weighting: Weighting) -> Floats:
    if weighting is Weighting.GEHAN_BRESLOW:
        return n
    if weighting is Weighting.PETO_PRENTICE:
        return np.cumprod(1 - d / (n + 1)).astype(np.float64)
    if weighting is Weighting.FLEMING_HARRINGTON:
        return np.concatenate([[1.0], np.cumprod(1 - d / n)[:-1]]) if len(d) else d
    return np.ones_like(n)


def _chisq(score: Floats, variance: Floats) -> tuple[float, int]:
    """U'V⁻U by eigenvalues of the correlation form, and the rank of V."""
    deviation = np.sqrt(np.diag(variance))
    live = deviation > 0
    if not live.any():
        return 0.0, len(score) - 1
    scale = deviation[live]
    values, vectors = np.linalg.eigh(variance[np.ix_(live, live)] / np.outer(scale, scale))
    kept = values > _SINGULAR * values[-1]
    parts = vectors[:, kept].T @ (score[live] / scale)
    return float(np.sum(parts**2 / values[kept])), int(kept.sum())
