"""The way back: unpack, check, forget again whoever withdrew since, let two people confirm, put in place.

Until the last step nothing stands where the portal looks for it. A refusal leaves the machine as it was.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portal.cli.safekeeping.databases import engine_for
from portal.cli.safekeeping.making import SNAPSHOTS, TOMBSTONES
from portal.cli.safekeeping.manifest import Manifest, sha256
from portal.cli.safekeeping.sealing import read_identity, unseal, workplace
from portal.config import Config
from portal.core.errors import Conflict, DomainError
from portal.core.permissions import Actor

PIECE: Final = 1 << 20
Confirm = Callable[[], tuple[Actor, Actor]]


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is to be brought back: the backup, the newest tombstones, the private key that opens both."""

    backup: Path
    tombstones: Path
    identity: Path


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back: when the backup was made, and how many persons were forgotten again."""

    made_at: str
    tombstones_made_at: str
    forgotten: int


@dataclass(frozen=True, slots=True)
class _Opened:
    """A backup that was unpacked and found whole."""

    manifest: Manifest
    digest: str
    tombstones_made_at: str
    tombstones: list[tuple[str, bytes]]


def restore(config: Config, sealed: Sealed, confirm: Confirm) -> Restored:
    """Restore into an instance without a database. `confirm` asks two people of the restored one."""
    with workplace(config.data_dir) as folder:
        opened = _opened(sealed, folder)
        engine = engine_for(folder, config.database)
        staged = engine.stage(folder, config.database)
        try:
            done = _made_ready(config.model_copy(update={"database_url": staged}), opened, confirm)
            _put_snapshots(folder / SNAPSHOTS, config.data_dir / SNAPSHOTS)
            engine.accept(staged, config.database)
        except BaseException:
            engine.discard(staged)
            raise
    return done


def _opened(sealed: Sealed, folder: Path) -> _Opened:
    key = read_identity(sealed.identity)
    unseal(sealed.backup, folder, key)
    manifest = Manifest.read(folder)
    beside = folder.parent / "tombstones"
    beside.mkdir(mode=0o700)
    unseal(sealed.tombstones, beside, key)
    try:
        said = json.loads((beside / TOMBSTONES).read_text("utf-8"))
        rows = [(code, bytes.fromhex(mark)) for code, mark in said["tombstones"]]
    except (OSError, ValueError, KeyError, TypeError):
        raise DomainError("backup_incomplete") from None
    if said["made_at"] < manifest.mark.made_at:  # whoever withdrew between the two would come back
        raise DomainError("tombstones_old")
    return _Opened(manifest, sha256(sealed.backup), said["made_at"], rows)


def _made_ready(staged: Config, opened: _Opened, confirm: Confirm) -> Restored:
    from portal.cli.session import application
    from portal.cli.setup import migrate_database
    from portal.extensions import db
    from portal.registry.services.replaying import replay

    with application(staged).app_context():
        try:
            opened.manifest.check_keys()
            migrate_database()
            _check_audit(opened.manifest)
            first, second = confirm()
            forgotten = replay(opened.tombstones, digest=opened.digest, by=first, second=second)
        finally:
            db.session.remove()
            db.engine.dispose()
    return Restored(opened.manifest.mark.made_at, opened.tombstones_made_at, forgotten)


def _check_audit(manifest: Manifest) -> None:
    from portal.core.audit import AuditEvent, verify
    from portal.extensions import db

    mark = manifest.mark
    last = db.session.get(AuditEvent, mark.audit_seq)
    if verify() or (mark.audit_seq and (last is None or last.mac != mark.audit_mac)):
        raise DomainError("audit_broken")


def _put_snapshots(source: Path, target: Path) -> None:
    """Before the database takes its place: a snapshot too many does no harm, one too few does."""
    if not _are_of(target, source):
        raise Conflict("database_present")
    if source.exists():
        shutil.copytree(source, target, dirs_exist_ok=True)


def _are_of(target: Path, source: Path) -> bool:
    """Whether nothing is there but what a restore cut short, by a full disk or a kill, put there itself."""
    present = [path.relative_to(target) for path in target.rglob("*") if path.is_file()]
    return all((source / name).is_file() and _begins(source / name, target / name) for name in present)


def _begins(whole: Path, part: Path) -> bool:
    """A copy that was cut short is the beginning of what it was copied from."""
    with whole.open("rb") as of_whole, part.open("rb") as of_part:
        while piece := of_part.read(PIECE):
            if of_whole.read(len(piece)) != piece:
                return False
    return True
