"""Signing in and out in the browser, with both steps."""

from datetime import timedelta

import pytest
from factories import PASSWORD, make_user

from portal.accounts.services import factor
from portal.core.db import utcnow


def token(page):
    return page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]


def send(client, path, **fields):
    return client.post(path, data=fields | {"csrf_token": token(client.get(path))})


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_password_and_code_sign_in(client, lang):
    user = make_user("clinician")
    first = send(client, f"/{lang}/sign-in", email=user.email, password=PASSWORD)
    assert first.location == f"/{lang}/sign-in/code"
    second = send(client, first.location, code=factor.current_code(user, now=utcnow()))
    assert second.status_code == 302
    assert "/sign-out" in client.get(f"/{lang}/").text


def test_signed_in_fixture_reaches_the_page_head(client, sign_in):
    sign_in(client, "clinician")
    assert "/sign-out" in client.get("/en/").text


def test_code_is_accepted_once(app):
    user, now = make_user("clinician"), utcnow()
    code = factor.current_code(user, now=now)
    assert factor.use_code(user, code, by=user, now=now)
    assert not factor.use_code(user, code, by=user, now=now + timedelta(seconds=5))
