"""Protocols that a person saved for later; nobody else reads who saved what."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Moment


class Bookmark(Model):
    """A protocol that one person saved, and the version that this person knows."""

    __tablename__ = "bookmark"
    __audited__ = False

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    protocol_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol.id"), primary_key=True, index=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol_version.id"))
    saved_at: Mapped[datetime] = mapped_column(Moment)
