"""Transactions: one commit per verb, no change without an event, nothing half-written."""

import threading

import pytest
import sqlalchemy as sa

from portal.core import audit, jobs
from portal.core.db import UnrecordedChange, bookkeeping, on_commit, transaction
from portal.core.permissions import SYSTEM
from portal.extensions import db, keys


@transaction
def act(*, fail: bool = False) -> None:
    audit.record("thing.done", by=SYSTEM, target=("thing", 1), changes={"state": ["a", "b"]})
    if fail:
        raise RuntimeError("after the event")


def events() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(audit.AuditEvent)) or 0


def test_an_act_and_its_event_are_one(app):
    act()
    assert events() == 1


def test_a_fault_after_the_event_leaves_neither(app):
    with pytest.raises(RuntimeError):
        act(fail=True)
    assert events() == 0
    assert audit.verify() is None


def test_a_change_without_an_event_is_refused(app):
    @transaction
    def silent() -> None:
        db.session.add(_entry())

    with pytest.raises(UnrecordedChange):
        silent()
    assert events() == 0


def test_bookkeeping_may_not_touch_audited_tables(app):
    @bookkeeping
    def sly() -> None:
        db.session.execute(sa.insert(audit.AuditEvent).values(_values()))

    with pytest.raises(UnrecordedChange):
        sly()


def test_bookkeeping_of_jobs_needs_no_event(app):
    @bookkeeping
    def add() -> None:
        jobs.enqueue("nothing", {})

    add()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(jobs.Job)) == 1


def test_the_outermost_transaction_commits(app):
    @transaction
    def outer() -> None:
        act()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        outer()
    assert events() == 0


def test_calls_after_commit_run_once_and_not_after_a_rollback(app):
    calls = []

    @transaction
    def verb(*, fail: bool) -> None:
        on_commit(lambda: calls.append(1))
        act(fail=fail)

    with pytest.raises(RuntimeError):
        verb(fail=True)
    verb(fail=False)
    assert calls == [1]


def test_writers_in_parallel_leave_an_unbroken_chain(app):
    def write() -> None:
        with app.app_context():
            for _ in range(5):
                act()
            db.session.remove()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert events() == 20
    assert audit.verify() is None


def _values() -> dict:
    return {
        "seq": 1, "at": audit.utcnow(), "actor_id": 0, "acting_role": "", "event": "x", "object_type": "x",
        "object_id": "1", "country": "", "hash_before": "", "hash_after": "", "changes": "{}",
        "reason_code": "", "reason_text": "", "request_id": "", "mac": "0" * 64,
    }  # fmt: skip


def _entry() -> audit.AuditEvent:
    return audit.AuditEvent(**_values())


def test_entries_cannot_be_changed_or_deleted(app):
    act()
    for statement in ("UPDATE audit_event SET event = 'y'", "DELETE FROM audit_event"):
        with pytest.raises(sa.exc.IntegrityError, match="immutable"):
            db.session.execute(sa.text(statement))
        db.session.rollback()


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("UPDATE audit_event SET event = 'y' WHERE seq = 2", 2),
        ("UPDATE audit_event SET acting_role = 'z' WHERE seq = 3", 3),
        ("DELETE FROM audit_event WHERE seq = 2", 2),
        ("DELETE FROM audit_event WHERE seq = 4", 4),
        ("UPDATE audit_head SET seq = 3", 5),
    ],
)
def test_verification_names_the_entry_that_was_touched(app, statement, seq):
    for _ in range(4):
        act()
    of = " ON audit_event" if db.engine.dialect.name == "postgresql" else ""
    for verb in ("update", "delete"):
        db.session.execute(sa.text(f"DROP TRIGGER audit_event_no_{verb}{of}"))
    db.session.execute(sa.text(statement))
    assert audit.verify().seq == seq


def test_a_chain_made_without_the_key_does_not_hold(app):
    act()
    own = keys.audit
    keys.audit = bytes(32)
    try:
        assert audit.verify().seq == 1
    finally:
        keys.audit = own


def test_the_chain_reproduces_the_published_vector():
    own, keys.audit = keys.audit, bytes(range(32))
    body = '{"act":"login","actor":"u1","seq":1,"t":"2026-01-01T00:00:00Z"}'
    mac = audit.chain_mac(bytes(32), body).hex()
    keys.audit = own
    assert mac == "ff3bec7fda33c9f9d7c3e726bef546fe089eeb0284fd43db4b95457e36e8b0b5"
