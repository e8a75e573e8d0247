"""From the form of a visitor to an account that waits for its country's administrator.

What the visitor sees is the same for a known and an unknown address: the work that differs is a job.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from portal.accounts import queries
from portal.accounts.models import AccountToken, State, User, email_hash, token_hash
from portal.accounts.rules import COUNTRIES, REQUESTABLE
from portal.accounts.services.accounts import NewAccount, create_account, make_token
from portal.accounts.services.free_text import check_own_data, check_reason
from portal.accounts.services.logins import close_logins
from portal.core import jobs
from portal.core.audit import record
from portal.core.db import bookkeeping, transaction, utcnow
from portal.core.errors import Conflict, Invalid, NotFound, Problem
from portal.core.notify import notify
from portal.core.permissions import Actor, Role
from portal.extensions import db

CONFIRM_WITHIN: Final = timedelta(days=3)
RESET_WITHIN: Final = timedelta(hours=1)
FIRST_WITHIN: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Registration:
    """What a visitor writes into the form."""

    email: str
    name: str
    country: str
    language: str
    affiliation: str
    requested_role: str
    reason: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """An address that is written to, without an account or beside the one of its account (`id`)."""

    email: str
    language: str
    id: int | None = None


@bookkeeping
def ask_registration(form: Registration) -> None:
    """Take a registration. A job does the rest, so that the answer tells nothing about the address."""
    if form.country not in COUNTRIES:
        raise Invalid(problems=(Problem("country", "country_unknown"),))
    if form.requested_role not in REQUESTABLE:
        raise Invalid(problems=(Problem("requested_role", "role_unknown"),))
    check_own_data(name=form.name, affiliation=form.affiliation)
    check_reason(form.reason)
    jobs.enqueue("accounts.register", asdict(form), queue="mail")


@jobs.task("accounts.register")
def register(args: dict[str, Any]) -> None:
    """Make the account and send the link; to a known address say that it has an account."""
    _register(Registration(**args), now=utcnow())


@transaction
def _register(form: Registration, *, now: datetime) -> None:
    user = queries.find_by_email(form.email)
    if user is None:
        user = User(
            **asdict(form) | {"email": form.email.strip()}, email_hash=email_hash(form.email), created_at=now
        )
        db.session.add(user)
        db.session.flush()
    if user.state == State.REGISTERED:
        notify(user, "confirm", {"token": make_token("confirm", user.id, expires=now + CONFIRM_WITHIN)})
    else:
        notify(user, "register_known")
    record("account.registered", by=user, target=user)


@transaction
def confirm_address(token: str, password_hash: str, *, by: Actor, now: datetime) -> User:
    """Who opens the mailed link owns the address: set the password and queue the account for a decision."""
    user = take_token("confirm", token, by=by, now=now)
    user.password = password_hash
    if user.state == State.REGISTERED:
        user.state, user.confirmed_at = State.WAITING, now
    record("account.confirmed", by=by, target=user)
    return user


@bookkeeping
def ask_reset(address: str) -> None:
    """Take the wish for a new password; known and unknown addresses cause the same work here."""
    jobs.enqueue("accounts.reset", {"email": address}, queue="mail")


@jobs.task("accounts.reset")
def send_reset(args: dict[str, Any]) -> None:
    _send_reset(args["email"], now=utcnow())


@bookkeeping
def _send_reset(address: str, *, now: datetime) -> None:
    user = queries.find_active_by_email(address)
    if user is not None:
        notify(user, "reset", {"token": make_token("reset", user.id, expires=now + RESET_WITHIN)})


@transaction
def reset_password(token: str, password_hash: str, *, by: Actor, now: datetime) -> User:
    """Set a new password by a single-use link. Every login session ends; the second factor is still asked."""
    user = take_token("reset", token, by=by, now=now)
    user.password = password_hash
    close_logins(user.id, now=now)
    notify(user, "password_changed")
    record("account.password_reset", by=by, target=user)
    return user


@transaction
def change_password(user: User, password_hash: str, *, by: User, now: datetime, keep: int | None) -> None:
    """Set a new password in the own account; other login sessions end."""
    if user.id != by.id:
        raise NotFound("not_found")
    user.password = password_hash
    close_logins(user.id, now=now, keep=keep)
    notify(user, "password_changed")
    record("account.password_changed", by=by, target=user)


@transaction
def upgrade_hash(user: User, password_hash: str, *, by: User) -> None:
    """Store the same password under today's cost."""
    user.password = password_hash
    record("account.hash_upgraded", by=by, target=user)


@bookkeeping
def first_administrator_token(*, now: datetime) -> str:
    """Token of a single-use link for the very first administrator. Older links end."""
    if queries.count_administrators():
        raise Conflict("administrator_exists")
    old = sa.update(AccountToken).where(AccountToken.purpose == "first_admin", AccountToken.used_at.is_(None))
    db.session.execute(old.values(used_at=now))
    return make_token("first_admin", None, expires=now + FIRST_WITHIN)


@transaction
def create_first_administrator(token: str, new: NewAccount, *, by: Actor, now: datetime) -> User:
    """Make the first account from the printed link."""
    if queries.count_administrators():
        raise Conflict("administrator_exists")
    _use(_find_token("first_admin", token, now=now), now=now)
    return create_account(_as_administrator(new), by=by, now=now)


def is_token_open(purpose: str, token: str, *, now: datetime) -> bool:
    """Whether a link still works; reading it changes nothing."""
    return _find_token(purpose, token, now=now) is not None


def find_holder(purpose: str, token: str, *, now: datetime) -> User | None:
    """Whose link this is, while it works."""
    found = _find_token(purpose, token, now=now)
    return db.session.get(User, found.user_id) if found and found.user_id else None


def take_token(purpose: str, token: str, *, by: Actor, now: datetime) -> User:
    """Use a link; inside the caller's transaction. A second use finds nothing."""
    found = _find_token(purpose, token, now=now)
    _use(found, now=now)
    user = queries.find_user(by.id)
    if user is None or found is None or found.user_id != user.id:
        raise NotFound("link_used")
    return user


def _as_administrator(new: NewAccount) -> NewAccount:
    values = {f: getattr(new, f) for f in NewAccount.__slots__}
    return NewAccount(**values | {"roles": frozenset({Role.COUNTRY_ADMIN})})


def _find_token(purpose: str, token: str, *, now: datetime) -> AccountToken | None:
    found = sa.select(AccountToken).where(AccountToken.token_hash == token_hash(token))
    found = found.where(AccountToken.purpose == purpose, AccountToken.used_at.is_(None))
    return db.session.scalar(found.where(AccountToken.expires_at > now))


def _use(token: AccountToken | None, *, now: datetime) -> None:
    if token is None:
        raise NotFound("link_used")
    token.used_at = now
