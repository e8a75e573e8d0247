"""Units of translation: insert-only revisions of a text in a language, bound to the hash of its source."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Moment, append_only, both_or_neither, ddl_after
from portal.protocols.dictionary import LANGUAGES, ORIGINS, UnitState
from portal.protocols.models.protocols import one_of


class TranslationUnit(Model):
    """One revision. The unit is a block (its key) or a field (`title`, `summary`, `legal:RU`, …)."""

    __tablename__ = "translation_unit"
    __table_args__ = (
        sa.UniqueConstraint("protocol_id", "unit_key", "lang", "revision"),
        one_of("lang", LANGUAGES),
        one_of("state", UnitState),
        one_of("origin", ORIGINS),
        one_of("number_check", ("ok", "waived")),
        both_or_neither("reviewed_at", "reviewed_by"),
        sa.CheckConstraint("state <> 'approved' OR reviewed_by IS NOT NULL", name="approved_by_somebody"),
        sa.CheckConstraint("reviewed_by IS NULL OR reviewed_by <> translated_by", name="two_persons"),
        sa.Index(None, "protocol_id", "lang", "state"),
        sa.Index(None, "lang", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    protocol_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol.id"))
    unit_key: Mapped[str] = mapped_column(sa.String(36))
    lang: Mapped[str] = mapped_column(sa.String(2))
    revision: Mapped[int]
    source_hash: Mapped[str] = mapped_column(sa.String(64))
    source_text: Mapped[str] = mapped_column(sa.Text)
    text: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.String(12))
    origin: Mapped[str] = mapped_column(sa.String(14))
    translated_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    reviewed_by: Mapped[int | None]
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment)
    number_check: Mapped[str] = mapped_column(sa.String(8), default="ok")
    number_reason: Mapped[str] = mapped_column(sa.Text, default="")
    # Why a reviewer sent the text back to its translator.
    remark: Mapped[str] = mapped_column(sa.Text, default="")
    # A complaint was accepted: what was approved before this revision is shown to nobody any longer.
    reopened: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    created_by: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)


class TranslationPublication(Model):
    """The decision that a version reads well in a language, with the revisions it pins; or its withdrawal."""

    __tablename__ = "translation_publication"
    __table_args__ = (one_of("lang", LANGUAGES), sa.Index(None, "version_id", "lang"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol_version.id"))
    lang: Mapped[str] = mapped_column(sa.String(2))
    units: Mapped[dict[str, int]] = mapped_column(sa.JSON)
    # With a reason: from here on readers get the source again, until somebody publishes anew.
    withdrawn: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    reason: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    published_by: Mapped[int]
    published_at: Mapped[datetime] = mapped_column(Moment)


ddl_after(TranslationUnit.__table__, append_only("translation_unit"))  # type: ignore[arg-type] # a Table
ddl_after(
    TranslationPublication.__table__,  # type: ignore[arg-type] # a Table
    append_only("translation_publication"),
)
