"""Mail through a real SMTP server on loopback: delivered, refused, relay down and back, ended by its link."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from factories import make_user
from notice_world import Relay, free_port, relay, text_of

from portal.accounts.services import digests, notices
from portal.config import Smtp
from portal.core import jobs
from portal.core.db import bookkeeping, utcnow
from portal.core.notify import compose, notify
from portal.core.notify.tables import Notice
from portal.extensions import db

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
tell = bookkeeping(notify)
ACCEPTED = {"public_id": "PR-0001"}


@pytest.fixture
def post(app):
    """The server's handler; mail goes to it."""
    handler = Relay()
    with relay(app, handler):
        yield handler


def state(notice):
    db.session.rollback()
    return db.session.get_one(Notice, notice.id, populate_existing=True).mail_state


def test_a_mail_is_delivered_in_the_recipients_language_and_noted_as_sent(app, post):
    reader = make_user(language="fa")
    notice = tell(reader, "review_invited", {"public_id": "PR-0001", "due_on": "2026-12-08"})
    jobs.run_until_idle(("mail",))
    (letter,) = post.letters
    assert (letter["To"], letter["Content-Language"]) == (reader.email, "fa")
    assert "PR-0001" in letter["Subject"]
    assert re.search("[آ-ی]", letter["Subject"])
    assert "۱۷ آذر ۱۴۰۵" in text_of(letter)
    assert (letter.get_content_type(), state(notice)) == ("multipart/alternative", "sent")
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    assert re.fullmatch(r"<job-\d+-[0-9a-f]{16}@localhost>", letter["Message-ID"])


def test_a_refused_recipient_is_noted_and_not_tried_again(app, post):
    reader = make_user()
    post.refused.add(reader.email)
    notice = tell(reader, "protocol_accepted", ACCEPTED)
    jobs.run_until_idle(("mail",), now=utcnow())
    job = db.session.scalars(sa.select(jobs.Job)).one()
    assert (state(notice), job.state, job.attempts, job.error) == ("failed", "failed", 1, "address_refused")
    assert job.args == "{}"


def test_a_relay_that_is_down_is_waited_for_and_the_mail_keeps_its_number(app):
    reader, handler, port = make_user(), Relay(), free_port()
    app.config["SMTP"], kept = Smtp(host="127.0.0.1", port=port), app.config["SMTP"]
    try:
        notice = tell(reader, "protocol_accepted", ACCEPTED)
        jobs.run_until_idle(("mail",))
        assert state(notice) == "queued"
        with relay(app, handler, port):
            handler.busy = True
            assert jobs.run_one(("mail",), now=utcnow() + timedelta(minutes=5))
            assert state(notice) == "queued"
            handler.busy = False
            assert jobs.run_one(("mail",), now=utcnow() + timedelta(hours=1))
    finally:
        app.config["SMTP"] = kept
    assert (len(handler.letters), state(notice)) == (1, "sent")


def test_a_mail_that_no_relay_ever_took_is_noted_as_failed(app):
    app.config["SMTP"], kept = Smtp(host="127.0.0.1", port=free_port()), app.config["SMTP"]
    try:
        notice = tell(make_user(), "protocol_accepted", ACCEPTED)
        for attempt in range(5):
            jobs.run_one(("mail",), now=utcnow() + timedelta(hours=3 * attempt))
    finally:
        app.config["SMTP"] = kept
    assert state(notice) == "failed"


def test_a_job_that_comes_again_is_the_same_mail_or_none(app, post):
    notice = tell(make_user(), "protocol_accepted", ACCEPTED)
    now = utcnow()
    number, _attempt, name, args = jobs.claim(("mail",), now=now)
    token = jobs._running.set(number)
    try:
        jobs.TASKS[name](args)
        jobs.TASKS[name](args)
        assert (len(post.letters), state(notice)) == (1, "sent")
        _forget(notice)  # the worker was killed between the relay's yes and the note
        jobs.TASKS[name](args)
    finally:
        jobs._running.reset(token)
    first, second = (letter["Message-ID"] for letter in post.letters)
    assert first == second


@bookkeeping
def _forget(notice):
    db.session.get_one(Notice, notice.id).mail_state = "queued"


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_a_digest_is_one_letter_in_the_readers_language(app, post, language):
    reader = make_user(language=language)
    notices.choose({"protocol_accepted": ("weekly", True)}, by=reader)
    told = [tell(reader, "protocol_accepted", {"public_id": f"PR-000{n}"}) for n in (1, 2, 3)]
    digests.send_digests("weekly", now=utcnow())
    jobs.run_until_idle(("mail",))
    (letter,) = post.letters
    text = text_of(letter)
    assert ("۳" if language == "fa" else "3") in letter["Subject"]
    assert [f"PR-000{n}" in text for n in (1, 2, 3)] == [True] * 3
    assert f"/{language}/" in text
    assert {state(notice) for notice in told} == {"sent"}


def test_the_link_of_a_mail_ends_its_kind_with_one_click_and_without_a_login(app, client, post):
    reader = make_user(language="ru")
    tell(reader, "protocol_accepted", ACCEPTED)
    jobs.run_until_idle(("mail",))
    letter = post.letters[0]
    path = re.fullmatch(r"<http://localhost:8000(/ru/unsubscribe/\S+)>", letter["List-Unsubscribe"])[1]
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    shown = re.search(r"http://localhost:8000(/ru/unsubscribe/[^\s\u2069]+)", text_of(letter))[1]
    assert client.get(shown).status_code == 200
    assert tell(reader, "protocol_accepted", ACCEPTED).mail_state == "queued"  # looking changes nothing
    answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert tell(reader, "protocol_accepted", ACCEPTED).mail_state == "none"


def test_mails_about_the_account_carry_no_link_that_ends_them(app, post):
    tell(make_user(), "password_changed")
    jobs.run_until_idle(("mail",))
    assert post.letters[0]["List-Unsubscribe"] is None
    assert "unsubscribe" not in text_of(post.letters[0])


@pytest.mark.parametrize(
    "value", ["PR\r\nBcc: all@example.org", "PR\nX-Evil: 1\n\nbody", "PR\u2028Bcc: x", "PR\x00\x0bBcc: x"]
)
def test_a_value_never_becomes_a_header(app, value):
    letter = compose("a@example.org", "en", "protocol_accepted", {"public_id": value})
    assert "Bcc" not in letter
    assert "X-Evil" not in letter
    raw = bytes(letter).split(b"\n\n")[0]
    assert not re.search(rb"^(Bcc|X-Evil):", raw, re.MULTILINE)


def test_a_subject_of_another_script_is_encoded_and_reads_back(app, post):
    tell(make_user(language="fa"), "protocol_accepted", ACCEPTED)
    jobs.run_until_idle(("mail",))
    raw = bytes(post.letters[0])
    assert b"Subject: =?utf-8?" in raw
    assert all(byte < 128 for byte in raw.split(b"\n\n")[0])
