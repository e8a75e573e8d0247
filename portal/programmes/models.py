"""Organisations (centres), the treatment programmes that they run, and the modality that each offers."""

import secrets
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Model, Moment, append_only, both_or_neither, ddl_after

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def new_code() -> str:
    """Eight random base32 characters: what clinical rows and person tokens carry instead of a name."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


class Organisation(Model):
    """A centre. It may run several programmes and is the unit of membership."""

    __tablename__ = "organisation"
    __table_args__ = (
        sa.UniqueConstraint("country", "name"),
        sa.CheckConstraint("country IN ('IR', 'RU')", name="country"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    country: Mapped[str] = mapped_column(sa.String(2))
    created_by: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)


class Programme(Model):
    """A place that treats. Code, country and the synthetic flag are fixed for ever."""

    __tablename__ = "programme"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "name"),
        sa.CheckConstraint("country IN ('IR', 'RU', 'ZZ')", name="country"),
        sa.CheckConstraint("planned_duration_days BETWEEN 0 AND 1095", name="planned_duration_days"),
        sa.CheckConstraint("length(code) = 8", name="code"),
        both_or_neither("consented_on", "consented_by"),
        both_or_neither("closed_on", "closed_by"),
        sa.CheckConstraint("NOT publishes OR consented_on IS NOT NULL", name="publishes_with_consent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(8), unique=True, default=new_code)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    country: Mapped[str] = mapped_column(sa.String(2), index=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    admin1_group: Mapped[str] = mapped_column(sa.String(4))
    centre_type: Mapped[int]
    ownership: Mapped[int]
    planned_duration_days: Mapped[int]
    start_month: Mapped[str] = mapped_column(sa.String(7))
    synthetic: Mapped[bool]
    publishes: Mapped[bool] = mapped_column(default=False)
    named_publicly: Mapped[bool] = mapped_column(default=False)
    consented_on: Mapped[date | None]
    consented_by: Mapped[int | None]
    withdrawn_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    closed_by: Mapped[int | None]
    created_by: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(lazy="joined")
    modalities: Mapped[list["ProgrammeModality"]] = relationship(
        lazy="selectin", order_by="ProgrammeModality.from_month, ProgrammeModality.id",
        cascade="all, delete-orphan",
    )  # fmt: skip

    @property
    def modality_codes(self) -> tuple[str, ...]:
        return tuple(row.modality for row in self.modalities)


class ProgrammeModality(Model):
    """A modality (M10 to M99) that a programme offers from a month on."""

    __tablename__ = "programme_modality"
    __table_args__ = (sa.UniqueConstraint("programme_id", "modality"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    modality: Mapped[str] = mapped_column(sa.String(3))
    from_month: Mapped[str] = mapped_column(sa.String(7))


ddl_after(
    Programme.__table__,  # type: ignore[arg-type] # a Table
    append_only("programme", columns="code, country, synthetic"),
)
