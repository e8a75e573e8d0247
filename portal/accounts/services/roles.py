"""Granting and taking roles. Weighty ones need a second administrator within 72 hours."""

from datetime import datetime

import sqlalchemy as sa

from portal.accounts import queries
from portal.accounts.models import RoleRequest, State, User, UserRole
from portal.accounts.policies import check_can_change_roles, check_can_confirm_role, check_can_hold
from portal.accounts.rules import SECOND_WITHIN, is_weighty
from portal.accounts.services.logins import close_logins
from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict, InvalidTransition
from portal.core.notify import notify
from portal.core.permissions import SYSTEM, Actor, Role
from portal.extensions import db


@transaction
def change_roles(user: User, roles: frozenset[Role], *, by: Actor, now: datetime) -> None:
    """Set the roles of an account of the own country. Login sessions end: the person signs in anew."""
    check_can_change_roles(by, user)
    if user.state != State.ACTIVE:
        raise InvalidTransition("wrong_state", state=user.state)
    before = sorted(held.name for held in user.roles)
    if Role.COUNTRY_ADMIN not in roles:
        refuse_last_administrator(user)
    user.roles[:] = [held for held in user.roles if Role(held.name) in roles]
    db.session.flush()
    give_roles(user, roles, by=by, now=now)
    close_logins(user.id, now=now)
    after = sorted(held.name for held in user.roles)
    _tell_changes(user, before, after)
    record("account.roles_changed", by=by, target=user, changes={"roles": [before, after]})


@transaction
def confirm_role(request: RoleRequest, *, by: Actor, now: datetime) -> None:
    """The second administrator's yes. The state is judged in the update itself: of two answers one counts."""
    check_can_confirm_role(by, request)
    user = db.session.get_one(User, request.user_id)
    _decide(request, "granted", by=by, now=now)
    check_can_hold(user.role_codes | {Role(request.role)})
    _add(user, Role(request.role), by=by, now=now)
    close_logins(user.id, now=now)
    notify(user, "role_granted", {"role": request.role})
    record("account.role_confirmed", by=by, target=user, country=user.country, changes={"role": request.role})


@transaction
def refuse_role(request: RoleRequest, *, by: Actor, now: datetime) -> None:
    """The second administrator's no."""
    check_can_confirm_role(by, request)
    _decide(request, "refused", by=by, now=now)
    user = db.session.get_one(User, request.user_id)
    record("account.role_refused", by=by, target=user, country=user.country, changes={"role": request.role})


def give_roles(user: User, roles: frozenset[Role], *, by: Actor, now: datetime, alone: bool = False) -> None:
    """Add what is missing; inside the caller's transaction.

    Weighty roles are asked for, unless the system acts, or `alone` where no second administrator can exist.
    """
    held = frozenset(Role(r.name) for r in user.roles)
    check_can_hold(held | roles)
    for role in sorted(roles - held - {Role.MEMBER}):
        if is_weighty(role) and by is not SYSTEM and not alone:
            _ask(user, role, by=by, now=now)
        else:
            _add(user, role, by=by, now=now)


def refuse_last_administrator(user: User) -> None:
    """A country must not be left without an administrator."""
    if Role.COUNTRY_ADMIN in user.role_codes and queries.count_administrators(user.country) < 2:
        raise Conflict("last_administrator")


def _tell_changes(user: User, before: list[str], after: list[str]) -> None:
    for role in sorted(set(after) - set(before)):
        notify(user, "role_granted", {"role": role})
    for role in sorted(set(before) - set(after)):
        notify(user, "role_revoked", {"role": role})


def _add(user: User, role: Role, *, by: Actor, now: datetime) -> None:
    user.roles.append(UserRole(name=role, granted_by=by.id, granted_at=now))
    db.session.flush()


def _ask(user: User, role: Role, *, by: Actor, now: datetime) -> None:
    waiting = sa.select(RoleRequest).where(RoleRequest.user_id == user.id, RoleRequest.role == role)
    old = db.session.scalar(waiting.where(RoleRequest.state == "waiting"))
    if old is not None and now - old.asked_at <= SECOND_WITHIN:
        return
    if old is not None:
        old.state, old.decided_by, old.decided_at = "refused", by.id, now
        db.session.flush()
    db.session.add(RoleRequest(user_id=user.id, role=role, asked_by=by.id, asked_at=now))
    db.session.flush()


def _decide(request: RoleRequest, state: str, *, by: Actor, now: datetime) -> None:
    waiting = sa.update(RoleRequest).where(RoleRequest.id == request.id, RoleRequest.state == "waiting")
    waiting = waiting.where(RoleRequest.asked_at > now - SECOND_WITHIN)
    done = waiting.values(state=state, decided_by=by.id, decided_at=now).returning(RoleRequest.id)
    if db.session.execute(done.execution_options(synchronize_session=False)).first() is None:
        raise Conflict("request_expired")
    db.session.refresh(request)
