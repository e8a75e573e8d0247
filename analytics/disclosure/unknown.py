"""W1, one rule for every page: how much is unknown, and whether programmes may still be ranked."""

from collections.abc import Iterable, Sequence

from analytics.disclosure.display import HIDDEN, Bound, Share, clip
from analytics.disclosure.shown import Notice
from analytics.schema import UNKNOWN_AMBER, UNKNOWN_APART, UNKNOWN_RED

AMBER = "amber"
RED = "red"
_CERTAIN = (Bound.AT_LEAST, Bound.ABOVE)
_DIGITS = 9


def answered(known: int, due: int) -> Share:
    """Return the share of those due whose outcome is known, bounded by P5.

    Examples
    --------
    >>> str(answered(56, 100)), str(answered(98, 100))
    ('56.0 %', '≥95 %')
    """
    return (clip(known / due, due) or Share(known / due)) if due else HIDDEN


def unknown_notices(rows: Iterable[tuple[str, Share | None]], about: str = "") -> tuple[Notice, ...]:
    """Return W1 of every programme with much unknown, and of the whole where the unknown differ.

    Parameters
    ----------
    rows : iterable of (code, Share)
        Share known, as it is shown: a bound says no more here than on its page.
    about : str
        Which outcome, where a page shows two.

    Returns
    -------
    tuple of Notice
        Amber above 20 % unknown, red above 40 %; red for the whole where they differ by more than 15 points.

    Examples
    --------
    >>> [notice.level for notice in unknown_notices([("A", Share(0.5)), ("B", Share(0.75))])]
    ['red', 'amber', 'red']
    """
    ranges = [(code, _range(share)) for code, share in rows if share is not None and share.is_shown]
    found = [
        Notice("W1", code, _rounded(least), RED if least > UNKNOWN_RED else AMBER, about)
        for code, (least, _) in ranges
        if least > UNKNOWN_AMBER
    ]
    apart = _apart([span for _, span in ranges])
    if apart > UNKNOWN_APART:
        found.append(Notice("W1", "", _rounded(apart), RED, about))
    return tuple(found)


def may_rank(notices: Iterable[Notice]) -> bool:
    """Return whether no W1 is red: else bounds are shown, and nobody is ranked."""
    return not any(notice.code == "W1" and notice.level == RED for notice in notices)


def bounds(reached: Share | None, known: int | None, known_share: Share | None) -> tuple[Share, Share]:
    """Return the share reached if all unknown had failed, and if all had succeeded (Manski 1990).

    Nothing where the share reached or the share known is a bound itself.

    Examples
    --------
    >>> [str(each) for each in bounds(Share(0.5), 120, Share(0.6))]
    ['30.0 %', '70.0 %']
    """
    if reached is None or known_share is None or not known:
        return HIDDEN, HIDDEN
    if reached.value is None or known_share.value is None:
        return HIDDEN, HIDDEN
    worst = reached.value * known_share.value
    due = round(known / known_share.value)
    ends = (worst, worst + 1 - known_share.value)
    low, high = (clip(end, due) or Share(end) for end in ends)
    return low, high


def _range(share: Share) -> tuple[float, float]:
    """Least and largest share unknown that the shown share allows."""
    if share.value is not None:
        unknown = round(1 - share.value, _DIGITS)
        return unknown, unknown
    limit = round(1 - (share.limit or 0.0), _DIGITS)
    return (0.0, limit) if share.bound in _CERTAIN else (limit, 1.0)


def _apart(ranges: Sequence[tuple[float, float]]) -> float:
    """How much the unknown shares differ at least."""
    if not ranges:
        return 0.0
    return round(max(least for least, _ in ranges) - min(most for _, most in ranges), _DIGITS)


def _rounded(share: float) -> float:
    return round(share, 3)
