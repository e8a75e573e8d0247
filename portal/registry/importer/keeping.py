"""What may be kept of the cells of a row that waits: what is known, or short enough to say of nobody who it is.

Keys, ignored columns and every text that is neither a code, a number, a month nor a word that the dictionary
or the map knows are blank. Names, addresses and findings arrive in columns of codes, and no detector knows all.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from portal.registry.importer.mapping import Plan

if TYPE_CHECKING:
    import polars as pl

CELL_SEPARATOR: Final = "\x1f"
LONGEST: Final = 16
MOST_DIGITS: Final = 6  # no patient field holds a legitimate number of more
MOST_LETTERS: Final = 1  # M20, F11.2


def is_code_like(text: str) -> bool:
    """Whether a text that nobody could read may be shown again to who typed it."""
    letters, digits = (sum(map(kind, text)) for kind in (str.isalpha, str.isdigit))
    return len(text) <= LONGEST and letters <= MOST_LETTERS and digits <= MOST_DIGITS


def kept_cells(named: "pl.DataFrame", plan: Plan, hidden: Mapping[str, Iterable[str]]) -> "pl.Series":
    """The cells of these rows in the order of the header; `hidden` are texts by the template's column."""
    import polars as pl

    cells = [_kept(named[name], plan, hidden) for name in plan.names]
    return named.select(pl.concat_str(cells, separator=CELL_SEPARATOR).alias("cells")).to_series()


def _kept(raw: "pl.Series", plan: Plan, hidden: Mapping[str, Iterable[str]]) -> "pl.Expr":
    import polars as pl

    if raw.name not in plan.kept:
        return pl.lit("")
    texts = {t for column, ts in hidden.items() if plan.source_of.get(column, column) == raw.name for t in ts}
    if not plan.is_template:  # its columns are mapped, so that nothing else reads them as they stand
        texts |= {t for t in raw.drop_nulls().unique() if not is_code_like(t) and t.strip() not in plan.words}
    cell = pl.col(raw.name).fill_null("")
    return pl.when(cell.is_in(list(texts))).then(pl.lit("")).otherwise(cell) if texts else cell
