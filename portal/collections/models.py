"""Tables of collections: the collection, its words by language, its protocols in order, what is said of each.

An item names a protocol, never a version: a reader of a collection gets what is current. What was once
published stays under its address.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Model, Moment

LANGUAGES: Final = ("en", "ru", "fa")
LONGEST_TITLE: Final = 120
LONGEST_INTRODUCTION: Final = 700
LONGEST_NOTE: Final = 300


class State(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


PUBLIC: Final = (State.PUBLISHED, State.RETIRED)


def _lang_known() -> sa.CheckConstraint:
    return sa.CheckConstraint("lang IN ('en', 'ru', 'fa')", name="lang_known")


class Collection(Model):
    """One collection. `revision` grows with every change, so that nobody overwrites what was not seen."""

    __tablename__ = "collection"
    __table_args__ = (sa.CheckConstraint("state IN ('draft', 'published', 'retired')", name="state_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(12), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10), default=State.DRAFT)
    revision: Mapped[int] = mapped_column(default=1)
    demonstration: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)


class CollectionText(Model):
    """Title and introduction in one language."""

    __tablename__ = "collection_text"
    __table_args__ = (_lang_known(),)

    collection_id: Mapped[int] = mapped_column(sa.ForeignKey("collection.id"), primary_key=True)
    lang: Mapped[str] = mapped_column(sa.String(2), primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(LONGEST_TITLE))
    introduction: Mapped[str] = mapped_column(sa.Text)


class CollectionItem(Model):
    """A protocol at its place."""

    __tablename__ = "collection_item"
    __table_args__ = (sa.UniqueConstraint("collection_id", "protocol_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    collection_id: Mapped[int] = mapped_column(sa.ForeignKey("collection.id"))
    protocol_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol.id"), index=True)
    position: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(Moment)
    notes: Mapped[list["CollectionNote"]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def words(self) -> dict[str, str]:
        """The sentence about the protocol by language; empty where there is none."""
        return {note.lang: note.text for note in self.notes}


class CollectionNote(Model):
    """One sentence about a protocol of a collection, in one language."""

    __tablename__ = "collection_note"
    __table_args__ = (_lang_known(),)

    item_id: Mapped[int] = mapped_column(
        sa.ForeignKey("collection_item.id", ondelete="CASCADE"), primary_key=True
    )
    lang: Mapped[str] = mapped_column(sa.String(2), primary_key=True)
    text: Mapped[str] = mapped_column(sa.String(LONGEST_NOTE))
