"""What a person wants to be told about: chosen and given up by that person alone."""

from datetime import datetime

from portal.accounts.models import Subscription
from portal.accounts.queries import find_subscription
from portal.accounts.rules import FOLLOWED, RHYTHMS
from portal.core.db import bookkeeping
from portal.core.errors import Invalid, Problem
from portal.core.permissions import Actor
from portal.extensions import db


@bookkeeping
def follow(kind: str, target: str, *, by: Actor, now: datetime, rhythm: str = "weekly") -> Subscription:
    """Follow a thing, or change how soon news of it come. Raises Invalid for an unknown kind or rhythm."""
    if kind not in FOLLOWED or rhythm not in RHYTHMS:
        raise Invalid(problems=(Problem("rhythm", "code_unknown"),))
    found = find_subscription(by.id, kind, target)
    if found is None:
        found = Subscription(user_id=by.id, kind=kind, target=target, created_at=now)
        db.session.add(found)
    found.rhythm = rhythm
    return found


@bookkeeping
def unfollow(kind: str, target: str, *, by: Actor) -> None:
    """Stop following; nothing happens where nothing was followed."""
    found = find_subscription(by.id, kind, target)
    if found is not None:
        db.session.delete(found)
