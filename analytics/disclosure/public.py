"""Public tables: noise on every cell, zero cells included, and display by the noisy value alone."""

from collections.abc import Mapping

from analytics.disclosure.display import Count, Share, noisy_count, noisy_share
from analytics.disclosure.measured import CountedTable
from analytics.disclosure.noise import Noise
from analytics.disclosure.released import Hidden
from analytics.disclosure.rules import Rule
from analytics.disclosure.shown import ShownCell, ShownTable

TOTAL_TABLE = "total"
TOTAL_CELL = "all"


def with_noise(table: CountedTable, noise: Noise) -> dict[str, int]:
    """Return the noisy count of every cell of the table, in its order."""
    return {cell: count + noise.draw(table.id, cell) for cell, count in table.cells.items()}


def noisy_total(table: CountedTable, noise: Noise) -> int:
    """Return the noisy total of the edition: the same draw that the total table gets."""
    return table.total + noise.draw(TOTAL_TABLE, TOTAL_CELL)


def shown_table(table_id: str, noisy: Mapping[str, int], total: int) -> tuple[ShownTable, tuple[Hidden, ...]]:
    """Return a table as displayed, and which of its cells are below the threshold."""
    cells = tuple(
        ShownCell(cell, noisy_count(value), _share(table_id, value, total)) for cell, value in noisy.items()
    )
    hidden = tuple(
        Hidden(f"{table_id}/{cell.cell}", Rule.THRESHOLD) for cell in cells if _is_below(cell.count)
    )
    return ShownTable(table_id, cells), hidden


def _share(table_id: str, value: int, total: int) -> Share:
    return Share() if table_id == TOTAL_TABLE else noisy_share(value, total)


def _is_below(count: Count) -> bool:
    return count.value is None
