"""Laws of chance around a target: where a unit of a given volume falls by luck alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from analytics.errors import NotEstimable
from analytics.funnel.quantiles import binomial_limit, binomial_mid_p, poisson_limit, poisson_mid_p

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]

ENOUGH: Final = 5.0
"""Expected events (or failures) below which interpolated limits are not monotone."""


def z_of(level: float) -> float:
    """Two-sided normal quantile of a level."""
    return float(ndtri((1 + level) / 2))


@dataclass(frozen=True, slots=True)
class Law:
    """The units of a funnel under one law.

    Attributes
    ----------
    method : str
        Exact name, with the convention.
    target : float
        Centre line.
    observed, size, value, spread : ndarray, shape (k,)
        Events; x of the funnel; share or ratio (NaN without volume); standard error at the target times
        √size, so that `spread / √size` is the standard error.
    small : ndarray of bool
        Units whose verdict is by exact mid-p.
    quantile : callable
        (sizes, p) -> limit at probability p.
    tail : callable
        () -> two-sided exact mid-p of each unit.
    """

    method: str
    target: float
    observed: Floats
    size: Floats
    value: Floats
    spread: float
    small: NDArray[np.bool_]
    quantile: Callable[[Floats, float], Floats]
    tail: Callable[[], Floats]

    def error(self) -> Floats:
        """Standard error of each unit at the target; NaN without volume."""
        return self.drawn_error(self.size)

    def drawn_error(self, size: Floats) -> Floats:
        return np.divide(self.spread, np.sqrt(size), out=np.full_like(size, np.nan), where=size > 0)

    def limits(self, level: float) -> Pair:
        return self.drawn_limits(self.size, level)

    def drawn_limits(self, size: Floats, level: float) -> Pair:
        """Lower and upper limit at each size; NaN without volume."""
        lower, upper = np.full_like(size, np.nan), np.full_like(size, np.nan)
        live = size > 0
        lower[live] = self.quantile(size[live], (1 - level) / 2)
        upper[live] = self.quantile(size[live], (1 + level) / 2)
        return lower, upper

    def normal_limits(self, level: float, error: Floats, tau2: float) -> Pair:
        """Target ± z√(s² + τ²), not below 0, for a share not above 1."""
        half = z_of(level) * np.sqrt(error**2 + tau2)
        highest = 1.0 if self.method.startswith("binomial") else np.inf
        return np.maximum(self.target - half, 0.0), np.minimum(self.target + half, highest)

    def mid_p(self) -> Floats:
        return self.tail()

    def grid(self, points: int) -> Floats:
        """Sizes for drawing, from the smallest at which the limits are monotone."""
        live = self.size[self.size > 0]
        first = max(float(live.min()), self._drawn_from())
        last = max(float(live.max()) * 1.05, first * 1.05)
        sizes = np.geomspace(first, last, points)
        return np.unique(np.round(sizes)) if self.method.startswith("binomial") else sizes

    def _drawn_from(self) -> float:
        rarer = min(self.target, 1 - self.target) if self.method.startswith("binomial") else 1.0
        exact = self.method.startswith(("binomial", "Poisson,"))
        return ENOUGH / rarer if exact and rarer > 0 else 1.0


@dataclass(frozen=True, slots=True)
class LawOf:
    """Which columns a law needs, and how it is fitted to the units."""

    columns: tuple[str, ...]
    fit: Callable[[pd.DataFrame, float | None], Law]


def _binomial(units: pd.DataFrame, target: float | None) -> Law:
    observed, n = (units[name].to_numpy(dtype=np.float64) for name in ("observed", "n"))
    if (observed > n).any():
        raise NotEstimable("bad_option", option="observed", expected="at most n", got="more")
    if n.sum() == 0:
        raise NotEstimable("bad_option", option="n", expected="some above 0", got=0)
    theta = float(observed.sum() / n.sum()) if target is None else target
    value = np.divide(observed, n, out=np.full_like(n, np.nan), where=n > 0)
    return Law(
        method="binomial, interpolated exact",
        target=theta,
        observed=observed,
        size=n,
        value=value,
        spread=float(np.sqrt(theta * (1 - theta))),
        small=n * min(theta, 1 - theta) < ENOUGH,
        quantile=lambda size, p: binomial_limit(size, theta, p),
        tail=lambda: binomial_mid_p(observed, n, theta),
    )


def _poisson(units: pd.DataFrame, _target: float | None) -> Law:
    observed, expected = (units[name].to_numpy(dtype=np.float64) for name in ("observed", "expected"))
    return Law(
        method="Poisson, interpolated exact, for rare events",
        target=1.0,
        observed=observed,
        size=expected,
        value=_ratio(observed, expected),
        spread=1.0,
        small=expected < ENOUGH,
        quantile=poisson_limit,
        tail=lambda: poisson_mid_p(observed, expected),
    )


def _by_variance(column: str, name: str) -> Callable[[pd.DataFrame, float | None], Law]:
    def fit(units: pd.DataFrame, _target: float | None) -> Law:
        columns = ("observed", "expected", column)
        observed, expected, variance = (units[each].to_numpy(dtype=np.float64) for each in columns)
        size = np.divide(expected**2, variance, out=np.zeros_like(expected), where=variance > 0)
        return Law(
            method=name,
            target=1.0,
            observed=observed,
            size=size,
            value=_ratio(observed, expected),
            spread=1.0,
            small=np.zeros(len(size), dtype=bool),
            quantile=lambda sizes, p: np.maximum(1 + ndtri(p) / np.sqrt(sizes), 0.0),
            tail=lambda: np.full_like(size, np.nan),
        )

    return fit


def _ratio(observed: Floats, expected: Floats) -> Floats:
    return np.divide(observed, expected, out=np.full_like(expected, np.nan), where=expected > 0)


LAWS: Final[dict[str, LawOf]] = {
    "binomial": LawOf(("observed", "n"), _binomial),
    "poisson": LawOf(("observed", "expected"), _poisson),
    "poisson-binomial": LawOf(
        ("observed", "expected", "variance"),
        _by_variance("variance", "Poisson-binomial variance, normal limits 1 ± z√V/E"),
    ),
    "score": LawOf(
        ("observed", "expected", "variance_score"),
        _by_variance("variance_score", "score variance, normal limits 1 ± z√V/E"),
    ),
}
