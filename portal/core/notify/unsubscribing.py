"""Links that switch mails off without a login (RFC 8058): sealed, so that nobody can make or read one."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

from portal.extensions import keys


def make_link_token(user_id: int, key: str) -> str:
    """For the mails of one key to one person, or with `digest` for everything that comes in digests."""
    return _cipher().encrypt(f"{user_id}:{key}".encode()).decode()


def read_link_token(token: str) -> tuple[int, str] | None:
    """Person and key of a link; None for anything that was not made here."""
    try:
        user_id, _, key = _cipher().decrypt(token.encode()).decode().partition(":")
    except (InvalidToken, UnicodeError):
        return None
    return int(user_id), key


def _cipher() -> Fernet:
    """A key of its own, derived from the field key: a link opens nothing else."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"unsubscribe" + keys.field).digest()))
