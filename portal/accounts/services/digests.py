"""Digests: what was not urgent, once a day or once a week, in one letter and only when there is something."""

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from portal.accounts import queries
from portal.core import jobs
from portal.core.db import bookkeeping, utcnow
from portal.core.notify import notify, post_digest
from portal.core.notify.kinds import Rhythm
from portal.core.notify.tables import Notice
from portal.core.permissions import Role
from portal.extensions import db

TASK: Final = "accounts.digest"
KEPT: Final = timedelta(days=400)
MONDAY_ROUND: Final = {"rhythm": Rhythm.WEEKLY}

jobs.periodic(jobs.Periodic("digest", TASK, "day", args={"rhythm": Rhythm.DAILY}))
jobs.periodic(jobs.Periodic("digest-week", TASK, "week", args=MONDAY_ROUND))


@jobs.task(TASK)
def run(args: dict[str, Any]) -> None:
    send_digests(args["rhythm"], now=utcnow())


@bookkeeping
def send_digests(rhythm: str, *, now: datetime) -> int:
    """Post one letter to everybody whose notices wait; returns how many. A second call finds nothing."""
    if rhythm == Rhythm.WEEKLY:
        _tell_administrators()
        _forget_old(now)
    waiting = queries.list_waiting_notices(rhythm)
    people = queries.list_active(set(waiting))
    for person in people:
        post_digest(person, waiting[person.id], rhythm)
    return len(people)


def _tell_administrators() -> None:
    """The head of the audit, for whoever answers for it: kept outside the machine, it shows a cut tail."""
    head = queries.find_audit_head()
    for person in queries.list_holders(Role.COUNTRY_ADMIN, Role.SYSTEM_ADMIN):
        last = queries.find_last_notice(person.id, "audit_head")
        if last is None or last.values.get("seq") != head.seq:
            notify(person, "audit_head", {"seq": head.seq, "mac": head.mac})


def _forget_old(now: datetime) -> None:
    db.session.execute(sa.delete(Notice).where(Notice.created_at < now - KEPT))
