"""The fence against guessing, in the database, so that it holds over processes and restarts.

Failures count for an address from one network (5), for a network (30) and for an address from everywhere
(20). The last two do not lock out who has signed in from this network before: a stranger must not be able to
shut somebody out, nor one visitor of a hospital everybody there. Five failures of one's own count always.
"""

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from portal.accounts.models import LoginAttempt, LoginSession, email_hash, keyed_hash
from portal.accounts.queries import find_by_email
from portal.core.db import bookkeeping
from portal.core.errors import DomainError
from portal.extensions import db

WINDOW: Final = timedelta(minutes=15)
PAIR, NETWORK, ADDRESS = 5, 30, 20


class Throttled(DomainError):
    """Too many attempts in the window."""

    status = 429


def check_throttle(purpose: str, address: str, network: str, *, now: datetime) -> None:
    """Raise Throttled before anything is computed."""
    pair, net, anywhere = _keys(purpose, address, network)
    if _count(pair, now) >= PAIR:
        raise Throttled("too_many_attempts")
    crowded = _count(net, now) >= NETWORK or _count(anywhere, now) >= ADDRESS
    if crowded and not _is_known(address, network):
        raise Throttled("too_many_attempts")


@bookkeeping
def count_failure(purpose: str, address: str, network: str, *, now: datetime) -> None:
    """Count one failed attempt and drop the counts that no longer matter."""
    db.session.execute(sa.delete(LoginAttempt).where(LoginAttempt.at < now - 4 * WINDOW))
    db.session.add_all(LoginAttempt(key=key, at=now) for key in _keys(purpose, address, network))


@bookkeeping
def forget_failures(purpose: str, address: str, network: str) -> None:
    """After success the address starts anew from this network. The network's own count stays."""
    pair = _keys(purpose, address, network)[0]
    db.session.execute(sa.delete(LoginAttempt).where(LoginAttempt.key == pair))


def _keys(purpose: str, address: str, network: str) -> tuple[str, str, str]:
    whose = email_hash(address)
    return (
        keyed_hash("pair", purpose, whose, network),
        keyed_hash("network", purpose, network),
        keyed_hash("address", purpose, whose),
    )


def _count(key: str, now: datetime) -> int:
    recent = sa.select(sa.func.count()).select_from(LoginAttempt)
    return db.session.scalar(recent.where(LoginAttempt.key == key, LoginAttempt.at > now - WINDOW)) or 0


def _is_known(address: str, network: str) -> bool:
    user = find_by_email(address)
    if user is None:
        return False
    seen = sa.select(LoginSession.id).where(LoginSession.user_id == user.id, LoginSession.network == network)
    return db.session.scalar(seen.limit(1)) is not None
