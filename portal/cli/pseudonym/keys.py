"""The key of a centre: 32 random bytes in a small text file that can be printed and typed in again."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from typing import TYPE_CHECKING, Final

from portal.core.pseudonyms.making import KEY_BYTES
from portal.core.pseudonyms.refusing import Refused

if TYPE_CHECKING:
    from pathlib import Path

HEADING: Final = "portal-pseudonym key 1"
GROUP: Final = 4
ALPHABET: Final = 52  # letters of base32 for 32 bytes, without padding


def checksum(key: bytes) -> str:
    """Eight letters that tell a typing error in a printed key; they do not help to guess it."""
    return hashlib.sha256(b"ATP-KEY\x1f1\x1f" + key).hexdigest()[:8]


def as_text(key: bytes) -> str:
    letters = base64.b32encode(key).decode().rstrip("=")
    groups = [letters[at : at + GROUP] for at in range(0, len(letters), GROUP)]
    return f"{HEADING}\n{' '.join(groups)}\nchecksum {checksum(key)}\n"


def make(path: Path) -> bytes:
    """A new key in a new file that only its owner reads. Refused where a file of this name exists."""
    key = secrets.token_bytes(KEY_BYTES)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused("key_exists") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(as_text(key))
    return key


def read(path: Path) -> bytes:
    """The key of a file, or Refused: no such file, another kind of file, a typing error."""
    try:
        lines = [line.strip() for line in path.read_text("ascii").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError):
        raise Refused("key_unreadable") from None
    if len(lines) != 3 or lines[0] != HEADING or not lines[2].startswith("checksum "):
        raise Refused("key_unreadable")
    key = _decoded("".join(lines[1].split()).upper())
    if checksum(key) != lines[2].removeprefix("checksum ").strip().lower():
        raise Refused("key_checksum")
    return key


def _decoded(letters: str) -> bytes:
    try:
        key = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError:
        raise Refused("key_unreadable") from None
    if len(key) != KEY_BYTES:
        raise Refused("key_length")
    return key
