"""A portal of its own for a benchmark: new keys, an empty database, one folder that the caller removes."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from portal.app import create_app
from portal.config import Config
from portal.extensions import db, folders, keys


@contextmanager
def own_portal(folder: Path) -> Iterator[Flask]:
    place = folder / "keys"
    for path in (place, folder / "snapshots"):
        path.mkdir()
    for name in ("audit", "pepper", "field"):
        (place / f"{name}.key").write_bytes(secrets.token_bytes(32))
    (place / "secret.key").write_text(secrets.token_urlsafe(32))
    config = Config(data_dir=folder, keys_dir=place, testing=True, worker="none", password_memory_kib=64)
    before = (folders.snapshots, folders.release_keys, keys.audit, keys.pepper, keys.field)
    app = create_app(config)
    try:
        with app.app_context():
            db.create_all()
            yield app
            db.session.remove()
            db.engine.dispose()
    finally:  # a test of the same process goes on with its own
        folders.snapshots, folders.release_keys, keys.audit, keys.pepper, keys.field = before
