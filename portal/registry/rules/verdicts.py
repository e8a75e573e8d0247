"""The compiled rules of a version over a frame: true where one is broken, null where not evaluable."""

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from portal.registry.dictionary import load
from portal.registry.rules.catalogue import Rule, all_rules
from portal.registry.rules.language import compile_rule, names_of
from portal.registry.rules.symbols import CONTEXT, answer, context_column, symbols_of

if TYPE_CHECKING:
    import polars as pl

REPEATED: Final = (
    ("admission_month", 1), ("sex", 128), ("age_band", 16), ("substance_1_code", 1024),
    ("referral_source", 16), ("discharge_day", 4096), ("discharge_reason", 128),
)  # fmt: skip


def verdicts_of(frame: "pl.DataFrame", version: int, context: Mapping[str, Any]) -> "pl.DataFrame":
    import polars as pl

    rules, expressions, names, given = _compiled(version)
    columns: list[pl.Expr | pl.Series] = [
        answer(frame, name) for name in names if name not in CONTEXT and name != "repeated"
    ]
    columns += [_given(frame, name) for name in given]
    columns += [context_column(context.get(name), name) for name in CONTEXT]
    prepared = frame.select(columns)
    if prepared.height != frame.height:  # every column was a literal
        prepared = pl.concat([prepared] * frame.height)
    prepared = prepared.with_columns(_repeated(frame))
    return prepared.lazy().select([e.alias(r.id) for r, e in zip(rules, expressions, strict=True)]).collect()


def _given(frame: "pl.DataFrame", name: str) -> "pl.Expr":
    import polars as pl

    if name not in frame.columns:
        return pl.lit(value=False).alias(f"given_{name}")
    return pl.col(name).is_not_null().alias(f"given_{name}")


def _repeated(frame: "pl.DataFrame") -> "pl.Expr | pl.Series":
    """Rows alike in the seven answers of R42, one number per row instead of a comparison of seven columns."""
    import polars as pl

    if (
        any(name not in frame.columns for name, _ in REPEATED)
        or frame["discharge_day"].null_count() == frame.height
    ):
        return pl.lit(value=False).alias("repeated")
    key = pl.lit(0, dtype=pl.Int64)
    for name, size in REPEATED:
        key = key * size + pl.col(name).cast(pl.Int64)
    keys = frame.select(key.alias("k")).to_series()
    return (keys.is_duplicated() & keys.is_not_null()).alias("repeated")


@functools.cache
def _compiled(version: int) -> tuple[tuple[Rule, ...], list["pl.Expr"], list[str], list[str]]:
    """Rules, their expressions, the columns that they read, and the columns whose presence they ask for."""
    import polars as pl

    rules, symbols = all_rules(version), symbols_of(version)
    expressions = []
    for rule in rules:
        expression = compile_rule(rule.broken, symbols)
        for name in rule.needs:
            expression = pl.when(pl.col(name).is_not_null()).then(expression)
        expressions.append(expression)
    dictionary = load(version)
    read = {n for e in expressions for n in e.meta.root_names()} | {n for r in rules for n in r.needs}
    given = sorted(n.removeprefix("given_") for n in read if n.startswith("given_"))
    names = sorted(n for n in read if n in dictionary.every or n in CONTEXT or n == "repeated")
    unknown = {n for r in rules for n in names_of(r.broken)} - set(symbols) - set(names) - set(given)
    if unknown:
        raise KeyError(f"rules name what no column is: {sorted(unknown)}")
    return rules, expressions, names, given
