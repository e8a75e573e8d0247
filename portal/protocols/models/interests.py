"""What authors and reviewers may gain, as they declared it, and approvals that were taken back."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Moment, append_only, both_or_neither, ddl_after
from portal.protocols.dictionary import INTERESTS, InterestDecision
from portal.protocols.models.protocols import one_of


class CoiDeclaration(Model):
    """One declaration. Another one is another row; an empty text means none of that kind."""

    __tablename__ = "coi_declaration"
    __table_args__ = (
        one_of("capacity", ("author", "reviewer")),
        one_of("decision", InterestDecision),
        both_or_neither("decided_at", "decision"),
        both_or_neither("decided_by", "decision"),
        sa.Index(None, "version_id", "user_id"),
        sa.Index(None, "protocol_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    protocol_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol.id"))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol_version.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    capacity: Mapped[str] = mapped_column(sa.String(8))
    financial: Mapped[str] = mapped_column(sa.Text, default="")
    intellectual: Mapped[str] = mapped_column(sa.Text, default="")
    institutional: Mapped[str] = mapped_column(sa.Text, default="")
    personal: Mapped[str] = mapped_column(sa.Text, default="")
    # The employer takes part in what the protocol is about: makes, sells, pays, or runs the programme.
    employer: Mapped[bool] = mapped_column(default=False)
    declared_at: Mapped[datetime] = mapped_column(Moment)
    # Nobody decides about nothing: 0 stands for the portal where all kinds are empty.
    decision: Mapped[str | None] = mapped_column(sa.String(8))
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decision_note: Mapped[str] = mapped_column(sa.Text, default="")

    @property
    def said(self) -> dict[str, str]:
        """The kinds in which there is something."""
        return {kind: text for kind in INTERESTS if (text := getattr(self, kind))}

    @property
    def has_any(self) -> bool:
        return bool(self.said) or self.employer


class ApprovalWithdrawal(Model):
    """A review that its reviewer took back, or lost with a conflict of interest."""

    __tablename__ = "approval_withdrawal"
    __table_args__ = (sa.UniqueConstraint("review_id"), one_of("cause", ("reviewer", "conflict")))

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.id"))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol_version.id"), index=True)
    cause: Mapped[str] = mapped_column(sa.String(8))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    withdrawn_by: Mapped[int]
    withdrawn_at: Mapped[datetime] = mapped_column(Moment)


SAID = (
    "protocol_id, version_id, user_id, capacity, financial, intellectual, institutional, personal, employer, "
    "declared_at"
)
ddl_after(CoiDeclaration.__table__, append_only("coi_declaration", columns=SAID))  # type: ignore[arg-type] # a Table
ddl_after(ApprovalWithdrawal.__table__, append_only("approval_withdrawal"))  # type: ignore[arg-type] # a Table
