"""DuckDB and Parquet: snapshots written once, read back, and counted by SQL text. Nothing else knows them.

A snapshot holds small-integer codes, one row per person, sorted by programme and length of stay; its code
lists travel in the file. Counting statements see it as the table `snapshot` through a connection that can
read that one file and nothing else.
"""

from analytics.engine.counting import Answer, columns_ahead, columns_of, counts
from analytics.engine.digest import canonical_line, digest
from analytics.engine.problems import InvalidSnapshot
from analytics.engine.snapshot import Layout, Written, read_codes, read_rows, write_snapshot

__all__ = [
    "Answer",
    "InvalidSnapshot",
    "Layout",
    "Written",
    "canonical_line",
    "columns_ahead",
    "columns_of",
    "counts",
    "digest",
    "read_codes",
    "read_rows",
    "write_snapshot",
]
