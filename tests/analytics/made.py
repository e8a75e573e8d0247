"""Generated episodes for the tests of the methods: seeded, with heavy ties, unknown outcomes, late entries."""

import numpy as np
import pandas as pd

from analytics.cube import Cube, CubeSpec, DurationSpec, OutcomeSpec

AGES = np.array(["<25", "25-34", "35-44", "45-54", "55+"], dtype=object)
SPEC = CubeSpec(
    keys=("country", "programme"),
    outcomes=(OutcomeSpec("RET", "stayed", always_due=True), OutcomeSpec("ABS", "abstinent")),
    categorical=("age_band", "sex"),
    duration=DurationSpec("days", "left", entry="entry"),
    strata=("sex",),
    definitions_version="1",
    extracted_on="2026-08-01",
    censored_on="2026-07-31",
)


def make_episodes(n, seed, *, programmes=6, late=0.0):
    """Rows of episodes; leaving depends on age, sex and a little on the programme."""
    rng = np.random.default_rng(seed)
    age, sex = rng.integers(0, 5, n), rng.integers(0, 2, n)
    programme = rng.integers(0, programmes, n)
    scale = np.exp(4.2 + 0.15 * age + 0.2 * sex + 0.1 * (programme - programmes / 2))
    days, cut = np.floor(rng.exponential(scale)), rng.integers(20, 200, n)
    entry = np.where(rng.random(n) < late, rng.integers(0, 15, n), 0)
    time = np.maximum(np.minimum(days, cut), np.where(entry > 0, entry + 1, 0))
    chance = 1 / (1 + np.exp(0.8 - 0.25 * age - 0.3 * sex))
    stayed = (rng.random(n) < chance).astype(float)
    stayed[rng.random(n) < 0.1] = -1
    abstinent = (rng.random(n) < 0.4).astype(float)
    abstinent[rng.random(n) < 0.3] = np.nan
    abstinent[rng.random(n) < 0.1] = -2
    return pd.DataFrame(
        {
            "country": np.where(programme < programmes / 2, "IR", "RU"),
            "programme": [f"P{number}" for number in programme],
            "age_band": AGES[age],
            "sex": np.where(sex == 0, "F", "M"),
            "days": time.astype(int),
            "left": (days <= cut).astype(int),
            "entry": entry.astype(int),
            "stayed": stayed,
            "abstinent": abstinent,
        }
    )


def make_cube(n=600, seed=1, **options):
    """Cube of generated episodes."""
    return Cube.build(make_episodes(n, seed, **options), SPEC)


def durations(*cells, keys=("group",)):
    """Cube of (group, time, cause) or (group, time, cause, entry) rows."""
    rows = pd.DataFrame(
        [(*cell, 0)[:4] for cell in cells], columns=["group", "time", "cause", "entry"]
    )  # fmt: skip
    return Cube.build(rows, CubeSpec(keys=keys, duration=DurationSpec("time", "cause", entry="entry")))


def outcomes(*cells, terms=("x",)):
    """Cube of (programme, x, successes, failures, unknown) counts, one row per episode underneath."""
    rows = []
    for programme, x, successes, failures, unknown in cells:
        values = [1] * successes + [0] * failures + [-1] * unknown
        rows += [(programme, x, value) for value in values]
    frame = pd.DataFrame(rows, columns=["programme", "x", "y"])
    spec = CubeSpec(keys=("programme",), outcomes=(OutcomeSpec("Y", "y"),), categorical=terms)
    return Cube.build(frame, spec)
