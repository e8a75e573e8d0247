"""What people are still writing: the fields of a form that was begun and not yet sent."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Moment


class KeptForm(Model):
    """A form of one person at one place; nobody else reads it, and it goes when the form is sent."""

    __tablename__ = "kept_form"
    __table_args__ = (sa.UniqueConstraint("user_id", "place"),)
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    place: Mapped[str] = mapped_column(sa.String(80))
    fields: Mapped[dict[str, list[str]]] = mapped_column(sa.JSON)
    saved_at: Mapped[datetime] = mapped_column(Moment, index=True)
