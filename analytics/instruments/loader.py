"""Instruments from definition files: items with option sets of their own, skips, scores, bands, licence."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, get_args

Where = tuple[tuple[str, str], ...]
Text = Mapping[str, str]  # in three languages
# ship: items and scoring · score: a total or the centre's own items, no item text · no: nothing
Decision = Literal["ship", "score", "no"]
Status = Literal["original", "official", "validated", "working", "none"]
LANGUAGES: Final = frozenset({"en", "ru", "fa"})
CONTEXT: Final = frozenset({"substance", "sex", "language"})


@dataclass(frozen=True)
class Item:
    """A question: the values that its options have. Reversed: counts as smallest + largest − value."""

    id: str
    allowed: tuple[int, ...]
    reversed: bool = False

    def counted(self, value: int) -> int:
        return min(self.allowed) + max(self.allowed) - value if self.reversed else value


@dataclass(frozen=True)
class Skip:
    """Where the items `sum_of` add up to `equals`, the items `then` are not asked and count 0."""

    sum_of: tuple[str, ...]
    equals: int
    then: tuple[str, ...]
    band: str = ""


@dataclass(frozen=True)
class Band:
    """What people call scores from `lowest` on. Analyses use the number."""

    lowest: float
    code: str
    where: Where = ()


@dataclass(frozen=True)
class ScoreRule:
    """A sum or mean of items, or (`of`) another score, as (value − minus) × factor."""

    id: str
    items: tuple[str, ...] = ()
    of: str = ""
    method: Literal["sum", "mean"] = "sum"
    min_valid: int = 0
    prorate: bool = False
    minus: float = 0
    factor: float = 1
    without: tuple[tuple[str, Where], ...] = ()
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True)
class Alert:
    """A clinician is told at entry where the item is above this value; it is never exported."""

    item: str
    above: int
    code: str


@dataclass(frozen=True)
class LanguageVersion:
    """A text of the instrument in a language, and how far it can be trusted; `none`: none is known."""

    language: str
    status: Status
    source: str
    verified: bool


@dataclass(frozen=True)
class Change:
    """What a reliable change is computed from: SD at baseline and r of test and retest, in one population."""

    score: str
    sd: float
    r: float
    source: str
    verified: bool
    substance: str = ""
    language: str = ""


@dataclass(frozen=True)
class Instrument:
    """One instrument; `verified` is false where a band or rule has not been checked in its source."""

    id: str
    title: Text
    measures: Text
    decision: Decision
    licence: Text
    source: str
    verified: bool
    rule_version: int
    credit: str = ""
    note: Text = field(default_factory=dict)
    substances: tuple[str, ...] = ()
    min_valid: int = 0
    items: tuple[Item, ...] = ()
    skips: tuple[Skip, ...] = ()
    scores: tuple[ScoreRule, ...] = ()
    alerts: tuple[Alert, ...] = ()
    versions: tuple[LanguageVersion, ...] = ()
    changes: tuple[Change, ...] = ()


@cache
def load_instruments() -> dict[str, Instrument]:
    """Every shipped instrument by its id. ValueError names the file whose definition contradicts itself."""
    folder = files("analytics.instruments") / "definitions"
    read = {
        path.name: tomllib.loads(path.read_text("utf-8"))
        for path in sorted(folder.iterdir(), key=lambda p: p.name)
        if path.name.endswith(".toml")
    }
    return {(made := build(text, name)).id: made for name, text in read.items()}


def build(told: Mapping[str, Any], name: str = "definition") -> Instrument:
    """An instrument from its parsed file. ValueError where it names items that it does not have."""
    made = Instrument(
        **{
            key: told[key]
            for key in (
                "id",
                "title",
                "measures",
                "decision",
                "licence",
                "source",
                "verified",
                "rule_version",
            )
        },
        **{key: told[key] for key in ("credit", "note", "min_valid") if key in told},
        substances=tuple(told.get("substances", ())),
        items=tuple(
            Item(i["id"], tuple(i["allowed"]), i.get("reversed", False)) for i in told.get("item", ())
        ),
        skips=tuple(
            Skip(tuple(s["sum_of"]), s["is"], tuple(s["then"]), s.get("band", ""))
            for s in told.get("skip", ())
        ),
        scores=tuple(_score(s) for s in told.get("score", ())),
        alerts=tuple(Alert(**a) for a in told.get("alert", ())),
        versions=tuple(LanguageVersion(**v) for v in told.get("version", ())),
        changes=tuple(Change(**c) for c in told.get("change", ())),
    )
    _check(made, name)
    return made


def _score(told: Mapping[str, Any]) -> ScoreRule:
    plain = ("id", "of", "method", "prorate", "minus", "factor")
    return ScoreRule(
        **{key: told[key] for key in plain if key in told},
        items=tuple(told.get("items", ())),
        min_valid=told.get("min_valid", len(told.get("items", ()))),
        without=tuple((w["item"], _where(w)) for w in told.get("without", ())),
        bands=tuple(Band(b["from"], b["code"], _where(b)) for b in told.get("band", ())),
    )


def _where(told: Mapping[str, Any]) -> Where:
    return tuple(sorted(told.get("where", {}).items()))


def _check(made: Instrument, name: str) -> None:
    own = {item.id for item in made.items}
    named = {i for s in made.skips for i in (*s.sum_of, *s.then)} | {a.item for a in made.alerts}
    named |= {i for s in made.scores for i in s.items}
    of = {s.of for s in made.scores if s.of} - {s.id for s in made.scores}
    asked = {key for s in made.scores for b in s.bands for key, _ in b.where}
    scores = {s.id for s in made.scores}
    of |= {c.score for c in made.changes} - scores
    known = {*get_args(Decision), *get_args(Status), *LANGUAGES}
    said = {made.decision, *(v.status for v in made.versions), *(v.language for v in made.versions)}
    faults = [*(named - own), *of, *(asked - CONTEXT), *(said - known)]
    texts = {"title": made.title, "measures": made.measures, "licence": made.licence}
    untold = [
        key
        for key, text in (texts | ({"note": made.note} if made.note else {})).items()
        if {*text} != LANGUAGES
    ]
    if faults or untold:
        raise ValueError(f"{name}: unknown {', '.join(sorted(faults) or untold)}")
