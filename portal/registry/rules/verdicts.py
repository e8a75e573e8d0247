"""The rules of a version over a frame: true where one is broken, null where not evaluable.

A rule is compiled for the answers that a frame has: groups that no row recorded cost nothing. All that is
left runs in one lazy select, so that what rules share is computed once.
"""

import ast
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from portal.registry.dictionary import load
from portal.registry.rules.catalogue import Rule, all_rules
from portal.registry.rules.expanding import expanded
from portal.registry.rules.language import compile_rule, names_in
from portal.registry.rules.narrowing import narrowed
from portal.registry.rules.presence import recorded
from portal.registry.rules.symbols import CONTEXT, answer, context_column, symbols_of

if TYPE_CHECKING:
    import polars as pl

REPEATED: Final = (
    ("admission_month", 1), ("sex", 128), ("age_band", 16), ("substance_1_code", 1024),
    ("referral_source", 16), ("discharge_day", 4096), ("discharge_reason", 128),
)  # fmt: skip
IMPLIED: Final = {
    "dx_chapter": "dx_icd10", "dx_state": "dx_icd10", "substance_1_chapter": "substance_1_code",
    **{f"substance_{n}_injectable": f"substance_{n}_code" for n in (1, 2, 3, 4)},
}  # fmt: skip
EXPORT: Final = "export"
PLANS: Final = 256  # kinds of record whose rules are kept ready


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules as they apply to frames with certain answers: those settled for all rows, and the others."""

    settled: Mapping[str, bool | None]
    asked: Mapping[str, "pl.Expr"]
    reads: tuple[str, ...]
    given: tuple[str, ...]


def verdicts_of(frame: "pl.DataFrame", version: int, context: Mapping[str, Any]) -> "pl.DataFrame":
    import polars as pl

    context = {**context, "repeated": _repeated(frame)}
    plan = _plan(version, recorded(frame, version), _told(context))
    columns: list[pl.Expr | pl.Series] = [
        context_column(context.get(name), name) if name in CONTEXT else answer(frame, name)
        for name in plan.reads
    ]
    columns += [pl.col(name).is_not_null().alias(f"given_{name}") for name in plan.given]
    prepared = frame.select(columns)
    if prepared.height != frame.height:  # every column was a literal
        prepared = pl.concat([prepared] * frame.height) if frame.height else prepared.clear()
    asked = prepared.lazy().select([e.alias(rule) for rule, e in plan.asked.items()]).collect()
    return pl.DataFrame([_column(rule.id, asked, plan, frame.height) for rule in all_rules(version)])


def _column(rule: str, asked: "pl.DataFrame", plan: Plan, height: int) -> "pl.Series":
    import polars as pl

    if rule in plan.settled:
        return pl.Series(rule, [plan.settled[rule]], dtype=pl.Boolean).new_from_index(0, height)
    column = asked[rule]
    return column if len(column) == height else column.new_from_index(0, height)


def _told(context: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(name for name in CONTEXT if context.get(name) is not None)


def _repeated(frame: "pl.DataFrame") -> "pl.Series | bool":
    """Rows alike in the seven answers of R42, one number per row instead of a comparison of seven columns."""
    import polars as pl

    if (
        any(name not in frame.columns for name, _ in REPEATED)
        or frame["discharge_day"].null_count() == frame.height
    ):
        return False
    key = pl.lit(0, dtype=pl.Int64)
    for name, size in REPEATED:
        key = key * size + pl.col(name).cast(pl.Int64)
    keys = frame.select(key.alias("k")).to_series()
    return keys.is_duplicated() & keys.is_not_null()


@functools.lru_cache(maxsize=PLANS)
def _plan(version: int, recorded: frozenset[str], told: frozenset[str]) -> Plan:
    absent = _columns(version) - recorded - told
    settled: dict[str, bool | None] = {}
    asked: dict[str, pl.Expr] = {}
    read: set[str] = set()
    for rule in all_rules(version):
        left = _with_needs(rule, narrowed(_expanded(version, rule.broken), absent), absent)
        if isinstance(left, ast.Constant):
            settled[rule.id] = None if left.value is None else bool(left.value)
        else:
            asked[rule.id] = _compiled(left, rule, version)
            read |= set(asked[rule.id].meta.root_names())
    given = {name.removeprefix("given_") for name in read if name.startswith("given_")}
    names = {name for name in read if not name.startswith("given_")}
    return Plan(settled, asked, tuple(sorted(names)), tuple(sorted(given)))


def _with_needs(rule: Rule, left: ast.expr, absent: frozenset[str]) -> ast.expr:
    """Without what it needs a rule has nothing to judge; one of exports judges exported rows only."""
    blind = absent.intersection(rule.needs) or (rule.scope == EXPORT and absent.issuperset(rule.fields))
    return ast.Constant(value=None) if blind else left


def _compiled(left: ast.expr, rule: Rule, version: int) -> "pl.Expr":
    import polars as pl

    expression = compile_rule(left, symbols_of(version))
    for name in rule.needs:
        expression = pl.when(pl.col(name).is_not_null()).then(expression)
    return expression


def reads(rule: Rule) -> frozenset[str]:
    """Every answer that a rule looks at, of the record and beside it."""
    names = names_in(_expanded(rule.version, rule.broken)) | set(rule.needs) | set(rule.fields)
    implied = {base for name, base in IMPLIED.items() if name in names}
    return frozenset((names | implied) & _columns(rule.version))


@functools.cache
def _columns(version: int) -> frozenset[str]:
    """Every name that is a column of a frame or of what is told beside it."""
    return frozenset(load(version).every) | frozenset(CONTEXT) | _exported(version)


@functools.cache
def _exported(version: int) -> frozenset[str]:
    """Columns that exported rows have and records have not."""
    return frozenset(name for rule in all_rules(version) if rule.scope == EXPORT for name in rule.fields)


@functools.cache
def _expanded(version: int, text: str) -> ast.expr:
    """Written out, and every name in it known."""
    made = expanded(text, version)
    unknown = names_in(made) - set(symbols_of(version)) - _columns(version)
    if unknown:
        raise KeyError(f"rules name what no column is: {sorted(unknown)}")
    return made
