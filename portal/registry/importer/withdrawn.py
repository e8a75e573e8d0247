"""Rows of people who withdrew: found by marks, deleted with everything that belongs to them.

A mark is made of the pseudonym, which the centre sends and nobody keeps, and of each key that the store held
for the person: a file may come back with the key of the case alone.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, TypeVar

import sqlalchemy as sa

from portal.registry.importer.keys import Keyer
from portal.registry.models import (
    Episode,
    EpisodeSensitive,
    ImportRow,
    Person,
    RuleResult,
    SnapshotMember,
    Tombstone,
)

T = TypeVar("T")
BUNCH: Final = 500  # keys in one statement; databases take about a thousand
STREAM: Final = 10_000  # rows in memory at once: a file may have a million


def mark_of(keyer: Keyer, key: bytes) -> bytes:
    """The mark of a key as the store keeps it; the mark cannot be turned back into the key."""
    return keyer.tombstone(key.hex())


def add_marks(code: str, marks: Iterable[bytes], connection: sa.Connection) -> None:
    """Add what is not marked yet."""
    for some in bunches(sorted(set(marks))):
        known = sa.select(Tombstone.t).where(Tombstone.programme_code == code, Tombstone.t.in_(some))
        held = set(connection.scalars(known))
        missing = [{"programme_code": code, "t": mark} for mark in some if mark not in held]
        if missing:
            connection.execute(sa.insert(Tombstone), missing)


def delete_episodes(ids: Sequence[int], connection: sa.Connection) -> None:
    """Delete revisions, with what hangs on them."""
    for some in bunches(ids):
        for column in (
            RuleResult.episode_id, EpisodeSensitive.episode_id, SnapshotMember.episode_id, Episode.id
        ):  # fmt: skip
            connection.execute(sa.delete(column.class_).where(column.in_(some)))


def delete_persons(code: str, persons: Collection[bytes], connection: sa.Connection) -> None:
    """Delete the persons, and their places in snapshots that no episode of the store holds."""
    for some in bunches(sorted(persons)):
        for table in (SnapshotMember, Person):
            connection.execute(sa.delete(table).where(table.programme_code == code, table.s.in_(some)))


def delete_waiting(code: str, keys: Collection[bytes], connection: sa.Connection) -> int:
    """Delete rows that wait for correction, under any of these keys."""
    deleted = 0
    for some in bunches(sorted(keys)):
        named = sa.or_(ImportRow.person_s.in_(some), ImportRow.row_key.in_(some))
        gone = sa.delete(ImportRow).where(ImportRow.programme_code == code, named)
        deleted += connection.execute(gone).rowcount
    return deleted


def purge(
    batch_id: int, code: str, marks: Collection[bytes], *, keyer: Keyer, connection: sa.Connection
) -> None:
    """Delete rows of an import that were loaded, to count or to wait, before their person withdrew."""
    loaded = sa.select(Episode.id, Episode.row_key, Episode.person_s)
    of_batch = loaded.where(Episode.import_batch_id == batch_id, Episode.programme_code == code)
    rows = connection.execute(of_batch.execution_options(yield_per=STREAM))
    gone = [r for r in rows if mark_of(keyer, r.row_key) in marks or mark_of(keyer, r.person_s) in marks]
    delete_episodes([row.id for row in gone], connection)
    delete_persons(code, {row.person_s for row in gone}, connection)
    delete_waiting(code, _waiting_marked(code, marks, keyer, connection), connection)


def find_marked(
    code: str, marks: Collection[bytes], *, keyer: Keyer, connection: sa.Connection
) -> set[bytes]:
    """Keys of persons who are marked, or have a case that is: of rows that count and of rows that wait."""
    loaded = sa.select(Episode.row_key, Episode.person_s).where(Episode.programme_code == code)
    rows = connection.execute(loaded.execution_options(yield_per=STREAM))
    counting = {
        bytes(row.person_s)
        for row in rows
        if mark_of(keyer, row.person_s) in marks or mark_of(keyer, row.row_key) in marks
    }
    return counting | _waiting_marked(code, marks, keyer, connection)


def _waiting_marked(
    code: str, marks: Collection[bytes], keyer: Keyer, connection: sa.Connection
) -> set[bytes]:
    """Of rows that wait for correction: the person's key, or where it is not known the key of the case."""
    waiting = sa.select(ImportRow.row_key, ImportRow.person_s).where(ImportRow.programme_code == code)
    rows = connection.execute(waiting.execution_options(yield_per=STREAM))
    known = ([bytes(key) for key in (row.person_s, row.row_key) if key is not None] for row in rows)
    return {keys[0] for keys in known if any(mark_of(keyer, key) in marks for key in keys)}


def bunches(ids: Sequence[T]) -> Iterator[Sequence[T]]:
    """Parts that one statement can name."""
    return (ids[at : at + BUNCH] for at in range(0, len(ids), BUNCH))
