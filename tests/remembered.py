"""States of the database that many tests begin from: the verbs build each once, later tests get its copy.

A state is known by the steps that led to it from the empty database. Whatever else was written in between,
to whichever table, ends that: what follows is built by the verbs again.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from portal.core.db import utcnow
from portal.core.kept import KeptPages
from portal.extensions import db

FRESH = timedelta(minutes=30)  # a test of another day, or with another clock, builds its own
Step = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class State:
    """A kept database, what its last step gave, and when it was built."""

    database: Path
    given: Any
    at: datetime


@dataclass(slots=True)
class Here:
    """The steps that led to the present database, and its files as the last of them left it."""

    steps: tuple[Step, ...] = ()
    files: tuple[Any, ...] = ()


@dataclass(slots=True)
class Memory:
    folder: Path | None = None
    here: Here = field(default_factory=Here)
    states: dict[tuple[Step, ...], State] = field(default_factory=dict)


_memory = Memory()


def start(folder: Path) -> None:
    """The empty database has just been put in place."""
    _memory.folder = folder
    _memory.here = Here((), _files())


def forget_pages(app: Flask) -> None:
    """Pages kept as bytes go by the last change in the audit, which two tests may have in common."""
    layer: Any = app.wsgi_app
    while not isinstance(layer, KeptPages):
        layer = layer.application
    layer._pages.clear()


def step(name: Step, build: Callable[[], Any]) -> Any:
    """What `build` gives, a plain value: built by it, or the database of that moment put in place."""
    if not _known():
        return build()
    path = (*_memory.here.steps, name)
    state = _memory.states.get(path)
    if state is None or abs(utcnow() - state.at) > FRESH:
        state = _built(path, build)
    else:
        _put(state.database)
    _memory.here = Here(path, _files())
    return state.given


def _built(path: tuple[Step, ...], build: Callable[[], Any]) -> State:
    given = build()
    kept = _folder() / "kept" / f"state-{len(_memory.states)}.db"
    kept.parent.mkdir(exist_ok=True)
    with _released():
        _copy(_database(), kept)
    _memory.states[path] = State(kept, given, utcnow())
    return _memory.states[path]


def _put(kept: Path) -> None:
    """As one write of another connection: what others hold open stays open."""
    with _released():
        _copy(kept, _database())


@contextmanager
def _released() -> Iterator[None]:
    db.session.rollback()
    db.session.expire_all()
    yield


def _copy(of: Path, to: Path) -> None:
    with closing(sqlite3.connect(of)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)


def _known() -> bool:
    return _memory.folder is not None and _database_is_here() and _files() == _memory.here.files


def _database_is_here() -> bool:
    return db.engine.url.database == str(_database())


def _files() -> tuple[Any, ...]:
    return tuple(_mark(Path(f"{_database()}{end}")) for end in ("", "-wal"))


def _mark(path: Path) -> tuple[int, ...]:
    """Every committed write changes it; a file that only readers opened is empty."""
    if not path.exists() or not path.stat().st_size:
        return ()
    known = path.stat()
    return known.st_ino, known.st_size, known.st_mtime_ns


def _folder() -> Path:
    assert _memory.folder is not None
    return _memory.folder


def _database() -> Path:
    return _folder() / "portal.db"
