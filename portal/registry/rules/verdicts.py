"""The compiled rules of a version over a frame: true where one is broken, null where not evaluable."""

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from portal.registry.dictionary import Dictionary, load
from portal.registry.rules.catalogue import OPIOIDS, Rule, all_rules, raw
from portal.registry.rules.language import compile_rule, names_of

if TYPE_CHECKING:
    import polars as pl

COUNTRIES: Final = {"RU": 1, "IR": 2, "ZZ": 3}
CONTEXT: Final = ("country", "start_month", "this_month", "age_served", "open_before")
REPEATED: Final = (
    ("admission_month", 1), ("sex", 128), ("age_band", 16), ("substance_1_code", 1024),
    ("referral_source", 16), ("discharge_day", 4096), ("discharge_reason", 128),
)  # fmt: skip


def verdicts_of(frame: "pl.DataFrame", version: int, context: Mapping[str, Any]) -> "pl.DataFrame":
    import polars as pl

    rules, expressions, names, given = _compiled(version)
    columns: list[pl.Expr | pl.Series] = [
        _answer(frame, name) for name in names if name not in CONTEXT and name != "repeated"
    ]
    columns += [_given(frame, name) for name in given]
    columns += [_context(context.get(name), name) for name in CONTEXT]
    prepared = frame.select(columns)
    if prepared.height != frame.height:  # every column was a literal
        prepared = pl.concat([prepared] * frame.height)
    prepared = prepared.with_columns(_repeated(frame))
    return prepared.lazy().select([e.alias(r.id) for r, e in zip(rules, expressions, strict=True)]).collect()


def _answer(frame: "pl.DataFrame", name: str) -> "pl.Expr":
    """The column with missing codes as null; days before admission stay."""
    import polars as pl

    if name not in frame.columns:
        return pl.lit(None, dtype=pl.Int16).alias(name)
    low = frame[name].min()
    if name == "start_day" or low is None or int(str(low)) >= 0:
        return pl.col(name)
    return pl.when(pl.col(name) >= 0).then(pl.col(name)).alias(name)


def _given(frame: "pl.DataFrame", name: str) -> "pl.Expr":
    import polars as pl

    if name not in frame.columns:
        return pl.lit(value=False).alias(f"given_{name}")
    return pl.col(name).is_not_null().alias(f"given_{name}")


def _context(value: Any, name: str) -> "pl.Expr | pl.Series":
    import polars as pl

    dtype = pl.Boolean if name == "open_before" else pl.Int16
    if isinstance(value, pl.Series):
        return value.cast(dtype).alias(name)
    return pl.lit(COUNTRIES.get(value, value) if isinstance(value, str) else value, dtype=dtype).alias(name)


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

    rules, symbols = all_rules(version), _symbols(version)
    expressions = []
    for rule in rules:
        expression = compile_rule(rule.broken, symbols)
        for name in rule.needs:
            expression = pl.when(pl.col(name).is_not_null()).then(expression)
        expressions.append(expression)
    dictionary = load(version)
    read = {n for e in expressions for n in e.meta.root_names()} | {n for r in rules for n in r.needs}
    given = sorted(n.removeprefix("given_") for n in read if n.startswith("given_"))
    names = sorted(n for n in read if n in dictionary or n in CONTEXT or n == "repeated")
    unknown = {n for r in rules for n in names_of(r.broken)} - set(symbols) - set(names) - set(given)
    if unknown:
        raise KeyError(f"rules name what no column is: {sorted(unknown)}")
    return rules, expressions, names, given


def code_sets(version: int) -> dict[str, list[int]]:
    """Sets of codes that rules name: of the rule file, and of substances by their facts."""
    substances = load(version).lists["substance"]
    sets = {name: [int(code.lstrip("M")) for code in codes] for name, codes in raw(version)["set"].items()}
    groups = {"OPIOID": OPIOIDS, "ALCOHOL": ("alcohol",), "STIMULANT": ("stimulant",)}
    found = {name: substances.where("sub", *subs) for name, subs in groups.items()}
    found["INJECTABLE"] = substances.where("inject", 1)
    return sets | {name: [int(code) for code in codes] for name, codes in found.items()}


def _symbols(version: int) -> dict[str, Any]:
    """Constants, sets of codes and derived answers that rules may name."""
    import polars as pl

    dictionary = load(version)
    sets: dict[str, Any] = {**code_sets(version), **COUNTRIES}
    sets |= {str(code): int(str(code)[1:]) for code in dictionary.lists["modality"].codes}
    for number in (1, 2, 3, 4):
        code = f"substance_{number}_code"
        sets[f"substance_{number}_injectable"] = compile_rule(f"{code} in INJECTABLE", sets)
    for kind in ("ALCOHOL", "OPIOID", "STIMULANT"):
        parts = ", ".join(f"substance_{n}_code in {kind}" for n in (1, 2, 3, 4))
        sets[f"HAS_{kind}"] = compile_rule(f"some({parts})", sets)
    sets["substance_1_chapter"] = _chapters(dictionary)
    sets["dx_chapter"] = pl.col("dx_icd10") // 1000
    sets["dx_state"] = pl.col("dx_icd10") % 1000 - 100
    return sets


def _chapters(dictionary: Dictionary) -> "pl.Expr":
    """ICD-10 chapter of the main substance: neighbouring codes share it, so a few ranges say it all."""
    import polars as pl

    result: Any = None
    items = dictionary.lists["substance"].items
    for chapter in sorted({int(item.facts["icd10"]) for item in items}):
        codes: Sequence[int] = [int(i.code) for i in items if i.facts["icd10"] == chapter]
        inside = compile_rule("substance_1_code in CODES", {"CODES": codes})
        value = pl.lit(chapter, dtype=pl.Int16)
        result = (pl if result is None else result).when(inside).then(value)
    return result.otherwise(None)
