"""Making a backup, and the file of tombstones that is kept apart from it and made more often."""

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Final

from portal.cli.safekeeping.databases import engine_of
from portal.cli.safekeeping.manifest import Manifest, Mark
from portal.cli.safekeeping.sealing import read_recipients, seal, workplace
from portal.config import Config
from portal.core.db import utcnow
from portal.registry.services.replaying import tombstones

SNAPSHOTS: Final = "snapshots"
TOMBSTONES: Final = "tombstones.json"


def make_backup(config: Config, target: Path) -> tuple[Path, Path]:
    """Seal database and snapshots into one file and the tombstones into another; returns both paths."""
    recipients = read_recipients(config.keys)
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = target / f"backup-{_stamp(utcnow())}.age"
    with workplace(config.data_dir) as folder:
        mark = Mark.now()
        engine_of(config.database).copy(config.database, folder)
        _copy_snapshots(config.data_dir / SNAPSHOTS, folder / SNAPSHOTS)
        Manifest.of(mark, folder).write(folder)
        seal(folder, made, recipients)
    return made, make_tombstones(config, target)


def make_tombstones(config: Config, target: Path) -> Path:
    """Seal the marks of everybody who withdrew: a restore needs the newest, whatever the backup's age."""
    recipients = read_recipients(config.keys)
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = target / f"tombstones-{_stamp(utcnow())}.age"
    with workplace(config.data_dir) as folder:
        rows = [[code, mark.hex()] for code, mark in tombstones()]
        said = {"made_at": utcnow().isoformat(timespec="seconds"), "tombstones": rows}
        (folder / TOMBSTONES).write_text(json.dumps(said), "utf-8")
        seal(folder, made, recipients)
    return made


def _copy_snapshots(source: Path, target: Path) -> None:
    if source.exists():
        shutil.copytree(source, target)


def _stamp(moment: datetime) -> str:
    """To the microsecond, so that no file is ever written over another."""
    return moment.strftime("%Y%m%dT%H%M%S.%fZ")
