"""Threads, their posts, and every earlier wording of a post."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Moment, append_only, both_or_neither, ddl_after
from portal.discussion.dictionary import LANGUAGES, About, AgeBand, Kind, Outcome, PostState, Reason, Sex
from portal.discussion.models.sealing import erasable


def one_of(column: str, values: Any, *, empty: bool = False) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in [*values, *([""] if empty else [])])
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


class Thread(Model):
    """What people talk about. Its state is that of its first post; only the answer is its own."""

    __tablename__ = "thread"
    __table_args__ = (
        one_of("kind", Kind),
        one_of("about", About),
        one_of("lang", LANGUAGES),
        both_or_neither("settled_at", "settled_by"),
        sa.Index(None, "protocol_id", "last_post_at"),
        sa.Index(None, "kind", "last_post_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    about: Mapped[str] = mapped_column(sa.String(10))
    protocol_id: Mapped[int | None] = mapped_column(sa.ForeignKey("protocol.id"))
    version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("protocol_version.id"))
    block_key: Mapped[str] = mapped_column(sa.String(36), default="")
    alert_ref: Mapped[str] = mapped_column(sa.String(40), default="")
    title: Mapped[str] = mapped_column(sa.String(150))
    lang: Mapped[str] = mapped_column(sa.String(2))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    last_post_at: Mapped[datetime] = mapped_column(Moment, index=True)
    settled_by: Mapped[int | None]
    settled_at: Mapped[datetime | None] = mapped_column(Moment)


class Post(Model):
    """One contribution. `once` is the form's own mark: the same form sent twice is one post."""

    __tablename__ = "post"
    __table_args__ = (
        one_of("state", PostState),
        one_of("lang", LANGUAGES),
        one_of("reason_code", Reason, empty=True),
        both_or_neither("decided_at", "decided_by"),
        sa.UniqueConstraint("author_id", "once"),
        sa.Index(None, "thread_id", "id"),
        sa.Index(None, "state", "created_at"),
        sa.Index(
            "uq_post_opening", "thread_id", unique=True,
            sqlite_where=sa.text("opens"), postgresql_where=sa.text("opens"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(sa.ForeignKey("thread.id"))
    opens: Mapped[bool] = mapped_column(default=False)
    reply_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("post.id"))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    lang: Mapped[str] = mapped_column(sa.String(2))
    body: Mapped[str] = mapped_column(sa.Text)
    revision: Mapped[int] = mapped_column(default=1)
    # Direction signs that were taken out of the text: moderators are told how many.
    signs_removed: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(sa.String(8))
    once: Mapped[str] = mapped_column(sa.String(36))
    created_at: Mapped[datetime] = mapped_column(Moment)
    edited_at: Mapped[datetime | None] = mapped_column(Moment)
    reason_code: Mapped[str] = mapped_column(sa.String(10), default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None] = mapped_column(Moment)


class PostRevision(Model):
    """A wording that a post had. Never changed; only its text can be emptied, when it had to go."""

    __tablename__ = "post_revision"
    __table_args__ = (sa.UniqueConstraint("post_id", "revision"), one_of("lang", LANGUAGES))

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id"))
    revision: Mapped[int]
    lang: Mapped[str] = mapped_column(sa.String(2))
    body: Mapped[str] = mapped_column(sa.Text)
    saved_by: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(Moment)


class Reaction(Model):
    """Somebody found a post useful."""

    __tablename__ = "post_useful"
    __audited__ = False

    post_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(Moment)


class CaseForm(Model):
    """The fixed, de-identified answers of a case question, and what became of it. No dates of the person."""

    __tablename__ = "case_form"
    __table_args__ = (
        one_of("age_band", AgeBand),
        one_of("sex", Sex),
        one_of("outcome", Outcome, empty=True),
        sa.Index(None, "followed_at", "due_on"),
    )

    thread_id: Mapped[int] = mapped_column(sa.ForeignKey("thread.id"), primary_key=True)
    age_band: Mapped[str] = mapped_column(sa.String(10))
    sex: Mapped[str] = mapped_column(sa.String(10))
    substances: Mapped[list[str]] = mapped_column(sa.JSON)
    setting: Mapped[str] = mapped_column(sa.String(60))
    tried: Mapped[str] = mapped_column(sa.Text, default="")
    due_on: Mapped[date]
    asked_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[str] = mapped_column(sa.String(8), default="")
    followed_at: Mapped[datetime | None] = mapped_column(Moment)
    follow_up_post_id: Mapped[int | None] = mapped_column(sa.ForeignKey("post.id"))


ddl_after(
    PostRevision.__table__,  # type: ignore[arg-type] # a Table
    append_only("post_revision", columns="id, post_id, revision, lang, saved_by, saved_at"),
)
ddl_after(PostRevision.__table__, erasable("post_revision", "body"))  # type: ignore[arg-type] # a Table
