"""Entries of what somebody read: chained like all others, without touching what the session holds."""

import threading

import sqlalchemy as sa

from portal.core import audit
from portal.core.db import transaction
from portal.core.permissions import SYSTEM
from portal.extensions import db


def entries() -> list[audit.AuditEvent]:
    return list(db.session.scalars(sa.select(audit.AuditEvent).order_by(audit.AuditEvent.seq)))


def read() -> None:
    audit.record_reading("thing.read", by=SYSTEM, target=("thing", 1))


@transaction
def act() -> None:
    audit.record("thing.done", by=SYSTEM, target=("thing", 1), changes={"state": ["a", "b"]})


def test_readings_and_acts_are_one_chain(app):
    for verb in (read, act, read):
        verb()
    assert [entry.event for entry in entries()] == ["thing.read", "thing.done", "thing.read"]
    assert audit.verify() is None


def test_reading_leaves_loaded_objects_as_they_are(app, actor):
    person = actor("researcher")
    assert person.name
    read()
    assert not sa.inspect(person).expired_attributes


def test_readers_and_writers_in_parallel_leave_an_unbroken_chain(app):
    def work(verb) -> None:
        with app.app_context():
            for _ in range(5):
                verb()
            db.session.remove()

    threads = [threading.Thread(target=work, args=(verb,)) for verb in (read, act, read, act)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(entries()) == 20
    assert audit.verify() is None


def test_changed_reading_is_named(app):
    for _ in range(3):
        read()
    db.session.execute(sa.text("DROP TRIGGER audit_event_no_update"))
    db.session.execute(sa.text("UPDATE audit_event SET object_id = '2' WHERE seq = 2"))
    db.session.commit()
    assert audit.verify() == audit.Break(2, "changed")
