"""Login sessions: opened at sign-in, refreshed by a second sign-in, ended one by one or all at once.

The table is bookkeeping; signing in and out are recorded as events all the same.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from portal.accounts.models import LoginSession, User, token_hash
from portal.accounts.policies import check_can_decide
from portal.core.audit import record
from portal.core.db import bookkeeping, transaction
from portal.core.errors import NotFound
from portal.core.notify import notify
from portal.core.permissions import Actor
from portal.extensions import db

SEEN_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Browser:
    """What is kept about where somebody signs in from: a cut network and a family of programs."""

    network: str = ""
    agent: str = ""


@transaction
def open_login(user: User, browser: Browser, *, second_factor: bool, by: Actor, now: datetime) -> str:
    """Open a login session; returns the token for the cookie. A device not seen before is told by mail."""
    if _is_new_device(user, browser):
        notify(user, "new_device", {"agent": browser.agent, "at": now.isoformat()})
    token = secrets.token_urlsafe(32)
    db.session.add(
        LoginSession(
            token_hash=token_hash(token), user_id=user.id, created_at=now, seen_at=now, fresh_at=now,
            second_factor=second_factor, network=browser.network, agent=browser.agent,
        )
    )  # fmt: skip
    record("account.signed_in", by=by, target=user)
    return token


@bookkeeping
def renew(login: LoginSession, *, by: Actor, now: datetime, second_factor: bool = False) -> str:
    """Give a login session a new id after the person proved again who they are."""
    token = secrets.token_urlsafe(32)
    login.token_hash, login.fresh_at, login.seen_at = token_hash(token), now, now
    login.second_factor = login.second_factor or second_factor
    assert by.id == login.user_id
    return token


@bookkeeping
def mark_seen(login_id: int, *, now: datetime) -> None:
    """Written at most once a minute."""
    seen = sa.update(LoginSession).where(LoginSession.id == login_id, LoginSession.seen_at < now - SEEN_EVERY)
    db.session.execute(seen.values(seen_at=now))


@transaction
def end_login(user: User, login_id: int, *, by: Actor, now: datetime) -> None:
    """End one login session of the own account."""
    login = db.session.get(LoginSession, login_id)
    if login is None or login.user_id != by.id or user.id != by.id:
        raise NotFound("not_found")
    login.ended_at = now
    record("account.signed_out", by=by, target=user)


@transaction
def end_all_logins(user: User, *, by: Actor, now: datetime, keep: int | None = None) -> None:
    """End every login session of an account, the own one or one of the own country."""
    if user.id != by.id:
        check_can_decide(by, user)
    close_logins(user.id, now=now, keep=keep)
    record("account.logins_ended", by=by, target=user)


def close_logins(user_id: int, *, now: datetime, keep: int | None = None) -> None:
    """For verbs that end login sessions as a consequence. Inside their transaction."""
    mine = sa.update(LoginSession).where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
    if keep is not None:
        mine = mine.where(LoginSession.id != keep)
    db.session.execute(mine.values(ended_at=now))


def _is_new_device(user: User, browser: Browser) -> bool:
    """True when the account was used before, and never from this network and kind of program."""
    of_user = sa.select(LoginSession.id).where(LoginSession.user_id == user.id).limit(1)
    known = of_user.where(LoginSession.network == browser.network, LoginSession.agent == browser.agent)
    return db.session.scalar(of_user) is not None and db.session.scalar(known) is None
