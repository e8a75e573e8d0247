"""Files of an edition: its snapshot, and the key of its noise.

The key is made at the freeze, read by the job alone and destroyed once the edition is published. A snapshot
is named by its digest, so that a freeze that fails never touches the file of the one before.
"""

import os
import secrets
from pathlib import Path

from portal.core.errors import Conflict
from portal.extensions import folders

_BYTES = 32


def snapshot_path(edition: str, digest: str) -> Path:
    """Where the snapshot of these rows stands."""
    folders.snapshots.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folders.snapshots / f"{edition}-{digest[:16]}.parquet"


def drop_snapshot(edition: str, digest: str) -> None:
    """Remove the file of a freeze that another one replaced."""
    snapshot_path(edition, digest).unlink(missing_ok=True)


def make_key(edition: str) -> None:
    """Write a new key for an edition; a new freeze gets a new key."""
    folders.release_keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = _path(edition)
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(handle, "wb") as stream:
        stream.write(secrets.token_bytes(_BYTES))
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)


def read_key(edition: str) -> bytes:
    """Return the key of a frozen edition."""
    try:
        return _path(edition).read_bytes()
    except FileNotFoundError:
        raise Conflict("release_key_missing", name=edition) from None


def destroy_key(edition: str) -> None:
    """Overwrite and remove the key: from now on nobody can take the noise away."""
    path = _path(edition)
    if path.exists():
        path.chmod(0o600)
        path.write_bytes(bytes(_BYTES))
        path.unlink()


def _path(edition: str) -> Path:
    return folders.release_keys / f"{edition}.key"
