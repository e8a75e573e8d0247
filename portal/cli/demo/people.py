"""Invented people: answers at admission with the marginals of each country and kind of treatment.

Marginals: clients of Iranian agonist programmes use opium (69 %) and heroin (24 %), 96 % are men; clients in
Russia come mostly for alcohol, then for opioids and cathinones. Columns are arrays by template name.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from portal.cli.demo.plan import Plan

Columns = dict[str, np.ndarray]
EMPTY: Final = -999
UNKNOWN: Final = -9


@dataclass(frozen=True, slots=True)
class Substance:
    """How a substance is taken and which day count asks for it. `ever` and `now` are shares who inject."""

    route: int
    item: str
    chapter: int
    injectable: bool = False
    ever: float = 0.04
    now: float = 0.0


_OPIUM = Substance(2, "opioid", 11, ever=0.06)
SUBSTANCES: Final = {
    110: Substance(2, "opioid", 11, injectable=True, ever=0.55, now=0.5),
    112: Substance(2, "opioid", 11, injectable=True, ever=0.45, now=0.4),
    120: Substance(3, "opioid", 11, injectable=True, ever=0.6, now=0.5),
    151: _OPIUM,
    153: _OPIUM,
    155: Substance(3, "opioid", 11, ever=0.08),
    320: Substance(2, "stimulant", 15, injectable=True, ever=0.18, now=0.3),
    341: Substance(4, "stimulant", 15, injectable=True, ever=0.35, now=0.5),
    342: Substance(2, "stimulant", 15, injectable=True, ever=0.3, now=0.4),
    420: Substance(3, "", 13),
    710: Substance(2, "", 12),
    800: Substance(3, "alcohol", 10),
}
Shares = dict[int, float]
_AGE: Final[Shares] = {
    3: 0.08, 4: 0.12, 5: 0.17, 6: 0.19, 7: 0.16, 8: 0.12, 9: 0.08, 10: 0.05, 11: 0.02, 12: 0.01,
}  # fmt: skip
_YOUNG: Final[Shares] = {3: 0.26, 4: 0.27, 5: 0.21, 6: 0.12, 7: 0.07, 8: 0.04, 9: 0.02, 10: 0.01}
_OLDER: Final[Shares] = {4: 0.05, 5: 0.1, 6: 0.17, 7: 0.2, 8: 0.2, 9: 0.15, 10: 0.08, 11: 0.05}


@dataclass(frozen=True, slots=True)
class Clients:
    """Case mix of a programme: main substances, ages, how injecting differs from usual, first treatments."""

    substances: Shares
    ages: Shares = field(default_factory=lambda: _AGE)
    injecting: float = 1.0
    first: float = 0.45


# Clients of buprenorphine are younger, use heroin more often, and inject. That, not the medication, is why
# fewer of them stay as long, as the published curves say: a comparison of agonist programmes sees through it.
BUPRENORPHINE: Final = Clients(
    {151: 0.28, 153: 0.02, 112: 0.36, 110: 0.24, 155: 0.04, 120: 0.06}, _YOUNG, injecting=1.7, first=0.3
)
AGONIST: Final = Clients({151: 0.8, 153: 0.03, 112: 0.08, 110: 0.05, 155: 0.02, 120: 0.02})
IRAN_RESIDENTIAL: Final = Clients({151: 0.43, 112: 0.2, 110: 0.06, 320: 0.27, 710: 0.04})
RUSSIA: Final = Clients({800: 0.58, 110: 0.1, 120: 0.1, 341: 0.11, 342: 0.06, 710: 0.05})
NALTREXONE: Final = Clients({800: 0.55, 110: 0.2, 120: 0.2, 341: 0.05})
EASY: Final = {
    "IR": Clients({151: 0.88, 112: 0.08, 155: 0.04}, _OLDER, injecting=0.35, first=0.72),
    "RU": Clients({800: 0.84, 110: 0.03, 341: 0.05, 710: 0.08}, _OLDER, injecting=0.35, first=0.72),
}
_REFERRED: Final[Shares] = {6: 0.66, 4: 0.12, 2: 0.08, 3: 0.1, 8: 0.02, 7: 0.02}
_MEN: Final = {"IR": 0.96, "RU": 0.76}
_SECOND: Final = {"opioid": (320, 710), "alcohol": (710, 420), "stimulant": (710, 800), "": (800, 420)}


def pick(rng: np.random.Generator, n: int, shares: Shares) -> np.ndarray:
    """Draw codes in these shares."""
    weights = np.array(list(shares.values()))
    return rng.choice(np.array(list(shares)), n, p=weights / weights.sum())


def exactly(rng: np.random.Generator, n: int, share: float) -> np.ndarray:
    """Mark a share of n places as exactly as whole numbers allow."""
    marked = np.arange(n) < round(share * n)
    return rng.permutation(marked)


def clients_of(plan: Plan) -> Clients:
    """Who comes to a programme."""
    if plan.easy:
        return EASY[plan.country]
    if plan.modality == "M21":
        return BUPRENORPHINE
    if plan.country == "IR":
        return AGONIST if plan.modality.startswith("M2") else IRAN_RESIDENTIAL
    return NALTREXONE if plan.modality.startswith("M3") else RUSSIA


def draw_people(rng: np.random.Generator, n: int, plan: Plan) -> Columns:
    """What does not change from one episode of a person to the next."""
    clients = clients_of(plan)
    main = pick(rng, n, clients.substances)
    return {
        "sex": np.where(rng.random(n) < _MEN[plan.country], 1, 2),
        "age_band": pick(rng, n, clients.ages),
        "substance_1_code": main,
        "inject_status": _injecting(rng, main, clients.injecting),
    }


def draw_admission(rng: np.random.Generator, people: Columns, plan: Plan, *, prior: np.ndarray) -> Columns:
    """Answers at the admission of one episode of each of these people."""
    n = len(prior)
    court = rng.random(n) < 0.08
    age = people["age_band"]
    labour = pick(rng, n, {1: 0.24, 2: 0.29, 4: 0.36, 5: 0.09, 6: 0.02})
    columns = dict(people) | {
        "labour": np.where((age <= 3) & (rng.random(n) < 0.2), 3, labour),
        "living_where": pick(rng, n, {1: 0.86, 2: 0.11, 4: 0.03}),
        "referral_source": np.where(court, 1, pick(rng, n, _REFERRED)),
        "legal_status": np.where(court, 2, 1),
        "prior_treatment": np.where(rng.random(n) < 0.02, 99, prior),
        "inject_status": np.where(rng.random(n) < 0.015, UNKNOWN, people["inject_status"]),
    }
    return columns | _substances(rng, columns) | {"modality": np.full(n, plan.modality)}


def draw_prior(rng: np.random.Generator, n: int, plan: Plan) -> np.ndarray:
    """Earlier treatment at a person's first episode here."""
    return np.where(rng.random(n) < clients_of(plan).first, 0, 2)


