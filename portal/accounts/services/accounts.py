"""Making accounts, and what administrators decide about them."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from portal.accounts import queries
from portal.accounts.models import AccountToken, State, User, email_hash, token_hash
from portal.accounts.policies import check_can_create, check_can_decide, check_can_open_country
from portal.accounts.rules import COUNTRIES
from portal.accounts.services.free_text import check_own_data, check_reason
from portal.accounts.services.logins import close_logins
from portal.accounts.services.roles import give_roles, refuse_last_administrator
from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, InvalidTransition
from portal.core.notify import is_mailbox, notify
from portal.core.permissions import Actor, Role
from portal.extensions import db

INVITATION: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is known about a person before the account exists."""

    email: str
    name: str
    country: str
    language: str = "en"
    affiliation: str = ""
    roles: frozenset[Role] = frozenset()
    password_hash: str | None = None
    totp_secret: str | None = None


@transaction
def create_account(new: NewAccount, *, by: Actor, now: datetime) -> User:
    """Make an approved account (command line, demonstration, tests).

    An administrator of the country, or the system for the demonstration and the first administrator. Weighty
    roles wait for a second administrator as everywhere; only the first administrator of a country that has
    none is made by one of the other country alone. Without a password, `invite` makes the link.
    """
    _check_new(new)
    opens = is_first_of_country(new)
    if opens:
        check_can_open_country(by)
    else:
        check_can_create(by, new.country)
    user = User(
        email=new.email.strip(), email_hash=email_hash(new.email), name=new.name, country=new.country,
        language=new.language, affiliation=new.affiliation, password=new.password_hash,
        totp_secret=new.totp_secret, state=State.ACTIVE, created_at=now, confirmed_at=now, decided_at=now,
        decided_by=by.id,
    )  # fmt: skip
    db.session.add(user)
    db.session.flush()
    give_roles(user, new.roles, by=by, now=now, alone=opens)
    record("account.created", by=by, target=user, country=user.country, changes=_roles_of(user))
    return user


@transaction
def invite(user: User, *, by: Actor, now: datetime) -> str:
    """Send a single-use link by which the person chooses a password; returns its token."""
    if user.decided_by != by.id:
        check_can_create(by, user.country)
    token = make_token("reset", user.id, expires=now + INVITATION)
    notify(user, "invitation", {"token": token})
    record("account.invited", by=by, target=user, country=user.country)
    return token


@transaction
def approve(user: User, roles: frozenset[Role], *, by: Actor, now: datetime) -> None:
    """Let a waiting person in with these roles."""
    check_can_decide(by, user)
    _check_state(user, State.WAITING)
    user.state, user.decided_at, user.decided_by = State.ACTIVE, now, by.id
    give_roles(user, roles, by=by, now=now)
    notify(user, "approved")
    record("account.approved", by=by, target=user, changes=_roles_of(user))


@transaction
def refuse(user: User, reason: str, *, by: Actor, now: datetime) -> None:
    """Turn a waiting person down, with the reason that the person reads."""
    check_can_decide(by, user)
    _check_state(user, State.WAITING)
    told = check_reason(reason)
    user.state, user.decided_at, user.decided_by = State.REFUSED, now, by.id
    notify(user, "refused", {"reason": told})
    record("account.refused", by=by, target=user, reason_text=told)


@transaction
def disable(user: User, *, by: Actor, now: datetime) -> None:
    """Close an account: every login session ends at once. The last administrator of a country stays."""
    check_can_decide(by, user)
    _check_state(user, State.ACTIVE)
    refuse_last_administrator(user)
    user.state, user.decided_at, user.decided_by = State.DISABLED, now, by.id
    close_logins(user.id, now=now)
    record("account.disabled", by=by, target=user)


@transaction
def enable(user: User, *, by: Actor, now: datetime) -> None:
    """Open a disabled account again, with the roles that it had."""
    check_can_decide(by, user)
    _check_state(user, State.DISABLED)
    user.state, user.decided_at, user.decided_by = State.ACTIVE, now, by.id
    record("account.enabled", by=by, target=user)


def is_first_of_country(new: NewAccount) -> bool:
    return Role.COUNTRY_ADMIN in new.roles and queries.count_administrators(new.country) == 0


def make_token(purpose: str, user_id: int | None, *, expires: datetime, carried: str = "") -> str:
    """A single-use link's token; inside the caller's transaction. Only its hash is kept."""
    token = secrets.token_urlsafe(32) + (f".{carried}" if carried else "")
    db.session.add(
        AccountToken(purpose=purpose, user_id=user_id, token_hash=token_hash(token), expires_at=expires)
    )
    return token


def _check_new(new: NewAccount) -> None:
    if new.country not in COUNTRIES:
        raise Invalid("country_unknown", country=new.country)
    if not is_mailbox(new.email.strip()):
        raise Invalid("email_unreadable")
    check_own_data(name=new.name, affiliation=new.affiliation)
    if queries.find_by_email(new.email):
        raise Conflict("account_exists")


def _check_state(user: User, wanted: State) -> None:
    if user.state != wanted:
        raise InvalidTransition("wrong_state", state=user.state)


def _roles_of(user: User) -> dict[str, list[str]]:
    return {"roles": sorted(held.name for held in user.roles)}
