"""What goes on around units of translation: complaints, comments, re-reviews, changes of the source."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Model, Moment, append_only, both_or_neither, ddl_after
from portal.protocols.dictionary import LANGUAGES, Freshness
from portal.protocols.models.protocols import one_of
from portal.protocols.models.translations import TranslationUnit

COMPLAINT_STATES = ("open", "accepted", "dismissed")
VERDICTS = ("right", "minor", "wrong")


class UnitComplaint(Model):
    """Somebody says that a text is wrong; an editor decides. Accepted, the text goes back to draft."""

    __tablename__ = "unit_complaint"
    __table_args__ = (
        one_of("lang", LANGUAGES),
        one_of("state", COMPLAINT_STATES),
        both_or_neither("decided_at", "decided_by"),
        sa.Index(
            "uq_unit_complaint_open", "unit_id", "created_by", unique=True,
            sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"),
        ),
        sa.Index(None, "protocol_id", "lang", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    protocol_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("translation_unit.id"))
    unit_key: Mapped[str] = mapped_column(sa.String(36))
    lang: Mapped[str] = mapped_column(sa.String(2))
    body: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None] = mapped_column(Moment)


class UnitComment(Model):
    """A remark on a text, on some of its words where `quote` holds them. Settled, it stays to be read."""

    __tablename__ = "unit_comment"
    __table_args__ = (
        one_of("lang", LANGUAGES),
        both_or_neither("settled_at", "settled_by"),
        sa.Index(None, "protocol_id", "lang"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    protocol_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol.id"))
    unit_key: Mapped[str] = mapped_column(sa.String(36))
    lang: Mapped[str] = mapped_column(sa.String(2))
    # The revision that its writer had before the eyes; 0 before the first.
    revision: Mapped[int]
    quote: Mapped[str] = mapped_column(sa.String(300), default="")
    body: Mapped[str] = mapped_column(sa.Text)
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    settled_by: Mapped[int | None]
    settled_at: Mapped[datetime | None] = mapped_column(Moment)


class UnitSample(Model):
    """An approved text drawn in a month for a second reviewer, and what that person found."""

    __tablename__ = "unit_sample"
    __table_args__ = (
        sa.UniqueConstraint("month", "unit_id"),
        one_of("lang", LANGUAGES),
        one_of("verdict", ("", *VERDICTS)),
        both_or_neither("judged_at", "judged_by"),
        sa.CheckConstraint("(verdict = '') = (judged_by IS NULL)", name="judged_by_somebody"),
        sa.Index(None, "lang", "month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(sa.String(7))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("translation_unit.id"))
    lang: Mapped[str] = mapped_column(sa.String(2))
    drawn_at: Mapped[datetime] = mapped_column(Moment)
    verdict: Mapped[str] = mapped_column(sa.String(8), default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")
    judged_by: Mapped[int | None]
    judged_at: Mapped[datetime | None] = mapped_column(Moment)

    unit: Mapped[TranslationUnit] = relationship(lazy="joined", innerjoin=True)


class SourceChange(Model):
    """Texts of a language that a published version left behind, and whether the change was clinical."""

    __tablename__ = "source_change"
    __table_args__ = (
        sa.UniqueConstraint("version_id", "lang"),
        one_of("lang", LANGUAGES),
        one_of("kind", (Freshness.STALE_EDITORIAL, Freshness.STALE_CLINICAL)),
        sa.Index(None, "lang", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol_version.id"))
    lang: Mapped[str] = mapped_column(sa.String(2))
    kind: Mapped[str] = mapped_column(sa.String(16))
    unit_keys: Mapped[list[str]] = mapped_column(sa.JSON)
    created_at: Mapped[datetime] = mapped_column(Moment)


class JointRelease(Model):
    """The decision that a translation goes public in the same moment as its source."""

    __tablename__ = "joint_release"
    __table_args__ = (sa.UniqueConstraint("version_id", "lang"), one_of("lang", LANGUAGES))

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol_version.id"))
    lang: Mapped[str] = mapped_column(sa.String(2))
    decided_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    decided_at: Mapped[datetime] = mapped_column(Moment)


ddl_after(SourceChange.__table__, append_only("source_change"))  # type: ignore[arg-type] # a Table
