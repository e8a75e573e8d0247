"""Tables of notices: what a person was told and whether the mail went out, and what the person wants.

A notice keeps codes and numbers only, never clinical free text and never a link that opens an account. Its
words are made when it is read, in the language of that moment.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Moment
from portal.core.notify.kinds import Rhythm

_UNREAD = sa.text("read_at IS NULL AND on_site")
_WAITING = sa.text("mail_state = 'waiting'")


class Notice(Model):
    """Something that a person is told. Without an account (`user_id` empty) it only logs the mail.

    mail_state: none (site only), waiting (for a digest), queued, sent, failed (refused, or given up).
    """

    __tablename__ = "notice"
    __audited__ = False
    __table_args__ = (
        sa.CheckConstraint(
            "mail_state IN ('none', 'waiting', 'queued', 'sent', 'failed')", name="mail_state"
        ),
        sa.CheckConstraint("rhythm IN ('at_once', 'daily', 'weekly', 'never')", name="rhythm"),
        sa.Index("ix_notice_unread", "user_id", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
        sa.Index("ix_notice_waiting", "rhythm", "user_id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        sa.Index(None, "user_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(sa.String(40))
    values: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(Moment)
    on_site: Mapped[bool]
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    rhythm: Mapped[str] = mapped_column(sa.String(8))
    mail_state: Mapped[str] = mapped_column(sa.String(8))
    mailed_at: Mapped[datetime | None] = mapped_column(Moment)


class NoticeChoice(Model):
    """How one person wants to be told of one kind; without a row the table of kinds decides."""

    __tablename__ = "notice_choice"
    __audited__ = False
    __table_args__ = (
        sa.UniqueConstraint("user_id", "key"),
        sa.CheckConstraint("rhythm IN ('at_once', 'daily', 'weekly', 'never')", name="rhythm"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(sa.String(40))
    rhythm: Mapped[str] = mapped_column(sa.String(8), default=Rhythm.AT_ONCE)
    on_site: Mapped[bool] = mapped_column(default=True)
