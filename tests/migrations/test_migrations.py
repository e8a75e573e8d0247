"""The chain of migrations: one head, equal to the models, up and down, with every trigger."""

import os
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade

from portal.app import create_app
from portal.config import ROOT, Config
from portal.extensions import db, tie_migrations

pytestmark = pytest.mark.skipif(
    "PORTAL_TEST_POSTGRESQL" in os.environ, reason="on PostgreSQL its own tests judge the migrations"
)


@pytest.fixture
def empty(tmp_path, folder):
    config = Config(
        secret_key="only-for-tests-0123456789abcdef0123456789", data_dir=tmp_path, keys_dir=folder / "keys",
        testing=True, worker="none",
    )  # fmt: skip
    app = create_app(config)
    tie_migrations(app, ROOT / "migrations")
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def objects() -> set[tuple[str, str]]:
    rows = db.session.execute(sa.text("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"))
    found = {(kind, name) for kind, name in rows if name != "alembic_version"}
    db.session.rollback()
    return found


def test_there_is_one_head():
    assert len(ScriptDirectory(str(ROOT / "migrations")).get_heads()) == 1


def test_migrations_equal_the_models(empty):
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_migrations_make_the_same_triggers_and_indexes_as_the_models(empty, prepared, tmp_path):
    upgrade()
    migrated = objects()
    _app, template = prepared
    copy = shutil.copy(template, Path(tmp_path) / "models.db")
    engine = sa.create_engine(f"sqlite:///{copy}")
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
        )
        assert migrated == {(kind, name) for kind, name in rows}
    engine.dispose()


def test_every_revision_goes_up_down_and_up(empty):
    upgrade()
    whole = objects()
    revisions = list(ScriptDirectory(str(ROOT / "migrations")).walk_revisions())
    for _ in revisions:
        downgrade()
    assert objects() == set()
    upgrade()
    assert objects() == whole
