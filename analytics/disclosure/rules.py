"""The rules P1-P10 for results of single programmes, each as one small decision that has a border case.

The builder asks `why_not_compared` before it fits a model, the door asks again: both hear the same answer.
"""

from enum import StrEnum

from analytics.disclosure.display import clip
from analytics.disclosure.parameters import AT_RISK, CAUSE, COMPARED, EXPECTED, KNOWN, NEWLY_KNOWN
from analytics.outcomes import OUTCOMES, Source


class Rule(StrEnum):
    """Why something is withheld; the portal holds the sentences."""

    GATE = "gate"
    KNOWN = "P1"
    EXPECTED = "P2"
    CUT = "P3"
    CAUSE = "P4"
    CLIPPED = "P5"
    COMPARED = "P10"
    OVERLAP = "W4"
    THRESHOLD = "T"


def why_withheld(*, gate_open: bool, known: int) -> Rule | None:
    """Return why a programme's result is not shown at all: gate closed, or fewer than 30 known (P1)."""
    if not gate_open:
        return Rule.GATE
    return Rule.KNOWN if known < KNOWN else None


def why_not_compared(
    outcome: str, *, gate_open: bool, known: int, observed: int, expected: float
) -> Rule | None:
    """Return why a programme stays out of observed/expected, or None when it may be compared.

    Notes
    -----
    P2 asks for 5 expected successes and failures. A rate that P5 would clip keeps the programme out as
    well: its count would follow from the sum of O - E over the others, which is 0. An ending with fewer
    than 10 persons keeps it out by P4.

    Examples
    --------
    >>> why_not_compared("RET-F-180", gate_open=True, known=30, observed=15, expected=4.9)
    <Rule.EXPECTED: 'P2'>
    """
    withheld = why_withheld(gate_open=gate_open, known=known)
    if withheld is not None:
        return withheld
    if min(expected, known - expected) < EXPECTED:
        return Rule.EXPECTED
    if OUTCOMES[outcome].source is Source.ENDING and observed < CAUSE:
        return Rule.CAUSE
    return Rule.CLIPPED if clip(observed / known, known) is not None else None


def may_compare(programmes: int) -> bool:
    """Return whether so many programmes make a comparison (P10)."""
    return programmes >= COMPARED


def last_week(at_risk: list[int]) -> int:
    """Return the last week of a curve before fewer than 10 are at risk, -1 when there is none (P3).

    Examples
    --------
    >>> last_week([40, 10, 9, 12])
    1
    """
    for week, number in enumerate(at_risk):
        if number < AT_RISK:
            return week - 1
    return len(at_risk) - 1


def is_refreshed(known: int, *, shown_before: int | None) -> bool:
    """Return whether a programme's result is computed anew: first time, or 30 newly known persons (P8).

    Examples
    --------
    >>> is_refreshed(129, shown_before=100), is_refreshed(130, shown_before=100)
    (False, True)
    """
    return shown_before is None or known - shown_before >= NEWLY_KNOWN
