"""Intervals of proportions, differences and rates: plain functions of numbers.

Here belong closed formulas of counts. Anything that needs a cube or a model belongs to a method module.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.errors import NotEstimable
from analytics.schema import Result

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

__all__ = ["Intervals", "clustered_proportion_ci", "proportion_ci", "proportion_diff", "rate_ci"]

Floats = NDArray[np.float64]
Limits = tuple[Floats, Floats]

BYAR_FROM = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Intervals(Result):
    """Estimates with limits.

    Attributes
    ----------
    table : DataFrame
        One row per estimate; counts as given, `estimate`, `lower`, `upper`; NaN where there is no value.
    conf : float
        Level.
    """

    conf: float


def proportion_ci(x: ArrayLike, n: ArrayLike, *, method: str = "wilson", conf: float = 0.95) -> Intervals:
    """Interval of proportions.

    Parameters
    ----------
    x, n : array_like of int, shape (k,)
        Successes and trials, 0 <= x <= n.
    method : {"wilson", "wilson-cc", "clopper-pearson"}
        Clopper-Pearson where a guarantee is wanted (deaths, overdoses).
    conf : float
        Level, between 0 and 1.

    Returns
    -------
    Intervals
        `x`, `n`, `estimate`, `lower`, `upper`; no value at n = 0; at x = 0 and x = n the closed limit is
        exactly 0 or 1.

    Raises
    ------
    NotEstimable
        An unknown method, or x outside 0..n.

    References
    ----------
    Wilson 1927; Newcombe 1998, DOI 10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E.

    Examples
    --------
    >>> proportion_ci([81], [263]).table[["lower", "upper"]].round(4).values.tolist()
    [[0.2553, 0.3662]]
    """
    import pandas as pd

    events, trials = _counts(x, n)
    lower, upper = _chosen(_PROPORTIONS, method)(events, trials, conf)
    estimate = np.divide(events, trials, out=np.full_like(trials, np.nan), where=trials > 0)
    table = pd.DataFrame({"x": events, "n": trials, "estimate": estimate, "lower": lower, "upper": upper})
    reference = "Newcombe, Stat Med 1998;17:857"
    return _intervals(table, method=_NAMES[method], reference=reference, n=int(trials.sum()), conf=conf)


def proportion_diff(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, *, conf: float = 0.95
) -> Intervals:
    """Interval of the difference of two proportions, first minus second, Newcombe's hybrid of Wilson.

    Parameters
    ----------
    x1, n1, x2, n2 : array_like of int, shape (k,)
        Successes and trials.
    conf : float
        Level.

    Returns
    -------
    Intervals
        `estimate`, `lower`, `upper`.

    References
    ----------
    Newcombe 1998, DOI 10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I, method 10.

    Examples
    --------
    >>> proportion_diff(56, 70, 48, 80).table.round(4).values.tolist()
    [[0.2, 0.0524, 0.3339]]
    """
    import pandas as pd

    first, second = _counts(x1, n1), _counts(x2, n2)
    (l1, u1), (l2, u2) = wilson(*first, conf), wilson(*second, conf)
    with np.errstate(invalid="ignore", divide="ignore"):
        p1, p2 = first[0] / first[1], second[0] / second[1]
    difference = p1 - p2
    lower = difference - np.hypot(p1 - l1, u2 - p2)
    upper = difference + np.hypot(u1 - p1, p2 - l2)
    table = pd.DataFrame({"estimate": difference, "lower": lower, "upper": upper})
    reference = "Newcombe, Stat Med 1998;17:873"
    trials = int(first[1].sum() + second[1].sum())
    return _intervals(table, method="Newcombe hybrid of Wilson", reference=reference, n=trials, conf=conf)


def rate_ci(o: ArrayLike, person_time: ArrayLike, *, method: str = "phe", conf: float = 0.95) -> Intervals:
    """Interval of rates of independent events.

    Parameters
    ----------
    o : array_like of int, shape (k,)
        Events.
    person_time : array_like of float, shape (k,)
        Denominators; 1 gives the interval of the count.
    method : {"phe", "exact", "byar"}
        `phe`: exact below 10 events, Byar from 10 on (rule of PHEindicatormethods).
    conf : float
        Level.

    Returns
    -------
    Intervals
        `o`, `person_time`, `estimate`, `lower`, `upper`. A negative Byar limit is no value.

    References
    ----------
    Garwood 1936, DOI 10.1093/biomet/28.3-4.437; Breslow & Day 1987, IARC 82, section 2.3 (Byar).

    Examples
    --------
    >>> rate_ci([65], [1], method="byar").table[["lower", "upper"]].round(3).values.tolist()
    [[50.163, 82.849]]
    """
    import pandas as pd

    events, time = _arrays(o, person_time)
    if (events < 0).any() or (time <= 0).any():
        raise NotEstimable("bad_option", option="o, person_time", expected="o >= 0, time > 0", got="other")
    lower, upper = _chosen(_RATES, method)(events, conf)
    columns = {"estimate": events / time, "lower": lower / time, "upper": upper / time}
    table = pd.DataFrame({"o": events, "person_time": time, **columns})
    reference = "Garwood, Biometrika 1936;28:437; Breslow & Day 1987"
    return _intervals(table, method=_NAMES[method], reference=reference, n=int(events.sum()), conf=conf)


def clustered_proportion_ci(
    people: ArrayLike, episodes: ArrayLike, successes: ArrayLike, *, conf: float = 0.95
) -> Intervals:
    """Interval of a proportion of episodes where people have several.

    Parameters
    ----------
    people, episodes, successes : array_like of int, shape (k,)
        `people` persons have `episodes` known episodes each, `successes` of them successful.
    conf : float
        Level.

    Returns
    -------
    Intervals
        One row: `people`, `n`, `estimate`, `se`, `lower`, `upper`; normal limits clipped to [0, 1].

    Raises
    ------
    NotEstimable
        No episodes.

    Notes
    -----
    Var p = Σ c (s - n p)² / (Σ c n)², the ratio estimator over people.

    References
    ----------
    Cochran 1977, Sampling Techniques, section 2.11.

    Examples
    --------
    >>> clustered_proportion_ci([1, 1], [1, 1], [1, 0]).table["se"].round(4).tolist()
    [0.3536]
    """
    import pandas as pd

    count, each, success = (
        np.atleast_1d(np.asarray(part, dtype=np.float64)) for part in (people, episodes, successes)
    )
    n = float(count @ each)
    if n == 0:
        raise NotEstimable("no_known", outcome="the outcome")
    p = float(count @ success) / n
    se = float(np.sqrt(count @ (success - each * p) ** 2)) / n
    half = _z(conf) * se
    row = {"people": count.sum(), "n": n, "estimate": p, "se": se}
    table = pd.DataFrame([{**row, "lower": max(0.0, p - half), "upper": min(1.0, p + half)}])
    method, reference = "ratio estimator over people, normal limits", "Cochran 1977, section 2.11"
    return _intervals(table, method=method, reference=reference, n=int(n), conf=conf)


def wilson(x: Floats, n: Floats, conf: float) -> Limits:
    """Wilson limits; NaN where n = 0.

    Examples
    --------
    >>> [float(limit[0].round(4)) for limit in wilson(np.array([0.0]), np.array([20.0]), 0.95)]
    [0.0, 0.1611]
    """
    z = _z(conf)
    safe, p = _share(x, n)
    centre = p + z * z / (2 * safe)
    half = z * np.sqrt(p * (1 - p) / safe + z * z / (4 * safe * safe))
    scale = 1 + z * z / safe
    return _closed(x, n, (centre - half) / scale, (centre + half) / scale)


def wilson_cc(x: Floats, n: Floats, conf: float) -> Limits:
    """Wilson limits with continuity correction, clipped to [0, 1]."""
    z = _z(conf)
    safe, p = _share(x, n)
    scale = 2 * (safe + z * z)
    q = 1 - p
    root_lower = np.sqrt(np.maximum(0, z * z - 2 - 1 / safe + 4 * p * (safe * q + 1)))
    root_upper = np.sqrt(np.maximum(0, z * z + 2 - 1 / safe + 4 * p * (safe * q - 1)))
    middle = 2 * x + z * z
    lower, upper = (middle - 1 - z * root_lower) / scale, (middle + 1 + z * root_upper) / scale
    return _closed(x, n, np.clip(lower, 0, 1), np.clip(upper, 0, 1))


def clopper_pearson(x: Floats, n: Floats, conf: float) -> Limits:
    """Clopper-Pearson limits, quantiles of beta distributions."""
    from scipy.special import betaincinv

    tail = (1 - conf) / 2
    failures = n - x
    lower = _floats(betaincinv(_positive(x), failures + 1, tail))
    upper = _floats(betaincinv(x + 1, _positive(failures), 1 - tail))
    return _closed(x, n, lower, upper)


def garwood(o: Floats, conf: float) -> Limits:
    """Exact limits of a Poisson count."""
    from scipy.special import gammaincinv

    tail = (1 - conf) / 2
    lower = np.where(o > 0, _floats(gammaincinv(_positive(o), tail)), 0.0)
    return lower, _floats(gammaincinv(o + 1, 1 - tail))


def byar(o: Floats, conf: float) -> Limits:
    """Byar's limits of a Poisson count; a negative limit is no value."""
    z = _z(conf)
    safe = _positive(o)
    lower = safe * (1 - 1 / (9 * safe) - z / (3 * np.sqrt(safe))) ** 3
    upper = (o + 1) * (1 - 1 / (9 * (o + 1)) + z / (3 * np.sqrt(o + 1))) ** 3
    return np.where((o > 0) & (lower >= 0), lower, np.nan), upper


