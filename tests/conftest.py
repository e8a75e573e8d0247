"""Fixtures: the application on a copy of a prepared SQLite database, a client, and people."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import remembered
from flask import Flask
from flask.testing import FlaskClient
from postgresql_server import Server

from portal.app import create_app, load_keys
from portal.config import Config
from portal.extensions import db

if TYPE_CHECKING:
    from portal.accounts.models import User

KEYS = {"audit": bytes(range(32)), "pepper": bytes(range(32, 64)), "field": bytes(range(64, 96))}
MEMORY = Path("/dev/shm")
ROOM = 2 * 2**30
SHARED = Path(os.environ.get("SHARED_DIR", Path(__file__).resolve().parents[2] / "shared"))
TRUTH = Path(os.environ.get("TRUTH_DIR", SHARED / "truth"))


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """In memory where there is room: every commit waits for the disk, and most of a run was that waiting."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        with tempfile.TemporaryDirectory(prefix="portal-", dir=MEMORY, ignore_cleanup_errors=True) as path:
            yield Path(path)
    else:
        yield tmp_path_factory.mktemp("portal")


@pytest.fixture(scope="session")
def folder(room: Path) -> Path:
    """Data folder of this test process, with keys."""
    (room / "keys").mkdir()
    for name, key in KEYS.items():
        (room / "keys" / f"{name}.key").write_bytes(key)
    return room


@pytest.fixture(scope="session")
def server() -> Iterator[Server | None]:
    """A PostgreSQL server where one is named; without one, tests run on SQLite."""
    address = os.environ.get("PORTAL_TEST_POSTGRESQL", "")
    held = Server(address) if address else None
    yield held
    if held:
        held.clear()


@pytest.fixture(scope="session")
def config(folder: Path, server: Server | None) -> Config:
    return Config(
        secret_key="only-for-tests-0123456789abcdef0123456789", data_dir=folder, keys_dir=folder / "keys",
        testing=True, worker="none", password_memory_kib=64,
        database_url=server.address_of(server.own) if server else "",
    )  # fmt: skip


@pytest.fixture(scope="session")
def prepared(config: Config, folder: Path, server: Server | None) -> Iterator[tuple[Flask, Path]]:
    """The application and a template of its database, made once."""
    if server:
        server.make(server.own)
    app = create_app(config)
    with app.app_context():
        db.create_all()
        db.session.remove()
        db.engine.dispose()
    template = folder / "template.db"
    if server:
        server.make(server.template, like=server.own)
    else:
        shutil.copy(folder / "portal.db", template)
    yield app, template
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(prepared: tuple[Flask, Path], folder: Path, server: Server | None) -> Iterator[Flask]:
    """The application on a fresh copy of the database, inside an application context."""
    application, template = prepared
    load_keys(application.extensions["portal.config"])  # a test may have made an application of its own
    with application.app_context():
        db.engine.dispose()
        if server:
            server.make(server.own, like=server.template)
        else:
            for end in ("", "-wal", "-shm"):
                (folder / f"portal.db{end}").unlink(missing_ok=True)
            shutil.copy(template, folder / "portal.db")
            remembered.start(folder)
        remembered.forget_pages(application)
        yield application
        db.session.rollback()
        db.session.remove()


class Browser(FlaskClient):
    """A client whose every request has an application context, and so a session and `g`, of its own."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        with self.application.app_context():
            answer = super().open(*args, **kwargs)
        db.session.rollback()
        return answer


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return Browser(app, app.response_class)


@pytest.fixture
def actor(app: Flask) -> "Callable[..., User]":
    """`actor(role, country='IR', organisation=None)`: a person with this role."""

    def make(role: str = "member", country: str = "IR", organisation: Any = None) -> "User":
        from factories import make_user

        return make_user(role, country=country, organisation=organisation)

    return make


@pytest.fixture
def sign_in(app: Flask) -> "Callable[..., User]":
    """`sign_in(client, role, country)`: the person, signed in with both factors, terms of use accepted."""

    def enter(
        browser: FlaskClient, *roles: str, country: str = "IR", user: "User | None" = None, **more: Any
    ) -> "User":
        from factories import enter_as, make_user

        terms = more.pop("terms", True)
        user = user or make_user(*roles, country=country, **more)
        enter_as(browser, user, terms=terms)
        return user

    return enter


@pytest.fixture(scope="session")
def truth() -> Path:
    """Folder of published data; tests that need it skip where it is absent."""
    if not TRUTH.is_dir():
        pytest.skip(f"no truth data at {TRUTH}")
    return TRUTH


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of shared vectors and samples; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"no shared data at {SHARED}")
    return SHARED
