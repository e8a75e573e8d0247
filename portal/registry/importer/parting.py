"""Accepted rows, with their warnings and hashes; waiting rows, with what may be kept of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from portal.registry.dictionary import CURRENT, Dictionary
from portal.registry.importer.hashing import content_hashes
from portal.registry.importer.keeping import CELL_SEPARATOR, kept_cells
from portal.registry.importer.mapping import Plan
from portal.registry.rules import Place, counted

if TYPE_CHECKING:
    import polars as pl

RULE: Final = "rule:"
KEYS: Final = ("line", "programme", "row_key", "person_s")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One chunk as it was judged: coded frame, cells by their names in the file, and every place found."""

    frame: "pl.DataFrame"
    named: "pl.DataFrame"
    places: tuple[Place, ...]
    plan: Plan
    understood: Mapping[str, set[str]]
    torn: "pl.Series | None"
    version: int = CURRENT

    @property
    def errors(self) -> list[Place]:
        return [place for place in self.places if place.severity == "E"]

    @property
    def notes(self) -> dict[str, Place]:
        """What is kept beside an accepted row. What is counted for the whole file is not kept row by row."""
        beside = counted(self.version)
        noted = (p for p in self.places if p.severity != "E" and p.code not in beside)
        return {f"{RULE}{place.code}": place for place in noted}

    def source_of(self, column: str) -> str:
        return self.plan.source_of.get(column, column)


@dataclass(slots=True)
class Outcome:
    """Rows of one chunk. `accepted` holds keys, answers and a column per warning; `waiting` the rest."""

    submitted: int
    accepted: "pl.DataFrame"
    waiting: "pl.DataFrame"
    severities: dict[str, str] = field(default_factory=dict)  # of the warnings' columns
    understood: Mapping[str, set[str]] = field(default_factory=dict)
    withdrawn: int = 0
    normalised: int = 0


def parted(
    sheet: Sheet, dictionary: Dictionary, withdrawn: "pl.Series | None", *, normalised: int
) -> Outcome:
    """Part the rows. Rows of people who withdrew are counted and kept nowhere, faulty ones neither."""
    import polars as pl

    bad = _bad(sheet) if withdrawn is None else _bad(sheet) & ~withdrawn
    accepted = sheet.frame.with_columns([p.rows.alias(name) for name, p in sheet.notes.items()])
    waiting = sheet.frame.select(KEYS).head(0).with_columns(codes=pl.lit(""), cells=pl.lit(""))
    if bad.any():
        accepted, waiting = accepted.filter(~bad), _waiting(sheet, bad)
    here = accepted.height
    if withdrawn is not None:
        accepted = accepted.filter(~withdrawn.filter(~bad))
    accepted = accepted.with_columns(content_hashes(accepted, dictionary))
    severities = {name: place.severity for name, place in sheet.notes.items()}
    return Outcome(
        sheet.frame.height, accepted, waiting, severities, sheet.understood,
        withdrawn=here - accepted.height, normalised=normalised,
    )  # fmt: skip


def _bad(sheet: Sheet) -> "pl.Series":
    import polars as pl

    bad = pl.repeat(value=False, n=sheet.frame.height, eager=True)
    for place in sheet.errors:
        bad |= place.rows
    return bad if sheet.torn is None else bad | sheet.torn


def _waiting(sheet: Sheet, bad: "pl.Series") -> "pl.DataFrame":
    """Keys, codes and cells of the rejected rows."""
    import polars as pl

    said: dict[str, pl.Series] = {}
    for place in sheet.errors:
        mark = f"{place.code}:{sheet.source_of(place.column)}"
        said[mark] = said[mark] | place.rows if mark in said else place.rows
    marks = [pl.when(rows).then(pl.lit(mark)) for mark, rows in said.items()]
    codes = pl.lit("", dtype=pl.String)
    if marks:
        codes = pl.concat_str(marks, separator=CELL_SEPARATOR, ignore_nulls=True)
    if sheet.torn is not None:
        codes = pl.when(sheet.torn).then(pl.lit("STRUCT:")).otherwise(codes)
    rows = sheet.frame.select(KEYS).with_columns(codes.alias("codes")).filter(bad)
    return rows.with_columns(kept_cells(sheet.named.filter(bad), sheet.plan, sheet.understood))
