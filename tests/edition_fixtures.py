"""Fixtures of a registry before and after publication: made once, copied for each test."""

import shutil
from pathlib import Path

import edition_world
import pytest

from portal.app import load_keys
from portal.core.permissions import SYSTEM
from portal.extensions import db
from portal.programmes.services import withdraw_consent

PLACES = ("snapshots", "keys/release")


def _swap(folder: Path, kept: Path) -> None:
    """Put a kept database in place, with its snapshots and the keys of unpublished editions."""
    db.session.remove()
    db.engine.dispose()
    for end in ("", "-wal", "-shm"):
        (folder / f"portal.db{end}").unlink(missing_ok=True)
    shutil.copy(kept / "portal.db", folder / "portal.db")
    for place in PLACES:
        shutil.rmtree(folder / place, ignore_errors=True)
        if (kept / place).exists():
            shutil.copytree(kept / place, folder / place)


def _keep(folder: Path, name: str) -> Path:
    """Keep the database with its files under a name."""
    db.session.commit()
    db.session.remove()
    db.engine.dispose()
    kept = folder / "kept" / name
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True)
    shutil.copy(folder / "portal.db", kept / "portal.db")
    for place in PLACES:
        if (folder / place).exists():
            shutil.copytree(folder / place, kept / place)
    return kept


def start_empty(folder: Path, template: Path) -> None:
    """Put an empty migrated database in place."""
    empty = folder / "kept" / "empty"
    empty.mkdir(parents=True, exist_ok=True)
    shutil.copy(template, empty / "portal.db")
    _swap(folder, empty)


@pytest.fixture(scope="session")
def edition_templates(prepared, folder):
    """Kept before the freeze, after both approvals, and after publication."""
    application, template = prepared
    load_keys(application.extensions["portal.config"])  # a test may have left keys of its own
    with application.app_context():
        start_empty(folder, template)
        edition_world.make_world()
        registered = _keep(folder, "registered")
        world = edition_world.recall(application)
        edition_world.freeze(world)
        edition_world.approve(world)
        approved = _keep(folder, "approved")
        edition_world.build(edition_world.recall(application))
        published = _keep(folder, "published")
    return registered, approved, published


@pytest.fixture(scope="session")
def second_template(edition_templates, prepared, folder):
    """A database with a second edition: most programmes grew by sixty people, one by ten, one withdrew."""
    application, _ = prepared
    load_keys(application.extensions["portal.config"])
    with application.app_context():
        _swap(folder, edition_templates[2])
        world = edition_world.recall(application)
        edition_world.grow(world, stands=1)
        withdraw_consent(world.programmes[5], by=SYSTEM, now=edition_world.LATER)
        edition_world.publish(world, "2026H2", closing=edition_world.LATER_CLOSING, now=edition_world.LATER)
        return _keep(folder, "second")


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
    return edition_world.recall(app)


@pytest.fixture
def published(edition_templates, app, folder):
    """A registry with the published edition 2026H1."""
    _swap(folder, edition_templates[2])
    return edition_world.recall(app)
