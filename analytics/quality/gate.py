"""The publication gate as one rule of counts: which indicators keep a programme's outcome closed.

The edition's builder calls it with the counts of released persons and stores the verdict; a programme's own
page calls it with those of today. Fewer than 30 known is a matter of disclosure and decided there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FEWEST: Final = 20
REASON_UNKNOWN_PERCENT: Final = 10
TIMELY_PERCENT: Final = 80
FOREIGN: Final = "ZZ"


@dataclass(frozen=True, slots=True)
class Part:
    """Part of a whole, in whole numbers."""

    reached: int = 0
    due: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GateCounts:
    """What the gate is judged by.

    Parameters
    ----------
    known : int
        Episodes whose outcome is known.
    reason_unknown : Part
        Discharges with an unknown reason, of all.
    start, leave : Part
        Start and exit assessments in time, of those due; they matter for outcomes of assessments.
    errors : int
        Records that break an error rule.
    assessed : bool
        Whether the outcome is read from assessments.
    country : str
        Country of the programme; foreign test data never pass.
    """

    known: int
    reason_unknown: Part
    start: Part = Part()
    leave: Part = Part()
    errors: int = 0
    assessed: bool = False
    country: str = ""


def failing(counts: GateCounts) -> tuple[str, ...]:
    """Name the indicators that keep the gate closed; none when it is open.

    Parameters
    ----------
    counts : GateCounts
        Of one programme and outcome.

    Returns
    -------
    tuple of str
        `n`, `DQ11`, `DQ10`, `DQ03`, `DQ05`, `ZZ`.

    Examples
    --------
    >>> failing(GateCounts(known=19, reason_unknown=Part(2, 10)))
    ('n', 'DQ11')
    >>> failing(GateCounts(known=20, reason_unknown=Part(1, 10), start=Part(0, 0), assessed=True))
    ()
    """
    found = ["n"] if counts.known < FEWEST else []
    unknown = counts.reason_unknown
    found += ["DQ11"] if 100 * unknown.reached > REASON_UNKNOWN_PERCENT * unknown.due else []
    found += ["DQ10"] if counts.errors else []
    if counts.assessed:
        found += _late("DQ03", counts.start) + _late("DQ05", counts.leave)
    return (*found, *([FOREIGN] if counts.country == FOREIGN else []))


def _late(indicator: str, timely: Part) -> list[str]:
    """Nobody due is nothing to fail."""
    return [indicator] if 100 * timely.reached < TIMELY_PERCENT * timely.due else []
