"""A fitted case-mix model: coefficients, quality, expected probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, xlogy

from analytics.case_mix.design import Design
from analytics.case_mix.irls import logistic
from analytics.cube import Cube
from analytics.schema import Result

Floats = NDArray[np.float64]

BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration(Result):
    """Agreement of expected and observed.

    Attributes
    ----------
    table : DataFrame
        One row per tenth of the expected probability: `decile`, `n`, `observed`, `expected`.
    intercept, slope : float
        Of a logistic regression of the outcome on the linear predictor; 0 and 1 are perfect.
    """

    intercept: float
    slope: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CaseMixFit(Result):
    """A case-mix model fitted on patterns, without programme effects.

    Attributes
    ----------
    table : DataFrame
        One row per coefficient: `term`, `coef`, `se`; first `(Intercept)`, then variable + level.
    outcome : str
        Outcome id.
    design : Design
        Terms, levels, references.
    covariance : ndarray, shape (p, p)
        Inverse information, in the order of the table.
    loglik, c_statistic, brier : float
        Sum of s·η - n·log(1+e^η); concordance with ties 1/2 (NaN without a pair); mean squared error.
    unknown : int
        Episodes due whose outcome is unknown (not fitted).
    cells : DataFrame
        One row per pattern fitted: `pattern_id`, `n`, `successes`, `eta`, `mu`. Never leaves the node.
    """

    outcome: str
    design: Design
    covariance: NDArray[np.float64]
    loglik: float
    c_statistic: float
    brier: float
    unknown: int
    cells: pd.DataFrame

    @property
    def coefficients(self) -> pd.DataFrame:
        """The table, by the name of the specification."""
        return self.table

    @property
    def terms(self) -> tuple[str, ...]:
        """Variables of the model."""
        return self.design.terms

    @property
    def references(self) -> dict[str, str]:
        """Reference level of each categorical variable."""
        return self.design.references

    @property
    def shrinkage(self) -> float:
        """Calibration slope to expect in other people: (χ² - p)/χ², not below 0; NaN without terms.

        Notes
        -----
        On its own data the slope of a fitted model is 1 by construction, and says nothing. χ² is the
        likelihood-ratio statistic against the plain average, p the number of coefficients beside the
        intercept.

        References
        ----------
        van Houwelingen & le Cessie 1990, DOI 10.1002/sim.4780091109.
        """
        terms = len(self.table) - 1
        n, s = (float(self.cells[name].sum()) for name in ("n", "successes"))
        statistic = 2 * (self.loglik - (xlogy(s, s / n) + xlogy(n - s, 1 - s / n)))
        if not terms:
            return float("nan")
        return float(max(0.0, 1 - terms / statistic)) if statistic > 0 else 0.0

    def predict(self, cube: Cube) -> Floats:
        """Linear predictor of each pattern of a cube.

        Parameters
        ----------
        cube : Cube
            With the terms of the model in its patterns.

        Returns
        -------
        ndarray, shape (patterns,)
            η in the order of `cube.pattern`.

        Raises
        ------
        NotEstimable
            A level that the model does not know.
        """
        # `einsum` adds in a fixed order: a rebuilt edition is equal byte by byte.
        beta = self.table["coef"].to_numpy()
        return np.einsum("kp,p->k", self.design.matrix(cube.pattern), beta)

    def calibration(self, cube: Cube | None = None) -> Calibration:
        """Calibration by tenths of the expected probability.

        Parameters
        ----------
        cube : Cube, optional
            Other data than the model was fitted on; its own by default, where the slope is 1.

        Returns
        -------
        Calibration
            `decile`, `n`, `observed`, `expected`.

        References
        ----------
        Steyerberg 2019, DOI 10.1007/978-3-030-16399-0, section 15.3.
        """
        cells = self.cells if cube is None else fitted_cells(cube, self)
        n, s, eta = (cells[name].to_numpy(dtype=np.float64) for name in ("n", "successes", "eta"))
        design = np.column_stack([np.ones(len(eta)), eta])
        names = ("(Intercept)", "linear predictor")
        flat = np.ptp(eta) == 0
        intercept, slope = (np.nan, np.nan) if flat else logistic(design, n, s, names=names).beta
        return Calibration(
            table=_tenths(n, s, eta),
            method="calibration by tenths; logistic recalibration",
            reference="Steyerberg, Clinical Prediction Models 2019",
            n=int(n.sum()),
            definitions_version=self.definitions_version,
            intercept=float(intercept),
            slope=float(slope),
        )


def fitted_cells(cube: Cube, fit: CaseMixFit) -> pd.DataFrame:
    """Counts of a cube's patterns beside the model's expectation."""
    eta = fit.predict(cube)
    counts = cube.margin().counts(fit.outcome)
    place = cube.pattern["pattern_id"].searchsorted(counts["pattern_id"])
    cells = counts[["pattern_id"]].assign(n=counts["n_known"], successes=counts["n_success"], eta=eta[place])
    return cells[cells["n"] > 0].assign(mu=lambda each: expit(each["eta"].to_numpy()))


def concordance(n: Floats, s: Floats, eta: Floats) -> float:
    """Share of pairs of a success and a failure in which the success was expected more; ties 1/2."""
    order = np.round(eta, 10)
    _, place = np.unique(order, return_inverse=True)
    success = np.bincount(place, weights=s)
    failure = np.bincount(place, weights=n - s)
    pairs = success.sum() * failure.sum()
    below = np.cumsum(failure) - failure
    return float(np.sum(success * (below + failure / 2)) / pairs) if pairs else float("nan")


def brier_score(n: Floats, s: Floats, mu: Floats) -> float:
    """Mean squared difference of outcome and expectation."""
    return float(np.sum(s * (1 - mu) ** 2 + (n - s) * mu**2) / n.sum())


def _tenths(n: Floats, s: Floats, eta: Floats) -> pd.DataFrame:
    order = np.argsort(eta, kind="stable")
    middle = np.cumsum(n[order]) - n[order] / 2
    tenth = np.minimum((BINS * middle / n.sum()).astype(int), BINS - 1)
    mu = expit(eta)
    parts = {"n": n[order], "observed": s[order], "expected": (n * mu)[order]}
    sums = {name: np.bincount(tenth, weights=values, minlength=BINS) for name, values in parts.items()}
    table = pd.DataFrame({"decile": np.arange(1, BINS + 1), **sums})
    return table[table["n"] > 0].reset_index(drop=True)
