"""Retention from durations counted by group: Kaplan-Meier, restricted mean, log-rank. No rows, no drawing."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analytics.schema import Result


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SurvivalCurve(Result):
    """Kaplan-Meier curves, one per group.

    Attributes
    ----------
    table : DataFrame
        One row per group and time: `group` (str), `time`, `at_risk`, `events`, `censored`, `survival`,
        `se`, `lower`, `upper`. Groups in natural order, times ascending; no row for time 0 unless somebody
        ends there. Every other member follows from this table, so a table cut by disclosure stays coherent.
    totals : DataFrame
        One row per group: `group`, `n`, `events`.
    by : str
        Name of the grouping key; empty for one curve of all.
    conf : float
        Level of the limits.
    """

    totals: pd.DataFrame
    by: str
    conf: float


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
    weighting : str
        Name of the weights.
    """

    chisq: float
    df: int
    p: float
    weighting: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RmstDifference(Result):
    """Difference of two restricted means.

    Attributes
    ----------
    table : DataFrame
        One row: `group1`, `group2`, `tau`, `difference`, `se`, `lower`, `upper`, `p`.
    """
