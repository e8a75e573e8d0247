"""SQLite: a copy made with its own backup interface while others write, and putting one in its place."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url

from portal.core.errors import Conflict, DomainError

COPY: Final = "database.sqlite"
STAGED: Final = ".restoring"


def copy(address: str, folder: Path) -> None:
    """Write a consistent copy into the folder."""
    source = _path(address)
    if not source.exists():
        raise DomainError("database_missing")
    target = folder / COPY
    with _connected(f"file:{source}?mode=ro") as reading, _connected(f"file:{target}") as writing:
        reading.backup(writing)
    check(target)


def stage(folder: Path, address: str) -> str:
    """The address of the unpacked copy beside its place; Conflict when the place is taken."""
    target = _path(address)
    if target.exists():
        raise Conflict("database_present")
    check(folder / COPY)
    staged = target.with_name(target.name + STAGED)
    discard(f"sqlite:///{staged}")
    staged.write_bytes(b"")
    staged.chmod(0o600)
    with _connected(f"file:{folder / COPY}?mode=ro") as reading, _connected(f"file:{staged}") as writing:
        reading.backup(writing)
    return f"sqlite:///{staged}"


def accept(staged: str, address: str) -> None:
    """One link: the database is there whole or not at all, and never over another."""
    with _connected(f"file:{_path(staged)}") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    try:
        _path(address).hardlink_to(_path(staged))
    except FileExistsError:  # made while two people confirmed
        raise Conflict("database_present") from None
    discard(staged)


def discard(staged: str) -> None:
    for end in ("", "-wal", "-shm"):
        path = _path(staged)
        path.with_name(path.name + end).unlink(missing_ok=True)


def check(path: Path) -> None:
    """Damage found today is a nuisance; found on the day of the restore it is a disaster."""
    try:
        with _connected(f"file:{path}?mode=ro") as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            orphans = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError:
        raise DomainError("database_damaged") from None
    if not sound or orphans:
        raise DomainError("database_damaged")


def _path(address: str) -> Path:
    return Path(str(make_url(address).database))


@contextmanager
def _connected(uri: str) -> Iterator[sqlite3.Connection]:
    """A connection that is closed at the end: sqlite3's own context only commits."""
    connection = sqlite3.connect(uri, uri=True)
    try:
        yield connection
    finally:
        connection.close()
