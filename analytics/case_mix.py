"""The case-mix model: logistic regression on pattern counts, and the exact Poisson-binomial distribution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.schema import Result


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CaseMixFit(Result):
    """A case-mix model fitted on patterns, without programme effects.

    Attributes
    ----------
    table : DataFrame
        One row per coefficient: `term`, `coef`, `se`; first `(Intercept)`, then variable + level.
    outcome : str
        Outcome id.
    terms : tuple of str
        Variables of the model in order.
    references : dict of str to str
        Reference level of each categorical variable.
    covariance : ndarray, shape (p, p)
        Inverse information, in the order of the table.
    loglik, c_statistic, brier : float
        Sum of s·η - n·log(1+e^η); concordance with ties 1/2; mean squared error.
    unknown : int
        Episodes whose outcome is unknown (not fitted).
    cells : DataFrame
        One row per pattern fitted: `pattern_id`, `n`, `successes`, `eta`, `mu`. Stays in the node.
    """

    outcome: str
    terms: tuple[str, ...]
    references: dict[str, str]
    covariance: NDArray[np.float64]
    loglik: float
    c_statistic: float
    brier: float
    unknown: int
    cells: pd.DataFrame
