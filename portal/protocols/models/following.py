"""Which version a programme follows, for which modality and from when; its self-checks and its answers.

A declaration is an agreement about the past and the future: once confirmed only its end and its standing may
change, and no two of a programme's declarations for one modality overlap. The database refuses both.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Model, Moment, append_only, both_or_neither, ddl_after, raising
from portal.protocols.catalogue.following import ANSWERS, FollowState
from portal.protocols.models.protocols import ProtocolVersion, one_of

_STANDING = sa.text("to_quarter IS NULL AND state <> 'refused'")


class ProgrammeProtocol(Model):
    """One declaration. `from_quarter` and `to_quarter` are included; a later version is a row of its own."""

    __tablename__ = "programme_protocol"
    __table_args__ = (
        one_of("state", FollowState),
        both_or_neither("decided_at", "decided_by"),
        both_or_neither("ended_at", "ended_by"),
        sa.CheckConstraint("(to_quarter IS NULL) = (end_reason = '')", name="end_with_reason"),
        sa.Index(
            "uq_programme_protocol_open", "programme_id", "modality", unique=True,
            sqlite_where=_STANDING, postgresql_where=_STANDING,
        ),
        sa.Index(None, "version_id", "state"),
        sa.Index(None, "protocol_id", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    protocol_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol.id"))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol_version.id"))
    modality: Mapped[str] = mapped_column(sa.String(3))
    from_quarter: Mapped[str] = mapped_column(sa.String(6))
    to_quarter: Mapped[str | None] = mapped_column(sa.String(6))
    sections: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    local_changes: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON, default=list)
    lang: Mapped[str] = mapped_column(sa.String(2))
    state: Mapped[str] = mapped_column(sa.String(10), default=FollowState.DECLARED)
    declared_by: Mapped[int]
    declared_at: Mapped[datetime] = mapped_column(Moment)
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    reason_code: Mapped[str] = mapped_column(sa.String(20), default="")
    reason_text: Mapped[str] = mapped_column(sa.Text, default="")
    end_reason: Mapped[str] = mapped_column(sa.String(20), default="")
    ended_by: Mapped[int | None]
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    answer_due_on: Mapped[date | None]

    programme: Mapped[Any] = relationship("Programme", lazy="joined", innerjoin=True)
    version: Mapped[ProtocolVersion] = relationship(lazy="joined", innerjoin=True)
    checks: Mapped[list["FidelityCheck"]] = relationship(lazy="selectin", order_by="FidelityCheck.id")

    @property
    def fidelity(self) -> "FidelityCheck | None":
        """The latest self-check."""
        return self.checks[-1] if self.checks else None


class FidelityCheck(Model):
    """A programme's own judgement of how it keeps to the protocol: five answers from 0 to 2, on a day."""

    __tablename__ = "fidelity_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    declaration_id: Mapped[int] = mapped_column(sa.ForeignKey("programme_protocol.id"), index=True)
    answers: Mapped[list[int]] = mapped_column(sa.JSON)
    checked_on: Mapped[date]
    checked_by: Mapped[int]

    @property
    def total(self) -> int:
        return sum(self.answers)


class FollowAnswer(Model):
    """What a programme said when the protocol that it follows got a new version."""

    __tablename__ = "follow_answer"
    __table_args__ = (one_of("answer", ANSWERS),)

    id: Mapped[int] = mapped_column(primary_key=True)
    declaration_id: Mapped[int] = mapped_column(sa.ForeignKey("programme_protocol.id"), index=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol_version.id"))
    answer: Mapped[str] = mapped_column(sa.String(5))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by: Mapped[int]
    answered_at: Mapped[datetime] = mapped_column(Moment)


_AFTER = {
    "id", "state", "to_quarter", "end_reason", "ended_by", "ended_at", "reason_code", "reason_text",
    "decided_by", "decided_at", "answer_due_on",
}  # fmt: skip
_SEALED = [c.name for c in ProgrammeProtocol.__table__.columns if c.name not in _AFTER]
_CLASH = (
    "EXISTS (SELECT 1 FROM programme_protocol o WHERE o.programme_id = NEW.programme_id"
    " AND o.modality = NEW.modality AND o.id <> NEW.id AND o.state <> 'refused'"
    " AND NEW.from_quarter <= COALESCE(o.to_quarter, '9999Q4')"
    " AND o.from_quarter <= COALESCE(NEW.to_quarter, '9999Q4')"
    " AND o.from_quarter <= COALESCE(o.to_quarter, '9999Q4')"
    " AND NEW.from_quarter <= COALESCE(NEW.to_quarter, '9999Q4')) AND NEW.state <> 'refused'"
)
_WAS_CONFIRMED = "OLD.state <> 'declared'"


def _protected() -> dict[str, tuple[str, ...]]:
    """No overlap; nothing of a confirmed row changes but its end and standing; an end is set once."""
    named = ", ".join(_SEALED)
    kept = " OR ".join(f"NEW.{c}::text IS DISTINCT FROM OLD.{c}::text" for c in _SEALED)
    twice = "OLD.to_quarter IS NOT NULL AND NEW.to_quarter IS DISTINCT FROM OLD.to_quarter"
    overlap = "SELECT RAISE(ABORT, 'declarations of a modality overlap')"
    sealed = "SELECT RAISE(ABORT, 'a confirmed declaration is immutable')"
    refused = raising("a confirmed declaration is immutable")
    table = "programme_protocol"
    return {
        "sqlite": (
            f"CREATE TRIGGER {table}_apart_insert AFTER INSERT ON {table} WHEN {_CLASH} BEGIN {overlap}; END",
            f"CREATE TRIGGER {table}_apart_update AFTER UPDATE OF from_quarter, to_quarter, state, modality,"
            f" programme_id ON {table} WHEN {_CLASH} BEGIN {overlap}; END",
            f"CREATE TRIGGER {table}_sealed BEFORE UPDATE OF {named} ON {table}"
            f" WHEN {_WAS_CONFIRMED} BEGIN {sealed}; END",
            f"CREATE TRIGGER {table}_end_once BEFORE UPDATE OF to_quarter ON {table}"
            f" WHEN {twice} BEGIN {sealed}; END",
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} BEGIN {sealed}; END",
        ),
        "postgresql": (
            f"CREATE OR REPLACE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF TG_OP = 'DELETE' THEN {refused}; END IF;"
            " PERFORM pg_advisory_xact_lock(hashtext('programme_protocol'), NEW.programme_id);"
            f" IF TG_OP = 'UPDATE' THEN IF ({_WAS_CONFIRMED} AND ({kept})) OR ({twice}) THEN"
            f" {refused}; END IF; END IF;"
            f" IF {_CLASH} THEN {raising('declarations of a modality overlap')}; END IF;"
            " RETURN NEW; END $$",
            f"CREATE TRIGGER {table}_guard BEFORE INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {table}_guard()",
        ),
    }


def _triggers(table: Any, statements: dict[str, tuple[str, ...]]) -> None:
    ddl_after(table, statements)


_triggers(ProgrammeProtocol.__table__, _protected())
_triggers(FidelityCheck.__table__, append_only("fidelity_check"))
_triggers(FollowAnswer.__table__, append_only("follow_answer"))
