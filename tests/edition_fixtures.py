"""Fixtures of a registry before and after publication: made once, copied for each test."""

import shutil
from pathlib import Path

import edition_world
import pytest

from portal.core.permissions import SYSTEM
from portal.extensions import db, folders
from portal.programmes.services import withdraw_consent


def _swap(folder: Path, source: Path) -> None:
    db.session.remove()
    db.engine.dispose()
    for end in ("", "-wal", "-shm"):
        (folder / f"portal.db{end}").unlink(missing_ok=True)
    shutil.copy(source, folder / "portal.db")


def _keep(folder: Path, name: str) -> Path:
    db.session.commit()
    db.session.remove()
    db.engine.dispose()
    return Path(shutil.copy(folder / "portal.db", folder / name))


@pytest.fixture(scope="session")
def edition_templates(prepared, folder):
    """Databases before the freeze, after both approvals and after publication, with the key of the approved one."""
    application, template = prepared
    with application.app_context():
        _swap(folder, template)
        edition_world.make_world()
        registered = _keep(folder, "registered.db")
        world = edition_world.recall(application)
        edition_world.freeze(world)
        edition_world.approve(world)
        key = (folders.release_keys / "2026H1.key").read_bytes()
        approved = _keep(folder, "approved.db")
        edition_world.build(edition_world.recall(application))
        published = _keep(folder, "published.db")
    return registered, approved, published, key


@pytest.fixture(scope="session")
def second_template(edition_templates, prepared, folder):
    """A database with a second edition: most programmes grew by sixty people, one by ten, one withdrew."""
    application, _ = prepared
    with application.app_context():
        _swap(folder, edition_templates[2])
        world = edition_world.recall(application)
        edition_world.grow(world, stands=1)
        withdraw_consent(world.programmes[5], by=SYSTEM, now=edition_world.LATER)
        edition_world.publish(world, "2026H2", closing=edition_world.LATER_CLOSING, now=edition_world.LATER)
        return _keep(folder, "second.db")


@pytest.fixture
def second(second_template, app, folder):
    """The world after its second edition."""
    _swap(folder, second_template)
    return edition_world.recall(app)


@pytest.fixture
def world(edition_templates, app, folder):
    """A registry with consenting programmes and their people, nothing frozen yet."""
    _swap(folder, edition_templates[0])
    return edition_world.recall(app)


@pytest.fixture
def approved(edition_templates, app, folder):
    """A registry whose edition 2026H1 is frozen and approved by both countries."""
    _swap(folder, edition_templates[1])
    path = folders.release_keys / "2026H1.key"
    path.unlink(missing_ok=True)
    path.write_bytes(edition_templates[3])
    return edition_world.recall(app)


@pytest.fixture
def published(edition_templates, app, folder):
    """A registry with the published edition 2026H1."""
    _swap(folder, edition_templates[2])
    return edition_world.recall(app)
