"""Adaptations: from which version a protocol was adapted and why; what its owners decided about news."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Moment, append_only, ddl_after
from portal.protocols.dictionary import ETD, FORK_DECISIONS, FORK_KINDS
from portal.protocols.models.protocols import one_of
from portal.protocols.models.sealing import sealed_part


class ProtocolFork(Model):
    """Where a protocol comes from. Written once, with the protocol."""

    __tablename__ = "protocol_fork"
    __table_args__ = (one_of("kind", FORK_KINDS),)

    protocol_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol.id"), primary_key=True)
    parent_version_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol_version.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    # In the source language of the adaptation; a unit of translation like any text.
    reason: Mapped[str] = mapped_column(sa.Text)
    country: Mapped[str] = mapped_column(sa.String(2))
    # The centre that it is for; none when it is for the country.
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    forked_by: Mapped[int]
    forked_at: Mapped[datetime] = mapped_column(Moment)


class ForkDecision(Model):
    """What the owners of an adaptation decided about a block of a version of the parent; the latest counts.

    The block `*` stands for the whole parent: that it was withdrawn.
    """

    __tablename__ = "fork_decision"
    __table_args__ = (
        one_of("decision", FORK_DECISIONS),
        sa.CheckConstraint("decision <> 'ignore' OR reason <> ''", name="ignored_with_reason"),
        sa.Index(None, "protocol_id", "block_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    protocol_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol.id"))
    parent_version_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol_version.id"))
    block_key: Mapped[str] = mapped_column(sa.String(36))
    decision: Mapped[str] = mapped_column(sa.String(8))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    decided_by: Mapped[int]
    decided_at: Mapped[datetime] = mapped_column(Moment)


class Rationale(Model):
    """One of the eight short answers why a version differs from its parent here; part of the version."""

    __tablename__ = "rationale"
    __table_args__ = (sa.UniqueConstraint("version_id", "name"), one_of("name", ETD))

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol_version.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(16))
    text: Mapped[str] = mapped_column(sa.Text)


ddl_after(ProtocolFork.__table__, append_only("protocol_fork"))  # type: ignore[arg-type] # a Table
ddl_after(ForkDecision.__table__, append_only("fork_decision"))  # type: ignore[arg-type] # a Table
ddl_after(Rationale.__table__, sealed_part("rationale"))  # type: ignore[arg-type] # a Table
