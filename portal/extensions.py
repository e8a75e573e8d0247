"""Objects that the application factory initialises and every feature shares. No behaviour lives here."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final, cast

from flask import Flask
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import MetaData, Table, event
from sqlalchemy.orm import DeclarativeBase, Mapper

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The one declarative base. Features use it as `portal.core.db.Model`."""

    metadata = MetaData(naming_convention=NAMING)
    __audited__: ClassVar[bool] = True


# Flask-SQLAlchemy copies the body of Base instead of inheriting from it: a hook of the class would not run.
@event.listens_for(Mapper, "instrument_class")
def _mark_audited(mapper: Mapper[Any], model: type[Any]) -> None:
    cast("Table", mapper.local_table).info.setdefault("audited", getattr(model, "__audited__", True))


@dataclass(slots=True)
class KeyRing:
    """Secret bytes of this instance, loaded by the factory from files outside the database."""

    audit: bytes = field(default=b"", repr=False)
    pepper: bytes = field(default=b"", repr=False)
    field: bytes = field(default=b"", repr=False)


@dataclass(slots=True)
class Folders:
    """Where the job keeps frozen snapshots and the keys of unpublished editions; set by the factory."""

    snapshots: Path = Path("snapshots")
    release_keys: Path = Path("release_keys")


db = SQLAlchemy(model_class=Base, disable_autonaming=True)
babel = Babel()
csrf = CSRFProtect()
limiter = Limiter(get_remote_address, storage_uri="memory://")
keys = KeyRing()
folders = Folders()


def tie_migrations(app: Flask, folder: Path) -> None:
    """For whatever migrates. The server and most commands never load Alembic, which takes long."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(folder))
