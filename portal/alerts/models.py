"""Tables of early warnings: the warning, its versions, judgements, signatures, texts in other languages.

`record` holds codes, concept ids and short texts by name (`dictionary`). Versions, judgements and signatures
are never changed. Who reported stands in a column that no page, export or notice reads.
"""

import hashlib
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.alerts.dictionary import COUNTRIES, TEXTS, Certainty, Level, Part, Seat, State
from portal.core.db import Model, Moment, append_only, both_or_neither, ddl_after


def _one_of(column: str, values: Any) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


class Alert(Model):
    """One warning from its first signal on. The public number is given when it is issued."""

    __tablename__ = "alert"
    __table_args__ = (
        _one_of("state", State),
        _one_of("country", COUNTRIES),
        _one_of("level", ("", *Level)),
        both_or_neither("issued_at", "valid_until"),
        both_or_neither("retracted_at", "retraction_reason"),
        sa.Index(None, "state", "country"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str | None] = mapped_column(sa.String(14), unique=True)
    state: Mapped[str] = mapped_column(sa.String(12), default=State.SIGNAL)
    country: Mapped[str] = mapped_column(sa.String(2))
    level: Mapped[str] = mapped_column(sa.String(12), default="")
    source_lang: Mapped[str] = mapped_column(sa.String(2))
    record: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    # An update that one of the two wants and the other has not signed yet.
    pending: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    revision: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    question: Mapped[str] = mapped_column(sa.Text, default="")
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    reporter_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    reported_at: Mapped[datetime] = mapped_column(Moment)
    close_reason: Mapped[str] = mapped_column(sa.String(20), default="")
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("alert.id"))
    issued_at: Mapped[datetime | None] = mapped_column(Moment)
    updated_at: Mapped[datetime | None] = mapped_column(Moment)
    valid_until: Mapped[date | None]
    second_due_at: Mapped[datetime | None] = mapped_column(Moment)
    retracted_at: Mapped[datetime | None] = mapped_column(Moment)
    retraction_reason: Mapped[str | None] = mapped_column(sa.String(20))


class AlertVersion(Model):
    """What was issued, as it was issued. Number 1 is the first, each update the next."""

    __tablename__ = "alert_version"
    __table_args__ = (sa.UniqueConstraint("alert_id", "number"), _one_of("level", Level))

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(sa.ForeignKey("alert.id"))
    number: Mapped[int]
    level: Mapped[str] = mapped_column(sa.String(12))
    record: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    certainty: Mapped[str] = mapped_column(sa.String(1))
    issued_at: Mapped[datetime] = mapped_column(Moment)
    issued_by: Mapped[int]


class AlertOpinion(Model):
    """One judgement of the panel about exactly one content."""

    __tablename__ = "alert_opinion"
    __table_args__ = (
        sa.UniqueConstraint("alert_id", "content_hash", "judge_id"),
        sa.CheckConstraint("severity BETWEEN 1 AND 3", name="severity"),
        sa.CheckConstraint("likelihood BETWEEN 1 AND 3", name="likelihood"),
        _one_of("certainty", Certainty),
        _one_of("seat", Seat),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(sa.ForeignKey("alert.id"))
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    judge_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    seat: Mapped[str] = mapped_column(sa.String(14))
    severity: Mapped[int]
    likelihood: Mapped[int]
    certainty: Mapped[str] = mapped_column(sa.String(1))
    given_at: Mapped[datetime] = mapped_column(Moment)


class AlertSignature(Model):
    """That the duty editor, or a member of the panel, wants this content told."""

    __tablename__ = "alert_signature"
    __table_args__ = (sa.UniqueConstraint("alert_id", "content_hash", "part"), _one_of("part", Part))

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(sa.ForeignKey("alert.id"))
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    part: Mapped[str] = mapped_column(sa.String(8))
    signer_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    signed_at: Mapped[datetime] = mapped_column(Moment)


class AlertText(Model):
    """A short text in another language; it holds for the source text with this hash only."""

    __tablename__ = "alert_text"
    __table_args__ = (
        sa.UniqueConstraint("alert_id", "field", "lang"),
        _one_of("field", TEXTS),
        _one_of("lang", ("en", "ru", "fa")),
        both_or_neither("approved_at", "approved_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(sa.ForeignKey("alert.id"))
    field: Mapped[str] = mapped_column(sa.String(10))
    lang: Mapped[str] = mapped_column(sa.String(2))
    text: Mapped[str] = mapped_column(sa.Text)
    source_hash: Mapped[str] = mapped_column(sa.String(64))
    translated_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    translated_at: Mapped[datetime] = mapped_column(Moment)
    approved_by: Mapped[int | None]
    approved_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def mark(self) -> str:
        """Says exactly which wording a page showed."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


for _sealed in (AlertVersion, AlertOpinion, AlertSignature):
    ddl_after(_sealed.__table__, append_only(_sealed.__tablename__))  # type: ignore[arg-type] # a Table
