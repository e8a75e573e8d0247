"""Iteratively reweighted least squares of a binomial logistic model on grouped counts, and Firth's form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from analytics.errors import NotConverged, NotEstimable

Floats = NDArray[np.float64]

STEP = 1e-11
MAX_STEPS = 100
FIRTH_CAP = 5.0
HALVINGS = 20
LITTLE = 1e-9
NOTHING = 1e-15
SLOW = 0.05
_DEPENDENT = 1e-9


@dataclass(frozen=True, slots=True)
class _Counts:
    """Scaled design, episodes and successes."""

    z: Floats
    n: Floats
    s: Floats
    firth: bool

    def loglik(self, beta: Floats) -> float:
        return loglik(self.z @ beta, self.n, self.s)

    def objective(self, beta: Floats) -> float:
        """What is maximised: the log-likelihood, with ½ log |X'WX| when penalised."""
        if not self.firth:
            return self.loglik(beta)
        _, weight = self.weight(beta)
        return self.loglik(beta) + 0.5 * float(np.linalg.slogdet((self.z * weight[:, None]).T @ self.z)[1])

    def weight(self, beta: Floats) -> tuple[Floats, Floats]:
        mu = expit(self.z @ beta)
        return mu, self.n * mu * (1 - mu)

    def gain(self, beta: Floats, step: Floats) -> float:
        """What a step adds to the log-likelihood, by its quadratic form."""
        mu, _ = self.weight(beta)
        return float((self.z.T @ (self.s - self.n * mu)) @ step) / 2

    def covariance(self, beta: Floats) -> Floats:
        _, weight = self.weight(beta)
        return np.asarray(np.linalg.inv((self.z * weight[:, None]).T @ self.z), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where the iteration ended: coefficients, inverse information, log-likelihood."""

    beta: Floats
    covariance: Floats
    loglik: float


def logistic(x: Floats, n: Floats, s: Floats, *, names: tuple[str, ...], firth: bool = False) -> Maximum:
    """Maximise Σ s·η - n·log(1+e^η), with Jeffreys' penalty when `firth`.

    Parameters
    ----------
    x : ndarray, shape (k, p)
        Design, first column 1.
    n, s : ndarray, shape (k,)
        Episodes and successes, n > 0.
    names : tuple of str
        Names of the columns, for refusals.
    firth : bool
        Firth's penalty.

    Raises
    ------
    NotEstimable
        A column that follows from the others.
    NotConverged
        No finite maximum.

    Notes
    -----
    Columns are centred and scaled before the iteration and the result is carried back, so that a covariate
    in the thousands costs no digits. There is no finite maximum where steps that gain next to nothing do not
    get smaller, or where no information is left.

    References
    ----------
    McCullagh & Nelder 1989, section 4.4; Firth 1993, DOI 10.1093/biomet/80.1.27.
    """
    z, back = _scaled(x, n)
    _full_rank(z, n, names)
    counts = _Counts(z, n, s, firth)
    beta, gain = np.zeros(x.shape[1]), np.inf
    try:
        for _ in range(MAX_STEPS):
            step = _newton(counts, beta)
            before, gain = gain, counts.gain(beta, step)
            if not firth and _runs_away(gain, before):
                raise _separated(beta, names)
            beta = beta + _halved(counts, beta, step)
            if np.max(np.abs(step)) < STEP * max(1.0, float(np.max(np.abs(beta)))):
                return Maximum(back @ beta, back @ counts.covariance(beta) @ back.T, counts.loglik(beta))
    except np.linalg.LinAlgError:
        # No information is left: every fitted probability has become 0 or 1.
        raise _separated(beta, names) from None
    raise NotConverged("no_convergence", iterations=MAX_STEPS) if firth else _separated(beta, names)


def loglik(eta: Floats, n: Floats, s: Floats) -> float:
    """Log-likelihood without the binomial constant."""
    return float(np.sum(s * eta - n * np.logaddexp(0.0, eta)))


def _scaled(x: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Scaled design and the matrix that carries coefficients back."""
    weight = n / n.sum()
    centre = weight @ x
    spread = np.sqrt(weight @ (x - centre) ** 2)
    spread[spread == 0] = 1.0
    centre[0], spread[0] = 0.0, 1.0
    back = np.diag(1 / spread)
    back[0] = -centre / spread
    back[0, 0] = 1.0
    return (x - centre) / spread, back


def _full_rank(z: Floats, n: Floats, names: tuple[str, ...]) -> None:
    corner = np.abs(np.diag(np.linalg.qr(z * np.sqrt(n / n.sum())[:, None], mode="r")))
    if len(corner) < len(names):
        raise NotEstimable("collinear", term=names[len(corner)])
    for name, size in zip(names, corner, strict=True):
        if size < _DEPENDENT:
            raise NotEstimable("collinear", term=name)


def _newton(counts: _Counts, beta: Floats) -> Floats:
    """Step to the maximum; Firth's penalty adds half a success and half a failure per unit of leverage."""
    z, n, s = counts.z, counts.n, counts.s
    mu, weight = counts.weight(beta)
    if counts.firth:
        leverage = weight * np.einsum("kp,pq,kq->k", z, counts.covariance(beta), z)
        # Scoring with the information of the episodes alone would swing around small cells for ever.
        n, s, weight = n + leverage, s + leverage / 2, weight + leverage * mu * (1 - mu)
    step = np.linalg.solve((z * weight[:, None]).T @ z, z.T @ (s - n * mu))
    return np.asarray(step, dtype=np.float64)


def _halved(counts: _Counts, beta: Floats, step: Floats) -> Floats:
    """Newton's step, capped when penalised, halved until what is maximised does not fall."""
    if counts.firth:
        step = np.asarray(step / max(1.0, float(np.max(np.abs(step))) / FIRTH_CAP), dtype=np.float64)
    before = counts.objective(beta)
    for _ in range(HALVINGS):
        if counts.objective(beta + step) >= before - 1e-12 * abs(before):
            break
        step = step / 2
    return step


def _runs_away(gain: float, before: float) -> bool:
    """Whether the log-likelihood creeps towards a bound that no finite coefficient reaches.

    Near a maximum each gain is about the square of the one before; on the way to infinity it is a fixed part
    of it. Large coefficients alone say nothing: a covariate may be steep, or have an outlier.
    """
    return NOTHING < gain < LITTLE and gain > SLOW * before


def _separated(beta: Floats, names: tuple[str, ...]) -> NotConverged:
    return NotConverged("separated", term=names[int(np.argmax(np.abs(beta)))])
