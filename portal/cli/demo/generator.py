"""The invented registry: 20,000 episodes of 24 programmes in the columns of the import template.

Pure and deterministic: one seed gives the same rows on every machine. Nothing here knows the portal.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from portal.cli.demo import curves, endings
from portal.cli.demo.assessments import assess
from portal.cli.demo.people import EMPTY, Columns, draw_admission, draw_people, draw_prior
from portal.cli.demo.plan import SMALL_ELIGIBLE, SMALL_KNOWN, Plan, planned

SEED: Final = 20260731
CLOSING: Final = date(2026, 7, 31)
FIRST_YEAR: Final = 2023
FIRST_MONTH: Final = 7
MONTHS: Final = 36
ELIGIBLE_MONTHS: Final = 30
"""Admissions of these first months have been observed for 183 days on the closing day."""
RETENTION_DAY: Final = 180
Who = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Person, place of the admission month, and earlier treatment, of some episodes."""


@dataclass(frozen=True, slots=True)
class Level:
    """How average clients of a modality fare: a curve or a level of completing.

    `centre` is the mean score of those of the first modality of its class: one for all that are compared.
    """

    centre: float
    curve: tuple[np.ndarray, np.ndarray] | None = None
    completing: float = 0.0


@dataclass(frozen=True, slots=True)
class Registry:
    """One plan and its episodes, as the rows of a file with this header."""

    plan: Plan
    header: tuple[str, ...]
    columns: Columns

    def rows(self) -> Iterator[list[str]]:
        """Cells as text; empty where nothing was recorded."""
        texts = [_texts(self.columns[name]) for name in self.header]
        return (list(cells) for cells in zip(*texts, strict=True))


def generate(seed: int = SEED) -> list[Registry]:
    """Make the whole registry."""
    rng = np.random.default_rng(seed)
    plans = planned(rng)
    levels = _centred(
        {modality: _level(plan) for modality, plan in {plan.modality: plan for plan in plans}.items()}
    )
    return [_programme(rng, plan, levels[plan.modality]) for plan in plans]


def month_of(place: int) -> str:
    """Admission month by its place, from 2023-07."""
    months = FIRST_MONTH - 1 + place
    return f"{FIRST_YEAR + months // 12}-{months % 12 + 1:02d}"


def _level(plan: Plan) -> Level:
    """The level of a modality, solved over a large sample of its average clients."""
    rng = np.random.default_rng(1)
    average = Plan(plan.name, plan.country, plan.modality)
    people = draw_people(rng, 20_000, average) | {"prior_treatment": draw_prior(rng, 20_000, average)}
    scores = curves.predictor(people)
    centre = float(scores.mean())
    if plan.modality in endings.COMPLETION:
        return Level(centre, completing=curves.solve_level(scores, endings.COMPLETION[plan.modality]))
    return Level(centre, curves.levels_of(plan.modality, scores))


def _centred(levels: dict[str, Level]) -> dict[str, Level]:
    """Give every modality of a class the centre of the first of them."""
    centres: dict[str, float] = {}
    for modality, level in levels.items():
        centres.setdefault(modality[:2], level.centre)
    return {modality: replace(level, centre=centres[modality[:2]]) for modality, level in levels.items()}


def _programme(rng: np.random.Generator, plan: Plan, level: Level) -> Registry:
    """First episodes of every person, then further ones of people who had left, until there are enough."""
    people = draw_people(rng, plan.persons, plan)
    who: Who = (np.arange(plan.persons), _first_months(rng, plan), draw_prior(rng, plan.persons, plan))
    rounds = [_episodes(rng, (plan, level), people, who)]
    missing = plan.episodes - plan.persons
    while missing:
        who = _returning(rng, rounds[-1], missing)
        if not len(who[0]):
            raise ValueError(f"nobody can return to {plan.name}")
        chosen = {name: values[who[0]] for name, values in people.items()}
        rounds.append(_episodes(rng, (plan, level), chosen, who))
        missing -= len(who[0])
    columns = {name: np.concatenate([part[name] for part in rounds]) for name in rounds[0]}
    return _registry(rng, plan, columns)


def _first_months(rng: np.random.Generator, plan: Plan) -> np.ndarray:
    if plan.small:
        late = rng.integers(ELIGIBLE_MONTHS, MONTHS, plan.persons - SMALL_ELIGIBLE)
        return np.concatenate([rng.integers(0, ELIGIBLE_MONTHS, SMALL_ELIGIBLE), late])
    return rng.integers(0, MONTHS, plan.persons)


