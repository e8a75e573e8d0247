"""What waits for whom: counts and ages from the features below."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.accounts import queries as accounts
from portal.accounts.policies import can_confirm_role
from portal.core.permissions import Actor, Permission, has_permission


@dataclass(frozen=True, slots=True)
class Waiting:
    """One queue: its kind, how many wait, how long the oldest has waited, where to work on it."""

    kind: str
    count: int
    oldest: timedelta | None
    endpoint: str


def list_waiting(actor: Actor, *, now: datetime) -> list[Waiting]:
    """The queues of an administrator of a country."""
    if not has_permission(actor, Permission.APPROVE_ACCOUNT):
        return []
    people = [user.confirmed_at for user in accounts.list_waiting(actor.country)]
    asked = [r.asked_at for r in accounts.list_role_requests(now=now) if can_confirm_role(actor, r)]
    return [
        _queue("accounts", [at for at in people if at], now),
        _queue("role_requests", asked, now),
    ]


def _queue(kind: str, since: list[datetime], now: datetime) -> Waiting:
    return Waiting(kind, len(since), now - min(since) if since else None, "accounts.admin")
