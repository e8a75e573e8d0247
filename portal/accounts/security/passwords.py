"""Hashing. At most two at once: each takes 64 MiB and a core."""

import threading
import unicodedata
from typing import Final

from flask import current_app
from flask_security import hash_password as _hash
from flask_security import verify_password as _verify
from flask_security.proxies import _security

from portal.accounts.models import User

_ROOM: Final = threading.BoundedSemaphore(2)


def normalise(password: str) -> str:
    """One form for the same letters typed on different devices. Spaces stay."""
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    with _ROOM:
        return str(_hash(normalise(password)))


def is_password(user: User | None, password: str) -> bool:
    """Whether this is the account's password. An unknown account costs the same time."""
    stored = user.password if user and user.password else _nobody()
    with _ROOM:
        right = bool(_verify(normalise(password), stored))
    return right and user is not None and user.password is not None


def is_outdated(user: User) -> bool:
    """Whether the hash was made at another cost than today's."""
    return bool(user.password and _security.pwd_context.needs_update(user.password))


def _nobody() -> str:
    """A hash of today's cost that no password has: what is compared with when there is no account."""
    memory = current_app.extensions["portal.config"].password_memory_kib
    return f"$argon2id$v=19$m={memory},t=3,p=1${'A' * 22}${'A' * 43}"
