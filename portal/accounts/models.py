"""Accounts: people, their roles and organisations, login sessions, single-use links and codes.

An e-mail address and the key of the second factor are stored encrypted; addresses are found by a keyed hash.
The user table alone uses Flask-Security's mixins.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken
from flask_security import RoleMixin, UserMixin
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from portal.accounts.rules import FOLLOWED, RHYTHMS, fold_email, needs_factor
from portal.core.db import Model, Moment, both_or_neither
from portal.core.permissions import Role
from portal.extensions import keys


class State(StrEnum):
    """From registration to the end of an account."""

    REGISTERED = "registered"  # e-mail not confirmed
    WAITING = "waiting"  # confirmed, waits for the own country's administrator
    ACTIVE = "active"
    REFUSED = "refused"
    DISABLED = "disabled"


@lru_cache(maxsize=4)
def _cipher(key: bytes) -> Fernet:
    if len(key) < 32:
        raise RuntimeError("no field key: run `portal init`")
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"field-encryption" + key).digest()))


class Encrypted(TypeDecorator[str]):
    """Text that is unreadable in a copied database. Not comparable: look it up by a keyed hash."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else _cipher(keys.field).encrypt(value.encode()).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else _cipher(keys.field).decrypt(value.encode()).decode()


def sealed(text: str) -> str:
    """Text for a link: unreadable and unforgeable without the field key."""
    return _cipher(keys.field).encrypt(text.encode()).decode()


def opened(text: str) -> str | None:
    """What was sealed, or None for anything else."""
    try:
        return _cipher(keys.field).decrypt(text.encode()).decode()
    except InvalidToken:
        return None


def keyed_hash(*parts: str) -> str:
    """Hash under the field key: equal inputs meet, and nobody without the key can try guesses."""
    return hmac.new(keys.field, "\x1f".join(("hash", *parts)).encode(), hashlib.sha256).hexdigest()


def email_hash(address: str) -> str:
    return keyed_hash("email", fold_email(address))


