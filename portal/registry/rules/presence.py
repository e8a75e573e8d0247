"""What a frame has at all: a group that no row recorded is as good as left out, and costs nothing."""

from typing import TYPE_CHECKING

from portal.registry.dictionary import load

if TYPE_CHECKING:
    import polars as pl


def recorded(frame: "pl.DataFrame", version: int) -> frozenset[str]:
    """Columns of the groups that some row recorded. The four weeks of an answer are a group of their own."""
    known = load(version).every
    units: dict[str, list[str]] = {}
    empty = {column.name for column in frame.get_columns() if column.null_count() == frame.height}
    for name in frame.columns:
        group = known[name].group if name in known else name
        units.setdefault(name[:-1] if name[-3:-1] == "_w" else group, []).append(name)
    return frozenset(name for names in units.values() if not empty.issuperset(names) for name in names)


def without_empty_groups(frame: "pl.DataFrame", version: int) -> "pl.DataFrame":
    """The frame of what was recorded; every rule and check says the same of it."""
    left = recorded(frame, version)
    return frame.select([name for name in frame.columns if name in left]) if left else frame
