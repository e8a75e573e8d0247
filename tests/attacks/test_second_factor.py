"""Attacks on the second factor: a stolen session that grew stale, a key that somebody saw, a password alone."""

from datetime import timedelta

import pytest
import time_machine
from factories import PASSWORD, make_user
from web.journey import send, sign_in_by_pages, token_of

from portal.accounts.rules import code_at, step_at
from portal.accounts.services import factor
from portal.core.db import utcnow
from portal.core.errors import Invalid
from portal.extensions import db


def code_of(secret, now):
    return code_at(factor._key(secret), step_at(now.timestamp()))


def test_a_stale_session_neither_sees_the_proposed_key_nor_takes_it_into_use(client, sign_in):
    user = sign_in(client, "clinician")
    held, secret = user.totp_secret, factor.propose_secret(user, by=user, now=utcnow())
    assert " ".join(secret[i : i + 4] for i in range(0, 32, 4)) in client.get("/en/second-factor").text
    token = token_of(client.get("/en/me"))
    with time_machine.travel(utcnow() + timedelta(minutes=6), tick=False):
        assert client.get("/en/second-factor").location.startswith("/en/sign-in/again?next=")
        form = {"code": code_of(secret, utcnow()), "csrf_token": token}
        assert "/sign-in/again" in client.post("/en/second-factor", data=form).location
    db.session.refresh(user)
    assert user.totp_secret == held


def test_a_proposed_key_runs_out_after_ten_minutes(app):
    user, now = make_user("clinician"), utcnow()
    secret = factor.propose_secret(user, by=user, now=now)
    late = now + timedelta(minutes=10)
    with pytest.raises(Invalid, match="key_expired"):
        factor.confirm_secret(user, code_of(secret, late), by=user, now=late)
    assert factor.propose_secret(user, by=user, now=late) != secret


def test_who_needs_longer_for_the_first_factor_makes_a_new_key(client):
    user = make_user("clinician", totp_secret=None)
    sign_in_by_pages(client, user)
    with time_machine.travel(utcnow() + timedelta(minutes=11), tick=False):
        page = client.get("/en/second-factor")
        assert "data:image/svg+xml" not in page.text
        client.post("/en/second-factor/new", data={"csrf_token": token_of(page)})
        assert "data:image/svg+xml" in client.get("/en/second-factor").text


def test_a_session_of_the_password_alone_cannot_replace_a_factor_set_up_meanwhile(client):
    user = make_user("clinician", totp_secret=None)
    sign_in_by_pages(client, user)
    secret = factor.propose_secret(user, by=user, now=utcnow())
    factor.confirm_secret(user, code_of(secret, utcnow()), by=user, now=utcnow())
    for path in ("/en/second-factor", "/en/me"):
        assert client.get(path).location.startswith("/en/sign-in/again?next="), path
    with time_machine.travel(utcnow() + timedelta(seconds=90), tick=False):
        code = factor.current_code(user, now=utcnow())
        assert (
            send(client, "/en/sign-in/again?next=/en/me", password=PASSWORD, code=code).location == "/en/me"
        )
        assert client.get("/en/me").status_code == 200
