"""Interpolated exact control limits of a binomial share and of a Poisson ratio, and exact mid-p."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, pdtr

Floats = NDArray[np.float64]


def binomial_limit(n: ArrayLike, target: float, p: float) -> Floats:
    """Control limit of a share at probability p.

    Parameters
    ----------
    n : array_like of int, shape (k,)
        Volumes, 1 or more.
    target : float
        Centre line, between 0 and 1.
    p : float
        Probability below the limit, for instance 0.025.

    Returns
    -------
    ndarray, shape (k,)
        (r_p - α)/n with r_p = F⁻¹(p) and α = (F(r_p) - p)/(F(r_p) - F(r_p - 1)), within 0 and 1.

    Notes
    -----
    Not monotone in n where n·min(θ, 1-θ) < 5.

    References
    ----------
    Spiegelhalter 2005, DOI 10.1002/sim.1970, appendix A.1.1.

    Examples
    --------
    >>> binomial_limit([143], 402 / 3361, 0.999).round(4).tolist()
    [0.2073]
    """
    volumes = np.asarray(n, dtype=np.float64)
    if target in {0.0, 1.0}:
        return np.full_like(volumes, target)
    spread = np.sqrt(volumes * target * (1 - target))
    return np.clip(_interpolated(_Binomial(volumes, target), volumes * target, spread, p) / volumes, 0, 1)


def poisson_limit(expected: ArrayLike, p: float) -> Floats:
    """Control limit of a ratio of a Poisson count to its expectation at probability p.

    Parameters
    ----------
    expected : array_like of float, shape (k,)
        Expectations above 0.
    p : float
        Probability below the limit.

    Returns
    -------
    ndarray, shape (k,)
        Interpolated exact limit, 0 or more.

    References
    ----------
    Spiegelhalter 2005, DOI 10.1002/sim.1970.

    Examples
    --------
    >>> [float(poisson_limit([15], p).round(3)[0]) for p in (0.025, 0.975)]
    [0.491, 1.506]
    """
    mean = np.asarray(expected, dtype=np.float64)
    return np.maximum(_interpolated(_Poisson(mean), mean, np.sqrt(mean), p) / mean, 0)


def binomial_mid_p(x: Floats, n: Floats, target: float) -> Floats:
    """Two-sided exact mid-p of a binomial count against the target."""
    return _mid_p(_Binomial(n, target), x)


def poisson_mid_p(x: Floats, expected: Floats) -> Floats:
    """Two-sided exact mid-p of a Poisson count against its expectation."""
    return _mid_p(_Poisson(expected), x)


class _Binomial:
    def __init__(self, n: Floats, target: float) -> None:
        self.n, self.target, self.most = n, target, n

    def cdf(self, r: Floats) -> Floats:
        # By the incomplete beta function: scipy's own takes no n beyond 32 bits.
        inside = np.clip(r, 0, self.n - 1)
        below = betainc(self.n - inside, inside + 1, 1 - self.target)
        return np.where(r < 0, 0.0, np.where(r >= self.n, 1.0, below))


class _Poisson:
    def __init__(self, mean: Floats) -> None:
        self.mean, self.most = mean, np.full_like(mean, np.inf)

    def cdf(self, r: Floats) -> Floats:
        return np.where(r < 0, 0.0, pdtr(np.maximum(r, 0), self.mean))


def _interpolated(law: _Binomial | _Poisson, mean: Floats, spread: Floats, p: float) -> Floats:
    """Count at which the interpolated distribution function reaches p."""
    low = np.full_like(mean, -1.0)
    high = np.minimum(np.ceil(mean + 40 * spread + 60), law.most)
    # Whole-number bisection: cdf(low) < p <= cdf(high) throughout.
    while True:
        middle = np.floor((low + high) / 2)
        if ((middle <= low) | (middle >= high)).all():
            break
        reached = law.cdf(middle) >= p
        high, low = np.where(reached, middle, high), np.where(reached, low, middle)
    at = law.cdf(high)
    return high - (at - p) / (at - law.cdf(high - 1))


def _mid_p(law: _Binomial | _Poisson, x: Floats) -> Floats:
    upto, before = law.cdf(x), law.cdf(x - 1)
    below = (upto + before) / 2
    return 2 * np.minimum(0.5, np.minimum(below, 1 - below))
