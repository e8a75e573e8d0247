"""How long invented people stay: published curves of retention, moved on the logit scale by case mix.

Anchors are the share retained on a day (CTN-0027, CTN-0030, CTN-0051 for methadone, outpatient buprenorphine
and the monthly injection; the St Petersburg trials for oral and implanted naltrexone). For an average
client of a modality the curve is met exactly: the level at each anchor is solved for over its clients.
"""

from typing import Final

import numpy as np

Curve = tuple[tuple[int, float], ...]
_METHADONE: Final[Curve] = ((28, 0.90), (56, 0.86), (84, 0.82), (168, 0.60), (365, 0.40), (730, 0.24))
_BUPRENORPHINE: Final[Curve] = ((28, 0.73), (56, 0.62), (84, 0.56), (168, 0.37), (365, 0.22), (730, 0.10))
CURVES: Final[dict[str, Curve]] = {
    "M20": _METHADONE,
    "M21": _BUPRENORPHINE,
    "M23": ((28, 0.87), (56, 0.82), (84, 0.77), (168, 0.60), (365, 0.40), (730, 0.24)),
    "M30": ((28, 0.66), (56, 0.49), (84, 0.40), (168, 0.24), (365, 0.07), (730, 0.02)),
    "M31": ((60, 0.86), (120, 0.58), (180, 0.50), (365, 0.15), (730, 0.03)),
    "M32": (
        (28, 0.72),
        (56, 0.53),
        (84, 0.47),
        (112, 0.413),
        (140, 0.36),
        (168, 0.272),
        (365, 0.08),
        (730, 0.02),
    ),
    "M40": ((28, 0.80), (56, 0.67), (84, 0.59), (168, 0.45), (180, 0.43), (240, 0.05), (365, 0.01)),
}
LONGEST: Final = 1095


def predictor(people: dict[str, np.ndarray]) -> np.ndarray:
    """What case mix adds on the logit scale: older people and first treatments stay longer."""
    age = np.select(
        [people["age_band"] <= band for band in (3, 5, 7, 9)], [-0.75, -0.35, 0.0, 0.35], default=0.55
    )
    main = people["substance_1_code"]
    substance = np.select(
        [np.isin(main, (151, 153)), main == 800, np.isin(main, (110, 112, 120, 155))],
        [0.35, 0.25, -0.3],
        -0.2,
    )
    injects = np.where(people["inject_status"] > 0, -0.65, 0.0)
    prior = np.where(people["prior_treatment"] == 0, 0.15, -0.1)
    return age + substance + injects + prior + np.where(people["sex"] == 2, 0.1, 0.0)


def solve_level(scores: np.ndarray, share: float) -> float:
    """The level at which people with these scores reach the share on average."""
    low, high = -12.0, 12.0
    for _ in range(50):
        middle = (low + high) / 2
        if expit(middle + scores).mean() < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def expit(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def levels_of(modality: str, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Days and levels of a modality's curve for its clients, from the first day to the longest stay."""
    days, shares = zip(*((1, 0.995), *CURVES[modality], (LONGEST, 0.005)), strict=True)
    return np.array(days, dtype=float), np.array([solve_level(scores, share) for share in shares])


def draw_stays(
    rng: np.random.Generator, scores: np.ndarray, levels: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """A stay in days for each person: the day on which the person's own curve falls below a uniform draw."""
    days, level = levels
    uniform = rng.random(len(scores))
    wanted = np.log(uniform / (1 - uniform)) - scores
    # Levels fall with time, interpolation wants them rising.
    return np.floor(np.interp(wanted, level[::-1], days[::-1], left=LONGEST, right=1)).astype(int)
