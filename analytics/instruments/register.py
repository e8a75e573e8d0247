"""The licence register: every instrument that anybody may ask for, and what may be kept and shown of it.

`ship`: items and scores. `score`: a total or sub-scores that the centre computed or whose items it holds; the
wording is never shown. `no`: nothing but, where a note says so, a number computed elsewhere.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from analytics.instruments.loader import (
    Change,
    Decision,
    Instrument,
    LanguageVersion,
    ScoreRule,
    Text,
    load_instruments,
)
from analytics.instruments.scoring import reliable_change


@dataclass(frozen=True)
class Entry:
    """One line of the register; `definition` where its scores are computed here."""

    id: str
    title: Text
    measures: Text
    decision: Decision
    licence: Text
    verified: bool
    items: int | None = None
    ranges: tuple[tuple[float, float], ...] = ()
    note: Text = field(default_factory=dict)
    definition: Instrument | None = None

    @property
    def versions(self) -> tuple[LanguageVersion, ...]:
        return self.definition.versions if self.definition else ()


@dataclass(frozen=True)
class Reliable:
    """A reliable change with what it was computed from; `threshold` is the next whole number of points."""

    told: Change
    change: float
    threshold: int


@cache
def load_register() -> tuple[Entry, ...]:
    """All of it: what is defined here first, the others after it, each in the order of the names."""
    defined = [_defined(one) for one in load_instruments().values()]
    others = tomllib.loads((files("analytics.instruments") / "others.toml").read_text("utf-8"))["instrument"]
    return (*defined, *(_other(told) for told in others))


def find_entry(name: str) -> Entry | None:
    return next((entry for entry in load_register() if entry.id == name), None)


def may_show_items(entry: Entry) -> bool:
    """The one question about wording: only what the licence lets everybody read."""
    return entry.decision == "ship"


def range_of(instrument: Instrument, score: ScoreRule) -> tuple[float, float]:
    """Smallest and largest value that a score can take, whatever the substance."""
    if score.of:
        low, high = range_of(instrument, next(s for s in instrument.scores if s.id == score.of))
    else:
        options = {item.id: item.allowed for item in instrument.items}
        lows, highs = [min(options[i]) for i in score.items], [max(options[i]) for i in score.items]
        count = len(score.items) if score.method == "mean" else 1
        low, high = sum(lows) / count, sum(highs) / count
    return (low - score.minus) * score.factor, (high - score.minus) * score.factor


def final_scores(instrument: Instrument) -> tuple[ScoreRule, ...]:
    """Scores that people compare: the total where there is one, else those that no other is made of."""
    used = {score.of for score in instrument.scores}
    final = tuple(score for score in instrument.scores if score.id not in used)
    return tuple(score for score in final if score.id == "total") or final


def changes_of(instrument: Instrument) -> list[Reliable]:
    return [Reliable(told, *reliable_change(told.sd, told.r)) for told in instrument.changes]


def _defined(one: Instrument) -> Entry:
    ranges = tuple(dict.fromkeys(range_of(one, score) for score in final_scores(one)))
    return Entry(
        one.id, one.title, one.measures, one.decision, one.licence, one.verified, len(one.items), ranges,
        one.note, one,
    )  # fmt: skip


def _other(told: dict[str, object]) -> Entry:
    rest = dict(told)
    title, bounds = str(rest.pop("title")), (rest.pop("lowest", None), rest.pop("highest", None))
    ranges = () if None in bounds else (bounds,)
    return Entry(title=dict.fromkeys(("en", "ru", "fa"), title), ranges=ranges, **rest)  # type: ignore[arg-type] # tests read every line