def _injecting(rng: np.random.Generator, main: np.ndarray, factor: float) -> np.ndarray:
    """Who ever injected, and who does now: only people whose main substance can be injected do."""
    ever_share = np.array([SUBSTANCES[int(code)].ever for code in main]) * factor
    now_share = np.array([SUBSTANCES[int(code)].now for code in main])
    ever, now = rng.random(len(main)) < ever_share, rng.random(len(main)) < now_share
    return np.where(ever, np.where(now, 4, np.where(rng.random(len(main)) < 0.6, 2, 3)), 0)


def _substances(rng: np.random.Generator, columns: Columns) -> Columns:
    main, status = columns["substance_1_code"], columns["inject_status"]
    n = len(main)
    days = np.clip(np.round(rng.beta(3.2, 1.1, n) * 28), 1, 28).astype(int)
    route = np.where(status == 4, 1, [SUBSTANCES[int(code)].route for code in main])
    second, days_2 = _second(rng, main)
    has = second != EMPTY
    routes_2 = [SUBSTANCES[int(code)].route if code != EMPTY else EMPTY for code in second]
    return {
        "substance_1_route": route,
        "substance_1_days28": days,
        "substance_2_code": second,
        "substance_2_route": np.array(routes_2),
        "substance_2_days28": np.where(has, days_2, EMPTY),
        "dx_icd10": np.array([f"F{SUBSTANCES[int(code)].chapter}.2" for code in main]),
        **_start(rng, (main, days), (second, days_2), status),
    }


def _second(rng: np.random.Generator, main: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    n = len(main)
    choices = np.array([_SECOND[SUBSTANCES[int(code)].item] for code in main])
    second = choices[np.arange(n), (rng.random(n) < 0.4).astype(int)]
    keep = (rng.random(n) < 0.3) & (second != main)
    return np.where(keep, second, EMPTY), rng.integers(1, 15, n)


def _start(
    rng: np.random.Generator, first: tuple[np.ndarray, np.ndarray], second: tuple[np.ndarray, np.ndarray],
    status: np.ndarray,
) -> Columns:  # fmt: skip
    """Days of use in the 28 days before treatment, as the substances say."""
    days = {item: days_of(item, first, second) for item in ("alcohol", "opioid", "stimulant")}
    n = len(status)
    sober = np.where(rng.random(n) < 0.05, rng.integers(1, 13, n), 0)
    return {
        "start_day": rng.integers(-3, 6, n),
        **{f"start_d28_{item}": value for item, value in days.items()},
        "start_d28_inject": np.where(status == 4, first[1], 0),
        "start_d28_controlled_env": np.minimum(sober, 28 - first[1]),
    }


def days_of(item: str, *rows: tuple[np.ndarray, np.ndarray] | Sequence[np.ndarray]) -> np.ndarray:
    """The largest number of days over the substances that an item asks for."""
    found = [
        np.where([code != EMPTY and SUBSTANCES[int(code)].item == item for code in codes], days, 0)
        for codes, days in rows
    ]
    return np.maximum.reduce(found)