def _phe(o: Floats, conf: float) -> Limits:
    exact, approximate = garwood(o, conf), byar(o, conf)
    few = o < BYAR_FROM
    return np.where(few, exact[0], approximate[0]), np.where(few, exact[1], approximate[1])


_PROPORTIONS = {"wilson": wilson, "wilson-cc": wilson_cc, "clopper-pearson": clopper_pearson}
_RATES = {"phe": _phe, "exact": garwood, "byar": byar}
_NAMES = {
    "wilson": "Wilson",
    "wilson-cc": "Wilson with continuity correction",
    "clopper-pearson": "Clopper-Pearson",
    "phe": "exact below 10 events, Byar from 10 on",
    "exact": "exact (Garwood)",
    "byar": "Byar",
}


def _chosen(methods: dict[str, Callable[..., Limits]], name: str) -> Callable[..., Limits]:
    if name not in methods:
        raise NotEstimable("bad_option", option="method", expected=", ".join(methods), got=name)
    return methods[name]


def _z(conf: float) -> float:
    from scipy.special import ndtri

    return float(ndtri((1 + conf) / 2))


def _arrays(x: ArrayLike, n: ArrayLike) -> Limits:
    first, second = np.broadcast_arrays(
        np.atleast_1d(np.asarray(x, dtype=np.float64)), np.atleast_1d(np.asarray(n, dtype=np.float64))
    )
    return first.copy(), second.copy()


def _counts(x: ArrayLike, n: ArrayLike) -> Limits:
    events, trials = _arrays(x, n)
    if not ((events >= 0) & (events <= trials)).all():
        raise NotEstimable("bad_option", option="x, n", expected="0 <= x <= n", got="other")
    return events, trials


def _share(x: Floats, n: Floats) -> Limits:
    safe = _positive(n)
    return safe, x / safe


def _positive(values: Floats) -> Floats:
    """Return the values with 1 in place of 0, where the result is replaced by the closed limit."""
    return np.where(values > 0, values, 1.0)


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _closed(x: Floats, n: Floats, lower: Floats, upper: Floats) -> Limits:
    """Limits with the closed end exactly 0 or 1, and no value where nothing was observed."""
    low = np.where(x == 0, 0.0, lower)
    high = np.where(x == n, 1.0, upper)
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def _intervals(table: pd.DataFrame, *, method: str, reference: str, n: int, conf: float) -> Intervals:
    return Intervals(table=table, method=method, reference=reference, n=n, definitions_version="", conf=conf)
