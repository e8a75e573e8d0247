"""Editions and what they released. Nothing here is ever changed or deleted: the database itself refuses.

A freeze is a row of `edition_freeze`, an approval a row of `edition_approval`; `edition` and the rows that
carry its name appear together, in the one transaction that publishes.
"""

from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Moment, append_only, ddl_after

NAME_LENGTH: Final = 20


class EditionFreeze(Model):
    """One freeze of an edition: its snapshot, and what the approvers see of it. The latest one counts."""

    __tablename__ = "edition_freeze"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition: Mapped[str] = mapped_column(sa.String(NAME_LENGTH), index=True)
    snapshot_id: Mapped[int] = mapped_column(sa.ForeignKey("snapshot.id"), unique=True)
    closing_on: Mapped[date]
    synthetic: Mapped[bool]
    digest: Mapped[str] = mapped_column(sa.String(64))
    catalogue_version: Mapped[str] = mapped_column(sa.String(10))
    parameter_hash: Mapped[str] = mapped_column(sa.String(64))
    levels: Mapped[str] = mapped_column(sa.Text)
    report: Mapped[str] = mapped_column(sa.Text)
    frozen_by: Mapped[int]
    frozen_at: Mapped[datetime] = mapped_column(Moment)


class EditionApproval(Model):
    """One administrator's approval, bound to the SHA-256 of edition, digest, catalogue and parameters."""

    __tablename__ = "edition_approval"
    __table_args__ = (
        sa.UniqueConstraint("edition", "bound_to", "approved_by", "approved_at"),
        sa.CheckConstraint("country IN ('IR', 'RU')", name="country"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition: Mapped[str] = mapped_column(sa.String(NAME_LENGTH), index=True)
    country: Mapped[str] = mapped_column(sa.String(2))
    bound_to: Mapped[str] = mapped_column(sa.String(64))
    approved_by: Mapped[int]
    approved_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class Edition(Model):
    """A published edition. `edition_hash` is the SHA-256 over all its released rows."""

    __tablename__ = "edition"

    name: Mapped[str] = mapped_column(sa.String(NAME_LENGTH), primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    freeze_id: Mapped[int] = mapped_column(sa.ForeignKey("edition_freeze.id"), unique=True)
    closing_on: Mapped[date]
    synthetic: Mapped[bool]
    digest: Mapped[str] = mapped_column(sa.String(64))
    catalogue_version: Mapped[str] = mapped_column(sa.String(10))
    parameter_hash: Mapped[str] = mapped_column(sa.String(64))
    levels: Mapped[str] = mapped_column(sa.Text)
    edition_hash: Mapped[str] = mapped_column(sa.String(64))
    published_by: Mapped[int]
    published_at: Mapped[datetime] = mapped_column(Moment)

    @property
    def id(self) -> str:
        """The audit names an edition by its name."""
        return self.name


class EditionLedger(Model):
    """Privacy budget of an edition: rho of zero-concentrated differential privacy, spent once a person."""

    __tablename__ = "edition_ledger"

    edition: Mapped[str] = mapped_column(sa.ForeignKey("edition.name"), primary_key=True)
    tables: Mapped[int]
    sigma: Mapped[int]
    rho: Mapped[float]


class EditionProgramme(Model):
    """Under which code a programme appears in an edition, and whether it agreed to be named."""

    __tablename__ = "edition_programme"
    __table_args__ = (sa.UniqueConstraint("edition", "code"),)

    edition: Mapped[str] = mapped_column(sa.ForeignKey("edition.name"), primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(6))
    named: Mapped[bool]


class ReleasedCell(Model):
    """A noisy count of a public table. Below its threshold it is shown as "fewer than"."""

    __tablename__ = "released_cell"

    edition: Mapped[str] = mapped_column(sa.ForeignKey("edition.name"), primary_key=True)
    table_id: Mapped[str] = mapped_column("table_id", sa.String(60), primary_key=True)
    cell: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    position: Mapped[int]
    noisy: Mapped[int]


class ReleasedResult(Model):
    """A result for approved readers, as canonical JSON of what may be shown, with its hash."""

    __tablename__ = "released_result"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition: Mapped[str] = mapped_column(sa.ForeignKey("edition.name"))
    kind: Mapped[str] = mapped_column(sa.String(20))
    country: Mapped[str] = mapped_column(sa.String(2))
    klass: Mapped[str] = mapped_column(sa.String(30))
    outcome: Mapped[str] = mapped_column(sa.String(20), default="")
    payload: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    method: Mapped[str] = mapped_column(sa.String(120))
    definitions_version: Mapped[str] = mapped_column(sa.String(10))

    __table_args__ = (sa.UniqueConstraint("edition", "kind", "country", "klass", "outcome"),)


class GateVerdict(Model):
    """The publication gate of one programme and outcome: open, or the indicators that keep it closed."""

    __tablename__ = "gate_verdict"

    edition: Mapped[str] = mapped_column(sa.ForeignKey("edition.name"), primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), primary_key=True)
    klass: Mapped[str] = mapped_column(sa.String(30), primary_key=True)
    outcome: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    is_open: Mapped[bool]
    failing: Mapped[str] = mapped_column(sa.String(60), default="")

    @property
    def indicators(self) -> tuple[str, ...]:
        return tuple(self.failing.split())


PUBLISHED: Final = (
    Edition, EditionLedger, EditionProgramme, ReleasedCell, ReleasedResult, GateVerdict,
)  # fmt: skip
"""Tables that one transaction fills when an edition is published, in the order of their foreign keys."""

IMMUTABLE: Final = (EditionFreeze, EditionApproval, *PUBLISHED)

TRIGGERS: Final[dict[str, tuple[str, ...]]] = {
    dialect: tuple(text for model in IMMUTABLE for text in append_only(model.__tablename__)[dialect])
    for dialect in ("sqlite", "postgresql")
}
"""Statements that make every table here refuse UPDATE and DELETE, for migrations."""

for _model in IMMUTABLE:
    ddl_after(_model.__table__, append_only(_model.__tablename__))  # type: ignore[arg-type] # a Table
