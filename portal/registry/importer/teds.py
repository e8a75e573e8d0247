"""The columns of TEDS-D as columns of the template: recodes, substances without gaps, bands of stay."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

SUBSTANCES = (1, 2, 3)


def from_teds(columns: "Mapping[str, pl.Series]", profile: Mapping[str, Any]) -> "dict[str, pl.Series]":
    """Every answer that these files can give, as text."""
    made = {target: _recoded(columns, entry) for target, entry in profile["recode"].items()}
    made["admission_month"] = columns["ADMYR"].str.strip_chars() + "-01"
    return made | _substances(columns, profile["substance"]) | _stay(columns, profile["los"])


def _recoded(columns: "Mapping[str, pl.Series]", entry: Mapping[str, Any]) -> "pl.Series":
    table = {str(k): str(v) for k, v in entry["codes"].items()}
    source = columns[entry["from"]].str.strip_chars()
    plain = _look(source, {k: v for k, v in table.items() if ":" not in k}, str(entry["other"]))
    if "with" not in entry:
        return plain
    both = source + ":" + columns[entry["with"]].str.strip_chars()
    refined = _look(both, {k: v for k, v in table.items() if ":" in k}, None)
    return refined.zip_with(refined.is_not_null(), plain)


def _substances(columns: "Mapping[str, pl.Series]", tables: Mapping[str, Any]) -> "dict[str, pl.Series]":
    """Three substances; unknown ones beyond the first are no row, and the ranks close up."""
    codes = [_look(columns[f"SUB{n}"], tables["codes"], None) for n in SUBSTANCES]
    routes = [_look(columns[f"ROUTE{n}"], tables["routes"], str(tables["missing"])) for n in SUBSTANCES]
    days = [_look(columns[f"FREQ{n}"], tables["days"], str(tables["missing"])) for n in SUBSTANCES]
    codes[0] = codes[0].fill_null(str(tables["unknown"]))
    gap = codes[1].is_null() & codes[2].is_not_null()
    for values in (codes, routes, days):
        values[1], values[2] = values[2].zip_with(gap, values[1]), _emptied(values[2], gap)
    made = {}
    for place, n in enumerate(SUBSTANCES):
        none = codes[place].is_null()
        made[f"substance_{n}_code"] = codes[place]
        made[f"substance_{n}_route"] = _emptied(routes[place], none)
        made[f"substance_{n}_days28"] = _emptied(days[place], none)
    return made


def _stay(columns: "Mapping[str, pl.Series]", tables: Mapping[str, Any]) -> "dict[str, pl.Series]":
    """Days of stay; TEDS counts the first day of outpatients as one, the registry as none."""
    import polars as pl

    bands = {str(k): str(v) for k, v in tables["bands"].items()}
    text = columns["LOS"].str.strip_chars().replace(list(bands), list(bands.values()))
    days = text.cast(pl.Int32, strict=False)
    outpatient = columns["SERVICES"].str.strip_chars().is_in(tables["outpatient"]).fill_null(value=False)
    shorter = (days - outpatient.cast(pl.Int32)).cast(pl.String)
    stay = shorter.zip_with(days.is_not_null(), text)
    return {"last_contact_day": stay, "discharge_day": stay}


def precision_of(stay: "pl.Series", profile: Mapping[str, Any]) -> "pl.Series":
    """2 where the stay is the lower end of a band, else 1."""
    import polars as pl

    banded = stay.str.strip_chars().is_in([str(k) for k in profile["los"]["bands"]]).fill_null(value=False)
    return pl.select(pl.when(banded).then(2).otherwise(1).cast(pl.Int16)).to_series()


def _look(source: "pl.Series", table: Mapping[Any, Any], other: str | None) -> "pl.Series":
    import polars as pl

    keys, values = [str(k) for k in table], [str(v) for v in table.values()]
    return source.str.strip_chars().replace_strict(keys, values, default=other, return_dtype=pl.String)


def _emptied(values: "pl.Series", rows: "pl.Series") -> "pl.Series":
    import polars as pl

    return pl.select(pl.when(~rows).then(values)).to_series()
