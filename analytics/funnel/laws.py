"""What differs between the kinds of funnel: volume, value, standard error, limits."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from analytics.errors import NotEstimable
from analytics.funnel.quantiles import binomial_limit, binomial_mid_p, poisson_limit, poisson_mid_p

Floats = NDArray[np.float64]
Limits = tuple[Floats, Floats]

SMALL = 5


@dataclass(frozen=True, slots=True)
class Law(ABC):
    """One kind of funnel over its units.

    Attributes
    ----------
    observed, size, value : ndarray, shape (k,)
        Successes; volume on the x axis (0 without any); share or ratio (NaN without volume).
    target : float
        Centre line.
    small : ndarray of bool, shape (k,)
        Units whose verdict is by the exact mid-p.
    """

    columns: ClassVar[tuple[str, ...]]
    method: ClassVar[str]
    highest: ClassVar[float] = float("inf")

    observed: Floats
    size: Floats
    value: Floats
    target: float
    small: NDArray[np.bool_]

    @classmethod
    @abstractmethod
    def fit(cls, units: pd.DataFrame, target: float | None) -> Law:
        """Law of the units."""

    @abstractmethod
    def drawn_limits(self, size: Floats, level: float) -> Limits:
        """Limits at given volumes."""

    @abstractmethod
    def drawn_error(self, size: Floats) -> Floats:
        """Standard error of the value at given volumes."""

    @abstractmethod
    def mid_p(self) -> Floats:
        """Exact two-sided mid-p of each unit."""

    @abstractmethod
    def grid(self, points: int) -> Floats:
        """Volumes at which the curve is drawn."""

    def limits(self, level: float) -> Limits:
        """Limits of each unit; NaN without volume."""
        live = self.size > 0
        lower, upper = self.drawn_limits(np.where(live, self.size, 1.0), level)
        return np.where(live, lower, np.nan), np.where(live, upper, np.nan)

    def error(self) -> Floats:
        """Standard error of each unit's value; NaN without volume."""
        live = self.size > 0
        return np.where(live, self.drawn_error(np.where(live, self.size, 1.0)), np.nan)

    def normal_limits(self, level: float, error: Floats, tau2: float) -> Limits:
        """Limits target ± z√(s² + τ²), not below 0, for a share not above 1."""
        half = normal_quantile(level) * np.sqrt(error**2 + tau2)
        return np.maximum(self.target - half, 0.0), np.minimum(self.target + half, self.highest)


class Binomial(Law):
    """Share of successes, interpolated exact binomial limits."""

    __slots__ = ()
    columns = ("observed", "n")
    method = "interpolated exact binomial control limits"
    highest = 1.0

    @classmethod
    def fit(cls, units: pd.DataFrame, target: float | None) -> Binomial:
        """Target is the pooled share unless given."""
        x, n = _columns(units, cls.columns)
        if (x > n).any() or (x % 1).any() or (n % 1).any():
            raise NotEstimable(
                "bad_option", option="observed, n", expected="whole observed <= n", got="other"
            )
        total = n.sum()
        pooled = float(x.sum() / total) if total else float("nan")
        centre = pooled if target is None else target
        return cls(x, n, _ratio(x, n), centre, n * min(centre, 1 - centre) < SMALL)

    def drawn_limits(self, size: Floats, level: float) -> Limits:
        """Interpolated exact limits."""
        tail = (1 - level) / 2
        return binomial_limit(size, self.target, tail), binomial_limit(size, self.target, 1 - tail)

    def drawn_error(self, size: Floats) -> Floats:
        """Binomial standard error at the target."""
        return np.sqrt(self.target * (1 - self.target) / size)

    def mid_p(self) -> Floats:
        """Exact binomial mid-p."""
        return binomial_mid_p(self.observed, self.size, self.target)

    def grid(self, points: int) -> Floats:
        """Whole volumes from n·min(θ, 1-θ) = 5 on."""
        rarer = min(self.target, 1 - self.target)
        first = SMALL / rarer if rarer > 0 else 1.0
        return np.unique(np.ceil(_spaced(first, self.size, points)))


