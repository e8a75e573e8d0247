"""A protocol, its versions and what a version is made of.

Blocks keep their key across versions; doses, codes and references are language-neutral data, text is in the
protocol's source language. Legal status belongs to the protocol, because law changes without a new version.
"""

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Model, Moment, append_only, both_or_neither, ddl_after
from portal.protocols.dictionary import CURRENT, LANGUAGES, OPEN, ChangeType, Kind, Role, Section, State
from portal.protocols.models.sealing import sealed_part, sealed_version


def one_of(column: str, values: Any) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def in_states(states: Any) -> Any:
    return sa.text("state IN ({})".format(", ".join(f"'{state}'" for state in states)))


class Protocol(Model):
    """What stays the same through all versions. The public number is never used again."""

    __tablename__ = "protocol"
    __table_args__ = (one_of("source_lang", LANGUAGES),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(12), unique=True)
    slug: Mapped[str] = mapped_column(sa.String(80))
    source_lang: Mapped[str] = mapped_column(sa.String(2))
    origin_country: Mapped[str] = mapped_column(sa.String(2), default="")
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    # Organisations of the owner when last submitted: none of their people may review or decide.
    organisation_ids: Mapped[list[int]] = mapped_column(sa.JSON, default=list)
    licence: Mapped[str] = mapped_column(sa.String(30))
    demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment)


class ProtocolVersion(Model):
    """One version in its life from draft to superseded."""

    __tablename__ = "protocol_version"
    __table_args__ = (
        one_of("state", State),
        one_of("change_type", ChangeType),
        both_or_neither("submitted_at", "submitted_by"),
        both_or_neither("accepted_at", "accepted_by"),
        both_or_neither("published_at", "published_by"),
        both_or_neither("override_reason", "override_by"),
        both_or_neither("exception_reason", "exception_by"),
        sa.Index(
            "uq_protocol_version_open", "protocol_id", unique=True,
            sqlite_where=in_states(OPEN), postgresql_where=in_states(OPEN),
        ),
        sa.Index(
            "uq_protocol_version_current", "protocol_id", unique=True,
            sqlite_where=in_states(CURRENT), postgresql_where=in_states(CURRENT),
        ),
        sa.Index(None, "state", "submitted_at"),
        sa.Index(None, "protocol_id", "major", "minor"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    protocol_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol.id"))
    major: Mapped[int] = mapped_column(default=1)
    minor: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(sa.String(20), default=State.DRAFT)
    change_type: Mapped[str] = mapped_column(sa.String(12), default=ChangeType.INITIAL)
    title: Mapped[str] = mapped_column(sa.String(200))
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    change_note: Mapped[str] = mapped_column(sa.Text, default="")
    content_hash: Mapped[str] = mapped_column(sa.String(64), default="")
    licence: Mapped[str] = mapped_column(sa.String(30))
    supersedes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("protocol_version.id"))
    evidence_searched_on: Mapped[date | None]
    review_due_on: Mapped[date | None]
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    submitted_by: Mapped[int | None]
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    accepted_by: Mapped[int | None]
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    published_by: Mapped[int | None]
    published_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    # A chief editor's reason why changed digits are not clinical (years, page numbers).
    override_reason: Mapped[str | None] = mapped_column(sa.Text)
    override_by: Mapped[int | None]
    # An editor's reason why a demonstration protocol is published although sections are missing.
    exception_reason: Mapped[str | None] = mapped_column(sa.Text)
    exception_by: Mapped[int | None]

    protocol: Mapped[Protocol] = relationship(lazy="joined", innerjoin=True)

    @property
    def number(self) -> str:
        return f"{self.major}.{self.minor}"


def new_key() -> str:
    return str(uuid.uuid4())


class Block(Model):
    """One block of a version. `revision` grows with each saving: a second editor learns of the first."""

    __tablename__ = "block"
    __table_args__ = (
        sa.UniqueConstraint("version_id", "block_key"),
        one_of("section", Section),
        one_of("kind", Kind),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol_version.id", ondelete="CASCADE"))
    block_key: Mapped[str] = mapped_column(sa.String(36), default=new_key, index=True)
    section: Mapped[str] = mapped_column(sa.String(24))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(12))
    data: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    source_text: Mapped[str] = mapped_column(sa.Text, default="")
    source_hash: Mapped[str] = mapped_column(sa.String(64))
    revision: Mapped[int] = mapped_column(default=1)


class Reference(Model):
    """A work that the version cites. `key` is what blocks name it by."""

    __tablename__ = "protocol_reference"
    __table_args__ = (sa.UniqueConstraint("version_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol_version.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(sa.String(30))
    position: Mapped[int]
    cite: Mapped[str] = mapped_column(sa.Text)
    doi: Mapped[str] = mapped_column(sa.String(120), default="")
    pmid: Mapped[str] = mapped_column(sa.String(12), default="")
    isbn: Mapped[str] = mapped_column(sa.String(20), default="")
    url: Mapped[str] = mapped_column(sa.String(500), default="")
    language: Mapped[str] = mapped_column(sa.String(5), default="en")
    licence: Mapped[str] = mapped_column(sa.String(30), default="")
    quotation: Mapped[str] = mapped_column(sa.String(20), default="cited")
    # Who allowed text to be taken over, and when, where the licence alone does not.
    permission: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    # What the licensor wants printed beside text translated from the work.
    notice: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    status: Mapped[str] = mapped_column(sa.String(10), default="cited")
    status_note: Mapped[str] = mapped_column(sa.String(300), default="")

    @property
    def is_identified(self) -> bool:
        return bool(self.doi or self.pmid or self.isbn or self.url)


class ProtocolConcept(Model):
    """A concept of the vocabulary, and what it is to this version."""

    __tablename__ = "protocol_concept"
    __table_args__ = (sa.UniqueConstraint("version_id", "concept_id"), one_of("role", Role))

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol_version.id", ondelete="CASCADE"))
    concept_id: Mapped[str] = mapped_column(sa.ForeignKey("concept.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(10))


class LegalStatus(Model):
    """Status in a country as somebody checked it. A change is a new row; the latest counts."""

    __tablename__ = "legal_status"
    __table_args__ = (
        one_of("country", ("IR", "RU")),
        sa.Index(None, "protocol_id", "country"),
        sa.CheckConstraint("(checked_on IS NULL) = (expires_on IS NULL)", name="expires_with_check"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    protocol_id: Mapped[int] = mapped_column(sa.ForeignKey("protocol.id"))
    country: Mapped[str] = mapped_column(sa.String(2))
    status: Mapped[str] = mapped_column(sa.ForeignKey("concept.id"))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    basis: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON, default=list)
    checked_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    set_by: Mapped[int]
    set_at: Mapped[datetime] = mapped_column(Moment)


_MUTABLE = {"id", "state", "changed_at"}
_SEALED = [column.name for column in ProtocolVersion.__table__.columns if column.name not in _MUTABLE]
ddl_after(ProtocolVersion.__table__, sealed_version(_SEALED))  # type: ignore[arg-type] # a Table
ddl_after(Block.__table__, sealed_part("block"))  # type: ignore[arg-type] # a Table
ddl_after(Reference.__table__, sealed_part("protocol_reference"))  # type: ignore[arg-type] # a Table
ddl_after(ProtocolConcept.__table__, sealed_part("protocol_concept"))  # type: ignore[arg-type] # a Table
ddl_after(LegalStatus.__table__, append_only("legal_status"))  # type: ignore[arg-type] # a Table
