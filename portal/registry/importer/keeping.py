"""What may be kept of a row that waits: codes, numbers and months by their shape, and words of the lists.

No list of dangers is complete: "Petrov Sergei", a street or a remark carries no number and no telling word.
So the shape decides. A token is no exception: one in the wrong column would keep what only a key may hold.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from portal.core.identifiers import scan
from portal.registry.importer.mapping import Plan

if TYPE_CHECKING:
    import polars as pl

CELL_SEPARATOR: Final = "\x1f"
SHAPES: Final = (
    r"[+-]?\d{1,6}",
    r"[+-]?\d{1,3}[.,\x{066b}]\d{1,3}",
    r"\p{L}\s?\d{1,3}(?:[.,]\d{1,2})?",  # M20, F11.2
    r"\d{4}[-/.]\d{1,2}",
    r"\d{1,2}[-/.]\d{4}",
)
KEPT: Final = rf"^\s*(?:{'|'.join(SHAPES)})\s*$"


def kept_cells(named: "pl.DataFrame", plan: Plan, understood: Mapping[str, set[str]]) -> "pl.Series":
    """The rows as text. Keys, ignored columns and whatever has no shape of an answer are blank."""
    import polars as pl

    cells = [_kept(name, plan, understood.get(name, ())) for name in plan.names]
    return named.select(pl.concat_str(cells, separator=CELL_SEPARATOR).alias("cells")).to_series()


def _kept(name: str, plan: Plan, understood: Iterable[str]) -> "pl.Expr":
    import polars as pl

    if name not in plan.kept:
        return pl.lit("")
    cell, words = pl.col(name).fill_null(""), sorted({*understood, *_own_words(plan)})
    fits = cell.str.contains(KEPT) | cell.is_in(words)
    return pl.when(fits).then(cell).otherwise(pl.lit(""))


def _own_words(plan: Plan) -> list[str]:
    """Words that a map gives a meaning to are codes of the file, unless they look like a person."""
    return [word for word in plan.words if not scan(word, patient_data=True)]
