"""The fixed catalogue of public tables, version 1: which tables, which levels, which codes fall into them.

One level file per catalogue version. What depends on the edition (merged regions, half-years) follows from
rules of this module alone and is frozen with the edition. Version 1 holds the 0-way and 1-way tables.
"""

import calendar
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Final

from analytics.outcomes import COHORT_DAYS

VERSION: Final = "1"
DIMENSIONS: Final = ("region", "sex", "age", "sub", "out", "prot", "half")
EARLIER: Final = "earlier"
UNKNOWN: Final = "U"
TOTAL: Final = "total"
ALL: Final = "all"
_FILE: Final = Path(__file__).parent / "data" / f"levels_v{VERSION}.json"

Levels = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its dimensions in catalogue order. No programme dimension exists."""

    dimensions: tuple[str, ...]

    @property
    def id(self) -> str:
        return "|".join(self.dimensions) or TOTAL

    def cells(self, levels: Levels) -> list[str]:
        """Every cell of the full product of levels, whether anybody is in it or not."""
        if not self.dimensions:
            return [ALL]
        return ["|".join(parts) for parts in product(*(levels[name] for name in self.dimensions))]


TABLES: Final = (Table(()), *(Table((name,)) for name in DIMENSIONS))

AGES: Final = {
    **dict.fromkeys((1, 2, 3), "<25"),
    **dict.fromkeys((4, 5), "25-34"),
    **dict.fromkeys((6, 7), "35-44"),
    **dict.fromkeys((8, 9), "45-54"),
    **dict.fromkeys((10, 11, 12), "55+"),
}
"""Public band of each five-year band of the dictionary."""

SEXES: Final = {1: "M", 2: "F"}

SUBSTANCES: Final = {
    **dict.fromkeys((151, 152, 153, 154), "opium"),
    **dict.fromkeys((110, 112), "heroin"),
    **dict.fromkeys((120, 130, 140, 150, 155, 156, 157, 158, 159), "other_opioid"),
    **dict.fromkeys((800, 801), "alcohol"),
    **dict.fromkeys((210, 220, 310, 320, 321, 330, 340, 341, 342, 343, 350, 351), "stimulant"),
    **dict.fromkeys((710, 720, 730), "cannabis"),
}
"""Public level of each primary substance; what is missing here is `other`."""


@lru_cache(maxsize=1)
def level_file() -> dict[str, object]:
    """The frozen levels of this catalogue version."""
    levels: dict[str, object] = json.loads(_FILE.read_text(encoding="utf-8"))
    return levels


def levels_of(closing_on: date, regions: Sequence[str]) -> Levels:
    """The levels of an edition: the file's, its half-years, and the regions after merging."""
    fixed = level_file()
    levels: Levels = {}
    for name in DIMENSIONS:
        listed = fixed[name]
        if name == "region":
            levels[name] = list(regions)
        elif name == "half":
            assert isinstance(listed, dict)
            levels[name] = halves(closing_on, int(listed["last"]))
        else:
            assert isinstance(listed, list)
            levels[name] = listed
    return levels


def halves(closing_on: date, count: int) -> list[str]:
    """Half-years of admission that an edition can hold, a level for what lies before, one for no month.

    They follow from the closing date, never from who was admitted.
    """
    last = last_admission(closing_on)
    number = 2 * last.year + (last.month > 6)
    named = [_half(number - back) for back in range(count - 1, -1, -1)]
    return [EARLIER, *named, UNKNOWN]


def half_of(month: str, levels: Sequence[str]) -> str:
    """The level of an admission month among the half-years of an edition."""
    year, number = int(month[:4]), int(month[5:7])
    named = _half(2 * year + (number > 6))
    return named if named in levels else EARLIER


def last_admission(closing_on: date) -> date:
    """Last day of the latest admission month whose window of 183 days is closed."""
    latest = closing_on - timedelta(days=COHORT_DAYS)
    end = month_end(f"{latest:%Y-%m}")
    return end if end <= latest else latest.replace(day=1) - timedelta(days=1)


def month_end(month: str) -> date:
    """Last day of a month written `YYYY-MM`: the day that counts as admission."""
    year, number = int(month[:4]), int(month[5:7])
    return date(year, number, calendar.monthrange(year, number)[1])


def merge_regions(
    country: str, programmes: Mapping[str, Mapping[str, int]], *, least: int, percent: int
) -> list[list[str]] | None:
    """Pool neighbouring region groups along the fixed list until each pool may be shown.

    `programmes` gives persons by programme for each region group. A pool needs `least` programmes, none with
    more than `percent` of its persons. None when even the whole country breaks the rule.
    """
    listed = level_file()["region"]
    assert isinstance(listed, dict)
    pools: list[list[str]] = []
    open_pool: list[str] = []
    for group in (code for code in listed[country] if programmes.get(code)):
        open_pool.append(group)
        if _may_show(open_pool, programmes, least, percent):
            pools.append(open_pool)
            open_pool = []
    while open_pool and pools:
        open_pool = pools.pop() + open_pool
        if _may_show(open_pool, programmes, least, percent):
            pools.append(open_pool)
            open_pool = []
    return None if open_pool or not pools else pools


def region_code(pool: Sequence[str]) -> str:
    """Code of a pool: `IR-1`, or `IR-1-2` when two groups are merged."""
    return f"{pool[0][:2]}-" + "-".join(group[2:] for group in pool)


def _may_show(
    pool: Sequence[str], programmes: Mapping[str, Mapping[str, int]], least: int, percent: int
) -> bool:
    sizes = [persons for group in pool for persons in programmes[group].values() if persons]
    return len(sizes) >= least and 100 * max(sizes) <= percent * sum(sizes)


def _half(number: int) -> str:
    return f"{number // 2}H{number % 2 + 1}"
