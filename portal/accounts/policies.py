"""Who may do what to an account. An administrator acts in the own country, never on the own account."""

from portal.accounts.models import RoleRequest, User
from portal.accounts.rules import clash
from portal.core.errors import Invalid, NotAllowed
from portal.core.permissions import SYSTEM, Actor, Permission, Role, Scope, allowed, check, has_permission


def _in_own_country(actor: Actor, user: User, permission: Permission) -> None:
    check(actor, permission, Scope(country=user.country))
    if actor.id == user.id:
        raise NotAllowed("own_account")


def check_can_decide(actor: Actor, user: User) -> None:
    """Approve or refuse a waiting account, disable one, end its login sessions."""
    _in_own_country(actor, user, Permission.APPROVE_ACCOUNT)


def can_decide(actor: Actor, user: User) -> bool:
    return allowed(actor, Permission.APPROVE_ACCOUNT, Scope(country=user.country)) and actor.id != user.id


def check_can_change_roles(actor: Actor, user: User) -> None:
    """Nobody changes the own roles."""
    _in_own_country(actor, user, Permission.GRANT_ROLE)


def can_change_roles(actor: Actor, user: User) -> bool:
    return allowed(actor, Permission.GRANT_ROLE, Scope(country=user.country)) and actor.id != user.id


def check_can_confirm_role(actor: Actor, request: RoleRequest) -> None:
    """The second administrator: another person than the one who asked and the one it is about."""
    check(actor, Permission.GRANT_ROLE, Scope(country=actor.country))
    if actor.id == request.asked_by:
        raise NotAllowed("second_person_needed")
    if actor.id == request.user_id:
        raise NotAllowed("own_account")


def can_confirm_role(actor: Actor, request: RoleRequest) -> bool:
    others = actor.id not in (request.asked_by, request.user_id)
    return others and has_permission(actor, Permission.GRANT_ROLE)


def check_can_create(actor: Actor, country: str) -> None:
    """Make an account on the command line or in the demonstration."""
    if actor is not SYSTEM:
        check(actor, Permission.APPROVE_ACCOUNT, Scope(country=country))


def can_create(actor: Actor, country: str) -> bool:
    return actor is SYSTEM or allowed(actor, Permission.APPROVE_ACCOUNT, Scope(country=country))


def check_can_open_country(actor: Actor) -> None:
    """Make the first administrator of a country that has none."""
    if actor is not SYSTEM:
        check(actor, Permission.GRANT_ROLE, Scope(country=actor.country))


def can_open_country(actor: Actor) -> bool:
    return actor is SYSTEM or has_permission(actor, Permission.GRANT_ROLE)


def check_can_hold(roles: frozenset[Role]) -> None:
    """Some roles must not meet in one person."""
    if pair := clash(roles):
        raise Invalid("roles_incompatible", first=min(pair), second=max(pair))


def can_hold(roles: frozenset[Role]) -> bool:
    return clash(roles) is None


def check_can_restore(actor: Actor, second: Actor) -> None:
    """Bring a backup back: an administrator of the system, and another administrator beside."""
    check(actor, Permission.MANAGE_SETTINGS)
    if not can_restore(actor, second):
        raise NotAllowed("second_person_needed")


def can_restore(actor: Actor, second: Actor) -> bool:
    others = (Permission.MANAGE_SETTINGS, Permission.APPROVE_ACCOUNT)
    both = has_permission(actor, Permission.MANAGE_SETTINGS) and any(
        has_permission(second, p) for p in others
    )
    return both and actor.id != second.id
