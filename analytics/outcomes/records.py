"""What the definitions are applied to: a frame of episodes by the dictionary's names, and further tables.

A column that is absent was not collected, which is something else than a missing answer: a definition that
needs it is refused by name. Missing codes (below 0) are NaN; days of assessments may lie before admission.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from analytics.errors import NotEstimable

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

ITEMS: Final[dict[str, tuple[str, ...]]] = {
    "opioid": ("d28_opioid_illicit", "d28_opioid"),
    "alcohol": ("d28_alcohol",),
    "cocaine": ("d28_cocaine",),
    "crack": ("d28_crack",),
    "stimulant": ("d28_meth", "d28_stimulant"),
    "cathinone": ("d28_cathinone",),
    "cannabis": ("d28_cannabis",),
    "sedative": ("d28_sedative",),
    "gabapentinoid": ("d28_gabapentinoid",),
    "inject": ("d28_inject",),
}
"""Days of use of the last 28: the item's names over the versions of the dictionary, the newest first."""

WIDER: Final = "d28_stimulant"
"""Version 1 asks one question for every stimulant; it stands for those that have no question of their own."""

STIMULANTS: Final = ("cocaine", "crack", "stimulant", "cathinone")

ILLICIT: Final = ("opioid", "cocaine", "crack", "stimulant", "cathinone", "cannabis")
TABLES: Final = ("doses", "services", "population_rates")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Records:
    """Episodes and what belongs to them.

    Parameters
    ----------
    episodes : DataFrame
        One row per episode, columns by the dictionary's names; `person` where people are known; `word`,
        the weekly urine word.
    closing_on : date, optional
        Last day that the records know about; cohorts are judged by it.
    doses : DataFrame, optional
        `episode` (row number), `day`, `days_supply`.
    services : DataFrame, optional
        `episode` (row number), `day`; day 0 is the index day.
    population_rates : DataFrame, optional
        `age_band`, `sex`, `year`, `rate`: deaths per person-year of the population.
    """

    episodes: pd.DataFrame
    closing_on: date | None = None
    doses: pd.DataFrame | None = None
    services: pd.DataFrame | None = None
    population_rates: pd.DataFrame | None = None

    def __len__(self) -> int:
        """Return how many episodes there are."""
        return len(self.episodes)

    def lacks(self, needs: Iterable[str]) -> tuple[str, ...]:
        """Return the needs that were not collected."""
        return tuple(name for name in needs if not self._has(name))

    def _has(self, name: str) -> bool:
        if name in TABLES:
            return getattr(self, name) is not None
        if name.startswith("change:"):
            group = name.removeprefix("change:")
            return all(self.item_column(stage, group) for stage in ("start", "review_1"))
        return name in self.episodes.columns

    def item_column(self, stage: str, group: str) -> str | None:
        """Name of the item of a substance group at a stage, in whichever version it was collected."""
        names = (f"{stage}_{item}" for item in ITEMS[group])
        return next((name for name in names if name in self.episodes.columns), None)

    def raw(self, name: str) -> Floats:
        """Values of a column as numbers; NaN where it is empty or the column is absent."""
        if name not in self.episodes.columns:
            return np.full(len(self), np.nan)
        return self.episodes[name].to_numpy(dtype=np.float64, na_value=np.nan)

    def values(self, name: str) -> Floats:
        """Answers of a column; NaN where it is absent, empty or a missing code."""
        raw = self.raw(name)
        return np.where(raw < 0, np.nan, raw)

    def texts(self, name: str) -> NDArray[np.object_]:
        """Texts of a column, empty where there is none."""
        if name not in self.episodes.columns:
            return np.full(len(self), "", dtype=object)
        return self.episodes[name].fillna("").to_numpy(dtype=object)

    def reviews(self) -> tuple[str, ...]:
        """Return the reviews that the dictionary holds, `review_1` and on."""
        columns = set(self.episodes.columns)
        numbers = range(1, 1 + sum(f"review_{n}_day" in columns for n in range(1, 100)))
        return tuple(f"review_{n}" for n in numbers)

    def admitted_by(self) -> NDArray[np.datetime64]:
        """Last day of each admission month: the conservative day of admission."""
        return self._days(1)

    def admitted_first(self) -> NDArray[np.datetime64]:
        """First day of each admission month."""
        return self._days(0)

    def _days(self, end: int) -> NDArray[np.datetime64]:
        """First or last day of the months; each month is read once, however many came in it."""
        months, place = np.unique(self.texts("admission_month").astype(str), return_inverse=True)
        days = np.array([_month(text)[end] for text in months.tolist()], dtype="datetime64[D]")
        return np.asarray(days[place])

    def admitted_about(self) -> NDArray[np.datetime64]:
        """The 15th of each admission month, which stands for the day."""
        return self.admitted_first() + np.timedelta64(14, "D")

    def closing(self) -> np.datetime64:
        """Closing day.

        Raises
        ------
        NotEstimable
            None was given.
        """
        if self.closing_on is None:
            raise NotEstimable("no_closing")
        return np.datetime64(self.closing_on, "D")

    def old_enough(self, days: int) -> Flags:
        """Return which episodes were admitted at least so many days before the closing day, for sure."""
        return np.asarray(self.admitted_by() + np.timedelta64(days, "D") <= self.closing())


@lru_cache(maxsize=2000)
def _month(text: str) -> tuple[date, date]:
    """First and last day of a month, `2026-03`."""
    year, month = int(text[:4]), int(text[5:7])
    first = date(year, month, 1)
    return first, first + timedelta(calendar.monthrange(year, month)[1] - 1)