def _episodes(rng: np.random.Generator, kind: tuple[Plan, Level], people: Columns, who: Who) -> Columns:
    """One episode of each of these people."""
    plan, level = kind
    person, months, prior = who
    observed = _observed(rng, months)
    admission = draw_admission(rng, people, plan, prior=prior)
    scores = curves.predictor(dict(people) | {"prior_treatment": prior})
    moved = scores + plan.effect
    if level.curve is None:
        last, reason = endings.planned_ending(rng, moved, level.completing, plan)
    else:
        last, reason = endings.stay_ending(rng, curves.draw_stays(rng, moved, level.curve), plan)
    ended = endings.recorded(rng, last, reason, plan, observed=observed)
    if plan.small and len(person) == plan.persons:
        ended = _known(ended)
    episodes = assess(rng, admission | ended, scores - level.centre, plan, observed=observed)
    return episodes | {"person": person, "month": months}


def _known(ended: Columns) -> Columns:
    """Give exactly so many of the small programme's eligible persons a known status on day 180."""
    last, reason, discharge = ended["last_contact_day"], ended["discharge_reason"], ended["discharge_day"]
    eligible = np.arange(len(last)) < SMALL_ELIGIBLE
    lost = eligible & (np.arange(len(last)) >= SMALL_KNOWN)
    short = eligible & ~lost & (last < RETENTION_DAY)
    depot = np.where(lost, EMPTY, ended["last_depot_day"])
    return ended | {
        "last_contact_day": np.where(lost, np.minimum(last, 100), last),
        "discharge_reason": np.where(lost, EMPTY, np.where(short & np.isin(reason, (EMPTY, 21)), 31, reason)),
        "discharge_day": np.where(lost, EMPTY, np.where(short & (discharge == EMPTY), last + 1, discharge)),
        "last_depot_day": depot,
        "depot_interval_days": np.where(depot == EMPTY, EMPTY, ended["depot_interval_days"]),
    }


def _observed(rng: np.random.Generator, months: np.ndarray) -> np.ndarray:
    """Days from each admission, on some day of its month, to the closing."""
    starts = np.array([np.datetime64(month_of(int(place)), "D") for place in range(MONTHS)])
    lengths = np.diff(np.append(starts, np.datetime64(month_of(MONTHS), "D"))).astype(int)
    day = np.floor(rng.random(len(months)) * lengths[months]).astype(int)
    return (np.datetime64(CLOSING) - starts[months]).astype(int) - day


def _returning(rng: np.random.Generator, episodes: Columns, wanted: int) -> Who:
    """People who come back: who, the month, and whether within six months. Some time after the discharge."""
    discharge = episodes["discharge_day"]
    alive = ~np.isin(episodes["discharge_reason"], (EMPTY, 41, 51, 52, 53))
    earliest = episodes["month"] + (discharge + 31) // 30 + 2
    can = np.flatnonzero(alive & (earliest < MONTHS))
    chosen = np.sort(rng.choice(can, min(wanted, len(can)), replace=False))
    pause = np.floor(rng.exponential(4, len(chosen))).astype(int)
    months = np.minimum(earliest[chosen] + pause, MONTHS - 1)
    prior = np.where(months - earliest[chosen] >= 5, 1, 3)
    return episodes["person"][chosen], months, prior


def _registry(rng: np.random.Generator, plan: Plan, columns: Columns) -> Registry:
    """Put the rows in the order of admission and give them keys."""
    order = np.lexsort((columns["person"], columns["month"]))
    ordered = {name: values[order] for name, values in columns.items()}
    tokens = np.array(_tokens(rng, plan.persons))
    keys: Columns = {
        "source_key": np.array(_tokens(rng, len(order))),
        "person_token": tokens[ordered.pop("person")],
        "admission_month": np.array([month_of(int(place)) for place in ordered.pop("month")]),
    }
    return Registry(plan, (*keys, *ordered), keys | ordered)


def _tokens(rng: np.random.Generator, n: int) -> list[str]:
    """Pseudonyms as a centre's tool makes them: 26 characters of base32."""
    data = rng.bytes(20 * n)
    return [base64.b32encode(data[20 * i : 20 * i + 20]).decode().lower()[:26] for i in range(n)]


def _texts(values: np.ndarray) -> list[str]:
    return ["" if value == EMPTY else str(value) for value in values.tolist()]
