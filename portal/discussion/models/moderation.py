"""Flags, appeals and sanctions: who asked, why, until when, and what another person decided."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Moment, append_only, both_or_neither, ddl_after
from portal.discussion.dictionary import AppealState, FlagState, Reason, SanctionState
from portal.discussion.models.posts import one_of


class Flag(Model):
    """Somebody says that a post should not stand. `hid`: it took the post out of sight at once."""

    __tablename__ = "post_flag"
    __table_args__ = (
        one_of("reason", Reason),
        one_of("state", FlagState),
        both_or_neither("decided_at", "decided_by"),
        sa.Index(
            "uq_post_flag_open", "post_id", "flagged_by", unique=True,
            sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"),
        ),
        sa.Index(None, "state", "due_at"),
        sa.Index(None, "flagged_by", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id"))
    flagged_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    flagged_at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(sa.String(10))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    hid: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(sa.String(10), default=FlagState.OPEN)
    due_at: Mapped[datetime] = mapped_column(Moment)
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None] = mapped_column(Moment)


class Sanction(Model):
    """A person may not post for up to seven days. What was decided never changes; it can be lifted."""

    __tablename__ = "sanction"
    __table_args__ = (
        one_of("reason_code", Reason),
        one_of("state", SanctionState),
        both_or_neither("lifted_at", "lifted_by"),
        sa.Index(None, "user_id", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    reason_code: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[str] = mapped_column(sa.Text)
    issued_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    issued_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(sa.String(8), default=SanctionState.ISSUED)
    lifted_by: Mapped[int | None]
    lifted_at: Mapped[datetime | None] = mapped_column(Moment)


class Appeal(Model):
    """An author asks a second moderator: about a removed post, or about a sanction. One for each decision."""

    __tablename__ = "appeal"
    __table_args__ = (
        one_of("state", AppealState),
        both_or_neither("decided_at", "decided_by"),
        sa.CheckConstraint("(post_id IS NULL) <> (sanction_id IS NULL)", name="one_subject"),
        sa.Index(None, "state", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int | None] = mapped_column(sa.ForeignKey("post.id"), index=True)
    sanction_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sanction.id"), index=True)
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(Moment)
    lang: Mapped[str] = mapped_column(sa.String(2))
    text: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.String(8), default=AppealState.OPEN)
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None] = mapped_column(Moment)


ddl_after(
    Sanction.__table__,  # type: ignore[arg-type] # a Table
    append_only("sanction", columns="id, user_id, reason_code, reason, issued_by, issued_at, ends_at"),
)
