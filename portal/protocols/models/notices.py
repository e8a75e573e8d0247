"""What is said about a version after its publication or refusal: notices, checks, refusals and reminders."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Model, Moment, append_only, both_or_neither, ddl_after
from portal.protocols.dictionary import LANGUAGES, NoticeKind, NoticeState
from portal.protocols.models.protocols import Protocol, ProtocolVersion, one_of

_STANDING = sa.text("state IN ('proposed', 'in_force')")


class VersionNotice(Model):
    """A concern, a retirement or a withdrawal. Its reason is a code, which reads in every language."""

    __tablename__ = "version_notice"
    __table_args__ = (
        one_of("kind", NoticeKind),
        one_of("state", NoticeState),
        one_of("lang", LANGUAGES),
        both_or_neither("issued_at", "issued_by"),
        both_or_neither("closed_at", "closed_by"),
        sa.Index(
            "uq_version_notice_standing", "version_id", "kind", unique=True,
            sqlite_where=_STANDING, postgresql_where=_STANDING,
        ),
        sa.Index(None, "state", "ends_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol_version.id"))
    kind: Mapped[str] = mapped_column(sa.String(12))
    state: Mapped[str] = mapped_column(sa.String(10))
    reason_code: Mapped[str] = mapped_column(sa.String(20))
    body: Mapped[str] = mapped_column(sa.Text)
    lang: Mapped[str] = mapped_column(sa.String(2))
    replaced_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("protocol.id"))
    proposed_by: Mapped[int]
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    issued_by: Mapped[int | None]
    issued_at: Mapped[datetime | None] = mapped_column(Moment)
    ends_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[str] = mapped_column(sa.Text, default="")
    outcome_lang: Mapped[str] = mapped_column(sa.String(2), default="")
    closed_by: Mapped[int | None]
    closed_at: Mapped[datetime | None] = mapped_column(Moment)

    version: Mapped[ProtocolVersion] = relationship(lazy="joined", innerjoin=True)
    replaced_by: Mapped[Protocol | None] = relationship(lazy="joined")


class CurrencyCheck(Model):
    """Somebody looked whether the version still holds, and nothing had to change."""

    __tablename__ = "currency_check"
    __table_args__ = (one_of("lang", LANGUAGES),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol_version.id"), index=True)
    checked_on: Mapped[date]
    checked_by: Mapped[int]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    lang: Mapped[str] = mapped_column(sa.String(2))
    next_due_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class Rejection(Model):
    """A refused submission, and the author's appeal to the chief editor of the other country."""

    __tablename__ = "rejection"
    __table_args__ = (
        one_of("verdict", ("granted", "upheld")),
        both_or_neither("appealed_at", "appealed_by"),
        both_or_neither("answered_at", "answered_by"),
        sa.CheckConstraint("(verdict IS NULL) = (answered_at IS NULL)", name="verdict_with_answer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol_version.id"), index=True)
    reason_code: Mapped[str] = mapped_column(sa.String(20))
    reason: Mapped[str] = mapped_column(sa.Text)
    lang: Mapped[str] = mapped_column(sa.String(2))
    country: Mapped[str] = mapped_column(sa.String(2))
    rejected_by: Mapped[int]
    rejected_at: Mapped[datetime] = mapped_column(Moment)
    appeal: Mapped[str] = mapped_column(sa.Text, default="")
    appealed_by: Mapped[int | None]
    appealed_at: Mapped[datetime | None] = mapped_column(Moment)
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    verdict: Mapped[str | None] = mapped_column(sa.String(8))
    answered_by: Mapped[int | None]
    answered_at: Mapped[datetime | None] = mapped_column(Moment)


class Reminder(Model):
    """A reminder that was sent: the daily work may run twice, people are reminded once."""

    __tablename__ = "protocol_reminder"
    __audited__ = False
    __table_args__ = (sa.UniqueConstraint("kind", "target_id", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    target_id: Mapped[int]
    step: Mapped[int]
    sent_at: Mapped[datetime] = mapped_column(Moment)


NOTICE_SAID = "version_id, kind, reason_code, body, lang, replaced_by_id, proposed_by, proposed_at"
REJECTION_SAID = "version_id, reason_code, reason, lang, country, rejected_by, rejected_at"
ddl_after(VersionNotice.__table__, append_only("version_notice", columns=NOTICE_SAID))  # type: ignore[arg-type] # a Table
ddl_after(CurrencyCheck.__table__, append_only("currency_check"))  # type: ignore[arg-type] # a Table
ddl_after(Rejection.__table__, append_only("rejection", columns=REJECTION_SAID))  # type: ignore[arg-type] # a Table
