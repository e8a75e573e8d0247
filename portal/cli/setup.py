"""Steps of the set-up: keys outside the tree, database, catalogues, vocabulary.

Every step looks first whether it is done: a second start takes a moment. Nothing here runs in the factory,
because two workers would race.
"""

import os
import secrets
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from portal.cli.session import OWNER_ONLY
from portal.config import ROOT, Config, from_environment

if TYPE_CHECKING:
    from flask import Flask

KEYS: Final = ("audit", "pepper", "field")
KEY_BYTES: Final = 32
SQLITE: Final = "sqlite:///"
DATABASE_FILES: Final = ("", "-wal", "-shm")


def prepare(config: Config, *, reset: bool = False) -> "Flask":
    """Make keys and folders, bring the database to the newest revision, load the vocabulary."""
    from portal.cli.session import application

    make_folders(config)
    make_keys(config.keys)
    if reset:
        forget(config)
    _compile_catalogues()
    app = application(config)
    with app.app_context():
        migrate_database()
        load_vocabulary()
    return app


def demonstration_config() -> Config:
    """Settings of the demonstration, whatever the environment says of it; loopback and no mail are kept."""
    return Config(**from_environment().model_dump(exclude_unset=True) | {"demonstration": True})


def make_folders(config: Config) -> None:
    """Make what is missing, and close to others what somebody left open."""
    data = config.data_dir
    for folder in (data, data / "outbox", data / "snapshots", config.keys):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        close_to_others(folder)
    for path in (*data.glob("*.db*"), *(data / "outbox").glob("*.eml")):
        close_to_others(path)


def close_to_others(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & OWNER_ONLY:
        path.chmod(mode & ~OWNER_ONLY)


def make_keys(folder: Path) -> None:
    """Write each key that is missing, readable by its owner only; a key is never replaced."""
    for name in KEYS:
        _write_once(folder / f"{name}.key", secrets.token_bytes(KEY_BYTES))
    _write_once(folder / "secret.key", secrets.token_urlsafe(KEY_BYTES).encode())


def _write_once(path: Path, content: bytes) -> None:
    if path.exists():
        return
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    part.rename(path)


def forget(config: Config) -> None:
    """Remove the demonstration's database, snapshots and mails. Its keys stay, and so do its passwords."""
    if not config.database.startswith(SQLITE):
        raise click.ClickException(
            "--reset rebuilds a SQLite file only: drop the database, then `portal init`"
        )
    database = Path(config.database.removeprefix(SQLITE))
    refuse_real_data(database)
    for end in DATABASE_FILES:
        database.with_name(database.name + end).unlink(missing_ok=True)
    for folder in (config.data_dir / "snapshots", config.keys / "release", config.data_dir / "outbox"):
        for path in folder.glob("*"):
            path.unlink()


def refuse_real_data(database: Path) -> None:
    """Read a SQLite file as it lies there: a demonstration never stands beside a programme with people."""
    import sqlite3

    from portal.core.errors import Conflict

    if not database.exists():
        return
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        real = connection.execute("SELECT count(*) FROM programme WHERE NOT synthetic").fetchone()[0]
    except sqlite3.OperationalError:  # no tables yet
        return
    finally:
        connection.close()
    if real:
        raise Conflict("real_programmes_present")


def migrate_database() -> None:
    """Run the revisions that are missing; asks first, because loading the environment takes longer."""
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from flask import current_app
    from flask_migrate import upgrade

    from portal.extensions import db, tie_migrations

    folder = ROOT / "migrations"
    newest = ScriptDirectory(str(folder)).get_current_head()
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current != newest:
        tie_migrations(current_app, folder)
        upgrade()
    db.session.remove()


def refuse_mixture() -> None:
    """A database holds a demonstration or people, never both."""
    from portal.core.errors import Conflict
    from portal.programmes.queries import count_programmes

    if count_programmes(synthetic=True):
        raise Conflict("demonstration_present")


def _compile_catalogues() -> None:
    from portal.cli.i18n import LANGUAGES, catalogue, compile_all

    if all(catalogue(language).exists() for language in LANGUAGES):
        compile_all()


def load_vocabulary() -> None:
    """Load the product's vocabulary; when it changed, search learns its new names of published protocols."""
    from portal.core.db import bookkeeping
    from portal.core.permissions import SYSTEM
    from portal.protocols.services.indexing import reindex_everything
    from portal.vocabulary.services import load_seed

    if load_seed(by=SYSTEM):
        bookkeeping(reindex_everything)()
