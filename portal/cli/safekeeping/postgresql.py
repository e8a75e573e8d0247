"""PostgreSQL: `pg_dump` and `pg_restore`, which must not be older than the server.

A restore goes into a database of its own beside the right one, and takes its name at the very end: half of a
restore is never what the portal is started on. The account needs CREATEDB for it.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from portal.core.errors import Conflict, DomainError

COPY: Final = "database.pgdump"
STAGED: Final = "_restoring"


def copy(address: str, folder: Path) -> None:
    """Write a consistent copy into the folder."""
    _run(
        "pg_dump", make_url(address), "--format=custom", "--no-owner", "--no-privileges",
        f"--file={folder / COPY}",
    )  # fmt: skip


def stage(folder: Path, address: str) -> str:
    """The address of a database beside the right one that holds the copy; Conflict when that has tables."""
    _refuse_filled(address)
    url = make_url(address)
    staged = url.set(database=f"{url.database}{STAGED}")
    discard(staged.render_as_string(hide_password=False))
    _command(url, f'CREATE DATABASE "{staged.database}" TEMPLATE template0')
    _run(
        "pg_restore", staged, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
        str(folder / COPY),
    )  # fmt: skip
    return staged.render_as_string(hide_password=False)


def accept(staged: str, address: str) -> None:
    """Give the staged database its name."""
    _refuse_filled(address)
    url = make_url(address)
    _command(url, f'DROP DATABASE IF EXISTS "{url.database}"')
    _command(url, f'ALTER DATABASE "{make_url(staged).database}" RENAME TO "{url.database}"')


def discard(staged: str) -> None:
    url = make_url(staged)
    _command(url, f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)')


def _refuse_filled(address: str) -> None:
    engine = sa.create_engine(address)
    try:
        if sa.inspect(engine).get_table_names():
            raise Conflict("database_present")
    except sa.exc.OperationalError:  # there is no such database yet
        return
    finally:
        engine.dispose()


def _command(url: URL, text: str) -> None:
    engine = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(sa.text(text))
    except sa.exc.DBAPIError:
        raise DomainError("program_failed", program="PostgreSQL", status=text.split(maxsplit=1)[0]) from None
    finally:
        engine.dispose()


def _run(program: str, url: URL, *arguments: str) -> None:
    """The password goes by the environment: a list of processes shows arguments to everybody."""
    found = shutil.which(program)
    if found is None:
        raise DomainError("program_missing", program=program)
    plain = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    done = subprocess.run(  # noqa: S603 # found on the path, with arguments of our own
        [found, f"--dbname={plain}", *arguments], env=environment, capture_output=True, check=False
    )
    if done.returncode:
        raise DomainError("program_failed", program=program, status=done.returncode)
