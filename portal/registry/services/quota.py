"""How many files one account may hand in by the pages in an hour.

Counted from what imports leave in the database anyway, so that it holds over processes and restarts. Nobody
is stopped who works at the machine itself, or in the demonstration, where all programmes are invented.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from portal.core.errors import DomainError
from portal.core.permissions import SYSTEM, Actor
from portal.programmes.models import Programme
from portal.registry.importer.source import COMMAND_LINE, Limits
from portal.registry.queries import count_uploads

UPLOADS: Final = 30
WINDOW: Final = timedelta(hours=1)


class TooManyUploads(DomainError):
    """The account has handed in as many files as an hour may hold."""

    status = 429


def check_quota(programmes: Sequence[Programme], limits: Limits, *, by: Actor, now: datetime) -> None:
    """Raise TooManyUploads before anything is read."""
    if by is SYSTEM or limits == COMMAND_LINE or all(programme.synthetic for programme in programmes):
        return
    if count_uploads(by.id, now - WINDOW) >= UPLOADS:
        raise TooManyUploads("too_many_uploads", limit=UPLOADS)
