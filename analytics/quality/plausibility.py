"""Is it likely to be true: DQ10, DQ12 to DQ14, DQ16, DQ17, DQ20 to DQ24."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

import numpy as np

from analytics.outcomes.catalogue import definitions
from analytics.outcomes.judging import judge
from analytics.quality.limits import Level, limits
from analytics.quality.material import (
    Flags,
    Floats,
    Indicator,
    Material,
    Question,
    not_collected,
    of_share,
    shortfall,
    spread,
)

ROUND_DAYS: Final = (0, 7, 14, 21, 28)
BY_CHANCE: Final = 5 / 29
ITEMS_OF_A_COPY: Final = 10
ITEMS_OF_A_LINE: Final = 8
BEYOND: Final = 3.0
TO_SIGMA: Final = 0.6745
FEWEST: Final = 20
TOO_GOOD: Final = 0.95
TOO_FAR: Final = 0.20
_ITEM: Final = re.compile(r"(start|review_\d+|exit)_(?!day$|mode$|stage$)(\w+)")


def warnings(material: Material) -> Indicator:
    """DQ10: warnings that stand, for 100 records; errors are refused at the door and counted all the same."""
    if "warnings" not in material.records.episodes.columns:
        return not_collected("DQ10", "warnings")
    n, found = len(material), material.records.raw("warnings")
    if not n:
        return Indicator(id="DQ10")
    errors = float(np.nansum(material.records.raw("errors")))
    value = 100 * float(found.sum()) / n
    level = Level.RED if errors else limits()["DQ10"].level(value)
    short = shortfall("DQ10", 100 * float(found.sum()), n)
    return Indicator(
        id="DQ10", n=n, value=value, level=level, failing=np.unique(material.numbers[found > 0]),
        short=-(-short // 100), detail={"errors": errors},
    )  # fmt: skip


def heaping(material: Material) -> Indicator:
    """DQ12: share of days of use on 0, 7, 14, 21 and 28, less the 5/29 that chance would give."""
    days = [material.records.values(question.name) for question in _days28(material)]
    seen = np.concatenate([values[~np.isnan(values)] for values in days]) if days else np.array([])
    if not len(seen):
        return Indicator(id="DQ12")
    value = float(np.isin(seen, ROUND_DAYS).mean()) - BY_CHANCE
    return Indicator(id="DQ12", n=len(seen), value=value, level=limits()["DQ12"].level(value))


def copied(material: Material) -> Indicator:
    """DQ13: assessments equal to the one before in ten answers or more, of pairs that are not all zero."""
    stages = ["start", *material.records.reviews(), "exit"]
    if min(len(_items(material, stage)) for stage in stages) < ITEMS_OF_A_COPY:
        return not_collected("DQ13", "ten answers of an assessment")
    due, same = np.zeros(len(material), dtype=bool), np.zeros(len(material), dtype=bool)
    pairs = equal = 0
    for earlier, later in pairwise(stages):
        there, equals = _pair(material, earlier, later)
        pairs, equal = pairs + int(there.sum()), equal + int((there & equals).sum())
        due, same = due | there, same | (there & equals)
    if not pairs:
        return Indicator(id="DQ13")
    value = equal / pairs
    return Indicator(
        id="DQ13", n=pairs, value=value, level=limits()["DQ13"].level(value),
        failing=np.unique(material.numbers[same]), short=shortfall("DQ13", equal, pairs),
    )  # fmt: skip


def straight_lines(material: Material) -> Indicator:
    """DQ14: instruments answered with one value throughout, of those with eight answers or more."""
    told = material.instruments
    if told is None:
        return not_collected("DQ14", "instruments")
    due = told["items"].to_numpy() >= ITEMS_OF_A_LINE
    return of_share("DQ14", due, told["flat"].to_numpy(dtype=bool), told["number"].to_numpy())


def duplicates(material: Material) -> Indicator:
    """DQ16: episodes that look like another one of the programme (rule R42)."""
    if "duplicate" not in material.records.episodes.columns:
        return not_collected("DQ16", "duplicate")
    hit = material.records.raw("duplicate") > 0
    return of_share("DQ16", np.ones(len(material), dtype=bool), hit, material.numbers)


def outliers(material: Material) -> Indicator:
    """DQ17: answers in days farther than 3 from the middle, by mean and spread and by median and MAD."""
    asked, far, failing = 0, 0, np.zeros(len(material), dtype=bool)
    for question in material.questions:
        if question.is_days:
            values = material.records.values(question.name)
            beyond = _beyond(values)
            asked, far = asked + int((~np.isnan(values)).sum()), far + int(beyond.sum())
            failing |= beyond
    if not asked:
        return Indicator(id="DQ17")
    return Indicator(
        id="DQ17", n=asked, value=float(far), level=limits()["DQ17"].level(far),
        failing=np.unique(material.numbers[failing]),
        detail=spread(material.records.values("last_contact_day")),
    )  # fmt: skip


def implausible(material: Material) -> Indicator:
    """DQ20: too good to be true, or outside the limits of its class: how many such signs there are."""
    signs: dict[str, float] = {}
    completed = judge(material.records, definitions()["CMP-TEDS"])
    known = completed.known
    if known.sum() >= FEWEST and completed.value[known].mean() > TOO_GOOD:
        signs["completion"] = float(completed.value[known].mean())
    gap = _report_beyond_urine(material)
    if gap is not None and gap > TOO_FAR:
        signs["report_beyond_urine"] = gap
    if material.beyond_funnel:
        signs["beyond_funnel"] = 1.0
    level = limits()["DQ20"].level(len(signs)) if len(material) else Level.NO_CASES
    value = float(len(signs)) if len(material) else float("nan")
    return Indicator(id="DQ20", n=len(material), value=value, level=level, detail=signs)


def report_and_urine(material: Material) -> Indicator:
    """DQ21: agreement of report and urine within three days, as kappa."""
    told = material.urine
    if told is None:
        return not_collected("DQ21", "urine tests")
    return _agreement("DQ21", told["used"].to_numpy(), told["positive"].to_numpy(), told["number"].to_numpy())


def rejected(material: Material) -> Indicator:
    """DQ22: rows rejected, of those handed in; red only where the sum of the three is another number."""
    told = material.imports
    if told is None or told.empty:
        return Indicator(id="DQ22")
    submitted = told["submitted"].sum()
    wrong = (told["accepted"] + told["rejected"] + told["ignored"] != told["submitted"]).sum()
    share = float(told["rejected"].sum() / submitted) if submitted else float("nan")
    level = limits()["DQ22"].level(float(wrong))
    return Indicator(
        id="DQ22",
        n=int(submitted),
        value=share,
        level=level,
        short=int(wrong),
        detail={"sums_wrong": float(wrong)},
    )


def entered_twice(material: Material) -> Indicator:
    """DQ23: answers entered again by a second person that are equal, as kappa."""
    told = material.reentered
    if told is None:
        return not_collected("DQ23", "second entry")
    return _agreement("DQ23", told["first"].to_numpy(), told["second"].to_numpy(), told["number"].to_numpy())


def translations(material: Material) -> Indicator:
    """DQ24: instruments answered in a translation that nobody validated."""
    told = material.instruments
    if told is None:
        return not_collected("DQ24", "instruments")
    return of_share(
        "DQ24",
        np.ones(len(told), dtype=bool),
        told["working"].to_numpy(dtype=bool),
        told["number"].to_numpy(),
    )


def kappa(first: Floats, second: Floats) -> float:
    """Cohen's kappa of two codings; 1 where both know one and the same value only.

    Examples
    --------
    >>> round(kappa(np.array([1, 1, 0, 0]), np.array([1, 0, 0, 0])), 3)
    0.5
    """
    codes = np.unique(np.concatenate([first, second]))
    agree = float((first == second).mean())
    chance = sum(float((first == code).mean() * (second == code).mean()) for code in codes)
    return 1.0 if chance >= 1 else (agree - chance) / (1 - chance)


def _agreement(name: str, first: Floats, second: Floats, numbers: np.ndarray) -> Indicator:
    if not len(first):
        return Indicator(id=name)
    value = kappa(first, second)
    detail = {"equal": float((first == second).mean())}
    failing = np.unique(numbers[first != second])
    return Indicator(
        id=name, n=len(first), value=value, level=limits()[name].level(value), failing=failing, detail=detail
    )


def _days28(material: Material) -> list[Question]:
    return [
        question for question in material.questions if "d28_" in question.name or "days28" in question.name
    ]


def _items(material: Material, stage: str) -> list[str]:
    """Answers of an assessment, without its day, mode and stage."""
    matched = (_ITEM.fullmatch(name) for name in material.records.episodes.columns)
    return [found[2] for found in matched if found and found[1] == stage]


def _pair(material: Material, earlier: str, later: str) -> tuple[Flags, Flags]:
    """Which episodes have both assessments with a number above 0, and where all answers are equal."""
    names = sorted(set(_items(material, earlier)) & set(_items(material, later)))
    before, after = (
        np.stack([material.records.raw(f"{stage}_{name}") for name in names]) for stage in (earlier, later)
    )
    there = ~np.isnan(material.records.raw(f"{earlier}_day")) & ~np.isnan(
        material.records.raw(f"{later}_day")
    )
    there &= (np.nan_to_num(before) > 0).any(axis=0) | (np.nan_to_num(after) > 0).any(axis=0)
    equal = (before == after) | (np.isnan(before) & np.isnan(after))
    return np.asarray(there), np.asarray(equal.all(axis=0))


def _beyond(values: Floats) -> Flags:
    """Values that lie beyond 3 by either measure; nothing where fewer than 20 are known."""
    seen = values[~np.isnan(values)]
    if len(seen) < FEWEST:
        return np.zeros(len(values), dtype=bool)
    spread_of = seen.std(ddof=1)
    middle = np.median(seen)
    mad = np.median(np.abs(seen - middle))
    far = np.zeros(len(values), dtype=bool)
    if spread_of > 0:
        far |= np.abs(np.nan_to_num(values, nan=seen.mean()) - seen.mean()) / spread_of > BEYOND
    if mad > 0:
        far |= TO_SIGMA * np.abs(np.nan_to_num(values, nan=middle) - middle) / mad > BEYOND
    return far


def _report_beyond_urine(material: Material) -> float | None:
    """Abstinent by report minus negative by urine, where both are known."""
    told = material.urine
    if told is None or len(told) < FEWEST:
        return None
    return float((told["used"] == 0).mean() - (told["positive"] == 0).mean())
