"""Which of the two engines an address speaks of."""

from pathlib import Path
from typing import Final, Protocol

from sqlalchemy.engine import make_url

from portal.cli.safekeeping import postgresql, sqlite
from portal.core.errors import DomainError


class Engine(Protocol):
    """What a backup and a restore ask of an engine."""

    COPY: str

    def copy(self, address: str, folder: Path) -> None: ...
    def stage(self, folder: Path, address: str) -> str: ...
    def accept(self, staged: str, address: str) -> None: ...
    def discard(self, staged: str) -> None: ...


ENGINES: Final[dict[str, Engine]] = {"sqlite": sqlite, "postgresql": postgresql}


def engine_of(address: str) -> Engine:
    return ENGINES[make_url(address).get_backend_name()]


def engine_for(folder: Path, address: str) -> Engine:
    """The engine of the address, if the unpacked backup is of the same; DomainError otherwise."""
    engine = engine_of(address)
    if not (folder / engine.COPY).exists():
        raise DomainError("backup_other_database")
    return engine
