"""Before a record is judged: bands and sums from what is not kept, skip logic, and derived answers.

The one place where an answer follows from another. Version 1 has none of these, so its frames pass unchanged.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from portal.registry.dictionary import (
    DERIVED,
    NOT_APPLICABLE,
    TRANSIENT,
    CodeList,
    Dictionary,
    Group,
    Variable,
    load,
)
from portal.registry.rules.language import compile_rule
from portal.registry.rules.symbols import CONTEXT, answer, context_column, symbols_of

if TYPE_CHECKING:
    import polars as pl

BANDED: Final = re.compile(r"band of (?P<value>.+?)(?: by (?P<fact>\w+) of (?P<of>\w+))?")
WEEKS: Final = ("w1", "w2", "w3", "w4")


@dataclass(frozen=True, slots=True)
class Prepared:
    """`frame` is judged, `due` says by column where an asked answer is missing, `record` is what is kept."""

    frame: "pl.DataFrame"
    due: Mapping[str, "pl.Series"]
    record: "pl.DataFrame"


def prepare(frame: "pl.DataFrame", version: int, context: Mapping[str, Any]) -> Prepared:
    """Answers completed by what follows from them. Nothing that was entered is changed."""
    dictionary = load(version)
    frame = _with_turned(frame, dictionary)
    frame, due = _with_skipped(frame, dictionary, context)
    frame = _with_derived(frame, dictionary)
    dropped = [v.name for v in dictionary.of(TRANSIENT) if v.name in frame.columns]
    return Prepared(frame, due, frame.drop(dropped) if dropped else frame)


def derive(
    values: Mapping[str, int | None], *, version: int, context: Mapping[str, Any] | None = None
) -> dict[str, int | None]:
    """Every derived answer of one record in coded form, kept or not."""
    import polars as pl

    frame = pl.DataFrame({name: pl.Series(name, [value], dtype=pl.Int16) for name, value in values.items()})
    derived = load(version).of(DERIVED)
    if not derived:
        return {}
    expressions = {v.name: compiled(version, v.formula) for v in derived}
    wide = readable_frame(frame, version, list(expressions.values()), context or {})
    row = wide.select([e.cast(pl.Int16).alias(name) for name, e in expressions.items()]).row(0, named=True)
    return {v.name: _within(v, row[v.name]) for v in derived}


def _within(variable: Variable, number: int | None) -> int | None:
    """A result that is no code, or a number out of range, is no result."""
    if number is None:
        return None
    if variable.codes is not None:
        return number if any(item.number == number for item in variable.codes.items) else None
    return number if (variable.low or 0) <= number <= (variable.high or number) else None


def _with_turned(frame: "pl.DataFrame", dictionary: Dictionary) -> "pl.DataFrame":
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


def _with_skipped(
    frame: "pl.DataFrame", dictionary: Dictionary, context: Mapping[str, Any]
) -> tuple["pl.DataFrame", dict[str, "pl.Series"]]:
    """What is not asked gets the code that says so; what is asked and empty is due."""
    import polars as pl

    have = frozenset(frame.columns)
    asked = [v for v, group in _conditional(dictionary.version) if _present(have, group, v, dictionary)]
    if not asked:
        return frame, {}
    conditions = [compiled(dictionary.version, v.asked) for v in asked]
    otherwise = {v.name: compiled(dictionary.version, v.otherwise) for v in asked if v.otherwise}
    read = readable_frame(frame, dictionary.version, [*conditions, *otherwise.values()], context)
    masks = read.select([c.alias(v.name) for v, c in zip(asked, conditions, strict=True)])
    there = frame.select([_there(have, v, dictionary).alias(v.name) for v in asked])
    codes = read.select([e.cast(pl.Int16).alias(name) for name, e in otherwise.items()])
    filled, due = [], {}
    for variable in asked:
        name = variable.name
        empty = _empty(frame, name) & _long(there[name], frame.height)
        put = _long(masks[name], frame.height)
        lacking = (empty & put).fill_null(value=False)
        if lacking.any() and (variable.mandatory or variable.conditional):
            due[name] = lacking
        skipped = (empty & ~put).fill_null(value=False)
        if skipped.any():
            value = codes[name] if name in otherwise else pl.lit(NOT_APPLICABLE, dtype=pl.Int16)
            old = pl.col(name) if name in frame.columns else pl.lit(None, dtype=pl.Int16)
            filled.append(pl.when(skipped).then(value).otherwise(old).alias(name))
    return frame.with_columns(filled), due


@functools.cache
def _conditional(version: int) -> tuple[tuple[Variable, Group], ...]:
    """Answers that are asked under a condition only, with their groups."""
    return tuple(
        (variable, group) for group in load(version).groups for variable in group.variables if variable.asked
    )


def _present(have: frozenset[str], group: Group, variable: Variable, dictionary: Dictionary) -> bool:
    """Whether this group, or those that ask for the answer, have a column at all."""
    return group.always or any(name in have for name in _companions(group, variable, dictionary))


def _companions(group: Group, variable: Variable, dictionary: Dictionary) -> list[str]:
    if not variable.requires_with:
        return [v.name for v in group.variables]
    groups = [g for g in dictionary.groups if g.base in variable.requires_with] or [group]
    return [v.name for g in groups for v in g.variables]


def _there(have: frozenset[str], variable: Variable, dictionary: Dictionary) -> "pl.Expr":
    """Whether the group of an answer was recorded."""
    import polars as pl

    group = dictionary.group(variable.group)
    if group.always:
        return pl.lit(value=True)
    names = [n for n in _companions(group, variable, dictionary) if n in have]
    return pl.any_horizontal([pl.col(name).is_not_null() for name in names])


def _empty(frame: "pl.DataFrame", name: str) -> "pl.Series":
    import polars as pl

    if name in frame.columns:
        return frame[name].is_null()
    return pl.repeat(value=True, n=frame.height, eager=True, dtype=pl.Boolean)


def _long(series: "pl.Series", height: int) -> "pl.Series":
    """A result of literals alone is one value for all rows."""
    return series if len(series) == height else series.new_from_index(0, height)


def _with_derived(frame: "pl.DataFrame", dictionary: Dictionary) -> "pl.DataFrame":
    """Derived answers that are kept: the result, else the missing code of the first answer it is made of."""
    import polars as pl

    wanted = {
        v.name: compiled(dictionary.version, v.formula)
        for v in dictionary.of(DERIVED)
        if v.stored and any(name in frame.columns for name in _roots(dictionary.version, v.formula))
    }
    if not wanted:
        return frame
    read = readable_frame(frame, dictionary.version, list(wanted.values()), {})
    made = read.select([e.cast(pl.Int16).alias(name) for name, e in wanted.items()])
    missing = {name: _first(frame, dictionary, name) for name in wanted}
    return frame.with_columns([pl.coalesce(made[name], missing[name]).alias(name) for name in wanted])


def _first(frame: "pl.DataFrame", dictionary: Dictionary, name: str) -> Any:
    import polars as pl

    roots = _roots(dictionary.version, dictionary.every[name].formula)
    first = next(root for root in roots if root in frame.columns)
    return pl.col(first)


@functools.cache
def _roots(version: int, formula: str) -> tuple[str, ...]:
    """Columns of a formula in the order in which it names them."""
    names = re.findall(r"\b[a-z]\w*\b", formula)
    return tuple(name for name in names if name in load(version).index)


@functools.cache
def compiled(version: int, text: str) -> "pl.Expr":
    """A condition or formula as an expression; a bare number is itself."""
    import polars as pl

    made = compile_rule(text, symbols_of(version))
    return made if isinstance(made, pl.Expr) else pl.lit(made)


def readable_frame(
    frame: "pl.DataFrame", version: int, expressions: list["pl.Expr"], context: Mapping[str, Any]
) -> "pl.DataFrame":
    """The columns that expressions read, missing codes as null, with what they ask of the programme."""
    import polars as pl

    names = sorted({name for e in expressions for name in e.meta.root_names()})
    own = [answer(frame, name) for name in names if name in load(version).every]
    made = frame.select([*own, *(context_column(context.get(n), n) for n in CONTEXT if n in names)])
    if made.height == frame.height:
        return made
    return pl.concat([made] * frame.height) if made.width else pl.DataFrame({"_": [0] * frame.height})
