"""Notices on versions, checks that nothing had to change, refusals with their appeals."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.extensions import db
from portal.protocols.dictionary import APPEAL_DAYS, CURRENT, ChangeType, NoticeKind, NoticeState
from portal.protocols.models import (
    CurrencyCheck,
    ProtocolVersion,
    PublicationApproval,
    Rejection,
    Reminder,
    VersionNotice,
)


def find_notice(notice_id: int) -> VersionNotice | None:
    return db.session.get(VersionNotice, notice_id)


def find_standing(version_id: int, kind: str, *states: str) -> VersionNotice | None:
    """The notice of a kind that stands on a version, in force unless other states are asked for."""
    wanted = states or (NoticeState.IN_FORCE,)
    found = sa.select(VersionNotice).where(
        VersionNotice.version_id == version_id, VersionNotice.kind == kind, VersionNotice.state.in_(wanted)
    )
    return db.session.scalar(found.order_by(VersionNotice.id.desc()))


def list_notices(protocol_id: int) -> Sequence[VersionNotice]:
    """Every notice on any version of a protocol, the latest first."""
    found = sa.select(VersionNotice).join(ProtocolVersion, ProtocolVersion.id == VersionNotice.version_id)
    return db.session.scalars(
        found.where(ProtocolVersion.protocol_id == protocol_id).order_by(VersionNotice.id.desc())
    ).all()


def list_open_notices() -> Sequence[VersionNotice]:
    """Concerns that stand and withdrawals that wait for the second chief editor, the oldest first."""
    waits = (VersionNotice.kind == NoticeKind.CONCERN) & (VersionNotice.state == NoticeState.IN_FORCE)
    proposed = VersionNotice.state == NoticeState.PROPOSED
    return db.session.scalars(
        sa.select(VersionNotice).where(waits | proposed).order_by(VersionNotice.id)
    ).all()


def list_ending(before: datetime) -> Sequence[VersionNotice]:
    """Concerns in force that run out before a moment."""
    found = sa.select(VersionNotice).where(
        VersionNotice.kind == NoticeKind.CONCERN,
        VersionNotice.state == NoticeState.IN_FORCE,
        VersionNotice.ends_at <= before,
    )
    return db.session.scalars(found.order_by(VersionNotice.id)).all()


def list_checks(version_id: int) -> Sequence[CurrencyCheck]:
    """Checks of a version, the latest first."""
    found = sa.select(CurrencyCheck).where(CurrencyCheck.version_id == version_id)
    return db.session.scalars(found.order_by(CurrencyCheck.id.desc())).all()


def find_rejection(version_id: int) -> Rejection | None:
    """The latest refusal of a version."""
    found = sa.select(Rejection).where(Rejection.version_id == version_id)
    return db.session.scalar(found.order_by(Rejection.id.desc()))


def may_still_appeal(rejection: Rejection, *, now: datetime) -> bool:
    """Once, within 30 days."""
    return rejection.appealed_at is None and now <= rejection.rejected_at + timedelta(days=APPEAL_DAYS)


def list_appeals() -> Sequence[tuple[Rejection, ProtocolVersion]]:
    """Appeals that wait for an answer, the oldest first."""
    found = sa.select(Rejection, ProtocolVersion).join(
        ProtocolVersion, ProtocolVersion.id == Rejection.version_id
    )
    waiting = Rejection.appealed_at.is_not(None), Rejection.answered_at.is_(None)
    rows = db.session.execute(found.where(*waiting).order_by(Rejection.appealed_at, Rejection.id))
    return [(row[0], row[1]) for row in rows]


def list_unconfirmed() -> Sequence[ProtocolVersion]:
    """Corrections that are live and wait for the chief editor of the other country, the oldest first."""
    agreed = sa.exists().where(
        PublicationApproval.version_id == ProtocolVersion.id,
        PublicationApproval.content_hash == ProtocolVersion.content_hash,
    )
    found = sa.select(ProtocolVersion).where(
        ProtocolVersion.state.in_(CURRENT), ProtocolVersion.change_type == ChangeType.CORRECTION, ~agreed
    )
    return db.session.scalars(found.order_by(ProtocolVersion.published_at, ProtocolVersion.id)).all()


def list_sent(kind: str, targets: Collection[int]) -> dict[int, dict[int, datetime]]:
    """Reminders that were sent: by target, each step with its moment."""
    found = sa.select(Reminder).where(Reminder.kind == kind, Reminder.target_id.in_(targets))
    sent: dict[int, dict[int, datetime]] = {}
    for row in db.session.scalars(found):
        sent.setdefault(row.target_id, {})[row.step] = row.sent_at
    return sent
