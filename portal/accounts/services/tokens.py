"""Tokens for programs: made, shown once, revoked by their owner, and judged on every request that brings one.

A token reads and never writes. It is worth as much as its account: with a closed account it opens nothing.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from portal.accounts.models import ApiToken, User, token_hash
from portal.accounts.queries import find_token, list_tokens
from portal.accounts.rules import holds_identifier
from portal.core.audit import record
from portal.core.db import bookkeeping, transaction
from portal.core.errors import Conflict, DomainError, Invalid, NotFound, Problem
from portal.core.permissions import Actor
from portal.extensions import db

SCOPES: Final = ("read:published", "read:own")
DAYS: Final = (30, 90, 365)
MOST: Final = 10
PREFIX: Final = "tex_"
"""So that a scanner of leaked secrets knows one of ours."""
USED_AGAIN: Final = timedelta(hours=1)


class TokenRefused(DomainError):
    """The token opens nothing; the code says why, the sentence what to do."""

    status = 401


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a token stands for, and what it opens."""

    token_id: int
    user: User
    scopes: frozenset[str]


@transaction
def make_token(name: str, scopes: Collection[str], days: int, *, by: Actor, now: datetime) -> str:
    """Make a token and return it: this is the only time that it is known. Raises Invalid, Conflict."""
    _check(name, scopes, days)
    if sum(token.expires_at > now for token in list_tokens(by.id)) >= MOST:
        raise Conflict("tokens_enough", most=MOST)
    secret = PREFIX + secrets.token_urlsafe(32)
    ends = now + timedelta(days=days)
    made = ApiToken(
        user_id=by.id, name=name.strip(), scopes=sorted(set(scopes)), token_hash=token_hash(secret),
        hint=secret[-4:], created_at=now, expires_at=ends,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    record("account.token_made", by=by, target=made, changes={"scopes": made.scopes, "days": days})
    return secret


def _check(name: str, scopes: Collection[str], days: int) -> None:
    problems = []
    if not 2 <= len(name.strip()) <= 60:
        problems.append(Problem("name", "name_missing"))
    if holds_identifier(name):
        problems.append(Problem("name", "text_identifies"))
    if not scopes or not set(scopes) <= set(SCOPES):
        problems.append(Problem("scopes", "code_unknown"))
    if days not in DAYS:
        problems.append(Problem("days", "code_unknown"))
    if problems:
        raise Invalid(problems=tuple(problems))


@transaction
def revoke_token(token_id: int, *, by: Actor, now: datetime) -> None:
    """End an own token at once. Raises NotFound for another person's."""
    found = db.session.get(ApiToken, token_id)
    if found is None or found.user_id != by.id or found.revoked_at is not None:
        raise NotFound("not_found")
    found.revoked_at = now
    record("account.token_revoked", by=by, target=found)


def judge_token(secret: str, *, now: datetime) -> Holder:
    """Whom this token stands for. Raises TokenRefused with the reason."""
    row = find_token(token_hash(secret))
    if row is None:
        raise TokenRefused("token_unknown")
    token, user = row
    if token.revoked_at is not None:
        raise TokenRefused("token_revoked")
    if token.expires_at <= now:
        raise TokenRefused("token_expired")
    if not user.active:
        raise TokenRefused("token_account")
    if token.used_at is None or now - token.used_at > USED_AGAIN:
        _mark_used(token, now=now)
    return Holder(token.id, user, frozenset(token.scopes))


@bookkeeping
def _mark_used(token: ApiToken, *, now: datetime) -> None:
    """At most once an hour: reading stays reading."""
    token.used_at = now
