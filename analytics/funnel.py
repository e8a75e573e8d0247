"""Funnel plots: control limits of proportions and of observed/expected, and over-dispersion."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analytics.schema import Result


@dataclass(frozen=True, slots=True)
class Overdispersion:
    """Variation beyond chance.

    Attributes
    ----------
    phi : float
        Mean squared z; NaN with fewer than 5 units.
    tau2 : float
        Between-unit variance on the scale of the value; NaN likewise.
    """

    phi: float
    tau2: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FunnelLimits(Result):
    """Control limits of a funnel plot.

    Attributes
    ----------
    table : DataFrame
        One row per unit in natural order: `unit` (str), `observed`, `n` or `expected` and `variance`,
        `size` (x of the funnel: n, expected, or the effective sample E²/V), `value` (share or ratio), for
        each level L (`0.95`, `0.998`) `lower_L` and `upper_L`, `outside` (highest level passed, NaN inside),
        `side` (`above`, `below` or empty); with over-dispersion estimable `adjusted_lower_L`,
        `adjusted_upper_L`, `adjusted_outside`, `adjusted_side` (additive, winsorised).
    kind : str
        binomial, poisson, poisson-binomial or score.
    target : float
        Centre line.
    levels : tuple of float
        Two-sided levels.
    raw, winsorised : Overdispersion
        Without and with winsorising at 10 %.
    curve : DataFrame
        Limits for drawing: `size`, `level`, `lower`, `upper`, `adjusted_lower`, `adjusted_upper`.
    """

    kind: str
    target: float
    levels: tuple[float, ...]
    raw: Overdispersion
    winsorised: Overdispersion
    curve: pd.DataFrame
