"""The way in: throttle, password, second factor. The same steps for the page and for the command line."""

from datetime import datetime

from flask import g, session

from portal.accounts import queries
from portal.accounts.models import User
from portal.accounts.security.passwords import hash_password, is_outdated, is_password
from portal.accounts.services import factor, registration, throttle
from portal.core.db import utcnow
from portal.core.errors import NotAllowed

PENDING_SECONDS = 300


def check_password(address: str, password: str, *, network: str, now: datetime) -> User | None:
    """The account of this address and password, or None; the two kinds of failure look and last alike."""
    throttle.check_throttle("password", address, network, now=now)
    user = queries.find_active_by_email(address)
    if not is_password(user, password) or user is None:
        throttle.count_failure("password", address, network, now=now)
        return None
    throttle.forget_failures("password", address, network)
    if is_outdated(user):
        registration.upgrade_hash(user, hash_password(password), by=user)
    return user


def check_code(user: User, code: str, *, network: str, now: datetime) -> bool:
    """A code of the authenticator, or a recovery code, each accepted once."""
    throttle.check_throttle("code", user.email, network, now=now)
    by_letters = sum(c.isalnum() for c in code) > 8
    right = (
        factor.use_recovery_code(user, code, by=user, now=now)
        if by_letters
        else factor.use_code(user, code, by=user, now=now)
    )
    if right:
        throttle.forget_failures("code", user.email, network)
    else:
        throttle.count_failure("code", user.email, network, now=now)
    return right


def verify_credentials(address: str, password: str, code: str, *, now: datetime | None = None) -> User:
    """For commands that demand a person: the account, or NotAllowed without telling what was wrong."""
    now = now or utcnow()
    user = check_password(address, password, network="console", now=now)
    if user is None or not user.has_factor or not check_code(user, code, network="console", now=now):
        raise NotAllowed("credentials_wrong")
    return user


def remember_first_step(user: User, *, now: datetime) -> None:
    """The password was right; the code is still to come."""
    session.clear()
    g.pop("csrf_token", None)
    session["pending"] = [user.fs_uniquifier, int(now.timestamp())]


def first_step(*, now: datetime) -> User | None:
    """Who gave the password within the last five minutes."""
    uniquifier, at = session.get("pending", ("", 0))
    if now.timestamp() - at > PENDING_SECONDS:
        return None
    user = queries.find_by_uniquifier(str(uniquifier))
    return user if user and user.active and user.has_factor else None
