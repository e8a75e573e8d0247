"""Migrations on PostgreSQL: equal to the models, up and down, with every trigger. Needs a server."""

import os

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from postgresql_server import Server

from portal.app import create_app
from portal.config import ROOT, Config
from portal.extensions import db, tie_migrations

pytestmark = pytest.mark.skipif(
    "PORTAL_TEST_POSTGRESQL" not in os.environ, reason="PORTAL_TEST_POSTGRESQL names no server"
)
OBJECTS = """
    SELECT 'trigger', c.relname || '.' || t.tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t
      JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal
    UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'function', p.proname, p.prosrc FROM pg_proc p
      JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
"""


@pytest.fixture
def empty(folder, server: Server):
    name = f"{server.own}_migrated"
    server.make(name)
    config = Config(
        secret_key="only-for-tests-0123456789abcdef0123456789", data_dir=folder, keys_dir=folder / "keys",
        testing=True, worker="none", database_url=server.address_of(name),
    )  # fmt: skip
    app = create_app(config)
    tie_migrations(app, ROOT / "migrations")
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def objects(engine) -> dict[tuple[str, str], str]:
    with engine.connect() as connection:
        rows = connection.execute(sa.text(OBJECTS)).all()
    return {(kind, name): text for kind, name, text in rows if "alembic_version" not in name}


def test_migrations_equal_the_models(empty):
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_triggers_functions_indexes_and_constraints_are_those_of_the_models(empty, prepared, server):
    upgrade()
    migrated = objects(db.engine)
    engine = sa.create_engine(server.address_of(server.template))
    made = objects(engine)
    engine.dispose()
    assert migrated.keys() == made.keys()
    assert {key: migrated[key] for key in made if migrated[key] != made[key]} == {}


def test_every_revision_goes_up_down_and_up(empty):
    upgrade()
    whole = objects(db.engine)
    for _ in list(ScriptDirectory(str(ROOT / "migrations")).walk_revisions()):
        downgrade()
    assert objects(db.engine) == {}
    upgrade()
    assert objects(db.engine) == whole
