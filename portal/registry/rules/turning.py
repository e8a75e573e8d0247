"""Bands of ages and doses and sums of weeks, where the answer itself was not given."""

import re
from typing import TYPE_CHECKING, Any, Final

from portal.registry.dictionary import TRANSIENT, CodeList, Dictionary, Variable
from portal.registry.rules.evaluating import compiled, readable_frame

if TYPE_CHECKING:
    import polars as pl


BANDED: Final = re.compile(r"band of (?P<value>.+?)(?: by (?P<fact>\w+) of (?P<of>\w+))?")
WEEKS: Final = ("w1", "w2", "w3", "w4")


def with_turned(frame: "pl.DataFrame", dictionary: Dictionary) -> "pl.DataFrame":
    """Bands of ages and doses, and sums of weeks, where the answer itself was not given."""
    import polars as pl

    have = frozenset(frame.columns)
    sent = [v for v in dictionary.of(TRANSIENT) if v.name in have]
    weekly = sorted({v.into for v in sent if v.base.endswith(WEEKS)})
    turned = {name: _sum_of_weeks(name, frame) for name in weekly}
    wide = frame.with_columns([_kept(frame, name, made) for name, made in turned.items()])
    formulas = [v for v in dictionary.answers if v.formula] if len(sent) > 4 * len(weekly) else []
    if not formulas:
        return wide
    made = {v.name: _formula(v, dictionary) for v in formulas}
    read = readable_frame(wide, dictionary.version, list(made.values()), {})
    found = read.select([e.cast(pl.Int16).alias(name) for name, e in made.items()])
    return wide.with_columns([_kept(wide, name, found[name]) for name in made])


def _kept(frame: "pl.DataFrame", name: str, made: Any) -> Any:
    """What was entered, else what was made of it."""
    import polars as pl

    return pl.coalesce(pl.col(name), made).alias(name) if name in frame.columns else made.alias(name)


def _sum_of_weeks(name: str, frame: "pl.DataFrame") -> "pl.Expr":
    """The sum of all four weeks, unknown when one of them is."""
    import polars as pl

    weeks = [f"{name}_{week}" for week in WEEKS]
    parts = [pl.col(week) if week in frame.columns else pl.lit(None, dtype=pl.Int16) for week in weeks]
    return (parts[0] + parts[1] + parts[2] + parts[3]).cast(pl.Int16)


def _formula(variable: Variable, dictionary: Dictionary) -> "pl.Expr":
    said = BANDED.fullmatch(variable.formula)
    if said is None:
        return compiled(dictionary.version, variable.formula)
    value = compiled(dictionary.version, said["value"])
    if said["fact"]:
        treatments = dictionary[said["of"]].codes
        return _by_fact(value, compiled(dictionary.version, said["of"]), treatments, said["fact"])
    return _band(value, variable.codes)


def _band(value: "pl.Expr", codes: CodeList | None) -> "pl.Expr":
    """The code of the band in which a number lies, by the lower bounds of the list."""
    import polars as pl

    result: Any = None
    bands = sorted((int(item.facts["low"]), item.number) for item in codes.items) if codes else []
    for low, number in reversed(bands):
        made = pl.lit(number, dtype=pl.Int16)
        result = (pl if result is None else result).when(value >= low).then(made)
    return result.otherwise(None)


def _by_fact(value: "pl.Expr", of: "pl.Expr", codes: CodeList | None, fact: str) -> "pl.Expr":
    """1 below the first bound, 2 up to the second, 3 above, by the bounds of each code."""
    import polars as pl

    result: Any = None
    for item in codes.items if codes else ():
        if fact in item.facts:
            low, high = item.facts[fact]
            band = pl.lit(1) + (value >= low).cast(pl.Int16) + (value > high).cast(pl.Int16)
            result = (pl if result is None else result).when(of == item.number).then(band)
    return result.otherwise(None)
