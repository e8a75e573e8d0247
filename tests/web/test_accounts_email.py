"""Changing the own e-mail address: a link to the new one, a note to the old one, nothing told to others."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy as sa
from factories import PASSWORD, make_user
from web.journey import send, sign_in_by_pages

from portal.accounts import queries
from portal.accounts.models import AccountToken, LoginSession
from portal.accounts.services import address, registration
from portal.core import jobs
from portal.core.audit import AuditEvent
from portal.core.db import bookkeeping, utcnow
from portal.core.errors import NotFound
from portal.extensions import db

FORM, NEW = "/en/me/email", "new.place@example.org"


@pytest.fixture
def mails(app):
    """`mails()`: what was sent since, as (to, text)."""
    folder = Path(app.config["OUTBOX"])
    for file in folder.glob("*.eml"):
        file.unlink()

    def sent():
        jobs.run_until_idle(["mail"])
        files = sorted(folder.glob("*.eml"))
        found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        for file in files:
            file.unlink()
        return [(m["To"], m.get_body(("plain",)).get_content()) for m in found]

    return sent


def link_in(mails):
    ((to, text),) = mails()
    return to, re.search(r"/en/me/email/\S+", text)[0]


def ask(client, new=NEW):
    return send(client, FORM, email=new)


@bookkeeping
def age(model, **values):
    db.session.execute(sa.update(model).values(**values))


def test_a_new_address_counts_once_its_link_was_opened(client, sign_in, mails):
    user = sign_in(client, "clinician")
    old, other = user.email, client.application.test_client()
    sign_in(other, user=user)
    answer = ask(client)
    assert answer.location == "/en/me"
    assert queries.find_user(user.id).email == old
    to, link = link_in(mails)
    assert to == NEW
    assert client.get(link).status_code == 200
    assert queries.find_user(user.id).email == old  # looking changes nothing
    assert send(client, link).location == "/en/me"
    db.session.expire_all()
    assert queries.find_by_email(NEW).id == user.id
    assert queries.find_by_email(old) is None
    ((told, text),) = mails()
    assert (told, NEW in text) == (old, False)
    assert client.get("/en/me").status_code == 200
    assert other.get("/en/me").status_code == 302
    events = db.session.scalars(sa.select(AuditEvent.event).where(AuditEvent.object_id == str(user.id))).all()
    assert "account.email_changed" in events


def test_the_person_signs_in_with_the_new_address_alone(client, sign_in, mails):
    user = sign_in(client, "member", totp_secret=None)
    old = user.email
    ask(client)
    send(client, link_in(mails)[1])
    send(client, "/en/sign-out", form_at="/en/me")
    assert send(client, "/en/sign-in", email=old, password=PASSWORD).status_code == 422
    db.session.expire_all()
    assert sign_in_by_pages(client, queries.find_by_email(NEW)).status_code == 302


def test_r7_asking_answers_alike_for_an_address_with_an_account(client, sign_in, mails):
    make_user(email="known@example.org")
    user = sign_in(client, "clinician")
    pages = []
    for new in ("known@example.org", NEW):
        answer = ask(client, new)
        pages.append((answer.status_code, answer.location, client.get("/en/me").text.count("is on its way")))
    assert pages == [(302, "/en/me", 1)] * 2
    sent = dict(mails())
    assert "/me/email/" not in sent["known@example.org"]
    assert "/me/email/" in sent[NEW]
    assert user.email not in sent["known@example.org"]


@pytest.mark.parametrize("spelling", ["KNOWN@example.org", " known@example.org "])
def test_another_spelling_of_a_known_address_gets_no_link(client, sign_in, mails, spelling):
    make_user(email="known@example.org")
    sign_in(client, "clinician")
    ask(client, spelling)
    assert all("/me/email/" not in text for _to, text in mails())


def test_r11_changing_the_address_asks_again_after_five_minutes(client, sign_in, mails):
    sign_in(client, "clinician")
    age(LoginSession, fresh_at=utcnow() - timedelta(minutes=6))
    assert "/sign-in/again?next=/en/me/email" in client.get(FORM).location
    assert mails() == []


@pytest.mark.parametrize("new", ["", "no address", "a@b", "a b@example.org"])
def test_a_faulty_address_is_refused_and_stays_in_the_form(client, sign_in, mails, new):
    sign_in(client, "clinician")
    answer = ask(client, new)
    assert answer.status_code == 422
    assert f'value="{new}"' in answer.text
    assert mails() == []


def test_the_present_address_is_refused_in_words(client, sign_in, mails):
    user = sign_in(client, "clinician")
    answer = ask(client, user.email.upper())
    assert (answer.status_code, "present address of your account" in answer.text) == (422, True)
    assert mails() == []


def test_a_visitor_changes_nothing(client):
    assert "/sign-in?next=" in client.get(FORM).location
    assert "/sign-in?next=" in client.get("/en/me/email/x").location


def test_the_link_works_for_its_own_account_alone(client, sign_in, mails):
    user = sign_in(client, "clinician")
    ask(client)
    link = link_in(mails)[1]
    stranger = sign_in(client, "clinician")
    assert client.get(link).status_code == 404
    assert send(client, link, form_at="/en/me").status_code == 404
    token = link.rpartition("/")[2]
    with pytest.raises(NotFound):
        address.confirm_address(token, by=stranger, now=utcnow(), keep=None)
    assert registration.is_token_open("email", token, now=utcnow())  # the attempt has not used it up
    sign_in(client, user=user)
    assert send(client, link).location == "/en/me"


def test_r6_the_link_works_once_and_for_an_hour(client, sign_in, mails):
    user = sign_in(client, "clinician")
    ask(client)
    link = link_in(mails)[1]
    send(client, link)
    assert client.get(link).status_code == 404
    ask(client, "third@example.org")
    mails_of_third = [text for to, text in mails() if to == "third@example.org"]
    third = re.search(r"/en/me/email/\S+", mails_of_third[0])[0]
    age(AccountToken, expires_at=utcnow() - timedelta(seconds=1))
    assert client.get(third).status_code == 404
    db.session.expire_all()
    assert queries.find_user(user.id).email == NEW


def test_a_second_wish_ends_the_link_of_the_first(client, sign_in, mails):
    sign_in(client, "clinician")
    ask(client)
    first = link_in(mails)[1]
    ask(client, "third@example.org")
    mails()
    assert client.get(first).status_code == 404


def test_a_changed_link_is_dead(client, sign_in, mails):
    sign_in(client, "clinician")
    ask(client)
    link = link_in(mails)[1]
    for bad in (link[:-4] + "AAAA", link.rpartition(".")[0], link + "x", "/en/me/email/.", "/en/me/email/é"):
        assert client.get(bad).status_code == 404, bad


def test_an_address_taken_meanwhile_is_not_taken_twice(client, sign_in, mails):
    user = sign_in(client, "clinician")
    ask(client)
    link = link_in(mails)[1]
    make_user(email=NEW.upper())
    assert send(client, link).status_code == 404
    db.session.expire_all()
    assert queries.find_user(user.id).email != NEW


def test_links_for_a_password_sent_to_the_old_address_end(client, sign_in, mails):
    user = sign_in(client, "clinician")
    registration.ask_reset(user.email)
    ((_to, text),) = mails()
    reset = re.search(r"/en/password/\S+", text)[0]
    ask(client)
    send(client, link_in(mails)[1])
    assert client.get(reset).status_code == 404


def test_r8_wishes_for_another_address_are_throttled(client, sign_in):
    sign_in(client, "clinician")
    assert [ask(client, f"a{n}@example.org").status_code for n in range(6)] == [302] * 5 + [429]


def test_the_job_forgets_the_address(client, sign_in, mails):
    sign_in(client, "clinician")
    ask(client)
    mails()
    assert not db.session.scalars(sa.select(jobs.Job.args).where(jobs.Job.args.contains(NEW))).all()


def test_nobody_asks_for_another_account(actor):
    with pytest.raises(NotFound):
        address.ask_address(actor(), NEW, by=actor())
