"""Is it there in time: DQ03 to DQ09, and DQ19. Bands and coarse months are outside."""

from __future__ import annotations

from typing import Final

import numpy as np

from analytics.outcomes.catalogue import definitions
from analytics.outcomes.codes import ASSESSMENT_WINDOW
from analytics.outcomes.judging import judge
from analytics.outcomes.stays import lengths
from analytics.quality.limits import limits
from analytics.quality.material import (
    Flags,
    Floats,
    Indicator,
    Material,
    not_collected,
    of_share,
    shortfall,
    spread,
)

TIMELY_DAYS: Final = 14
EXIT_DUE: Final = (11, 12, 13, 21, 32, 33)
PROMPT_DAYS: Final = 30
SILENT_DAYS: Final = 90


def start_in_time(material: Material) -> Indicator:
    """DQ03: start assessments within 14 days of admission, of episodes at least 14 days old."""
    due = material.exact() & material.records.old_enough(TIMELY_DAYS)
    day = material.records.raw("start_day")
    return of_share("DQ03", due, np.abs(day) <= TIMELY_DAYS, material.numbers)


def review_in_time(material: Material) -> Indicator:
    """DQ04: reviews on days 154 to 210, of those in treatment when the window opened and closed by now."""
    first, last = ASSESSMENT_WINDOW
    records = material.records
    due = material.exact() & records.old_enough(last) & (lengths(records) >= first)
    hit = np.zeros(len(material), dtype=bool)
    for review in records.reviews():
        day = records.raw(f"{review}_day")
        hit |= (day >= first) & (day <= last)
    return of_share("DQ04", due, hit, material.numbers)


def exit_in_time(material: Material) -> Indicator:
    """DQ05: exit assessments within 14 days of discharge, where the reason lets one expect it."""
    due, hit = _exits(material, EXIT_DUE)
    dropped, found = _exits(material, (31,))
    apart = {"dropped_out": float(hit_share)} if (hit_share := _mean(found, dropped)) is not None else {}
    return of_share("DQ05", due, hit, material.numbers, detail=apart)


def followed_up(material: Material) -> Indicator:
    """DQ06: follow-ups interviewed, of those due and not dead."""
    if lacking := material.records.lacks(definitions()["FU-RATE"].needs):
        return not_collected("DQ06", *lacking)
    kept = material.where(material.exact())
    found = judge(kept.records, definitions()["FU-RATE"])
    times = len(found.due) // max(len(kept), 1)
    return of_share("DQ06", found.due, found.value == 1, np.tile(kept.numbers, times))


def submitted_in_time(material: Material) -> Indicator:
    """DQ07: events handed in within 30 days, by the least delay that the month of admission allows."""
    records = material.records
    if "submitted_admission" not in records.episodes.columns:
        return not_collected("DQ07", "submitted_admission")
    delays = [_delay(material, "submitted_admission", np.zeros(len(material)))]
    delays.append(_delay(material, "submitted_discharge", records.values("discharge_day")))
    lag = np.concatenate(delays)
    numbers = np.tile(material.numbers, 2)
    return of_share("DQ07", ~np.isnan(lag), lag <= PROMPT_DAYS, numbers, detail=spread(lag))


def months_reported(material: Material) -> Indicator:
    """DQ08: months with an admission, of those since the programme began to report and before this one."""
    if not material.start_month:
        return not_collected("DQ08", "start_month")
    last = material.records.closing().astype("datetime64[M]")
    expected = np.arange(np.datetime64(material.start_month, "M"), last)
    months = np.unique(material.records.texts("admission_month").astype(str)).astype("datetime64[M]")
    hit = np.isin(expected, months)
    n, value = len(expected), float(hit.mean()) if len(expected) else float("nan")
    if not n:
        return Indicator(id="DQ08")
    level = limits()["DQ08"].level(value)
    return Indicator(id="DQ08", n=n, value=value, level=level, short=shortfall("DQ08", int(hit.sum()), n))


def coverage(material: Material) -> Indicator:
    """DQ09: units that report, of those that there are."""
    if material.units is None:
        return not_collected("DQ09", "units_existing", "units_reporting")
    reporting, existing = material.units
    if not existing:
        return Indicator(id="DQ09")
    value = reporting / existing
    return Indicator(id="DQ09", n=existing, value=value, level=limits()["DQ09"].level(value))


def silent(material: Material) -> Indicator:
    """DQ19: open episodes of which nothing was heard for more than 90 days, admission taken as late."""
    records = material.records
    still_open = np.isnan(records.raw("discharge_day"))
    last = np.zeros(len(material))
    for name in ("last_contact_day", *(f"{review}_day" for review in records.reviews())):
        last = np.fmax(last, np.nan_to_num(records.values(name)))
    since = (records.closing() - records.admitted_by()).astype(np.int64) - last
    return of_share("DQ19", still_open, still_open & (since > SILENT_DAYS), material.numbers)


def _exits(material: Material, reasons: tuple[int, ...]) -> tuple[Flags, Flags]:
    records = material.records
    due = material.exact() & np.isin(records.raw("discharge_reason"), reasons)
    gap = np.abs(records.raw("exit_day") - records.raw("discharge_day"))
    return due, np.asarray(gap <= TIMELY_DAYS)


def _delay(material: Material, column: str, event: Floats) -> Floats:
    """Days from the last day that the event may have happened on to its submission, not below 0."""
    given = material.records.episodes[column].to_numpy(dtype="datetime64[D]")
    days = (given - material.records.admitted_by()).astype(np.float64)
    known = ~np.isnat(given) & material.exact() & ~np.isnan(event)
    return np.where(known, np.maximum(days - event, 0), np.nan)


def _mean(hit: Flags, due: Flags) -> float | None:
    return float(hit[due].mean()) if due.any() else None
