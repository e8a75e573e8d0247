"""Protocols that readers of a country are not shown, because a letter or an order says so."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Model, Moment, append_only, both_or_neither, ddl_after
from portal.protocols.dictionary import COUNTRIES, HIDING_REASONS
from portal.protocols.models.protocols import Protocol, one_of

_STANDING = sa.text("lifted_at IS NULL")


class ProtocolHiding(Model):
    """Hidden in a country from a moment, until it is lifted. What was said when it began never changes."""

    __tablename__ = "protocol_hiding"
    __table_args__ = (
        one_of("country", COUNTRIES),
        one_of("reason_code", HIDING_REASONS),
        both_or_neither("lifted_at", "lifted_by"),
        sa.Index(
            "uq_protocol_hiding_standing", "protocol_id", "country", unique=True,
            sqlite_where=_STANDING, postgresql_where=_STANDING,
        ),
        sa.Index(None, "hidden_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    protocol_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol.id"))
    country: Mapped[str] = mapped_column(sa.String(2))
    reason_code: Mapped[str] = mapped_column(sa.String(20))
    reference: Mapped[str] = mapped_column(sa.String(200))
    hidden_by: Mapped[int]
    hidden_at: Mapped[datetime] = mapped_column(Moment)
    lifted_by: Mapped[int | None]
    lifted_at: Mapped[datetime | None] = mapped_column(Moment)

    protocol: Mapped[Protocol] = relationship(lazy="joined", innerjoin=True)


SAID = "protocol_id, country, reason_code, reference, hidden_by, hidden_at"
ddl_after(ProtocolHiding.__table__, append_only("protocol_hiding", columns=SAID))  # type: ignore[arg-type] # a Table
