"""The last step of an import, in one transaction: keys met twice are put aside, rows begin to count.

Everything before it wrote rows that nobody reads; a process killed at any moment leaves those to be swept.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from portal.registry.importer.keeping import CELL_SEPARATOR
from portal.registry.importer.storing import Target, run_many
from portal.registry.models import Episode, EpisodeSensitive, RowStatus
from portal.registry.queries import VISIBLE_SQL

if TYPE_CHECKING:
    import polars as pl

SWEEP_ROWS: Final = 50_000
UNLOAD: Final = tuple(
    sa.text(f"DELETE FROM {table} WHERE {column} = :id")  # noqa: S608 # own names
    for table, column in (
        ("rule_result", "episode_id"),
        ("episode_sensitive", "episode_id"),
        ("episode", "id"),
    )
)
REPLACE: Final = sa.text(f"""
    UPDATE episode SET replaced_by =
        (SELECT n.id FROM episode n WHERE n.import_batch_id = :batch AND n.row_key = episode.row_key)
    WHERE {VISIBLE_SQL}
    AND row_key IN (SELECT row_key FROM episode WHERE import_batch_id = :batch AND first_id IS NOT NULL)
""")  # noqa: S608 # own text
RESOLVE: Final = sa.text("""
    UPDATE import_row SET resolved_by = :batch WHERE resolved_by IS NULL AND import_batch_id <> :batch
    AND (row_key IN (SELECT row_key FROM import_row WHERE import_batch_id = :batch)
        OR EXISTS (SELECT 1 FROM episode e
                   WHERE e.row_key = import_row.row_key AND e.import_batch_id = :batch))
""")
MET: Final = sa.text("""
    SELECT n.id AS new, n.first_id AS known, n.content_hash AS new_hash,
        e.id AS old, e.first_id, e.revision, e.content_hash, e.case_code
    FROM episode n JOIN episode e ON e.row_key = n.row_key AND e.id <> n.id
    WHERE n.import_batch_id = :batch AND e.replaced_by IS NULL
    AND (n.first_id IS NULL OR e.revision >= n.revision)
    AND (e.import_batch_id IS NULL OR e.import_batch_id IN (SELECT id FROM import_batch WHERE visible))
""")
SOME: Final = "(SELECT {} FROM episode WHERE import_batch_id = :batch ORDER BY id LIMIT :some)"
SWEEP: Final = (
    sa.text(f"DELETE FROM rule_result WHERE episode_id IN {SOME.format('id')}"),  # noqa: S608 # own text
    sa.text(f"DELETE FROM episode_sensitive WHERE episode_id IN {SOME.format('id')}"),  # noqa: S608 # own text
    sa.text(f"""
        DELETE FROM person WHERE edition IS NULL AND s IN {SOME.format("person_s")}
        AND NOT EXISTS (SELECT 1 FROM episode e WHERE e.person_s = person.s
                        AND (e.import_batch_id IS NULL OR e.import_batch_id <> :batch))
    """),  # noqa: S608 # own text
    sa.text(f"DELETE FROM episode WHERE id IN {SOME.format('id')}"),  # noqa: S608 # own text
)
WAITING: Final = sa.text("DELETE FROM import_row WHERE import_batch_id = :batch")


class KeyLedger:
    """The keys of a file so far, as 64-bit heads: eight bytes a row, and exact enough to ask the store."""

    def __init__(self) -> None:
        self._seen: list[pl.Series] = []

    def twice(self, row_key: "pl.Series") -> "pl.Series":
        """Rows whose key was met in an earlier chunk. Keys of this chunk are remembered."""
        import polars as pl

        heads = row_key.bin.slice(0, 8).bin.reinterpret(dtype=pl.UInt64)
        again = pl.repeat(value=False, n=len(heads), eager=True)
        for earlier in self._seen:
            again |= heads.is_in(earlier.implode()).fill_null(value=False)
        self._seen.append(heads.drop_nulls())
        return again


def put_aside(
    keys: Iterable[bytes], target: Target, names: tuple[str, ...], connection: sa.Connection
) -> tuple[int, int]:
    """Rows already loaded whose key came again later: neither of the two is accepted.

    Gives back how many of them were new and how many were changes.
    """
    found = sa.select(Episode.id, Episode.first_id).where(Episode.import_batch_id == target.batch_id)
    rows = [row for key in keys for row in connection.execute(found.where(Episode.row_key == key))]
    ids = [row.id for row in rows]
    unload(ids, target, names, connection, status=RowStatus.REJECTED, code="DUPKEY:source_key")
    changed = sum(1 for row in rows if row.first_id is not None)
    return len(rows) - changed, changed


def unload(
    ids: Iterable[int],
    target: Target,
    names: tuple[str, ...],
    connection: sa.Connection,
    *,
    status: RowStatus,
    code: str,
) -> None:
    """Turn loaded rows into rows that wait."""
    columns = ("import_batch_id", "line", "status", "programme_code", "row_key", "person_s", "codes", "cells")
    for episode_id in ids:
        found = sa.select(Episode.__table__, EpisodeSensitive.legal_status).outerjoin(
            EpisodeSensitive, EpisodeSensitive.episode_id == Episode.id
        )
        row = connection.execute(found.where(Episode.id == episode_id)).mappings().one()
        cells = CELL_SEPARATOR.join("" if row.get(n) is None else str(row[n]) for n in names)
        values = (
            target.batch_id,
            row["line"],
            str(status),
            row["programme_code"],
            row["row_key"],
            row["person_s"],
        )
        run_many(connection, "import_row", columns, [(*values, code, cells)])
        _delete(episode_id, connection)


def publish(batch_id: int, connection: sa.Connection) -> None:
    """Predecessors are marked as replaced, corrected rows as resolved. The caller sets the flag."""
    connection.execute(REPLACE, {"batch": batch_id})
    connection.execute(RESOLVE, {"batch": batch_id})


def adopt(batch_id: int, connection: sa.Connection) -> tuple[int, int]:
    """Between reading and publishing others may have entered the same episodes: tie the rows to them.

    Gives back how many loaded rows became revisions of those, and how many hold nothing new and are dropped.
    """
    changed = dropped = 0
    for row in connection.execute(MET, {"batch": batch_id}).all():
        if bytes(row.new_hash) == bytes(row.content_hash):
            _delete(row.new, connection)
            dropped += 1
        else:
            values = {
                "first_id": row.first_id or row.old, "revision": row.revision + 1, "case_code": row.case_code,
            }  # fmt: skip
            connection.execute(sa.update(Episode).where(Episode.id == row.new).values(**values))
            changed += row.known is None
    return changed, dropped


def sweep_some(batch_id: int, connection: sa.Connection) -> bool:
    """Delete a part of an unfinished import's rows; True while there are more."""
    gone = 0
    for statement in SWEEP:
        gone = connection.execute(statement, {"batch": batch_id, "some": SWEEP_ROWS}).rowcount
    if gone < SWEEP_ROWS:
        connection.execute(WAITING, {"batch": batch_id})
    return gone >= SWEEP_ROWS


def _delete(episode_id: int, connection: sa.Connection) -> None:
    for statement in UNLOAD:
        connection.execute(statement, {"id": episode_id})
