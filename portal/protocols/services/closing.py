"""A programme closes: the programme itself and everything that it declared, in one transaction."""

from datetime import date, datetime

from portal.core.db import transaction
from portal.core.permissions import Actor
from portal.programmes import services
from portal.programmes.models import Programme
from portal.protocols.services.following import end_all


@transaction
def close_programme(programme: Programme, on: date, *, by: Actor, now: datetime) -> int:
    """Close it, and end its declarations with the present quarter: none is cut back. Returns how many ended.

    An administrator of the country may. Staff and the editors of the country are told of each declaration.
    """
    services.close_programme(programme, on, by=by, now=now)
    return end_all(programme, by=by, now=now)
