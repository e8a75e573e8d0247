"""How a released value is shown: bounded counts, clipped rates, intervals. Pages print the form they get."""

import math
from dataclasses import dataclass
from enum import StrEnum

from analytics.disclosure.parameters import (
    CAUSE,
    CLIP_BELOW,
    CLIP_NARROW,
    CLIP_WIDE,
    NORMAL_QUANTILE,
    RATE_DENOMINATOR,
    SIGMA,
    SMALLEST_COUNT,
)

_SIGNS = {"at_most": "≤", "at_least": "≥", "below": "<", "above": ">"}


class Bound(StrEnum):
    """What stands in the place of a value that may not be shown exactly."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    BELOW = "below"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Count:
    """A number of persons: exact as released, or only "fewer than `below`"."""

    value: int | None
    below: int | None = None

    def __str__(self) -> str:
        return f"<{self.below}" if self.value is None else str(self.value)


@dataclass(frozen=True, slots=True)
class Share:
    """A share of 1: a value with its interval, a bound at `limit`, or nothing."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    bound: Bound | None = None
    limit: float | None = None

    @property
    def is_shown(self) -> bool:
        """Whether there is a value or a bound."""
        return self.value is not None or self.bound is not None

    def __str__(self) -> str:
        if self.bound is not None and self.limit is not None:
            return f"{_SIGNS[self.bound]}{round(100 * self.limit)} %"
        return "not shown" if self.value is None else f"{100 * self.value:.1f} %"


HIDDEN = Share()
"""A share of which nothing is shown."""


def threshold(cells: int) -> int:
    """Return T for a sum of `cells` noisy cells: the smallest T ≥ 10 with T² ≥ 4σ²·cells.

    Examples
    --------
    >>> [threshold(cells) for cells in (1, 2, 3, 4, 9)]
    [10, 10, 11, 12, 18]
    """
    needed = 4 * SIGMA * SIGMA * cells
    root = math.isqrt(needed)
    return max(SMALLEST_COUNT, root if root * root == needed else root + 1)


def noisy_count(total: int, *, cells: int = 1) -> Count:
    """Return the shown form of a sum of noisy cells; zero and negative sums are "fewer than" as well.

    Examples
    --------
    >>> str(noisy_count(12)), str(noisy_count(0)), str(noisy_count(11, cells=4))
    ('12', '<10', '<12')
    """
    limit = threshold(cells)
    return Count(None, limit) if total < limit else Count(total)


def noisy_share(part: int, whole: int, *, part_cells: int = 1, whole_cells: int = 1) -> Share:
    """Return the shown form of a rate of two noisy sums, with the interval that allows for the noise.

    Parameters
    ----------
    part, whole : int
        Noisy sums; `part` may exceed `whole`.
    part_cells, whole_cells : int
        Numbers of cells summed in each.

    Returns
    -------
    Share
        Nothing when `whole` is below RATE_DENOMINATOR; a bound when `part` is below its threshold or the
        rate lies beyond the clipping points; else value and interval.

    Notes
    -----
    p ± z·sqrt(p(1-p)/B + σ²(N_A + N_B·p²)/B²), cut to [0, 1].

    Examples
    --------
    >>> str(noisy_share(36, 100)), str(noisy_share(9, 100)), str(noisy_share(98, 100))
    ('36.0 %', '<10 %', '≥95 %')
    """
    if whole < RATE_DENOMINATOR:
        return HIDDEN
    limit = threshold(part_cells)
    if part < limit:
        return Share(bound=Bound.BELOW, limit=math.ceil(100 * limit / whole) / 100)
    rate = min(part / whole, 1.0)
    clipped = clip(rate, whole)
    if clipped is not None:
        return clipped
    noise = SIGMA * SIGMA * (part_cells + whole_cells * rate * rate) / (whole * whole)
    half = float(NORMAL_QUANTILE) * math.sqrt(rate * (1 - rate) / whole + noise)
    return Share(rate, max(0.0, rate - half), min(1.0, rate + half))


def clip(rate: float, whole: int) -> Share | None:
    """Return the bound that stands for a rate too close to 0 or 1, or None when it may be shown (P5)."""
    wide = whole < CLIP_BELOW
    low, high = CLIP_WIDE if wide else CLIP_NARROW
    if rate * 100 < low:
        return Share(bound=Bound.AT_MOST if wide else Bound.BELOW, limit=low / 100)
    if rate * 100 > high:
        return Share(bound=Bound.AT_LEAST if wide else Bound.ABOVE, limit=high / 100)
    return None


def exact_share(rate: float, whole: int, low: float, high: float) -> Share:
    """Return the shown form of an exact rate of one programme: clipped by P5, else with its interval.

    Examples
    --------
    >>> str(exact_share(0.97, 199, 0.9, 1.0)), str(exact_share(0.97, 200, 0.9, 1.0))
    ('≥95 %', '97.0 %')
    """
    return clip(rate, whole) or Share(rate, low, high)


def exact_cause(count: int) -> Count:
    """Return the shown form of a number of endings of one cause: a band below ten (P4).

    Examples
    --------
    >>> str(exact_cause(9)), str(exact_cause(10))
    ('<10', '10')
    """
    return Count(None, CAUSE) if count < CAUSE else Count(count)
