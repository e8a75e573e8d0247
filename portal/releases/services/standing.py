"""Where an edition stands: what is frozen, which approvals of exactly that still hold, whether it is void."""

import hashlib
from datetime import datetime

import sqlalchemy as sa

from portal.extensions import db
from portal.registry.models import Snapshot
from portal.releases import queries
from portal.releases.models import EditionFreeze
from portal.releases.workflow import DISCARDED, EXPIRED, FROZEN, NEW, PUBLISHED, Standing, has_run_out


def standing_of(name: str, *, now: datetime) -> Standing:
    """State of an edition with the approvals of its latest freeze that have not expired."""
    if queries.find_edition(name) is not None:
        return Standing(PUBLISHED)
    freeze = queries.find_freeze(name)
    if freeze is None:
        return Standing(NEW)
    snapshot = db.session.get_one(Snapshot, freeze.snapshot_id)
    if snapshot.void_reason == DISCARDED:
        return Standing(DISCARDED)
    if has_run_out(freeze.frozen_at, now=now):
        return Standing(EXPIRED)
    since = _closed_at(name)
    approvals = tuple(
        approval
        for approval in queries.list_approvals(name, binding_of(freeze), now=now)
        if since is None or approval.approved_at > since
    )
    return Standing(FROZEN, approvals, void=snapshot.void_at is not None)


def _closed_at(name: str) -> datetime | None:
    """When a freeze of this name was last given up or ran out: approvals of that time are void for good."""
    closed = sa.select(sa.func.max(Snapshot.void_at)).where(Snapshot.edition == name)
    return db.session.scalar(closed.where(Snapshot.void_reason.in_((DISCARDED, EXPIRED))))


def open_freezes(*, now: datetime) -> list[EditionFreeze]:
    """Freezes that wait for approval or for the build, newest first: one, or none."""
    return [f for f in queries.list_freezes() if standing_of(f.edition, now=now).state == FROZEN]


def binding_of(freeze: EditionFreeze) -> str:
    """What an approval is bound to: any change of content, catalogue or parameters voids it."""
    parts = (freeze.edition, freeze.digest, freeze.catalogue_version, freeze.parameter_hash)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
