"""The second factor: set-up, single use of each code, recovery codes, and what happens when it is lost."""

import base64
import secrets
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from portal.accounts.models import FactorReset, RecoveryCode, User, token_hash
from portal.accounts.policies import check_can_decide
from portal.accounts.rules import SECOND_WITHIN, Proofing, code_at, matching_step, step_at
from portal.accounts.services.logins import close_logins
from portal.core.audit import record
from portal.core.db import bookkeeping, transaction
from portal.core.errors import Conflict, Invalid, InvalidTransition, NotAllowed, Problem
from portal.core.notify import notify
from portal.core.permissions import Actor
from portal.extensions import db

RECOVERY_CODES: Final = 10
PENDING_FOR: Final = timedelta(minutes=10)


def new_secret() -> str:
    """A key of 160 bits in base32, as authenticator programs take it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def current_code(user: User, *, now: datetime) -> str:
    """The code that the authenticator shows now. For the demonstration's command only."""
    return code_at(_key(user.totp_secret), step_at(now.timestamp()))


def proposed_key(user: User, *, now: datetime) -> str | None:
    """The key that waits for its first code, for ten minutes: later somebody else may have seen it."""
    at = user.totp_pending_at
    return user.totp_pending if at is not None and now - at < PENDING_FOR else None


@transaction
def propose_secret(user: User, *, by: Actor, now: datetime) -> str:
    """Give the account a key that counts once a first code from it was entered; returns the key."""
    _check_own(user, by)
    secret = proposed_key(user, now=now)
    if secret is None:
        secret = new_secret()
        user.totp_pending, user.totp_pending_at = secret, now
    record("account.factor_proposed", by=by, target=user)
    return secret


@transaction
def confirm_secret(user: User, code: str, *, by: Actor, now: datetime) -> list[str]:
    """Take the proposed key into use; returns new recovery codes, shown once."""
    _check_own(user, by)
    secret = proposed_key(user, now=now)
    if secret is None:
        raise Invalid("key_expired", problems=(Problem("code", "key_expired"),))
    step = matching_step(_key(secret), _digits(code), seconds=now.timestamp(), last=0)
    if step is None:
        raise Invalid("code_wrong", problems=(Problem("code", "code_wrong"),))
    user.totp_secret, user.totp_last_step = secret, step
    user.totp_pending = user.totp_pending_at = None
    codes = _new_codes(user)
    notify(user, "factor_changed")
    record("account.factor_set", by=by, target=user)
    return codes


@transaction
def use_code(user: User, code: str, *, by: Actor, now: datetime) -> bool:
    """Accept a code once. A code that was used, or is older than one that was, is refused."""
    step = matching_step(
        _key(user.totp_secret), _digits(code), seconds=now.timestamp(), last=user.totp_last_step
    )
    if user.totp_secret is None or step is None:
        return False
    user.totp_last_step = step
    record("account.code_used", by=by, target=user)
    return True


@bookkeeping
def use_recovery_code(user: User, code: str, *, by: Actor, now: datetime) -> bool:
    """Accept one of the recovery codes in place of the second factor, once."""
    assert by.id == user.id
    wanted = token_hash(_letters(code))
    mine = sa.update(RecoveryCode).where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    used = mine.where(RecoveryCode.code_hash == wanted).values(used_at=now).returning(RecoveryCode.id)
    found = db.session.execute(used.execution_options(synchronize_session=False)).first()
    if found:
        notify(user, "factor_changed")
    return found is not None


@transaction
def renew_recovery_codes(user: User, *, by: Actor) -> list[str]:
    """Make ten new recovery codes; the old ones end."""
    _check_own(user, by)
    codes = _new_codes(user)
    record("account.recovery_codes_made", by=by, target=user)
    return codes


@transaction
def ask_factor_reset(user: User, proofing: Proofing, *, by: Actor, now: datetime) -> FactorReset:
    """An administrator notes how a person who lost the factor was recognised. No effect alone."""
    check_can_decide(by, user)
    reset = FactorReset(user_id=user.id, proofing=proofing, asked_by=by.id, asked_at=now)
    db.session.add(reset)
    db.session.flush()
    record("account.factor_reset_asked", by=by, target=user, reason_code=proofing)
    return reset


@transaction
def confirm_factor_reset(reset: FactorReset, *, by: Actor, now: datetime) -> None:
    """A second administrator confirms: the factor, its codes and every login session end."""
    user = db.session.get_one(User, reset.user_id)
    _check_second(reset, user, by, now)
    reset.confirmed_by, reset.confirmed_at = by.id, now
    user.totp_secret = user.totp_pending = user.totp_pending_at = None
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    close_logins(user.id, now=now)
    notify(user, "factor_changed")
    record("account.factor_reset", by=by, target=user, country=user.country)


def _check_second(reset: FactorReset, user: User, by: Actor, now: datetime) -> None:
    check_can_decide(by, user)
    if reset.asked_by == by.id:
        raise NotAllowed("second_person_needed")
    if reset.confirmed_at is not None:
        raise Conflict("wrong_state")
    if now - reset.asked_at > SECOND_WITHIN:
        raise InvalidTransition("request_expired")


def _check_own(user: User, by: Actor) -> None:
    if user.id != by.id:
        raise NotAllowed("permission_missing")


def _new_codes(user: User) -> list[str]:
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [base64.b32encode(secrets.token_bytes(15)).decode() for _ in range(RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(user_id=user.id, code_hash=token_hash(code)) for code in codes)
    return ["-".join(code[i : i + 6] for i in range(0, 24, 6)) for code in codes]


def _key(secret: str | None) -> bytes:
    return base64.b32decode(secret) if secret else secrets.token_bytes(20)


def _digits(code: str) -> str:
    """The code in Latin digits: a Persian keyboard types its own."""
    return "".join(str(int(c)) for c in code if c.isdecimal())


def _letters(code: str) -> str:
    return "".join(c for c in code.upper() if c.isalnum())