def token_hash(token: str) -> str:
    """Hash of a random token. Tokens carry 256 bits, so no key and no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _new_uniquifier() -> str:
    return secrets.token_hex(16)


class User(UserMixin, Model):
    """One person. Satisfies `portal.core.permissions.Actor`."""

    __tablename__ = "user"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('registered', 'waiting', 'active', 'refused', 'disabled')", name="state"
        ),
        sa.CheckConstraint("country IN ('IR', 'RU')", name="country"),
        both_or_neither("decided_at", "decided_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(Encrypted)
    email_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    country: Mapped[str] = mapped_column(sa.String(2))
    language: Mapped[str] = mapped_column(sa.String(5))
    affiliation: Mapped[str] = mapped_column(sa.String(200), default="")
    requested_role: Mapped[str] = mapped_column(sa.String(30), default=Role.MEMBER)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[str] = mapped_column(sa.String(12), default=State.REGISTERED)
    password: Mapped[str | None] = mapped_column(sa.String(200))
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True, default=_new_uniquifier)
    totp_secret: Mapped[str | None] = mapped_column(Encrypted)
    totp_pending: Mapped[str | None] = mapped_column(Encrypted)
    totp_pending_at: Mapped[datetime | None] = mapped_column(Moment)
    totp_last_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[int | None]

    roles: Mapped[list["UserRole"]] = relationship(  # type: ignore[assignment] # rows of our own
        lazy="selectin", order_by="UserRole.id", cascade="all, delete-orphan"
    )
    memberships: Mapped[list["Membership"]] = relationship(
        lazy="selectin", order_by="Membership.organisation_id", cascade="all, delete-orphan"
    )

    @property
    def active(self) -> bool:  # type: ignore[override] # follows from the state
        """Flask-Security lets only active accounts in."""
        return self.state == State.ACTIVE

    @property
    def role_codes(self) -> frozenset[Role]:
        if not self.active:
            return frozenset()
        return frozenset({Role.MEMBER, *(Role(held.name) for held in self.roles)})

    @property
    def organisation_ids(self) -> frozenset[int]:
        return frozenset(m.organisation_id for m in self.memberships)

    @property
    def has_factor(self) -> bool:
        return self.totp_secret is not None

    @property
    def needs_factor(self) -> bool:
        return needs_factor(self.role_codes)


class UserRole(RoleMixin, Model):
    """A role that a person holds. A removed role is a deleted row; the audit keeps its history."""

    __tablename__ = "user_role"
    __table_args__ = (sa.UniqueConstraint("user_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column("role", sa.String(30))
    granted_by: Mapped[int]
    granted_at: Mapped[datetime] = mapped_column(Moment)


class RoleRequest(Model):
    """A weighty role that one administrator proposed and a second one has to confirm within 72 hours."""

    __tablename__ = "role_request"
    __table_args__ = (
        sa.CheckConstraint("state IN ('waiting', 'granted', 'refused')", name="state"),
        both_or_neither("decided_at", "decided_by"),
        sa.Index(
            "uq_role_request_waiting", "user_id", "role", unique=True,
            sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(sa.String(30))
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting")
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    user: Mapped[User] = relationship(foreign_keys=[user_id])


class Membership(Model):
    """A person belongs to the staff of an organisation (centre)."""

    __tablename__ = "membership"
    __table_args__ = (sa.UniqueConstraint("user_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    added_by: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(Moment)


class LoginSession(Model):
    """One signed-in browser. The cookie holds a random token, this row its hash: ended is ended."""

    __tablename__ = "login_session"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    fresh_at: Mapped[datetime] = mapped_column(Moment)
    second_factor: Mapped[bool] = mapped_column(default=False)
    network: Mapped[str] = mapped_column(sa.String(50), default="")
    agent: Mapped[str] = mapped_column(sa.String(40), default="")
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class LoginAttempt(Model):
    """A failed attempt under a keyed hash of what it counts for (address and network, network, address)."""

    __tablename__ = "login_attempt"
    __audited__ = False
    __table_args__ = (sa.Index("ix_login_attempt_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime] = mapped_column(Moment, index=True)


class RecoveryCode(Model):
    """One of ten codes of 120 bits that replace a lost second factor once. Only its hash is kept."""

    __tablename__ = "recovery_code"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64))
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class AccountToken(Model):
    """A single-use link, mailed or printed once: confirm an address, choose a password, first account."""

    __tablename__ = "account_token"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(sa.String(12))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class ApiToken(Model):
    """A token for programs of one person. Only its hash is kept; `hint` is how its end looks."""

    __tablename__ = "api_token"
    __audited__ = (
        False  # when it was last used is bookkeeping; making and revoking it are recorded all the same
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    scopes: Mapped[list[str]] = mapped_column(sa.JSON)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    hint: Mapped[str] = mapped_column(sa.String(4))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class FactorReset(Model):
    """A lost second factor: one administrator asks and notes the proofing, another one confirms."""

    __tablename__ = "factor_reset"
    __table_args__ = (
        both_or_neither("confirmed_at", "confirmed_by"),
        sa.CheckConstraint("confirmed_by <> asked_by", name="two_persons"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    proofing: Mapped[str] = mapped_column(sa.String(300))
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    confirmed_by: Mapped[int | None]
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)


class TermsAcceptance(Model):
    """That a person accepted one version of the terms of use."""

    __tablename__ = "terms_acceptance"
    __table_args__ = (sa.UniqueConstraint("user_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"))
    version: Mapped[str] = mapped_column(sa.String(12))
    accepted_at: Mapped[datetime] = mapped_column(Moment)


TERMS_VERSION: Final = "2026-11"


class Subscription(Model):
    """What a person wants to be told about. `target` names it within its kind, `rhythm` says how soon."""

    __tablename__ = "subscription"
    __audited__ = False
    __table_args__ = (
        sa.UniqueConstraint("user_id", "kind", "target"),
        sa.Index(None, "kind", "target"),
        sa.CheckConstraint(f"kind IN {FOLLOWED}", name="kind"),
        sa.CheckConstraint(f"rhythm IN {RHYTHMS}", name="rhythm"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(12))
    target: Mapped[str] = mapped_column(sa.String(60))
    rhythm: Mapped[str] = mapped_column(sa.String(8), default="weekly")
    created_at: Mapped[datetime] = mapped_column(Moment)
