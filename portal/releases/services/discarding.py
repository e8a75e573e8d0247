"""DISCARD: a freeze that nobody publishes is given up, or its time runs out. Its snapshot and key go."""

from datetime import datetime
from functools import partial
from typing import Any, Final

import sqlalchemy as sa

from portal.accounts.queries import find_user
from portal.core import jobs
from portal.core.audit import record
from portal.core.db import on_commit, transaction, utcnow
from portal.core.errors import NotFound
from portal.core.permissions import Actor
from portal.core.workflow import check
from portal.extensions import db
from portal.registry.models import Snapshot, SnapshotMember
from portal.releases import queries
from portal.releases.models import EditionFreeze
from portal.releases.policies import check_can_discard
from portal.releases.services.standing import standing_of
from portal.releases.services.store import destroy_key, drop_snapshot
from portal.releases.workflow import DISCARDED, EXPIRED, TRANSITIONS, check_name, runs_out

JOB: Final = "edition.expire"


@transaction
def discard(name: str, *, by: Actor, now: datetime) -> None:
    """Give up a frozen edition: approvals bind nothing any more, snapshot and key are destroyed.

    Raises InvalidTransition when nothing is frozen, or it is published.
    """
    check_can_discard(by)
    check_name(name)
    check(TRANSITIONS, standing_of(name, now=now), "discard")
    frozen = queries.find_freeze(name)
    assert frozen is not None  # the state says so
    _close(frozen, DISCARDED, now=now)
    record("edition.discarded", by=by, target=("edition", name), hash_before=frozen.digest)


@transaction
def clear_expired(*, by: Actor, now: datetime, but: str = "") -> None:
    """Destroy snapshot and key of every freeze whose time has run out; `but` names one that is frozen anew.

    What a machine that stopped at the wrong moment left of one given up goes as well.
    """
    for frozen in queries.list_freezes():
        state = standing_of(frozen.edition, now=now).state
        if frozen.edition == but or state not in (DISCARDED, EXPIRED):
            continue
        if _reason(frozen) in (DISCARDED, EXPIRED):
            _remove_files(frozen)
            continue
        _close(frozen, EXPIRED, now=now)
        record("edition.expired", by=by, target=("edition", frozen.edition), hash_before=frozen.digest)


def expire_later(frozen: EditionFreeze) -> None:
    """Queue the clearing for the moment at which the time of a freeze runs out."""
    db.session.flush()
    key = f"{JOB}:{frozen.id}"
    jobs.enqueue(JOB, {"by": frozen.frozen_by}, queue="release", dedupe=key)
    job = jobs.find_job(key)
    assert job is not None  # just queued
    job.run_at = runs_out(frozen.frozen_at)


def expire(args: dict[str, Any]) -> None:
    """The job, as the person who froze. A second run finds nothing left."""
    person = find_user(int(args["by"]))
    if person is None:
        raise NotFound("unknown_account")
    clear_expired(by=person, now=utcnow())


def _close(frozen: EditionFreeze, reason: str, *, now: datetime) -> None:
    snapshot = db.session.get_one(Snapshot, frozen.snapshot_id)
    snapshot.void_at, snapshot.void_reason = snapshot.void_at or now, reason
    members = sa.delete(SnapshotMember).where(SnapshotMember.snapshot_id == snapshot.id)
    db.session.execute(members.execution_options(synchronize_session=False))
    _remove_files(frozen)


def _remove_files(frozen: EditionFreeze) -> None:
    on_commit(partial(drop_snapshot, frozen.edition, frozen.digest))
    on_commit(partial(destroy_key, frozen.edition))


def _reason(frozen: EditionFreeze) -> str:
    return db.session.get_one(Snapshot, frozen.snapshot_id).void_reason
