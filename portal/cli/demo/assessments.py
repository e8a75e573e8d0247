"""Assessments of invented episodes: which were made, what they found, and who was followed up."""

from typing import Final

import numpy as np

from portal.cli.demo.endings import COMPLETED
from portal.cli.demo.people import EMPTY, Columns, exactly, pick
from portal.cli.demo.plan import Plan

ITEMS: Final = ("alcohol", "opioid", "stimulant")
NOT_RECORDED: Final = -5
HALF_YEAR: Final = 183
WINDOW: Final = (154, 210)
ABSTINENT: Final = {"M2": 0.58, "M3": 0.76, "M4": 0.52}
"""One share for all programmes of a class: what differs between them comes from their clients alone."""
AFTER: Final = {1: 0.56, 3: 0.24, 2: 0.09, 6: 0.09, 5: 0.02}
DIED: Final = (51, 52, 53)
SEEN_AT_EXIT: Final = (11, 12, 13, 21, 32, 33)


def assess(
    rng: np.random.Generator, episodes: Columns, scores: np.ndarray, plan: Plan, *, observed: np.ndarray
) -> Columns:
    """Everything asked after admission. `scores` are case mix around an average client of the class."""
    kept = rng.uniform(*plan.assessed)
    made = {
        **_start(rng, episodes, kept),
        **_reviews(rng, episodes, rng.random(len(scores)) < _abstinent(plan, scores), kept),
        **_exit(rng, episodes, kept),
        **_followup(rng, episodes, observed=observed),
    }
    return episodes | made


def _start(rng: np.random.Generator, episodes: Columns, kept: float) -> Columns:
    """A start assessment that was not made leaves its answers as not recorded."""
    missed = ~exactly(rng, len(episodes["sex"]), kept)
    names = [name for name in episodes if name.startswith("start_d28_")]
    return {name: np.where(missed, NOT_RECORDED, episodes[name]) for name in names} | {
        "start_day": np.where(missed, EMPTY, np.minimum(episodes["start_day"], episodes["last_contact_day"]))
    }


def _reviews(rng: np.random.Generator, episodes: Columns, sober: np.ndarray, kept: float) -> Columns:
    last = episodes["last_contact_day"]
    n = len(last)
    early = np.minimum(91 + rng.integers(-10, 11, n), last)
    half = np.clip(182 + np.round(rng.normal(0, 8, n)), WINDOW[0], np.minimum(WINDOW[1], last)).astype(int)
    due = {1: last >= 95, 2: last >= WINDOW[0]}
    days = {1: early, 2: np.maximum(half, WINDOW[0])}
    columns: Columns = {}
    for number in (1, 2):
        is_made = np.zeros(n, dtype=bool)
        is_made[due[number]] = exactly(rng, int(due[number].sum()), kept)
        answers = _after(rng, episodes, sober, f"review_{number}_", eased=number)
        columns |= _group(f"review_{number}", is_made, days[number], answers)
    return columns


def _abstinent(plan: Plan, scores: np.ndarray) -> np.ndarray:
    share = ABSTINENT.get(plan.modality[:2], 0.5)
    return 1 / (1 + np.exp(-(np.log(share / (1 - share)) + scores)))


def _after(
    rng: np.random.Generator, episodes: Columns, sober: np.ndarray, prefix: str, *, eased: int
) -> Columns:
    """Days of use later on: none for the abstinent, a part of those at the start for the others."""
    n = len(sober)
    part = rng.uniform(0.15, 0.75, n) / eased**0.5
    columns: Columns = {}
    for item in ITEMS:
        before = np.maximum(episodes[f"start_d28_{item}"], 0)
        used = np.where(before > 0, np.clip(np.round(before * part), 1, 27), 0).astype(int)
        used = np.where((used == before) & (before > 0), before + 1, used)
        columns[f"{prefix}d28_{item}"] = np.where(sober, 0, used)
    injects = np.maximum(episodes["start_d28_inject"], 0)
    columns[f"{prefix}d28_inject"] = np.where(sober, 0, np.floor(injects * part).astype(int))
    away = np.where(rng.random(n) < 0.025, rng.integers(14, 29, n), 0)
    columns[f"{prefix}d28_controlled_env"] = away
    return columns


def _exit(rng: np.random.Generator, episodes: Columns, kept: float) -> Columns:
    reason, discharge, last = (
        episodes[name] for name in ("discharge_reason", "discharge_day", "last_contact_day")
    )
    n = len(reason)
    ended = reason != EMPTY
    due = np.isin(reason, SEEN_AT_EXIT)
    made = np.zeros(n, dtype=bool)
    early = last <= HALF_YEAR
    for group in (due & early, due & ~early):
        made[group] = exactly(rng, int(group.sum()), kept)
    # Who left against advice was last seen at the last contact, and no more than two weeks before.
    day = np.maximum(last, discharge - 14)
    answers = _after(rng, episodes, np.isin(reason, COMPLETED) | (rng.random(n) < 0.2), "exit_", eased=2)
    answers = {name: _occasional(rng, values, reason, name) for name, values in answers.items()}
    return {
        "exit_labour": np.where(ended, np.where(made, episodes["labour"], NOT_RECORDED), EMPTY),
        "exit_living_where": np.where(ended, np.where(made, episodes["living_where"], NOT_RECORDED), EMPTY),
        **_group("exit", made, day, answers),
    }


def _occasional(rng: np.random.Generator, values: np.ndarray, reason: np.ndarray, name: str) -> np.ndarray:
    """Reason 12 says occasional use, and never of opioids: a few days of alcohol."""
    if name != "exit_d28_alcohol":
        return values
    return np.where(reason == 12, rng.integers(1, 4, len(values)), values)


def _followup(rng: np.random.Generator, episodes: Columns, *, observed: np.ndarray) -> Columns:
    """Half a year after discharge, where that day has come."""
    reason, discharge = episodes["discharge_reason"], episodes["discharge_day"]
    n = len(reason)
    due = (reason != EMPTY) & ~np.isin(reason, DIED) & (discharge + 180 <= observed)
    status = pick(rng, n, AFTER)
    reached = due & np.isin(status, (1, 2))
    days = np.minimum(180 + rng.integers(-15, 16, n), observed - discharge)
    return {
        "followup_180_status": np.where(due, status, EMPTY),
        "followup_180_days": np.where(reached, days, EMPTY),
    }


def _group(name: str, made: np.ndarray, day: np.ndarray, answers: Columns) -> Columns:
    """Columns of one assessment, empty where it was not made."""
    columns = {f"{name}_day": day} | answers
    return {column: np.where(made, values, EMPTY) for column, values in columns.items()}
