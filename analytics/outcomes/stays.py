"""Retention: fixed cohorts, times to the end, covered days, first services. One row per journey."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.outcomes.cascade import Cascade, Flags, Floats, Judged, judged_as
from analytics.outcomes.catalogue import Definition
from analytics.outcomes.codes import (
    CAUSE_OF,
    DEPOT_MODALITIES,
    END_CAUSES,
    OPEN_ENDED,
    REASON_NOT_STARTED,
    EndCause,
)
from analytics.outcomes.episodes import judged, length_of_stay, retained
from analytics.outcomes.journeys import joined
from analytics.outcomes.records import Records

SETTLING_DAYS: Final = 30
"""A day is asked about when it has passed for the whole admission month, and one more month to enter it."""

TWELVE_WEEKS: Final = 84
EFFECTIVE_REASONS: Final = (11, 12)
COVERED_DAYS: Final = 180
LONGEST_GAP: Final = 7
INITIATED_BY: Final = 14
ENGAGED_WITHIN: Final = 34
FURTHER: Final = 2
COULD_NOT_PAY: Final = 35


def lengths(records: Records, *, covered: bool = True) -> NDArray[np.int64]:
    """Length of stay of each episode; with `covered`, by the depot rule where a depot is given.

    Notes
    -----
    A depot that still works reaches to the closing day at most while the episode is open.
    """
    los = np.nan_to_num(records.values("last_contact_day")).astype(np.int64)
    depot = np.isin(records.texts("modality"), list(DEPOT_MODALITIES)) & covered
    names = ("last_depot_day", "depot_interval_days", "discharge_day", "discharge_reason")
    told = np.stack([records.values(name)[depot] for name in names], axis=1)
    for place, row in zip(np.flatnonzero(depot).tolist(), told, strict=True):
        dose, interval, end, reason = _whole(row)
        los[place] = length_of_stay(
            int(los[place]),
            last_depot_day=dose,
            depot_interval_days=interval,
            discharge_day=end,
            reason=reason,
        )
    return _until_closing(records, los)


def reasons_of(records: Records) -> list[int | None]:
    """Discharge reason of each episode, None while it is open."""
    return _whole(records.values("discharge_reason"))


def judge_retention(records: Records, definition: Definition, *, day: int) -> Judged:
    """RET-F, RET-CONTACT and RET-DEPOT: who stayed `day` days, of a fixed cohort."""
    whole = joined(records)
    covered = not definition.id.startswith("RET-CONTACT")
    los, reasons = lengths(whole, covered=covered), reasons_of(whole)
    cascade = _cohort(whole, day)
    if definition.id.startswith(("RET-CONTACT", "RET-DEPOT")):
        cascade.keep("depot", np.isin(whole.texts("modality"), list(DEPOT_MODALITIES)))
    in_cohort = [judged(int(stay), reason, day=day) for stay, reason in zip(los, reasons, strict=True)]
    cascade.keep("not_transferred", np.array(in_cohort, dtype=bool))
    answers = [retained(int(stay), reason, day=day) for stay, reason in zip(los, reasons, strict=True)]
    return judged_as(definition, cascade, numbers(answers))


def judge_twelve_weeks(records: Records, definition: Definition) -> Judged:
    """RET-12W: twelve weeks, or left earlier with reason 11 or 12."""
    found = judge_retention(records, definition, day=TWELVE_WEEKS)
    early = np.isin(joined(records).values("discharge_reason"), EFFECTIVE_REASONS)
    value = np.where(early & ~np.isnan(found.value), 1.0, found.value)
    return Judged(definition=definition, due=found.due, value=value, steps=found.steps)


def judge_time(records: Records, definition: Definition) -> Judged:
    """RET-KM, RET-KM-35 and RET-CIF: length of stay and the cause of its end."""
    whole = joined(records)
    cascade = Cascade(len(whole))
    cascade.keep("began", _began(whole))
    cascade.keep("exact_days", _exact(whole))
    if definition.id != "RET-CIF":
        cascade.keep("open_ended", np.isin(whole.texts("modality"), list(OPEN_ENDED)))
    cause = causes(whole)
    if definition.id == "RET-KM-35":
        censored = whole.values("discharge_reason") == COULD_NOT_PAY
        cause = np.where(censored, END_CAUSES.index(EndCause.CENSORED), cause)
    return judged_as(definition, cascade, lengths(whole).astype(np.float64), cause=cause)


def causes(records: Records) -> NDArray[np.int64]:
    """Place in `END_CAUSES` of the end of each episode; open ones, and those never begun, are censored."""
    found = (
        CAUSE_OF.get(reason, EndCause.CENSORED) if reason is not None else EndCause.CENSORED
        for reason in reasons_of(records)
    )
    return np.array([END_CAUSES.index(each) for each in found], dtype=np.int64)


def judge_covered(records: Records, definition: Definition) -> Judged:
    """RET-POD: 180 covered days without a gap of 8 days or more."""
    cascade = Cascade(len(records))
    if "admission_month" in records.episodes.columns:
        cascade.keep("old_enough", records.old_enough(COVERED_DAYS + SETTLING_DAYS))
    assert records.doses is not None
    given = records.doses.sort_values(["episode", "day"])
    value = np.full(len(records), np.nan)
    for episode, rows in given.groupby("episode", sort=True):
        value[int(str(episode))] = covers(rows["day"].to_numpy(), rows["days_supply"].to_numpy())
    cascade.keep("with_supply", ~np.isnan(value))
    return judged_as(definition, cascade, value)


def covers(day: NDArray[np.int64], supply: NDArray[np.int64]) -> bool:
    """Whether supplies, in the order of their days, cover 180 days with gaps of at most 7.

    Examples
    --------
    >>> covers(np.array([0, 90]), np.array([90, 90])), covers(np.array([0, 98]), np.array([90, 90]))
    (True, False)
    """
    covered, until = 0, int(day[0])
    for start, days in zip(day.tolist(), supply.tolist(), strict=True):
        if start - until > LONGEST_GAP:
            return covered >= COVERED_DAYS
        covered += max(0, start + days - max(start, until))
        until = max(until, start + days)
    return covered >= COVERED_DAYS


def judge_services(records: Records, definition: Definition) -> Judged:
    """IET-INIT and IET-ENG: a first service soon, and two further ones."""
    assert records.services is not None
    cascade = Cascade(len(records))
    value = np.zeros(len(records))
    for episode, rows in records.services.groupby("episode", sort=True):
        days = np.sort(rows["day"].to_numpy())
        early = days[(days >= 0) & (days <= INITIATED_BY)]
        engaged = len(early) and (days <= early[0] + ENGAGED_WITHIN).sum() > FURTHER
        value[int(str(episode))] = bool(engaged if definition.id == "IET-ENG" else len(early))
    return judged_as(definition, cascade, value)


def numbers(answers: list[bool | None]) -> Floats:
    """Yes, no and unknown as 1, 0 and NaN."""
    return np.array([np.nan if each is None else float(each) for each in answers])


def _cohort(records: Records, day: int) -> Cascade:
    cascade = Cascade(len(records))
    cascade.keep("began", _began(records))
    cascade.keep("old_enough", records.old_enough(day + SETTLING_DAYS))
    return cascade


def _began(records: Records) -> Flags:
    return np.asarray(records.values("discharge_reason") != REASON_NOT_STARTED)


def _exact(records: Records) -> Flags:
    precision = records.values("day_precision")
    return np.asarray(np.isnan(precision) | (precision == 1))


def _until_closing(records: Records, los: NDArray[np.int64]) -> NDArray[np.int64]:
    if records.closing_on is None or "admission_month" not in records.episodes.columns:
        return los
    longest = (records.closing() - records.admitted_first()).astype(np.int64)
    is_open = np.isnan(records.values("discharge_reason"))
    return np.where(is_open, np.minimum(los, np.maximum(longest, 0)), los)


def _whole(values: Floats) -> list[int | None]:
    return [None if np.isnan(value) else int(value) for value in values.tolist()]
