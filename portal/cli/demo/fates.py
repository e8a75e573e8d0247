"""What became of one sample protocol, so that the demonstration shows a notice of concern."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from portal.core.permissions import Role

SLUG: Final = "smoking-cessation-cytisine"
DOUBT: Final = (
    "The doses of days 1 to 3 and the strength of the tablet are not confirmed in a primary source yet."
)


def raise_doubt(people: Mapping[tuple[Role, str], Any], *, now: datetime) -> None:
    """An editor's notice on a brief sample whose first days are not confirmed."""
    from portal.protocols.queries.versions import list_shown
    from portal.protocols.services.concerns import Reason, raise_concern

    for version in list_shown():
        if version.protocol.slug == SLUG:
            raise_concern(version, Reason("dose", DOUBT), by=people[Role.EDITOR, "RU"], now=now)
