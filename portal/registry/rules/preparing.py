"""Before a record is judged: bands and sums from what is not kept, skip logic, and derived answers.

The one place where an answer follows from another. Version 1 has none of these, so its frames pass unchanged.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.registry.dictionary import DERIVED, TRANSIENT, Dictionary, Variable, load
from portal.registry.rules.evaluating import compiled, readable_frame, roots_of
from portal.registry.rules.skipping import with_skipped
from portal.registry.rules.turning import with_turned

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Prepared:
    """`frame` is judged, `due` says by column where an asked answer is missing, `record` is what is kept."""

    frame: "pl.DataFrame"
    due: Mapping[str, "pl.Series"]
    record: "pl.DataFrame"


def prepare(frame: "pl.DataFrame", version: int, context: Mapping[str, Any]) -> Prepared:
    """Answers completed by what follows from them. Nothing that was entered is changed."""
    dictionary = load(version)
    frame = with_turned(frame, dictionary)
    frame, due = with_skipped(frame, dictionary, context)
    frame = _with_derived(frame, dictionary)
    have = frozenset(frame.columns)
    dropped = [v.name for v in dictionary.of(TRANSIENT) if v.name in have]
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


def _with_derived(frame: "pl.DataFrame", dictionary: Dictionary) -> "pl.DataFrame":
    """Derived answers that are kept: the result, else the missing code of the first answer it is made of."""
    import polars as pl

    have = frozenset(frame.columns)
    wanted = {
        v.name: compiled(dictionary.version, v.formula)
        for v in dictionary.of(DERIVED)
        if v.stored and any(name in have for name in roots_of(dictionary.version, v.formula))
    }
    if not wanted:
        return frame
    read = readable_frame(frame, dictionary.version, list(wanted.values()), {})
    made = read.select([e.cast(pl.Int16).alias(name) for name, e in wanted.items()])
    missing = {name: _first(frame, dictionary, name) for name in wanted}
    return frame.with_columns([pl.coalesce(made[name], missing[name]).alias(name) for name in wanted])


def _first(frame: "pl.DataFrame", dictionary: Dictionary, name: str) -> Any:
    import polars as pl

    roots = roots_of(dictionary.version, dictionary.every[name].formula)
    first = next(root for root in roots if root in frame.columns)
    return pl.col(first)
