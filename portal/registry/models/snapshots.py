"""Frozen rows of an edition: the register of the file and who is in it. Builders of editions write here."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Moment


class Snapshot(Model):
    """One Parquet file of eligible rows. Void once a person in it withdrew before the release."""

    __tablename__ = "snapshot"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition: Mapped[str] = mapped_column(sa.String(20), index=True)
    closing_on: Mapped[date]
    digest: Mapped[str] = mapped_column(sa.String(64))
    file_sha256: Mapped[str] = mapped_column(sa.String(64))
    rows: Mapped[int]
    frozen_at: Mapped[datetime] = mapped_column(Moment)
    frozen_by: Mapped[int]
    void_at: Mapped[datetime | None] = mapped_column(Moment)
    void_reason: Mapped[str] = mapped_column(sa.String(40), default="")


class SnapshotMember(Model):
    """A person of a snapshot, with the episode that represents the person there."""

    __tablename__ = "snapshot_member"
    __table_args__ = (sa.Index("ix_snapshot_member_person", "programme_code", "s"),)

    snapshot_id: Mapped[int] = mapped_column(sa.ForeignKey("snapshot.id"), primary_key=True)
    programme_code: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    s: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    episode_id: Mapped[int] = mapped_column(sa.ForeignKey("episode.id"))
