"""Shared by tests of a version's life: later moments, mails that wait, a replacement, an administrator."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from factories import make_user
from protocol_world import NOW, World, bring_to, make_draft

from portal.accounts.models import User
from portal.accounts.services.subscriptions import follow
from portal.core.audit import AuditEvent
from portal.core.notify.tables import Notice
from portal.extensions import db
from portal.protocols.models import ProtocolVersion, ReviewAssignment
from portal.protocols.queries.versions import list_assignments
from portal.protocols.services.concerns import Reason

HARM = Reason("harm", "Two people were sedated after the first dose.")
CONCERN = Reason("dose", "The first dose may be too high.")


def later(days: float) -> Any:
    return NOW + timedelta(days=days)


def mails() -> list[tuple[str, str]]:
    """(key, address) of what people were told, in its order."""
    found = db.session.execute(sa.select(Notice.key, Notice.user_id).order_by(Notice.id))
    return [(key, db.session.get_one(User, person).email) for key, person in found if person]


def told(key: str) -> set[str]:
    return {address for name, address in mails() if name == key}


def events(public_id: str) -> list[str]:
    found = sa.select(AuditEvent.event).where(AuditEvent.object_id == public_id).order_by(AuditEvent.seq)
    return list(db.session.scalars(found))


def make_follower(public_id: str) -> User:
    person = make_user("clinician")
    follow("protocol", public_id, by=person, now=NOW)
    return person


def in_review(world: World) -> ProtocolVersion:
    return bring_to(world, make_draft(world), "in_review")


def task_of(version: ProtocolVersion, person: User, kind: str = "clinical") -> ReviewAssignment:
    return next(a for a in list_assignments(version.id) if (a.reviewer_id, a.kind) == (person.id, kind))
