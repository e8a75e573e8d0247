"""Change in days of use between start and review: the five classes, and thresholds that wait for a source."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Change(StrEnum):
    """How use changed; the last two are out of the denominator of users at the start."""

    ABSTINENT = "abstinent"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    DETERIORATED = "deteriorated"
    NOT_ASSESSABLE = "not_assessable"
    NOT_USING = "not_using_at_start"
    INITIATED = "initiated"


USERS: Final = (
    Change.ABSTINENT,
    Change.IMPROVED,
    Change.UNCHANGED,
    Change.DETERIORATED,
    Change.NOT_ASSESSABLE,
)

THRESHOLDS: Final[dict[str, int]] = {"opioid": 13, "crack": 13, "cocaine": 8, "alcohol": 11}
"""Days of reliable change, not verified against Marsden 2010; the others have none: half as many days."""

VERIFIED: Final = False


def change_of(start: int | None, review: int | None, threshold: int | None) -> Change:
    """Class of one pair.

    Parameters
    ----------
    start, review : int or None
        Days of use of the last 28; None where not known.
    threshold : int or None
        Days that count as reliable change; None where there is no threshold: then half of the days at the
        start, either way.

    Returns
    -------
    Change

    Examples
    --------
    >>> [change_of(28, day, 13).value for day in (0, 15, 16)]
    ['abstinent', 'improved', 'unchanged']
    >>> change_of(20, 10, None).value, change_of(20, 11, None).value
    ('improved', 'unchanged')
    """
    if start is None or review is None:
        return Change.NOT_ASSESSABLE
    if start == 0:
        return Change.INITIATED if review else Change.NOT_USING
    if review == 0:
        return Change.ABSTINENT
    least = start / 2 if threshold is None else threshold
    if start - review >= least:
        return Change.IMPROVED
    return Change.DETERIORATED if review - start >= least else Change.UNCHANGED
