"""Names that rules and conditions may use beside the answers: codes, sets, what follows from substances."""

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from portal.registry.dictionary import Dictionary, load
from portal.registry.rules.catalogue import OPIOIDS, raw
from portal.registry.rules.language import compile_rule

if TYPE_CHECKING:
    import polars as pl

COUNTRIES: Final = {"RU": 1, "IR": 2, "ZZ": 3}
TRUTHS: Final = (
    "open_before", "earlier_known", "repeated", "urine_positive_28", "instrument_items", "instrument_allowed",
    "identifier_found",
)  # fmt: skip
CONTEXT: Final = (
    "country", "start_month", "this_month", "age_served", "planned_duration_days", "urine_last_day",
    "normalised", *TRUTHS,
)  # fmt: skip
"""What rules ask that no answer of the record says; `TRUTHS` are yes or no."""


def answer(frame: "pl.DataFrame", name: str) -> "pl.Expr":
    """The column with missing codes as null; days before admission stay."""
    import polars as pl

    if name not in frame.columns:
        return pl.lit(None, dtype=pl.Int16).alias(name)
    low = frame[name].min()
    if name == "start_day" or low is None or int(str(low)) >= 0:
        return pl.col(name)
    return pl.when(pl.col(name) >= 0).then(pl.col(name)).alias(name)


def context_column(value: Any, name: str) -> "pl.Expr | pl.Series":
    import polars as pl

    dtype = pl.Boolean if name in TRUTHS else pl.Int16
    if isinstance(value, pl.Series):
        return value.cast(dtype).alias(name)
    return pl.lit(COUNTRIES.get(value, value) if isinstance(value, str) else value, dtype=dtype).alias(name)


def code_sets(version: int) -> dict[str, Any]:
    """Sets of codes that rules name: of the rule file, and of substances by their facts."""
    substances = load(version).lists["substance"]
    sets: dict[str, Any] = {
        name: [number_of(code) for code in codes] for name, codes in raw(version)["set"].items()
    }
    groups = {"OPIOID": OPIOIDS, "ALCOHOL": ("alcohol",), "STIMULANT": ("stimulant",)}
    found = {name: substances.where("sub", *subs) for name, subs in groups.items()}
    found["INJECTABLE"] = substances.where("inject", 1)
    return sets | {name: [int(code) for code in codes] for name, codes in found.items()}


def number_of(code: str | int) -> int:
    """A code as records hold it: M20 is 20."""
    return int(str(code).lstrip("M"))


@functools.cache
def symbols_of(version: int) -> dict[str, Any]:
    """Constants, sets of codes and derived answers that rules may name."""
    import polars as pl

    dictionary = load(version)
    sets: dict[str, Any] = code_sets(version)
    sets |= {str(code): int(str(code)[1:]) for code in dictionary.lists["modality"].codes}
    sets |= {**COUNTRIES, **raw(version).get("number", {})}
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
