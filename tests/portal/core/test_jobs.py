"""Jobs: each runs once, a failed one is retried with a pause, a lost lease writes nothing."""

from datetime import timedelta

import pytest

from portal.core import jobs
from portal.core.db import bookkeeping, utcnow
from portal.core.errors import Conflict
from portal.extensions import db


@bookkeeping
def add(name: str, **more) -> None:
    jobs.enqueue(name, {"n": 1}, **more)


@pytest.fixture
def ran(monkeypatch):
    calls = []
    monkeypatch.setitem(jobs.TASKS, "note", calls.append)
    return calls


def test_a_job_runs_once_and_forgets_its_arguments(app, ran):
    add("note")
    assert jobs.run_until_idle() == 1
    assert jobs.run_until_idle() == 0
    job = db.session.get_one(jobs.Job, 1)
    assert (ran, job.state, job.args) == ([{"n": 1}], "done", "{}")


def test_a_waiting_job_with_the_same_key_is_enough(app, ran):
    add("note", dedupe="daily")
    add("note", dedupe="daily")
    assert jobs.run_until_idle() == 1
    add("note", dedupe="daily")
    assert jobs.run_until_idle() == 1


def test_a_failed_job_waits_and_comes_again_until_worn_out(app, monkeypatch):
    monkeypatch.setitem(jobs.TASKS, "fails", lambda _args: 1 / 0)
    add("fails")
    now = utcnow()
    for attempt in range(5):
        assert jobs.run_one(("default",), now=now + timedelta(hours=2 * attempt))
        assert not jobs.run_one(("default",), now=now + timedelta(hours=2 * attempt))
    job = db.session.get_one(jobs.Job, 1)
    assert (job.attempts, job.error) == (5, "ZeroDivisionError")
    assert (job.state, job.args) == ("failed", "{}")
    assert not jobs.run_one(("default",), now=now + timedelta(days=2))


def test_a_mail_survives_a_relay_that_rests_for_two_hours(app, monkeypatch):
    sent, start = [], utcnow()
    awake = {"at": start + timedelta(hours=2)}

    def send(args):
        if awake["now"] < awake["at"]:
            raise OSError("no relay")
        sent.append(args)

    monkeypatch.setitem(jobs.TASKS, "sends", send)
    add("sends")
    for minutes in range(240):
        awake["now"] = start + timedelta(minutes=minutes)
        jobs.run_one(("default",), now=awake["now"])
    assert sent == [{"n": 1}]


def test_a_killed_worker_s_job_is_taken_up_after_its_lease(app, ran):
    add("note")
    now = utcnow()
    assert jobs.claim(("default",), now=now)
    assert jobs.claim(("default",), now=now + timedelta(seconds=30)) is None
    assert jobs.run_one(("default",), now=now + timedelta(seconds=61))
    assert len(ran) == 1


def test_who_lost_the_lease_writes_nothing(app, ran):
    add("note")
    now = utcnow()
    old = jobs.claim(("default",), now=now)
    jobs.claim(("default",), now=now + timedelta(seconds=61))
    jobs.finish(old[0], old[1], error="", now=now + timedelta(seconds=62))
    assert db.session.get_one(jobs.Job, 1).state == "running"


def test_release_jobs_are_not_taken_by_the_web_process(app, ran):
    add("note", queue="release")
    assert jobs.run_until_idle() == 0


def test_a_refusal_by_a_rule_ends_the_job_at_once(app, monkeypatch):
    def refuse(_args):
        raise Conflict("snapshot_changed", name="2026H1")

    monkeypatch.setitem(jobs.TASKS, "refuses", refuse)
    add("refuses", dedupe="one")
    assert jobs.run_until_idle() == 1
    assert jobs.run_until_idle(now=utcnow() + timedelta(hours=2)) == 0
    job = jobs.find_job("one")
    assert (job.state, job.error, job.attempts, job.args) == ("failed", "snapshot_changed", 1, "{}")


def test_a_job_that_failed_for_good_may_be_asked_for_again(app, ran, monkeypatch):
    monkeypatch.setitem(jobs.TASKS, "refuses", lambda _args: (_ for _ in ()).throw(Conflict("x")))
    add("refuses", dedupe="one")
    jobs.run_until_idle()
    add("note", dedupe="one")
    assert jobs.find_job("one").name == "note"
    assert jobs.run_until_idle() == 1
    assert jobs.find_job("one") is None
