"""Observed against expected: indirect standardisation of programmes by the case-mix model."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.schema import Result


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standardised(Result):
    """Observed and expected successes per programme.

    Attributes
    ----------
    table : DataFrame
        One row per programme in natural order: `programme` (str), `n` (known outcomes), `unknown`,
        `observed`, `expected`, `variance` (sum of mu(1-mu)), `variance_score` (allowing for the estimation
        of the model), `ratio`, `lower`, `upper` (limits of the ratio), `p` (exact Poisson-binomial mid-p,
        two-sided), `standardised` (ratio times the overall rate), `rare_share` (share of the episodes in
        patterns with fewer than 10 episodes elsewhere).
    outcome : str
        Outcome id.
    by : str
        Key that names the programme.
    rate : float
        Overall share of successes.
    conf : float
        Level of the limits.
    """

    outcome: str
    by: str
    rate: float
    conf: float
