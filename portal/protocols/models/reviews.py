"""Who was asked to review, what they said about which content, and which chief editor agreed to publish."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Moment, append_only, both_or_neither, ddl_after
from portal.protocols.dictionary import ASKED, AssignmentState, ReviewKind
from portal.protocols.models.protocols import one_of


class ReviewAssignment(Model):
    """A person asked to review one version. The text opens only after the declaration of interests."""

    __tablename__ = "review_assignment"
    __table_args__ = (
        one_of("kind", ReviewKind),
        one_of("state", AssignmentState),
        sa.UniqueConstraint("version_id", "reviewer_id", "kind"),
        sa.Index(None, "reviewer_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol_version.id"))
    kind: Mapped[str] = mapped_column(sa.String(12))
    reviewer_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    # Organisations of the reviewer when asked: two reviewers come from two of them.
    organisation_ids: Mapped[list[int]] = mapped_column(sa.JSON, default=list)
    state: Mapped[str] = mapped_column(sa.String(10), default=AssignmentState.INVITED)
    # Whether the reviewer reads the language of the protocol, as the reviewer says when accepting.
    reads_source: Mapped[bool | None]
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    due_on: Mapped[date]
    assigned_by: Mapped[int]
    assigned_at: Mapped[datetime] = mapped_column(Moment)

    def is_overdue(self, today: date) -> bool:
        return self.state in ASKED and self.due_on < today


class Review(Model):
    """What a reviewer recommends for exactly one content. Never changed: another opinion is another row."""

    __tablename__ = "review"
    __table_args__ = (
        one_of("kind", ReviewKind),
        one_of("recommendation", ("approve", "revise")),
        sa.Index(None, "version_id", "content_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("review_assignment.id"), index=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol_version.id"))
    kind: Mapped[str] = mapped_column(sa.String(12))
    reviewer_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    organisation_ids: Mapped[list[int]] = mapped_column(sa.JSON, default=list)
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    recommendation: Mapped[str] = mapped_column(sa.String(8))
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    lang: Mapped[str] = mapped_column(sa.String(2))
    submitted_at: Mapped[datetime] = mapped_column(Moment)


class ReviewComment(Model):
    """A remark tied to a block, or to words in it. A `must` is answered before the version goes on.

    `anchor_start` and `anchor_end` count characters of the block's text as it was; `quote` holds the words,
    so that they are found again where the text moved.
    """

    __tablename__ = "review_comment"
    __table_args__ = (
        one_of("severity", ("must", "should", "note")),
        one_of("state", ("open", "addressed", "disputed", "resolved")),
        both_or_neither("answered_at", "answered_by"),
        both_or_neither("anchor_start", "anchor_end"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol_version.id"), index=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    block_key: Mapped[str] = mapped_column(sa.String(36), default="")
    anchor_start: Mapped[int | None]
    anchor_end: Mapped[int | None]
    quote: Mapped[str] = mapped_column(sa.Text, default="")
    severity: Mapped[str] = mapped_column(sa.String(8))
    body: Mapped[str] = mapped_column(sa.Text)
    lang: Mapped[str] = mapped_column(sa.String(2))
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by: Mapped[int | None]
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)


class PublicationApproval(Model):
    """A chief editor's agreement that exactly this content is published."""

    __tablename__ = "publication_approval"
    __table_args__ = (sa.UniqueConstraint("version_id", "content_hash", "country"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol_version.id"))
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    country: Mapped[str] = mapped_column(sa.String(2))
    approved_by: Mapped[int]
    approved_at: Mapped[datetime] = mapped_column(Moment)


ddl_after(Review.__table__, append_only("review"))  # type: ignore[arg-type] # a Table
ddl_after(PublicationApproval.__table__, append_only("publication_approval"))  # type: ignore[arg-type] # a Table
