"""Notices: who is told, how soon, in which rhythm; what is kept of it; digests; ending the mails."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from factories import make_user

from portal.accounts import queries
from portal.accounts.services import digests, notices, roles
from portal.accounts.services.subscriptions import follow
from portal.accounts.services.telling import tell_followers
from portal.core import jobs
from portal.core.db import bookkeeping, utcnow
from portal.core.errors import NotFound
from portal.core.notify import notify
from portal.core.notify.tables import Notice
from portal.core.notify.unsubscribing import make_link_token
from portal.extensions import db

NOW = datetime(2026, 11, 24, 5, tzinfo=UTC)  # a Tuesday
tell = bookkeeping(notify)
tell_all = bookkeeping(tell_followers)
ACCEPTED = {"public_id": "PR-0001"}


def mails():
    """Arguments of the mails that wait to be sent."""
    rows = db.session.scalars(
        sa.select(jobs.Job.args).where(jobs.Job.name == "mail", jobs.Job.state == "queued")
    )
    return [json.loads(row) for row in rows.all()]


def wants(person, key, rhythm, *, on_site=True):
    notices.choose({key: (rhythm, on_site)}, by=person)


def test_a_notice_is_a_row_that_its_reader_alone_sees(app):
    reader, other = make_user(), make_user()
    notice = tell(reader, "protocol_accepted", ACCEPTED)
    assert (queries.count_unread(reader.id), queries.count_unread(other.id)) == (1, 0)
    assert queries.find_notice(notice.id, other.id) is None
    with pytest.raises(NotFound):
        notices.mark_read(notice.id, by=other, now=NOW)
    notices.mark_read(notice.id, by=reader, now=NOW)
    notices.mark_read(notice.id, by=reader, now=NOW + timedelta(days=1))
    assert (queries.count_unread(reader.id), notice.read_at) == (0, NOW)


def test_everything_is_marked_as_read_at_once_for_the_reader_alone(app):
    reader, other = make_user(), make_user()
    for person in (reader, reader, other):
        tell(person, "protocol_accepted", ACCEPTED)
    notices.mark_all_read(by=reader, now=NOW)
    assert (queries.count_unread(reader.id), queries.count_unread(other.id)) == (0, 1)


def test_a_link_that_opens_an_account_is_never_kept_with_the_notice(app):
    reader = make_user()
    notice = tell(reader, "reset", {"token": "secret"})
    assert (notice.values, notice.on_site) == ({}, False)
    assert mails()[0]["values"] == {"token": "secret"}


def test_the_reader_chooses_the_rhythm_and_the_place(app):
    reader = make_user()
    wants(reader, "protocol_accepted", "weekly")
    assert (tell(reader, "protocol_accepted", ACCEPTED).mail_state, mails()) == ("waiting", [])
    wants(reader, "protocol_accepted", "never", on_site=False)
    quiet = tell(reader, "protocol_accepted", ACCEPTED)
    assert (quiet.mail_state, quiet.on_site, mails()) == ("none", False, [])
    wants(reader, "protocol_accepted", "at_once")
    assert tell(reader, "protocol_accepted", ACCEPTED).mail_state == "queued"
    assert len(mails()) == 1


@pytest.mark.parametrize("key", ["password_changed", "new_device", "reset"])
def test_mails_about_the_safety_of_the_account_cannot_be_switched_off(app, key):
    reader = make_user()
    wants(reader, key, "never", on_site=False)
    notices.unsubscribe(make_link_token(reader.id, key))
    assert tell(reader, key, {"token": "1"}).mail_state == "queued"
    assert len(mails()) == 1


def test_a_digest_holds_what_waits_and_is_posted_once(app):
    reader, other = make_user(language="fa"), make_user()
    wants(reader, "protocol_accepted", "daily")
    told = [tell(reader, "protocol_accepted", ACCEPTED).id for _ in range(3)]
    assert digests.send_digests("daily", now=NOW) == 1
    assert digests.send_digests("daily", now=NOW) == 0
    (mail,) = mails()
    assert (mail["to"], mail["language"], mail["key"], mail["notices"]) == (
        reader.email,
        "fa",
        "digest",
        told,
    )
    assert queries.count_unread(other.id) == 0


def test_nothing_is_sent_when_nothing_is_new_or_everything_was_read(app):
    reader = make_user()
    wants(reader, "protocol_accepted", "weekly")
    tell(reader, "protocol_accepted", ACCEPTED)
    notices.mark_all_read(by=reader, now=NOW)
    assert (digests.send_digests("weekly", now=NOW), mails()) == (0, [])


def test_who_has_no_active_account_gets_no_digest(app):
    reader = make_user()
    wants(reader, "protocol_accepted", "weekly")
    tell(reader, "protocol_accepted", ACCEPTED)
    _close(reader)
    assert digests.send_digests("weekly", now=NOW) == 0


@bookkeeping
def _close(person):
    db.session.execute(sa.text("UPDATE user SET state = 'disabled' WHERE id = :id"), {"id": person.id})
    db.session.expire_all()


def test_administrators_get_the_head_of_the_audit_once_it_has_moved(app):
    administrator, reader = make_user("country_admin"), make_user()
    assert digests.send_digests("weekly", now=NOW) == 1
    (mail,) = mails()
    head, notice = queries.find_audit_head(), queries.find_last_notice(administrator.id, "audit_head")
    assert (mail["to"], notice.values) == (administrator.email, {"seq": head.seq, "mac": head.mac})
    assert digests.send_digests("weekly", now=NOW + timedelta(days=7)) == 0
    make_user()
    assert digests.send_digests("weekly", now=NOW + timedelta(days=14)) == 1
    assert queries.find_last_notice(reader.id, "audit_head") is None


@pytest.mark.parametrize(
    ("now", "daily", "weekly"),
    [
        (datetime(2026, 11, 24, 3, 59, tzinfo=UTC), "digest:2026-11-23", "digest-week:2026-11-23"),
        (datetime(2026, 11, 24, 4, tzinfo=UTC), "digest:2026-11-24", "digest-week:2026-11-23"),
        (datetime(2026, 11, 30, 3, tzinfo=UTC), "digest:2026-11-29", "digest-week:2026-11-23"),
        (datetime(2026, 11, 30, 4, tzinfo=UTC), "digest:2026-11-30", "digest-week:2026-11-30"),
    ],
)
def test_a_round_has_the_name_of_its_day(now, daily, weekly):
    assert (jobs.CALENDAR["digest"].key(now), jobs.CALENDAR["digest-week"].key(now)) == (daily, weekly)


def test_several_processes_begin_a_round_once_and_a_finished_one_is_not_begun_again(app):
    for _ in range(3):
        jobs.tick(now=NOW)
    names = {entry.task for entry in jobs.CALENDAR.values()}
    begun = db.session.scalars(sa.select(jobs.Job.dedupe).where(jobs.Job.name.in_(names))).all()
    assert len(begun) == len(jobs.CALENDAR)
    assert jobs.run_until_idle(("default",)) == len(begun)
    jobs.tick(now=NOW)
    assert jobs.run_until_idle(("default",)) == 0
    jobs.tick(now=NOW + timedelta(days=1))
    assert "digest:2026-11-25" in db.session.scalars(sa.select(jobs.Job.dedupe)).all()


def test_a_link_in_a_mail_ends_the_mails_of_its_kind(app):
    reader = make_user()
    assert notices.unsubscribe(make_link_token(reader.id, "protocol_accepted")) == "protocol_accepted"
    notice = tell(reader, "protocol_accepted", ACCEPTED)
    assert (notice.mail_state, notice.on_site, mails()) == ("none", True, [])
    assert tell(reader, "review_invited", {}).mail_state == "queued"


def test_a_link_in_a_digest_ends_digests_and_what_waits_for_them(app):
    reader = make_user()
    wants(reader, "protocol_accepted", "weekly")
    tell(reader, "protocol_accepted", ACCEPTED)
    notices.unsubscribe(make_link_token(reader.id, "digest"))
    assert digests.send_digests("weekly", now=NOW) == 0
    assert tell(reader, "protocol_accepted", ACCEPTED).mail_state == "none"
    assert tell(reader, "review_invited", {}).mail_state == "queued"
    assert queries.count_unread(reader.id) == 3


@pytest.mark.parametrize("token", ["", "x", "gAAAAA", make_link_token.__name__])
def test_a_link_that_was_not_made_here_ends_nothing(app, token):
    with pytest.raises(NotFound):
        notices.unsubscribe(token)


def test_followers_of_several_things_are_told_once_in_the_soonest_rhythm_they_chose(app, monkeypatch):
    from portal.core.notify import telling
    from portal.core.notify.kinds import Group, Kind

    monkeypatch.setattr(telling, "kind_of", lambda key: Kind(key, Group.FOLLOWED))
    reader, late, author = make_user(), make_user(), make_user()
    for person, kind, target, rhythm in (
        (reader, "protocol", "PR-0001", "weekly"), (reader, "country", "IR", "at_once"), (late, "country", "IR", "daily"),
        (author, "protocol", "PR-0001", "at_once"),
    ):  # fmt: skip
        follow(kind, target, by=person, now=utcnow(), rhythm=rhythm)
    things = [("protocol", "PR-0001"), ("country", "IR")]
    assert tell_all(things, "protocol_published", ACCEPTED, but={author.id}) == 2
    told = {n.user_id: n.rhythm for n in db.session.scalars(sa.select(Notice))}
    assert told == {reader.id: "at_once", late.id: "daily"}


def test_who_gets_or_loses_a_role_is_told(app):
    administrator, person = make_user("country_admin"), make_user("clinician")
    roles.change_roles(person, frozenset({"editor"}), by=administrator, now=utcnow())
    told = [
        (n.key, n.values) for n in db.session.scalars(sa.select(Notice).where(Notice.user_id == person.id))
    ]
    assert told == [("role_granted", {"role": "editor"}), ("role_revoked", {"role": "clinician"})]


def test_old_notices_are_forgotten(app):
    reader = make_user()
    tell(reader, "protocol_accepted", ACCEPTED)
    digests.send_digests("weekly", now=utcnow() + timedelta(days=401))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Notice)) == 0
