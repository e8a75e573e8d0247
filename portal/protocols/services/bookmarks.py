"""Protocols that a person saves for later. What somebody saves is no act that others answer for: no audit."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from portal.core.db import bookkeeping
from portal.core.errors import Conflict, NotFound
from portal.core.permissions import Actor
from portal.extensions import db
from portal.protocols.dictionary import State
from portal.protocols.models import Bookmark, Protocol
from portal.protocols.queries.bookmarks import count_bookmarks, find_bookmark
from portal.protocols.queries.versions import find_head

MOST: Final = 200


@bookkeeping
def save_protocol(protocol: Protocol, *, by: Actor, now: datetime) -> Bookmark:
    """Save a protocol that is read, or take note of its newest version. Twice is once.

    Raises NotFound for what was never published or is withdrawn, Conflict for too many.
    """
    head = find_head(protocol.id)
    if head is None or head.state == State.WITHDRAWN:
        raise NotFound("not_found")
    found = find_bookmark(by.id, protocol.id)
    if found is None:
        if count_bookmarks(by.id) >= MOST:
            raise Conflict("bookmarks_too_many")
        found = Bookmark(user_id=by.id, protocol_id=protocol.id, saved_at=now)
        db.session.add(found)
    found.version_id = head.id
    return found


@bookkeeping
def forget_protocol(protocol: Protocol, *, by: Actor) -> None:
    """Take a protocol from the own list; nothing happens where it does not stand there."""
    own = Bookmark.user_id == by.id, Bookmark.protocol_id == protocol.id
    db.session.execute(sa.delete(Bookmark).where(*own))
