"""One episode judged: length of stay, how it stood on a day, and each outcome's yes, no or unknown."""

from typing import NamedTuple

from analytics.outcomes.codes import (
    ASSESSMENT_WINDOW,
    CAUSE_OF,
    COHORT_DAYS,
    CONTROLLED_ENVIRONMENT_DAYS,
    CURVE_WEEKS,
    DEPOT_GRACE_DAYS,
    REASON_COMPLETED,
    REASON_DIED,
    REASON_IMPRISONED,
    REASON_TRANSFERRED,
    REASON_UNKNOWN,
    RETENTION_DAY,
    WAY_OF,
    EndCause,
    Way,
)


def length_of_stay(
    last_contact_day: int,
    *,
    last_depot_day: int | None = None,
    depot_interval_days: int | None = None,
    discharge_day: int | None = None,
    reason: int | None = None,
) -> int:
    """Return the length of stay in days, by last contact or by what the last depot still covered.

    Parameters
    ----------
    last_contact_day : int
        Last day the person is known to be in treatment, days from admission.
    last_depot_day, depot_interval_days : int, optional
        Day of the last injection or implant and the days it lasts; both or neither.
    discharge_day, reason : int, optional
        Day and reason of discharge.

    Returns
    -------
    int
        Days from admission.

    Notes
    -----
    RET-DEPOT: last depot + interval + DEPOT_GRACE_DAYS, cut at discharge for death or incarceration.

    Examples
    --------
    >>> length_of_stay(112, last_depot_day=112, depot_interval_days=28, discharge_day=140, reason=31)
    147
    >>> length_of_stay(112, last_depot_day=112, depot_interval_days=28, discharge_day=120, reason=52)
    120
    """
    if last_depot_day is None or depot_interval_days is None:
        return last_contact_day
    covered = last_depot_day + depot_interval_days + DEPOT_GRACE_DAYS
    stops = reason in REASON_DIED or reason == REASON_IMPRISONED
    return min(covered, discharge_day) if stops and discharge_day is not None else covered


class Standing(NamedTuple):
    """How an episode stands at the end of the cohort's window: day, cause and public level."""

    day: int
    cause: EndCause
    way: Way | None


def standing(los: int, reason: int | None, *, day: int = COHORT_DAYS) -> Standing:
    """Cut an episode at `day` and say how it stood there.

    Parameters
    ----------
    los : int
        Length of stay in days.
    reason : int or None
        Discharge reason, None while the episode is open.
    day : int
        Last day that is looked at.

    Returns
    -------
    Standing
        Day of the end or of the cut, cause (censored at the cut), level; `way` is None when an open
        episode was last seen before `day`, because nobody knows how it stood.

    Examples
    --------
    >>> standing(200, 31)
    Standing(day=183, cause=<EndCause.CENSORED: 'censored'>, way=<Way.IN_TREATMENT: 'in_treatment'>)
    >>> standing(60, 31).way, standing(60, None).way
    (<Way.LOST: 'lost'>, None)
    """
    if los > day:
        return Standing(day, EndCause.CENSORED, Way.IN_TREATMENT)
    if reason is None:
        return Standing(los, EndCause.CENSORED, Way.IN_TREATMENT if los >= day else None)
    return Standing(los, CAUSE_OF[reason], WAY_OF[reason])


def retained(los: int, reason: int | None, *, day: int = RETENTION_DAY) -> bool | None:
    """Return whether the person stayed `day` days, or None where that is unknown or not judged.

    Notes
    -----
    RET-F: length of stay of at least `day`. Transferred out before `day` without a joined episode is
    left out of the cohort; open and last seen before `day` is unknown. Both are None; `judged` tells
    them apart.

    Examples
    --------
    >>> [retained(180, None), retained(179, 31), retained(60, None), retained(60, 21)]
    [True, False, None, None]
    """
    if los >= day:
        return True
    if reason is None or reason in REASON_TRANSFERRED:
        return None
    return False


def judged(los: int, reason: int | None, *, day: int = RETENTION_DAY) -> bool:
    """Return whether the episode is in the fixed cohort of `day`: a transfer before that day is not."""
    return los >= day or reason not in REASON_TRANSFERRED


def completed(los: int, reason: int | None, *, day: int = COHORT_DAYS, planned: bool = False) -> bool | None:
    """Return whether treatment was completed by `day`, or None where the ending is unknown.

    Notes
    -----
    CMP-TEDS counts reasons 10-13; with `planned` also 21, the transfer outside custody (CMP-PLANNED).
    Reason 71 never counts.

    Examples
    --------
    >>> completed(28, 11), completed(28, 71), completed(28, 99), completed(28, 21, planned=True)
    (True, False, None, True)
    """
    if los > day:
        return False
    if reason is None:
        return False if los >= day else None
    if reason == REASON_UNKNOWN:
        return None
    return reason in REASON_COMPLETED or (planned and reason == 21)


def abstinent(day: int | None, days28_primary: int | None, controlled_env_days: int | None) -> bool | None:
    """Return whether the review shows no use in 28 days (ABS-28), or None where it cannot say.

    Parameters
    ----------
    day : int or None
        Day of the review from admission.
    days28_primary, controlled_env_days : int or None
        Days of use of the primary substance and days in a controlled environment, 0 to 28; None or negative
        (a missing code) where not answered.

    Examples
    --------
    >>> abstinent(180, 0, 0), abstinent(180, 3, 0), abstinent(180, 0, 14), abstinent(100, 0, 0)
    (True, False, None, None)
    """
    first, last = ASSESSMENT_WINDOW
    if day is None or not first <= day <= last:
        return None
    if days28_primary is None or days28_primary < 0:
        return None
    if controlled_env_days is None or not 0 <= controlled_env_days < CONTROLLED_ENVIRONMENT_DAYS:
        return None
    return days28_primary == 0


def curve_week(day: int) -> int:
    """Return the week in which a day ends: 7·ceil(day/7) counted in weeks.

    Examples
    --------
    >>> [curve_week(day) for day in (0, 1, 7, 8, 182, 183)]
    [0, 1, 1, 2, 26, 27]
    """
    return -(-day // 7)


def curve_point(day: int, cause: EndCause) -> tuple[int, int]:
    """Return week and event (1 dropped out, 0 censored) of one episode for a curve up to CURVE_WEEKS.

    Notes
    -----
    RET-KM, cause-specific: every other cause is censored at its week. What happens after the last week
    is censored in the week after it, so that the person is at risk in the last one.

    Examples
    --------
    >>> (
    ...     curve_point(60, EndCause.DROPPED_OUT),
    ...     curve_point(183, EndCause.DROPPED_OUT),
    ...     curve_point(60, EndCause.DIED),
    ... )
    ((9, 1), (27, 0), (9, 0))
    """
    week = curve_week(day)
    if week > CURVE_WEEKS:
        return CURVE_WEEKS + 1, 0
    return week, int(cause is EndCause.DROPPED_OUT)