class Poisson(Law):
    """Observed over expected of rare events, interpolated exact Poisson limits."""

    __slots__ = ()
    columns = ("observed", "expected")
    method = "interpolated exact Poisson control limits"

    @classmethod
    def fit(cls, units: pd.DataFrame, target: float | None) -> Poisson:
        """Target is 1."""
        observed, expected = _columns(units, cls.columns)
        return cls(observed, expected, _ratio(observed, expected), _one(target), expected < SMALL)

    def drawn_limits(self, size: Floats, level: float) -> Limits:
        """Interpolated exact limits."""
        tail = (1 - level) / 2
        return poisson_limit(size, tail), poisson_limit(size, 1 - tail)

    def drawn_error(self, size: Floats) -> Floats:
        """Poisson standard error of the ratio."""
        return 1 / np.sqrt(size)

    def mid_p(self) -> Floats:
        """Exact Poisson mid-p."""
        return poisson_mid_p(self.observed, self.size)

    def grid(self, points: int) -> Floats:
        """Expectations from 5 on."""
        return _spaced(SMALL, self.size, points)


class PoissonBinomial(Law):
    """Observed over expected of common outcomes, limits 1 ± z√V/E."""

    __slots__ = ()
    columns = ("observed", "expected", "variance")
    method = "normal control limits 1 ± z√V/E with the Poisson-binomial variance"

    @classmethod
    def fit(cls, units: pd.DataFrame, target: float | None) -> PoissonBinomial:
        """Target is 1; the volume is the effective sample E²/V."""
        observed, expected, variance = _columns(units, cls.columns)
        live = (expected > 0) & (variance > 0)
        size = np.divide(expected**2, variance, out=np.zeros_like(expected), where=live)
        value = np.where(live, _ratio(observed, expected), np.nan)
        return cls(observed, size, value, _one(target), np.zeros(len(observed), dtype=bool))

    def drawn_limits(self, size: Floats, level: float) -> Limits:
        """Normal limits, not below 0."""
        return self.normal_limits(level, self.drawn_error(size), 0.0)

    def drawn_error(self, size: Floats) -> Floats:
        """√V/E, which is 1/√(E²/V)."""
        return 1 / np.sqrt(size)

    def mid_p(self) -> Floats:
        """Not known without the patterns: no unit is judged by it."""
        return np.full(len(self.observed), np.nan)

    def grid(self, points: int) -> Floats:
        """Effective samples from the smallest unit on."""
        return _spaced(1.0, self.size, points)


class Score(PoissonBinomial):
    """As Poisson-binomial, with the variance that allows for the estimation of the model."""

    __slots__ = ()
    columns = ("observed", "expected", "variance_score")
    method = "normal control limits 1 ± z√V/E with the score variance"


LAWS: dict[str, type[Law]] = {
    "binomial": Binomial,
    "poisson": Poisson,
    "poisson-binomial": PoissonBinomial,
    "score": Score,
}


def normal_quantile(level: float) -> float:
    """Two-sided quantile of the normal distribution."""
    return float(ndtri((1 + level) / 2))


def _columns(units: pd.DataFrame, names: tuple[str, ...]) -> list[Floats]:
    return [units[name].to_numpy(dtype=np.float64) for name in names]


def _ratio(observed: Floats, volume: Floats) -> Floats:
    return np.divide(observed, volume, out=np.full_like(volume, np.nan), where=volume > 0)


def _one(target: float | None) -> float:
    if target not in {None, 1.0}:
        raise NotEstimable("bad_option", option="target", expected="1 for ratios", got=target)
    return 1.0


def _spaced(first: float, sizes: Floats, points: int) -> Floats:
    """Volumes a little beyond those of the units, none below `first`."""
    live = sizes[sizes > 0]
    start = max(float(live.min()), first)
    return np.geomspace(start, max(float(live.max()), start) * 1.05, points)
