"""What a backup says of itself: when it was made, of which schema and audit, with which keys, which files."""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

import sqlalchemy as sa

from portal.core.audit import AuditHead
from portal.core.db import utcnow
from portal.core.errors import DomainError
from portal.extensions import db, keys

NAME: Final = "manifest.json"
KEYS: Final = ("audit", "pepper", "field")


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the database stood just before it was copied: its revision, the end of its audit, its keys."""

    made_at: str
    revision: str
    audit_seq: int
    audit_mac: str
    keys: dict[str, str]

    @classmethod
    def now(cls) -> Self:
        from alembic.migration import MigrationContext

        with db.engine.connect() as connection:
            revision = MigrationContext.configure(connection).get_current_revision() or ""
            head = connection.execute(sa.select(AuditHead.seq, AuditHead.mac)).one()
        return cls(utcnow().isoformat(timespec="seconds"), revision, head.seq, head.mac, key_checks())


@dataclass(frozen=True, slots=True)
class Manifest:
    """A mark, and the SHA-256 of every file in the backup by its path there."""

    mark: Mark
    files: dict[str, str]

    @classmethod
    def of(cls, mark: Mark, folder: Path) -> Self:
        return cls(mark, {name: sha256(folder / name) for name in _names(folder)})

    def write(self, folder: Path) -> None:
        (folder / NAME).write_text(json.dumps(asdict(self), indent=1), "utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Of an unpacked backup whose files are exactly what the manifest says; DomainError otherwise."""
        try:
            said = json.loads((folder / NAME).read_text("utf-8"))
            found = cls(Mark(**said["mark"]), said["files"])
        except (OSError, ValueError, TypeError, KeyError):
            raise DomainError("backup_incomplete") from None
        if {name: sha256(folder / name) for name in _names(folder)} != found.files:
            raise DomainError("backup_incomplete")
        return found

    def check_keys(self) -> None:
        """With another pepper nobody is recognised, with another audit key the chain breaks."""
        present = key_checks()
        wrong = [name for name in KEYS if present[name] != self.mark.keys.get(name)]
        if wrong:
            raise DomainError("keys_differ", keys=", ".join(wrong))


def key_checks() -> dict[str, str]:
    """Eight bytes of an HMAC under each key: tells two keys apart and gives none away."""
    return {name: hmac.digest(getattr(keys, name), b"check of a backup", "sha256")[:8].hex() for name in KEYS}


def sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _names(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file() and p.name != NAME)
