"""The 24 invented programmes: what each is, how large, in which region group, and what was planted in it.

Planted are differences that a comparison must find (`effect`), a case mix that it must not mistake for one
(`easy`), records too incomplete to publish (`assessed`), and programmes too small to show (`small`).
"""

from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Final

import numpy as np

EPISODES: Final = 20_000
PER_PERSON: Final = 1.25
SIGMA: Final = 0.7
EFFECT: Final = 0.5
REGIONS: Final = {"IR": ("IR1", "IR2"), "RU": ("RU2", "RU5")}
LARGEST_SHARE: Final = 0.6
SMALL_PERSONS: Final = 34
SMALL_ELIGIBLE: Final = 28
SMALL_KNOWN: Final = 24
LEAST_PLANTED_PERSONS: Final = 400


@dataclass(frozen=True, slots=True)
class Plan:
    """One programme. `effect` is on the logit scale of the outcome that its class is compared on."""

    name: str
    country: str
    modality: str
    planned_days: int = 0
    effect: float = 0.0
    easy: bool = False
    small: bool = False
    assessed: tuple[float, float] = (0.885, 0.935)
    reason_unknown: float = 0.03
    region: str = ""
    persons: int = 0
    episodes: int = 0

    @property
    def key(self) -> str:
        """Names the programme in the generated data; the portal gives it a code of its own."""
        return self.name


_CLOSED: Final = (0.48, 0.57)

# In the order of size, largest first.
PROGRAMMES: Final = (
    Plan("برنامهٔ متادون سپیدار", "IR", "M20"),
    Plan("برنامهٔ متادون نارون", "IR", "M20", effect=EFFECT),
    Plan("برنامهٔ بوپرنورفین سرو", "IR", "M21", effect=-EFFECT),
    Plan("برنامهٔ شربت تریاک شمشاد", "IR", "M23", easy=True),
    Plan("برنامهٔ متادون بلوط", "IR", "M20"),
    Plan("برنامهٔ بوپرنورفین افرا", "IR", "M21"),
    Plan("برنامهٔ متادون چنار", "IR", "M20", assessed=_CLOSED, reason_unknown=0.18),
    Plan("اقامتگاه میان‌مدت کاج", "IR", "M53", planned_days=28),
    Plan("برنامهٔ متادون صنوبر", "IR", "M20"),
    Plan("برنامهٔ بوپرنورفین زیتون", "IR", "M21"),
    Plan("مرکز بازتوانی ارغوان", "IR", "M51", planned_days=90),
    Plan("برنامهٔ شربت تریاک گردو", "IR", "M23", small=True),
    Plan("Амбулаторная программа «Берёза»", "RU", "M40", planned_days=180),
    Plan("Отделение детоксикации «Ясень»", "RU", "M10", planned_days=14),
    Plan("Амбулаторная программа «Липа»", "RU", "M40", planned_days=180, effect=EFFECT),
    Plan("Амбулаторная программа «Клён»", "RU", "M40", planned_days=180, effect=-EFFECT),
    Plan("Амбулаторная программа «Рябина»", "RU", "M40", planned_days=180, easy=True),
    Plan("Программа инъекций налтрексона «Ольха»", "RU", "M32"),
    Plan("Амбулаторная программа «Ива»", "RU", "M40", planned_days=180),
    Plan("Программа налтрексона внутрь «Сосна»", "RU", "M30"),
    Plan("Программа инъекций налтрексона «Ель»", "RU", "M32", assessed=_CLOSED, reason_unknown=0.05),
    Plan("Реабилитационный центр «Кедр»", "RU", "M52", planned_days=120),
    Plan("Программа налтрексона внутрь «Дуб»", "RU", "M30"),
    Plan("Программа имплантации налтрексона «Тополь»", "RU", "M31", small=True),
)


def planned(rng: np.random.Generator) -> list[Plan]:
    """Give every programme its persons, episodes and region group."""
    sized = [plan for country in REGIONS for plan in _sized(country, rng)]
    return [replace(plan, region=region) for plan, region in zip(sized, _dealt(sized), strict=True)]


def _sized(country: str, rng: np.random.Generator) -> list[Plan]:
    """Sizes drawn lognormal within strata, so that every seed has large and small programmes."""
    plans = [plan for plan in PROGRAMMES if plan.country == country]
    strata = (np.arange(len(plans)) + rng.uniform(0.35, 0.65, len(plans))) / len(plans)
    weights = np.exp(SIGMA * _normal_quantile(strata))[::-1]
    persons = int(EPISODES / 2 / PER_PERSON)
    small = sum(plan.small for plan in plans)
    large = _shared(persons - small * SMALL_PERSONS, weights[: len(plans) - small])
    counts = [*large, *[SMALL_PERSONS] * small]
    episodes = _shared(EPISODES // 2, np.array(counts, dtype=float))
    return [replace(p, persons=n, episodes=e) for p, n, e in zip(plans, counts, episodes, strict=True)]


def _normal_quantile(p: np.ndarray) -> np.ndarray:
    """Quantiles of the normal distribution."""
    return np.array([NormalDist().inv_cdf(float(value)) for value in p])


def _shared(total: int, weights: np.ndarray) -> list[int]:
    """Whole parts of a total in proportion; the largest remainders get what is left."""
    exact = total * weights / weights.sum()
    parts = np.floor(exact).astype(int)
    for place in np.argsort(parts - exact, kind="stable")[: total - int(parts.sum())]:
        parts[place] += 1
    return [int(part) for part in parts]


def _dealt(plans: list[Plan]) -> list[str]:
    """Deal the programmes of a country by size into its two groups, there and back again."""
    regions: list[str] = []
    for country, (first, second) in REGIONS.items():
        here = [plan for plan in plans if plan.country == country]
        dealt = [(first, second, second, first)[place % 4] for place in range(len(here))]
        for region in (first, second):
            sizes = [plan.persons for plan, group in zip(here, dealt, strict=True) if group == region]
            assert max(sizes) <= LARGEST_SHARE * sum(sizes), f"one programme dominates {region}"
        regions += dealt
    return regions
