"""Outcomes of assessments and follow-ups: abstinence by report, change, work, housing, overdoses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from analytics.outcomes.cascade import Cascade, Flags, Floats, Judged, judged_as
from analytics.outcomes.catalogue import Definition
from analytics.outcomes.changes import THRESHOLDS, Change, change_of
from analytics.outcomes.codes import (
    ASSESSMENT_WINDOW,
    CONTROLLED_ENVIRONMENT_DAYS,
    REASON_DIED,
    REASON_NOT_STARTED,
)
from analytics.outcomes.episodes import abstinent
from analytics.outcomes.records import ILLICIT, STIMULANTS, WIDER, Records
from analytics.outcomes.stays import SETTLING_DAYS, lengths, numbers

GROUPS: Final[dict[int, str]] = {
    **dict.fromkeys(range(100, 200), "opioid"),
    210: "cocaine",
    220: "crack",
    **dict.fromkeys((310, 320, 321, 330, 350, 351), "stimulant"),
    **dict.fromkeys((340, 341, 342, 343), "cathinone"),
    **dict.fromkeys((410, 420, 430, 440, 442), "sedative"),
    441: "gabapentinoid",
    **dict.fromkeys((710, 720, 730), "cannabis"),
    **dict.fromkeys((800, 801), "alcohol"),
}
"""Group of a substance: which question about days of use is about it. Others have none."""

PAIRS: Final = {
    "CHG-PSY": "psych_0_20",
    "CHG-PHY": "phys_0_20",
    "CHG-QOL": "qol_0_20",
    "WORK": "d28_paid_work",
}
WORKING_DAYS: Final = 8
FOLLOW_UPS: Final = (90, 180, 365)
INTERVIEWED: Final = 1
DEAD: Final = 4
FULL_REMISSION: Final = (1, 3)
REMISSION_DAYS: Final = 183
PER_YEAR: Final = 365.25


def judge_abstinence(records: Records, definition: Definition) -> Judged:
    """ABS-28 of the primary substance, ABS-28-ALL of every illicit drug; R35 flags, and judges neither."""
    cascade = _reviewed_cohort(records)
    used = _primary if definition.id == "ABS-28" else _all_illicit
    answers: list[bool | None] = [None] * len(records)
    for review in records.reviews():
        found = _abstinent_at(records, review, used(records, review))
        answers = [before if now is None else now for before, now in zip(answers, found, strict=True)]
    held = int((cascade.kept & _controlled(records)).sum())
    return judged_as(definition, cascade, numbers(answers), flagged={"controlled_environment": held})


def judge_change(
    records: Records, definition: Definition, thresholds: Mapping[str, int | None] = THRESHOLDS
) -> Judged:
    """CHG-…: the place in `Change` of each episode, for those who used at the start."""
    group = definition.id.removeprefix("CHG-").lower()
    start = records.values(records.item_column("start", group) or "")
    review = in_window(records, {r: records.item_column(r, group) or "" for r in records.reviews()})
    cascade = _reviewed_cohort(records)
    cascade.keep("start_known", ~np.isnan(start))
    classes = [
        change_of(_int(before), _int(after), thresholds.get(group))
        for before, after in zip(start, review, strict=True)
    ]
    value = np.array([list(Change).index(each) for each in classes], dtype=np.float64)
    flagged = {"controlled_environment": int((cascade.kept & _controlled(records)).sum())}
    return judged_as(definition, cascade, value, flagged=flagged)


def judge_pair(records: Records, definition: Definition) -> Judged:
    """CHG-PSY, CHG-PHY, CHG-QOL, WORK: review minus start."""
    item = PAIRS[definition.id]
    cascade = _reviewed_cohort(records)
    return judged_as(definition, cascade, _review(records, item) - records.values(f"start_{item}"))


def judge_stopped(records: Records, definition: Definition) -> Judged:
    """INJ-STOP and HOUSE: those who had it at the start, and have it no more at the review."""
    item = "d28_inject" if definition.id == "INJ-STOP" else "housing_acute"
    cascade = _reviewed_cohort(records)
    cascade.keep("had_it_at_start", records.values(f"start_{item}") > 0)
    after = _review(records, item)
    value = np.where(np.isnan(after), np.nan, after == 0)
    if definition.id == "INJ-STOP":
        held = _controlled(records)
        value = np.where(held, np.nan, value)
        return judged_as(
            definition, cascade, value, flagged={"controlled_environment": int((cascade.kept & held).sum())}
        )
    return judged_as(definition, cascade, value)


def judge_working(records: Records, definition: Definition) -> Judged:
    """WORK-8: eight or more days of paid work of 28 at the review."""
    days = _review(records, "d28_paid_work")
    cascade = _reviewed_cohort(records)
    return judged_as(definition, cascade, np.where(np.isnan(days), np.nan, days >= WORKING_DAYS))


def judge_overdoses(records: Records, definition: Definition) -> Judged:
    """OD-RATE: overdoses since the last assessment, over the years between the assessments that asked."""
    start = records.raw("start_day")
    events, until = np.zeros(len(records)), np.where(np.isnan(start), 0.0, start)
    years = np.zeros(len(records))
    for stage in (*records.reviews(), "exit"):
        day, found = records.values(f"{stage}_day"), records.values(f"{stage}_overdose_since_last")
        asked = ~np.isnan(day) & ~np.isnan(found) & (day > until)
        events = events + np.where(asked, np.nan_to_num(found), 0)
        years = years + np.where(asked, np.nan_to_num(day) - until, 0) / PER_YEAR
        until = np.where(np.isnan(day), until, np.fmax(until, day))
    cascade = Cascade(len(records))
    cascade.keep("assessed_again", years > 0)
    return judged_as(definition, cascade, events, exposure=years)


def judge_follow_up(records: Records, definition: Definition) -> Judged:
    """FU-RATE and FU-KNOWN: one row per follow-up that is due."""
    parts = [_follow_up(records, days) for days in FOLLOW_UPS]
    due, status = (np.concatenate(each) for each in zip(*parts, strict=True))
    cascade = Cascade(len(due))
    cascade.keep("due", due)
    if definition.id == "FU-RATE":
        cascade.keep("not_dead", status != DEAD)
    reached = status == INTERVIEWED if definition.id == "FU-RATE" else np.isin(status, (INTERVIEWED, DEAD))
    return judged_as(definition, cascade, reached.astype(np.float64))


def judge_remission(records: Records, definition: Definition) -> Judged:
    """ICD-REM: early or sustained full remission; RU-REM: more than six months."""
    cascade = Cascade(len(records))
    if definition.id == "ICD-REM":
        state = records.values("remission_state")
        value = np.where(np.isnan(state), np.nan, np.isin(state, FULL_REMISSION))
    else:
        days = records.values("remission_days")
        value = np.where(np.isnan(days), np.nan, days >= REMISSION_DAYS)
    return judged_as(definition, cascade, value)


def in_window(records: Records, columns: Mapping[str, str]) -> Floats:
    """Answer of the last review within the window of half a year, by the column of each review."""
    first, last = ASSESSMENT_WINDOW
    found = np.full(len(records), np.nan)
    for review, column in columns.items():
        day, value = records.values(f"{review}_day"), records.values(column)
        here = (day >= first) & (day <= last) & ~np.isnan(value)
        found = np.where(here, value, found)
    return found


def primary_column(records: Records, stage: str, group: str) -> str:
    """Column of the days of use of a group; version 1 asks about every stimulant in one."""
    wider = f"{stage}_{WIDER}" if group in STIMULANTS else ""
    return records.item_column(stage, group) or wider


def _reviewed_cohort(records: Records) -> Cascade:
    first, last = ASSESSMENT_WINDOW
    cascade = Cascade(len(records))
    cascade.keep("began", records.values("discharge_reason") != REASON_NOT_STARTED)
    if "admission_month" in records.episodes.columns:
        cascade.keep("old_enough", records.old_enough(last))
    cascade.keep("in_treatment_at_review", lengths(records) >= first)
    return cascade


def _review(records: Records, item: str) -> Floats:
    return in_window(records, {review: f"{review}_{item}" for review in records.reviews()})


def _controlled(records: Records) -> Flags:
    return np.asarray(_review(records, "d28_controlled_env") >= CONTROLLED_ENVIRONMENT_DAYS)


def _abstinent_at(records: Records, review: str, used: Floats) -> list[bool | None]:
    days = zip(
        records.values(f"{review}_day"), used, records.values(f"{review}_d28_controlled_env"), strict=True
    )
    return [abstinent(_int(day), _int(use), _int(env)) for day, use, env in days]


def _primary(records: Records, review: str) -> Floats:
    codes = records.values("substance_1_code")
    used = np.full(len(records), np.nan)
    for group in set(GROUPS.values()):
        members = [code for code, name in GROUPS.items() if name == group]
        here = np.isin(codes, members)
        used = np.where(here, records.values(primary_column(records, review, group)), used)
    return used


def _all_illicit(records: Records, review: str) -> Floats:
    """Most days of any illicit drug; unknown where one that was asked was not answered."""
    names = dict.fromkeys(primary_column(records, review, group) for group in ILLICIT)
    asked = [records.values(name) for name in names if name in records.episodes.columns]
    return np.max(asked, axis=0) if asked else np.full(len(records), np.nan)


def _follow_up(records: Records, days: int) -> tuple[Flags, Floats]:
    status, left = records.values(f"followup_{days}_status"), records.values("discharge_day")
    alive = ~np.isin(records.values("discharge_reason"), list(REASON_DIED))
    passed = np.nan_to_num(left).astype(np.int64) + days + SETTLING_DAYS
    by_now = records.admitted_by() + passed.astype("timedelta64[D]") <= records.closing()
    return np.asarray(~np.isnan(left) & alive & by_now), status


def _int(value: float) -> int | None:
    return None if np.isnan(value) else int(value)
