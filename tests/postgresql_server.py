"""Databases on a PostgreSQL server, for tests: made, copied from one another, dropped at the end.

`PORTAL_TEST_POSTGRESQL` names the server, for example `postgresql+psycopg://postgres@127.0.0.1:5432`; its
account may create databases.
"""

import os

import sqlalchemy as sa


class Server:
    """The databases of one test process: `own` is what the application uses, `template` what it is made like."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self.own, self.template = (f"portal_test_{os.getpid()}{end}" for end in ("", "_like"))
        self._engine = sa.create_engine(self.address_of("postgres"), isolation_level="AUTOCOMMIT")
        self._made: set[str] = set()

    def address_of(self, name: str) -> str:
        return f"{self.address}/{name}"

    def make(self, name: str, *, like: str = "template0") -> None:
        """A fresh database; what was there under the name goes, with whoever is connected."""
        self._made.add(name)
        with self._engine.connect() as connection:
            connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
            connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{like}"'))

    def clear(self) -> None:
        with self._engine.connect() as connection:
            for name in self._made:
                connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        self._engine.dispose()
