"""Field reports: what a centre found when it used exactly this version for a time."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Model, Moment, both_or_neither, ddl_after, raising
from portal.protocols.catalogue.reports import RECOMMENDATIONS, STARTED, ReportState
from portal.protocols.models.protocols import ProtocolVersion, one_of

_COUNTS = sa.text("state <> 'withdrawn'")


class FieldReport(Model):
    """One report of one organisation on one version and period; what deviates is shown, never hidden."""

    __tablename__ = "field_report"
    __table_args__ = (
        one_of("state", ReportState),
        one_of("started_band", STARTED),
        one_of("recommendation", RECOMMENDATIONS),
        both_or_neither("decided_at", "decided_by"),
        sa.CheckConstraint("from_quarter <= to_quarter", name="period"),
        sa.Index(
            "uq_field_report_once", "organisation_id", "version_id", "from_quarter", "to_quarter",
            unique=True, sqlite_where=_COUNTS, postgresql_where=_COUNTS,
        ),
        sa.Index(None, "version_id", "state"),
        sa.Index(None, "protocol_id", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    protocol_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol.id"))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol_version.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    country: Mapped[str] = mapped_column(sa.String(2))
    setting: Mapped[str | None] = mapped_column(sa.ForeignKey("concept.id"))
    from_quarter: Mapped[str] = mapped_column(sa.String(6))
    to_quarter: Mapped[str] = mapped_column(sa.String(6))
    started_band: Mapped[str] = mapped_column(sa.String(8))
    fidelity: Mapped[list[int]] = mapped_column(sa.JSON)
    changes: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON, default=list)
    barriers: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    barriers_text: Mapped[str] = mapped_column(sa.Text, default="")
    incidents: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON, default=list)
    recommendation: Mapped[str] = mapped_column(sa.String(20))
    lang: Mapped[str] = mapped_column(sa.String(2))
    state: Mapped[str] = mapped_column(sa.String(10), default=ReportState.DRAFT)
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    version: Mapped[ProtocolVersion] = relationship(lazy="joined", innerjoin=True)
    organisation: Mapped[Any] = relationship("Organisation", lazy="joined", innerjoin=True)


_AFTER = {"id", "state", "changed_at", "decided_by", "decided_at", "reason"}
_SEALED = [c.name for c in FieldReport.__table__.columns if c.name not in _AFTER]


def _protected() -> dict[str, tuple[str, ...]]:
    """What was accepted stays as it was; a report is withdrawn, never deleted."""
    named = ", ".join(_SEALED)
    kept = " OR ".join(f"NEW.{c}::text IS DISTINCT FROM OLD.{c}::text" for c in _SEALED)
    refuse = "SELECT RAISE(ABORT, 'an accepted field report is immutable')"
    refused = raising("an accepted field report is immutable")
    return {
        "sqlite": (
            f"CREATE TRIGGER field_report_sealed BEFORE UPDATE OF {named} ON field_report"
            f" WHEN OLD.state IN ('accepted', 'withdrawn') BEGIN {refuse}; END",
            f"CREATE TRIGGER field_report_kept BEFORE DELETE ON field_report BEGIN {refuse}; END",
        ),
        "postgresql": (
            "CREATE OR REPLACE FUNCTION field_report_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF TG_OP = 'DELETE' THEN {refused}; END IF;"
            f" IF OLD.state IN ('accepted', 'withdrawn') AND ({kept}) THEN"
            f" {refused}; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER field_report_guard BEFORE UPDATE OR DELETE ON field_report"
            " FOR EACH ROW EXECUTE FUNCTION field_report_guard()",
        ),
    }


def _triggers(table: Any) -> None:
    ddl_after(table, _protected())


_triggers(FieldReport.__table__)
