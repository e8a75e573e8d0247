"""What a person saved, with what became of it since."""

from dataclasses import dataclass

import sqlalchemy as sa

from portal.extensions import db
from portal.protocols.models import Bookmark, ProtocolVersion
from portal.protocols.queries.standing import Head, find_heads


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved protocol: the version that its reader knows, and what the protocol has come to."""

    bookmark: Bookmark
    known: ProtocolVersion
    head: Head

    @property
    def has_newer(self) -> bool:
        return self.known.id != self.head.version.id and not self.head.is_withdrawn


def find_bookmark(user_id: int, protocol_id: int) -> Bookmark | None:
    return db.session.get(Bookmark, (user_id, protocol_id))


def count_bookmarks(user_id: int) -> int:
    found = sa.select(sa.func.count()).select_from(Bookmark).where(Bookmark.user_id == user_id)
    return db.session.scalar(found) or 0


def list_saved_protocols(user_id: int, lang: str) -> list[Saved]:
    """What a person saved, the latest first, in a fixed number of queries."""
    found = (
        sa.select(Bookmark, ProtocolVersion)
        .join(ProtocolVersion, ProtocolVersion.id == Bookmark.version_id)
        .where(Bookmark.user_id == user_id)
        .order_by(Bookmark.saved_at.desc(), Bookmark.protocol_id.desc())
    )
    rows = db.session.execute(found).all()
    heads = find_heads([bookmark.protocol_id for bookmark, _ in rows], lang)
    return [
        Saved(bookmark, known, heads[bookmark.protocol_id])
        for bookmark, known in rows
        if bookmark.protocol_id in heads
    ]


def list_keepers(protocol_id: int) -> set[int]:
    """Who saved a protocol: only to tell them that it was withdrawn."""
    return set(db.session.scalars(sa.select(Bookmark.user_id).where(Bookmark.protocol_id == protocol_id)))
