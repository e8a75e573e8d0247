"""Skip logic: what is not asked gets the code that says so; what is asked and empty is due."""

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from portal.registry.dictionary import NOT_APPLICABLE, Dictionary, Group, Variable, load
from portal.registry.rules.evaluating import compiled, readable_frame

if TYPE_CHECKING:
    import polars as pl


def with_skipped(
    frame: "pl.DataFrame", dictionary: Dictionary, context: Mapping[str, Any]
) -> tuple["pl.DataFrame", dict[str, "pl.Series"]]:
    """What is not asked gets the code that says so; what is asked and empty is due."""
    have = frozenset(frame.columns)
    asked = [v for v, group in _conditional(dictionary.version) if _present(have, group, v, dictionary)]
    if not asked:
        return frame, {}
    put, instead = _conditions(asked, frame, dictionary.version, context)
    there = frame.select([_there(have, v, dictionary).alias(v.name) for v in asked])
    empty = {v.name: _empty(frame, v.name) & _long(there[v.name], frame.height) for v in asked}
    lacking = {v.name: (empty[v.name] & put[v.name]).fill_null(value=False) for v in asked}
    skipped = {v.name: (empty[v.name] & ~put[v.name]).fill_null(value=False) for v in asked}
    due = {v.name: lacking[v.name] for v in asked if v.mandatory or v.conditional}
    filled = [_filled(frame, name, rows, instead.get(name)) for name, rows in skipped.items() if rows.any()]
    return frame.with_columns(filled), {name: rows for name, rows in due.items() if rows.any()}


def _conditions(
    asked: list[Variable], frame: "pl.DataFrame", version: int, context: Mapping[str, Any]
) -> tuple[dict[str, "pl.Series"], dict[str, "pl.Series"]]:
    """Whether each question is put, and what stands where it is not, for those that have such an answer."""
    import polars as pl

    conditions = {v.name: compiled(version, v.asked) for v in asked}
    otherwise = {v.name: compiled(version, v.otherwise) for v in asked if v.otherwise}
    read = readable_frame(frame, version, [*conditions.values(), *otherwise.values()], context)
    put = read.select([c.alias(name) for name, c in conditions.items()])
    instead = read.select([e.cast(pl.Int16).alias(name) for name, e in otherwise.items()])
    return (
        {name: _long(put[name], frame.height) for name in conditions},
        {name: _long(instead[name], frame.height) for name in otherwise},
    )


def _filled(frame: "pl.DataFrame", name: str, rows: "pl.Series", instead: "pl.Series | None") -> "pl.Expr":
    import polars as pl

    old = pl.col(name) if name in frame.columns else pl.lit(None, dtype=pl.Int16)
    value = pl.lit(NOT_APPLICABLE, dtype=pl.Int16) if instead is None else instead
    return pl.when(rows).then(value).otherwise(old).alias(name)


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
