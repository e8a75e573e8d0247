"""Scores of instruments by one engine; what is particular to an instrument stands in its definition.

A total is null where too many answers are missing, never a partial sum; a value that no option has is
refused, never moved to the nearest. Tests reproduce the worked vectors of thirteen instruments.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analytics.instruments.loader import Instrument, Item, ScoreRule, Where

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Z975: Final = 1.96


class InvalidAnswers(ValueError):
    """Answers that no option of the item has, or items that the instrument does not have."""

    def __init__(self, items: Iterable[str]) -> None:
        self.items = tuple(items)
        super().__init__(f"no such answer: {', '.join(self.items)}")


@dataclass(frozen=True)
class Scored:
    """One score: its value (None where the rule for missing answers fails), how many items were answered."""

    value: float | None
    n_valid: int
    band: str = ""


@dataclass(frozen=True)
class Result:
    """What is kept of an instrument, with the version of the rule that made it."""

    scores: Mapping[str, Scored]
    alerts: tuple[str, ...]
    rule_version: int


def score(instrument: Instrument, answers: Mapping[str, int | None], **context: str) -> Result:
    """Every score of an instrument. `context` may name substance, sex (1, 2) and language, which some
    cut-offs and items need. InvalidAnswers names the items whose value none of their options has;
    ValueError a substance that the instrument is not made for.
    """
    if instrument.substances and context.get("substance") not in instrument.substances:
        raise ValueError(f"{instrument.id}: expected a substance of {', '.join(instrument.substances)}")
    _refuse_unknown(instrument, answers)
    told, band = _with_skips(instrument, answers)
    counted = _counted(instrument.items, told)
    enough = len(counted) >= instrument.min_valid
    scores: dict[str, Scored] = {}
    for rule in instrument.scores:
        if rule.of:
            scores[rule.id] = _derived(rule, scores[rule.of])
        else:
            scores[rule.id] = _one(rule, counted if enough else {}, context, band)
    alerts = tuple(a.code for a in instrument.alerts if (told.get(a.item) or 0) > a.above)
    return Result(scores, alerts, instrument.rule_version)


def _refuse_unknown(instrument: Instrument, answers: Mapping[str, int | None]) -> None:
    options = {item.id: item.allowed for item in instrument.items}
    wrong = [i for i, v in answers.items() if i not in options or (v is not None and v not in options[i])]
    if wrong:
        raise InvalidAnswers(wrong)


def _with_skips(
    instrument: Instrument, answers: Mapping[str, int | None]
) -> tuple[dict[str, int | None], str]:
    """Skipped items count 0 unless they were answered all the same."""
    told, band = dict(answers), ""
    for skip in instrument.skips:
        asked = [told.get(item) for item in skip.sum_of]
        if None not in asked and sum(v for v in asked if v is not None) == skip.equals:
            told.update({item: 0 for item in skip.then if told.get(item) is None})
            band = band or skip.band
    return told, band


def _counted(items: Iterable[Item], told: Mapping[str, int | None]) -> dict[str, int]:
    known = ((item, told.get(item.id)) for item in items)
    return {item.id: item.counted(value) for item, value in known if value is not None}


def _derived(rule: ScoreRule, of: Scored) -> Scored:
    return Scored(None if of.value is None else (of.value - rule.minus) * rule.factor, of.n_valid)


def _one(rule: ScoreRule, counted: Mapping[str, int], context: Mapping[str, str], band: str) -> Scored:
    left_out = {item for item, where in rule.without if _holds(where, context)}
    asked = [item for item in rule.items if item not in left_out]
    valid = [counted[item] for item in asked if item in counted]
    if len(valid) < rule.min_valid - len(left_out):
        return Scored(None, len(valid))
    value = _value(rule, valid, len(asked))
    return Scored(value, len(valid), band or _band(rule, value, context))


def _value(rule: ScoreRule, valid: list[int], asked: int) -> float:
    raw = float(sum(valid))
    if rule.method == "mean":
        raw /= len(valid)
    elif rule.prorate and len(valid) < asked:
        raw = math.floor(raw / len(valid) * asked + 0.5)
    return (raw - rule.minus) * rule.factor


def _band(rule: ScoreRule, value: float, context: Mapping[str, str]) -> str:
    """The band of the cut-offs made for most of this context; none where they need what is not known."""
    fitting = [b for b in rule.bands if _holds(b.where, context) and b.lowest <= value]
    return max(fitting, key=lambda b: (len(b.where), b.lowest)).code if fitting else ""


def _holds(where: Where, context: Mapping[str, str]) -> bool:
    return all(context.get(key) == value for key, value in where)


def reliable_change(sd: float, r: float) -> tuple[float, int]:
    """The change that measurement error alone exceeds in 5 % of people, and the next whole number.

    RCI = 1.96 · SD · √(2 (1 − r)), SD at baseline, r of test and retest. ValueError unless SD > 0 and
    0 ≤ r < 1.
    Source: Jacobson and Truax 1991, doi:10.1037/0022-006X.59.1.12.
    """
    if sd <= 0 or not 0 <= r < 1:
        raise ValueError("expected SD > 0 and 0 ≤ r < 1")
    change = Z975 * sd * math.sqrt(2 * (1 - r))
    return change, math.ceil(change)
