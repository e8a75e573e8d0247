"""Disclosure control: one place for the parameters, the noise, the rules and the one way out.

`release(result, policy, noise)` is the only maker of `Released` results, `restore` the only reader of
published rows. Whatever is printed, drawn or downloaded comes out of a `Released` value.
"""

from analytics.disclosure.display import (
    HIDDEN,
    Bound,
    Count,
    Share,
    exact_cause,
    exact_share,
    noisy_count,
    noisy_share,
    threshold,
)
from analytics.disclosure.door import Policy, release, restore, restore_table
from analytics.disclosure.noise import Noise
from analytics.disclosure.parameters import parameter_hash
from analytics.disclosure.released import Hidden, Released, register_renderer
from analytics.disclosure.rules import Rule, is_refreshed, last_week, why_not_compared, why_withheld

__all__ = [
    "HIDDEN",
    "Bound",
    "Count",
    "Hidden",
    "Noise",
    "Policy",
    "Released",
    "Rule",
    "Share",
    "exact_cause",
    "exact_share",
    "is_refreshed",
    "last_week",
    "noisy_count",
    "noisy_share",
    "parameter_hash",
    "register_renderer",
    "release",
    "restore",
    "restore_table",
    "threshold",
    "why_not_compared",
    "why_withheld",
]
