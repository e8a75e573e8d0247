"""The one refusal of the engine: a snapshot, or a count over it, that is not what it must be."""

from typing import Final

from analytics.errors import AnalyticsError

SENTENCES: Final = {
    "snapshot_unreadable": "{path}: expected a snapshot file, cannot read it",
    "snapshot_columns": "row {row}: expected the columns of the layout, these differ: {columns}",
    "snapshot_level": "column {column}: the code list does not hold {level!r}",
    "snapshot_code": "column {column}: a code outside its list",
    "snapshot_uncast": "expected whole numbers or text in {columns}: cast sums to BIGINT",
}


class InvalidSnapshot(AnalyticsError):
    """A snapshot that cannot be written, read or counted as asked."""

    def __str__(self) -> str:
        return SENTENCES[self.code].format(**self.values)
