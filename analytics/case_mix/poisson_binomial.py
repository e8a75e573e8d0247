"""The exact Poisson-binomial distribution of the successes of one programme: probabilities and limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, gammaln, xlog1py, xlogy

from analytics.errors import NotEstimable
from analytics.schema import Result

Floats = NDArray[np.float64]

_NEGLIGIBLE = 1e-290
_WIDEST = 80.0
_CERTAIN = 1e-15


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PoissonBinomialTest(Result):
    """Exact test of a number of successes.

    Attributes
    ----------
    table : DataFrame
        One row: `observed`, `expected`, `variance`, `ratio`, `lower`, `upper`, `p`.
    conf : float
        Level of the limits.
    """

    conf: float


def poisson_binomial_pmf(n_k: ArrayLike, mu_k: ArrayLike) -> Floats:
    """Probabilities of 0, 1, …, Σn successes when pattern k has n_k episodes with probability mu_k.

    Parameters
    ----------
    n_k : array_like of int, shape (k,)
        Episodes.
    mu_k : array_like of float, shape (k,)
        Probabilities.

    Returns
    -------
    ndarray, shape (Σn + 1,)
        Probabilities; terms below 1e-290 are set to 0.

    Notes
    -----
    Convolution of the binomial distributions.

    Examples
    --------
    >>> poisson_binomial_pmf([1, 1], [0.5, 0.5]).tolist()
    [0.25, 0.5, 0.25]
    """
    n, mu = _pair(n_k, mu_k)
    start, part = _pmf(n, mu)
    whole = np.zeros(int(n.sum()) + 1)
    whole[start : start + len(part)] = part
    return whole


def poisson_binomial_test(
    observed: int, n_k: ArrayLike, mu_k: ArrayLike, *, conf: float = 0.95
) -> PoissonBinomialTest:
    """Test successes against their expectation, two-sided mid-p, with limits of the ratio.

    Parameters
    ----------
    observed : int
        Successes, 0..Σn.
    n_k, mu_k : array_like, shape (k,)
        Episodes and expected probability of each pattern.
    conf : float
        Level of the limits.

    Returns
    -------
    PoissonBinomialTest
        `observed`, `expected`, `variance`, `ratio`, `lower`, `upper`, `p`.

    Raises
    ------
    NotEstimable
        No episodes, or more successes than episodes.

    Notes
    -----
    p = 2 min(½, F(O) - ½f(O), 1 - F(O) + ½f(O)). The limits invert the same mid-p: the log odds of every
    pattern are shifted by δ until the tail holds (1 - conf)/2; the limit is the shifted expectation over E.
    So the limits exclude 1 exactly when p < 1 - conf.

    References
    ----------
    Hong 2013, DOI 10.1016/j.csda.2012.10.006; Agresti & Gottard 2007, DOI 10.1016/j.csda.2007.01.009.

    Examples
    --------
    >>> float(poisson_binomial_test(0, [2], [0.5]).table["p"].iloc[0])
    0.25
    """
    n, mu = _pair(n_k, mu_k)
    if not n.sum() or not 0 <= observed <= n.sum():
        raise NotEstimable(
            "bad_option", option="observed", expected="0 to the sum of n, above 0", got=observed
        )
    expected, variance = float(np.sum(n * mu)), float(np.sum(n * mu * (1 - mu)))
    lower, upper = ratio_limits(observed, n, mu, conf)
    row = {"observed": observed, "expected": expected, "variance": variance, "ratio": observed / expected}
    table = pd.DataFrame([{**row, "lower": lower, "upper": upper, "p": mid_p(observed, n, mu)}])
    return PoissonBinomialTest(
        table=table,
        method="exact Poisson-binomial, mid-p, limits by inversion",
        reference="Hong, Comput Stat Data Anal 2013;59:41",
        n=int(n.sum()),
        definitions_version="",
        conf=conf,
    )


def mid_p(observed: int, n: Floats, mu: Floats) -> float:
    """Two-sided mid-p of a number of successes."""
    below, above = _tails(observed, n, mu)
    return 2 * min(0.5, below, above)


def ratio_limits(observed: int, n: Floats, mu: Floats, conf: float) -> tuple[float, float]:
    """Limits of observed/expected by inverting the mid-p over a common shift of the log odds.

    Parameters
    ----------
    observed : int
        Successes, 0..Σn.
    n, mu : ndarray, shape (k,)
        Episodes and expected probability of each pattern.
    conf : float
        Level.

    Returns
    -------
    tuple of float
        Lower and upper limit; 0 below nobody, Σn/E above everybody.

    Notes
    -----
    A common shift δ of the log odds tilts the distribution of the sum, P_δ(s) ∝ P(s)e^(δs). So one
    convolution, centred on the observed number, serves every shift exactly.
    """
    tail = (1 - conf) / 2
    inside = np.clip(mu, _CERTAIN, 1 - _CERTAIN)
    eta = np.log(inside) - np.log1p(-inside)
    total, expected = float(n.sum()), float(np.sum(n * mu))
    middle = min(max(float(observed), 0.5), total - 0.5)
    centre = _root(lambda shift: float(np.sum(n * expit(eta + shift))) - middle)
    start, part = _pmf(n, expit(eta + centre))
    distance, log = np.arange(start, start + len(part)) - observed, np.log(part)

    def ratio(side: int) -> float:
        shift = _root(lambda step: _tilted(distance * side, log + step * distance) - tail)
        return float(np.sum(n * expit(eta + centre + shift))) / expected

    return ratio(1) if observed > 0 else 0.0, ratio(-1) if observed < total else total / expected


def _tilted(distance: NDArray[np.int_], log: Floats) -> float:
    """Probability beyond the observed number, half of it at it, of unnormalised log probabilities."""
    weight = np.exp(log - log.max())
    beyond = float(weight[distance > 0].sum() + weight[distance == 0].sum() / 2)
    return beyond / float(weight.sum())


def _root(function: Callable[[float], float]) -> float:
    """Zero of a monotone function of the shift; the bracket doubles until it holds the sign change."""
    from scipy.optimize import brentq

    width = 0.5
    while function(-width) * function(width) > 0 and width < _WIDEST:
        width *= 2
    return float(brentq(function, -width, width, xtol=1e-12, rtol=1e-14))


def _tails(observed: int, n: Floats, mu: Floats) -> tuple[float, float]:
    """P(X < o) + ½P(X = o) and P(X > o) + ½P(X = o)."""
    start, part = _pmf(n, mu)
    place = observed - start
    at = float(part[place]) if 0 <= place < len(part) else 0.0
    below = float(part[: max(place, 0)].sum()) + at / 2
    above = float(part[max(place + 1, 0) :].sum()) + at / 2
    return below, above


def _pmf(n: Floats, mu: Floats) -> tuple[int, Floats]:
    """First value with a probability that counts, and the probabilities from it on."""
    start, part = 0, np.ones(1)
    for episodes, probability in zip(n, mu, strict=True):
        first, single = _binomial(int(episodes), float(probability))
        cut, part = _trimmed(np.convolve(part, single))
        start += first + cut
    return start, part


def _binomial(n: int, p: float) -> tuple[int, Floats]:
    x = np.arange(n + 1)
    log = gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1) + xlogy(x, p) + xlog1py(n - x, -p)
    return _trimmed(np.exp(log))


def _trimmed(part: Floats) -> tuple[int, Floats]:
    counts = np.flatnonzero(part > _NEGLIGIBLE)
    return int(counts[0]), part[counts[0] : counts[-1] + 1]


def _pair(n_k: ArrayLike, mu_k: ArrayLike) -> tuple[Floats, Floats]:
    n, mu = np.asarray(n_k, dtype=np.float64), np.asarray(mu_k, dtype=np.float64)
    inside = (n >= 0).all() and ((mu > 0) & (mu < 1)).all()
    if n.shape != mu.shape or n.ndim != 1 or not inside:
        raise NotEstimable("bad_option", option="n_k, mu_k", expected="n >= 0, 0 < mu < 1", got="other")
    return n[n > 0], mu[n > 0]
