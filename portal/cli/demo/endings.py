"""How invented episodes end: day and reason of discharge, last contact, depot doses, open at the closing."""

from typing import Final

import numpy as np

from portal.cli.demo.curves import expit
from portal.cli.demo.people import EMPTY, Columns, exactly, pick
from portal.cli.demo.plan import Plan

DEPOT_DAYS: Final = {"M31": 60, "M32": 28}
LEAVING: Final = {
    31: 0.62,
    32: 0.14,
    33: 0.05,
    21: 0.06,
    61: 0.03,
    41: 0.045,
    13: 0.035,
    52: 0.012,
    51: 0.008,
}
STAYING_AWAY: Final = {31: 0.2, 32: 0.55, 33: 0.12, 21: 0.06, 41: 0.02, 61: 0.05}
COMPLETING: Final = {11: 0.6, 12: 0.2, 13: 0.2}
COMPLETED: Final = (11, 12, 13)
COMPLETION: Final = {"M10": 0.72, "M51": 0.44, "M52": 0.42, "M53": 0.58}
STALE: Final = 0.09
"""Share of those who leave of whom nobody recorded the discharge."""


def stay_ending(rng: np.random.Generator, stays: np.ndarray, plan: Plan) -> tuple[np.ndarray, np.ndarray]:
    """Last contact and reason of people who stay as long as their curve says."""
    n = len(stays)
    reason = pick(rng, n, LEAVING)
    if plan.planned_days:
        done = stays >= plan.planned_days - 10
        reason = np.where(done, pick(rng, n, COMPLETING), np.where(reason == 13, 31, reason))
    return stays, reason


def planned_ending(
    rng: np.random.Generator, scores: np.ndarray, level: float, plan: Plan
) -> tuple[np.ndarray, np.ndarray]:
    """Last contact and reason where treatment has a planned end and people complete it or leave before."""
    n = len(scores)
    completes = rng.random(n) < expit(level + scores)
    planned = plan.planned_days + rng.integers(-2, 6, n)
    early = 1 + np.floor(rng.beta(1.1, 1.6, n) * (plan.planned_days - 3)).astype(int)
    reason = np.where(completes, pick(rng, n, COMPLETING), pick(rng, n, STAYING_AWAY))
    return np.where(completes, planned, early), reason


def recorded(
    rng: np.random.Generator, last: np.ndarray, reason: np.ndarray, plan: Plan, *, observed: np.ndarray
) -> Columns:
    """Discharge as the programme's records hold it on the closing day, `observed` days after admission."""
    n = len(last)
    lag = np.where(np.isin(reason, (31, 32)), rng.integers(0, 15, n), 0)
    depot = _depot(last, plan)
    contact = _contact(rng, last, plan, depot)
    discharge = np.maximum(contact + lag, _covered(depot, plan))
    here = contact > observed
    contact = np.where(here, np.maximum(observed - rng.integers(0, 14, n), 0), contact)
    is_open = here | (discharge > observed) | exactly(rng, n, STALE)
    unknown = exactly(rng, n, plan.reason_unknown) & np.isin(reason, (31, 32, 33))
    return {
        "last_contact_day": contact,
        "discharge_day": np.where(is_open, EMPTY, discharge),
        "discharge_reason": np.where(is_open, EMPTY, np.where(unknown, 99, reason)),
        **_doses(depot, plan, contact),
    }


def _depot(last: np.ndarray, plan: Plan) -> np.ndarray:
    """Day of the last dose: the curve of a depot says how long doses cover, people come once an interval."""
    if plan.modality not in DEPOT_DAYS:
        return np.full(len(last), EMPTY)
    interval = DEPOT_DAYS[plan.modality]
    first = 0 if plan.modality == "M31" else -1
    doses = last // interval + first
    return np.where(doses < 0, EMPTY, doses * interval)


def _contact(rng: np.random.Generator, last: np.ndarray, plan: Plan, depot: np.ndarray) -> np.ndarray:
    if plan.modality not in DEPOT_DAYS:
        return last
    visits = DEPOT_DAYS[plan.modality] // 2 + rng.integers(0, DEPOT_DAYS[plan.modality] // 2, len(last))
    return np.where(depot == EMPTY, last, depot + visits)


def _covered(depot: np.ndarray, plan: Plan) -> np.ndarray:
    """Nobody is discharged while the last dose still acts."""
    return np.where(depot == EMPTY, 0, depot + DEPOT_DAYS.get(plan.modality, 0))


def _doses(depot: np.ndarray, plan: Plan, contact: np.ndarray) -> Columns:
    interval = DEPOT_DAYS.get(plan.modality)
    if interval is None:
        nothing = np.full(len(depot), EMPTY)
        return {"depot_interval_days": nothing, "last_depot_day": nothing}
    given = np.minimum(depot, contact // interval * interval)
    none = depot == EMPTY
    return {
        "depot_interval_days": np.where(none, EMPTY, interval),
        "last_depot_day": np.where(none, EMPTY, given),
    }
