"""What people searched for and did not find, without a trace of who; and searches that a person keeps."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Moment


class SearchQuery(Model):
    """How often a text was searched on a day. No person, no address, no hour."""

    __tablename__ = "search_query"
    __table_args__ = (sa.UniqueConstraint("day", "lang", "text"),)
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    lang: Mapped[str] = mapped_column(sa.String(2))
    text: Mapped[str] = mapped_column(sa.String(80))
    asked: Mapped[int] = mapped_column(default=1)


class SavedSearch(Model):
    """A search that one person keeps and is told about; nobody else reads it."""

    __tablename__ = "saved_search"
    __table_args__ = (sa.UniqueConstraint("user_id", "key"),)
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(sa.String(64))
    text: Mapped[str] = mapped_column(sa.String(200))
    filters: Mapped[dict[str, list[str]]] = mapped_column(sa.JSON)
    created_at: Mapped[datetime] = mapped_column(Moment)
    told_at: Mapped[datetime] = mapped_column(Moment)
