"""Funnel plots: control limits of proportions and of observed/expected, and over-dispersion."""

from analytics.funnel.dispersion import Overdispersion, overdispersion
from analytics.funnel.limits import FunnelLimits, control_limits
from analytics.funnel.quantiles import binomial_limit, poisson_limit

__all__ = [
    "FunnelLimits",
    "Overdispersion",
    "binomial_limit",
    "control_limits",
    "overdispersion",
    "poisson_limit",
]
