"""The own e-mail address: a new one counts once a link sent to it was opened by the same signed-in person.

Asking is answered alike whatever the address: the work that differs is a job, and its mail goes to the
address alone. The link carries the address sealed, so that nothing waits in the database.
"""

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from portal.accounts import queries
from portal.accounts.models import AccountToken, User, email_hash, opened, sealed
from portal.accounts.rules import fold_email
from portal.accounts.services.accounts import make_token
from portal.accounts.services.logins import close_logins
from portal.accounts.services.registration import Addressee, take_token
from portal.core import jobs
from portal.core.audit import record
from portal.core.db import bookkeeping, transaction, utcnow
from portal.core.errors import Conflict, Invalid, NotFound, Problem
from portal.core.notify import notify
from portal.extensions import db

PURPOSE: Final = "email"
CONFIRM_WITHIN: Final = timedelta(hours=1)


@bookkeeping
def ask_address(user: User, address: str, *, by: User) -> None:
    """Take the wish for another address of the own account."""
    if user.id != by.id:
        raise NotFound("not_found")
    if fold_email(address) == fold_email(user.email):
        raise Invalid("email_same", problems=(Problem("email", "email_same"),))
    jobs.enqueue("accounts.address", {"user": user.id, "email": address.strip()}, queue="mail")


@jobs.task("accounts.address")
def send_link(args: dict[str, Any]) -> None:
    """Send the link; to an address that has an account say so, and no link."""
    _send_link(args["user"], args["email"], now=utcnow())


@bookkeeping
def _send_link(user_id: int, address: str, *, now: datetime) -> None:
    user = queries.find_user(user_id)
    if user is None or not user.active:
        return
    _end_links(user.id, PURPOSE, now=now)
    known = queries.find_by_email(address)
    if known is not None:
        notify(known, "email_known")
        return
    token = make_token(PURPOSE, user.id, expires=now + CONFIRM_WITHIN, carried=sealed(address))
    notify(Addressee(address, user.language, user.id), "email_confirm", {"token": token})


def address_in(token: str) -> str | None:
    """The address that a link carries; None when the link was not made here."""
    return opened(token.partition(".")[2])


@transaction
def confirm_address(token: str, *, by: User, now: datetime, keep: int | None) -> User:
    """Put the new address in place; other login sessions and open links end, the old address is told."""
    user = take_token(PURPOSE, token, by=by, now=now)
    address = address_in(token)
    if address is None:
        raise NotFound("link_used")
    if queries.find_by_email(address) is not None:
        raise Conflict("account_exists")
    old = Addressee(user.email, user.language, user.id)
    user.email, user.email_hash = address, email_hash(address)
    _end_links(user.id, PURPOSE, "reset", now=now)
    close_logins(user.id, now=now, keep=keep)
    notify(old, "email_changed")
    record("account.email_changed", by=by, target=user)
    return user


def _end_links(user_id: int, *purposes: str, now: datetime) -> None:
    """Links that were sent to an earlier address, or asked for earlier, open nothing any more."""
    mine = sa.update(AccountToken).where(AccountToken.user_id == user_id, AccountToken.used_at.is_(None))
    db.session.execute(mine.where(AccountToken.purpose.in_(purposes)).values(used_at=now))
