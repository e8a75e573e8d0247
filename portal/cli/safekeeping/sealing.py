"""Files sealed to age keys of at least two people (https://age-encryption.org/v1, X25519 recipients).

The private keys never lie on the server: whoever takes the machine reads no backup.
"""

import fcntl
import os
import shutil
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from portal.core.errors import DomainError

RECIPIENTS: Final = "backup.recipients"
FEWEST: Final = 2
PREFIX: Final = "sealing-"


def read_recipients(keys: Path) -> list[Any]:
    """Public keys of the people who can open a backup, one `age1…` a line, `#` for remarks; two at least."""
    from pyrage import RecipientError, x25519

    lines = _lines(keys / RECIPIENTS)
    if len(set(lines)) < FEWEST:
        raise DomainError("recipients_missing", file=keys / RECIPIENTS, fewest=FEWEST)
    try:
        return [x25519.Recipient.from_str(line) for line in lines]
    except RecipientError:
        raise DomainError("recipient_unreadable", file=keys / RECIPIENTS) from None


def read_identity(path: Path) -> Any:
    """A private key, as `age-keygen` writes it."""
    from pyrage import IdentityError, x25519

    try:
        return x25519.Identity.from_str(_lines(path)[0])
    except (IdentityError, IndexError):
        raise DomainError("identity_unreadable", file=path) from None


def seal(folder: Path, target: Path, recipients: Sequence[Any]) -> None:
    """Pack a folder and encrypt it. `target` appears whole or not at all."""
    from pyrage import encrypt_file

    packed, part = folder.with_suffix(".tar"), target.with_suffix(".part")
    try:
        with tarfile.open(packed, "w") as archive:
            archive.add(folder, arcname=".")
        encrypt_file(str(packed), str(part), list(recipients))
        part.chmod(0o400)
        part.rename(target)
    finally:
        packed.unlink(missing_ok=True)
        part.unlink(missing_ok=True)


def unseal(sealed: Path, folder: Path, identity: Any) -> None:
    """Decrypt and unpack; refused whole when the key is another or a single bit was changed."""
    from pyrage import DecryptError, decrypt_file

    packed = folder.with_suffix(".tar")
    try:
        decrypt_file(str(sealed), str(packed), [identity])
        with tarfile.open(packed) as archive:
            archive.extractall(folder, filter="data")
    except (DecryptError, tarfile.TarError, OSError) as fault:
        if isinstance(fault, OSError) and fault.errno:  # a full disk is no forged file
            raise
        raise DomainError("backup_unreadable", file=sealed) from None
    finally:
        packed.unlink(missing_ok=True)


@contextmanager
def workplace(data: Path) -> Iterator[Path]:
    """A folder for plain copies inside the data folder, not in a shared /tmp. What a killed run left goes.

    Two runs may meet, tombstones are sealed hourly: a folder whose run lives is locked, and left alone.
    """
    for left in data.glob(f"{PREFIX}*"):
        _sweep(left)
    with TemporaryDirectory(prefix=PREFIX, dir=data) as path, _locked(Path(path)):
        inside = Path(path) / "content"
        inside.mkdir(mode=0o700)
        yield inside


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """The lock goes with the process, however it ends."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _sweep(left: Path) -> None:
    with suppress(OSError), _locked(left):
        shutil.rmtree(left, ignore_errors=True)


def _lines(path: Path) -> list[str]:
    if not path.exists():
        return []
    lines = (line.strip() for line in path.read_text("utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]
