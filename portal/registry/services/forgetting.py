"""Deleting everything that the store holds of one person. The caller sets the tombstone and records it."""

import sqlalchemy as sa

from portal.core.db import utcnow
from portal.extensions import db
from portal.registry.models import (
    Episode,
    EpisodeSensitive,
    ImportRow,
    Person,
    RuleResult,
    Snapshot,
    SnapshotMember,
)

WITHDRAWN = "person_withdrew"


def forget(programme_code: str, s: bytes) -> int:
    """Delete the person's episodes, waiting rows and memberships; returns the number of revisions deleted.

    Snapshots with the person become void. Published results stay: they hold at most one unit of the person,
    inside noise (privacy page).
    """
    own = sa.select(Episode.id).where(Episode.programme_code == programme_code, Episode.person_s == s)
    episodes = list(db.session.scalars(own))
    _void_snapshots(programme_code, s)
    for model in (RuleResult, EpisodeSensitive):
        db.session.execute(sa.delete(model).where(model.episode_id.in_(episodes)))
    db.session.execute(
        sa.delete(ImportRow).where(ImportRow.programme_code == programme_code, ImportRow.person_s == s)
    )
    db.session.execute(sa.delete(Episode).where(Episode.id.in_(episodes)))
    db.session.execute(sa.delete(Person).where(Person.programme_code == programme_code, Person.s == s))
    return len(episodes)


def _void_snapshots(programme_code: str, s: bytes) -> None:
    member = (SnapshotMember.programme_code == programme_code, SnapshotMember.s == s)
    inside = sa.select(SnapshotMember.snapshot_id).where(*member)
    db.session.execute(
        sa.update(Snapshot)
        .where(Snapshot.id.in_(inside), Snapshot.void_at.is_(None))
        .values(void_at=utcnow(), void_reason=WITHDRAWN)
    )
    db.session.execute(sa.delete(SnapshotMember).where(*member))
