"""Alembic's environment: the portal's own engine and metadata, batch mode for SQLite."""

from alembic import context

from portal.extensions import db


def include(_object, name, kind, reflected, _compare_to):
    """Tables that exist only in the database (SQLite's own) are not ours to drop."""
    return not (kind == "table" and reflected and name.startswith("sqlite_"))


def run() -> None:
    with db.engine.connect().execution_options(write=True) as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            include_object=include,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
