"""Objects that the application factory initialises and every feature shares. No behaviour lives here."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

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

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if hasattr(cls, "__table__"):
            cls.__table__.info.setdefault("audited", cls.__audited__)


@dataclass(slots=True)
class KeyRing:
    """Secret bytes of this instance, loaded by the factory from files outside the database."""

    audit: bytes = field(default=b"", repr=False)
    pepper: bytes = field(default=b"", repr=False)
    field: bytes = field(default=b"", repr=False)


db = SQLAlchemy(model_class=Base, disable_autonaming=True)
migrate = Migrate()
babel = Babel()
csrf = CSRFProtect()
limiter = Limiter(get_remote_address, storage_uri="memory://")
keys = KeyRing()
