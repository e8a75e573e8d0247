"""A form sent after its session ended: sign-in, and then what was filled in is sent on. Nothing is stored."""

import html
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from factories import PASSWORD, make_user
from web.journey import token_of
from web.test_accounts_pages import PERSON, waiting_person

from portal.accounts.models import State
from portal.accounts.services import factor
from portal.core.db import utcnow
from portal.extensions import db

OWN = {"Sec-Fetch-Site": "same-origin"}
REASON = 'Not <b>"known"</b> to us, سلام.'
LANGS = ["en", "ru", "fa"]
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def hidden(page):
    return {name: html.unescape(value) for name, value in HIDDEN.findall(page.text) if name != "csrf_token"}


def action(page):
    return html.unescape(re.findall(r'<form method="post" action="([^"]*)"', page.text)[-1])


def in_again(client, page, user):
    """From a page of sign-in that keeps a form to the page that offers to send it."""
    steps = {"email": user.email, "password": PASSWORD}, {"code": factor.current_code(user, now=utcnow())}
    for step in steps:
        form = step | hidden(page) | {"csrf_token": token_of(page)}
        page = client.post(action(page), data=form, headers=OWN)
        assert page.status_code == 200
    return page


@pytest.fixture
def refusal(client, sign_in):
    """An administrator before a form, with the form's address and what was filled in."""
    person = waiting_person()
    admin = sign_in(client, "country_admin")
    path = f"/en/admin/accounts/{person.id}"
    return admin, person, f"{path}/refuse", {"reason": REASON, "csrf_token": token_of(client.get(path))}


def test_without_the_cookie_the_form_is_kept_through_sign_in_and_sent_on(client, refusal):
    admin, person, path, form = refusal
    client.delete_cookie("session")
    page = client.post(path, data=form, headers=OWN)
    assert page.status_code == 400
    assert "Your session has ended. Sign in again: what you filled in is kept." in page.text
    assert "known" not in page.text
    offered = in_again(client, page, admin)
    assert (action(offered), hidden(offered)) == (path, {"reason": REASON})
    sent = client.post(path, data=hidden(offered) | {"csrf_token": token_of(offered)})
    assert sent.status_code == 302
    db.session.refresh(person)
    assert person.state == State.REFUSED


def test_after_an_idle_time_the_form_is_kept_through_sign_in(client, refusal):
    admin, _person, path, form = refusal
    with time_machine.travel(utcnow() + timedelta(minutes=21), tick=False):
        answer = client.post(path, data=form, headers=OWN)
        assert answer.status_code == 307
        page = client.post(answer.location, data=form, headers=OWN)
        assert "what you filled in is kept" in page.text
        offered = in_again(client, page, admin)
    assert (action(offered), hidden(offered)) == (path, {"reason": REASON})


def test_another_person_who_signs_in_there_gets_nothing_of_it(client, refusal):
    _admin, _person, path, form = refusal
    other = make_user("country_admin")
    with time_machine.travel(utcnow() + timedelta(minutes=21), tick=False):
        page = client.post(f"/en/sign-in?next={path}", data=form, headers=OWN)
        first = {"email": other.email, "password": PASSWORD, "csrf_token": token_of(page)} | hidden(page)
        page = client.post(action(page), data=first)
        code = {"code": factor.current_code(other, now=utcnow()), "csrf_token": token_of(page)}
        answer = client.post(action(page), data=code | hidden(page))
    assert answer.location == path.removesuffix("/refuse")


def test_after_an_hour_nothing_is_left(client, refusal):
    admin, _person, path, form = refusal
    client.delete_cookie("session")
    page = client.post(path, data=form, headers=OWN)
    with time_machine.travel(utcnow() + timedelta(minutes=61), tick=False):
        first = {"email": admin.email, "password": PASSWORD, "csrf_token": token_of(page)} | hidden(page)
        page = client.post(action(page), data=first)
        code = {"code": factor.current_code(admin, now=utcnow()), "csrf_token": token_of(page)}
        assert client.post(action(page), data=code | hidden(page)).status_code == 302


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", None])
def test_a_form_of_another_site_is_never_kept(client, refusal, site):
    _admin, _person, path, form = refusal
    client.delete_cookie("session")
    page = client.post(path, data=form, headers={"Sec-Fetch-Site": site} if site else {})
    assert 'name="kept"' not in page.text
    client.get("/en/sign-in")
    page = client.post(
        "/en/sign-in", data={"kept": "x", "csrf_token": "forged"}, headers={"Sec-Fetch-Site": site or ""}
    )
    assert 'name="kept"' not in page.text


def test_a_lone_button_leads_back_to_its_page(client, refusal):
    _admin, _person, path, form = refusal
    page = client.post(path, data={"csrf_token": form["csrf_token"]}, headers=OWN)
    assert page.status_code == 422
    client.delete_cookie("session")
    page = client.post(path, data={"csrf_token": form["csrf_token"]}, headers=OWN)
    assert page.status_code == 400
    assert action(page) == f"/en/sign-in?next={path.removesuffix('/refuse')}"


def test_who_signed_in_again_elsewhere_is_offered_to_send_the_old_page(client, refusal, sign_in):
    admin, _person, path, form = refusal
    client.delete_cookie("session")
    sign_in(client, user=admin)
    token_of(client.get("/en/me"))
    offered = client.post(path, data=form, headers=OWN)
    assert (offered.status_code, action(offered), hidden(offered)) == (400, path, {"reason": REASON})
    strange = client.post(path, data=form, headers={"Sec-Fetch-Site": "same-site"})
    assert strange.status_code == 400
    assert "known" not in strange.text


@pytest.mark.parametrize("lang", LANGS)
def test_a_visitors_form_is_offered_again(client, lang):
    offered = client.post(f"/{lang}/register", data=PERSON | {"csrf_token": "old"}, headers=OWN)
    assert (offered.status_code, hidden(offered)) == (400, PERSON)


def test_a_form_with_a_password_is_not_kept(client, sign_in):
    sign_in(client, "clinician")
    client.delete_cookie("session")
    page = client.post("/en/me/password", data={"p-current": PASSWORD, "p-password": "x" * 20}, headers=OWN)
    assert 'name="kept"' not in page.text


def test_nothing_of_a_kept_form_is_in_the_database(client, refusal):
    _admin, _person, path, form = refusal
    client.delete_cookie("session")
    client.post(path, data=form, headers=OWN)
    db.session.rollback()
    held = [str(db.session.execute(sa.select(t)).all()) for t in db.metadata.sorted_tables]
    assert not [rows for rows in held if "known" in rows]


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_names_the_way_in_its_language(client, lang):
    page = client.post(f"/{lang}/me", data={"name": "x"}, headers=OWN)
    assert page.status_code == 400
    assert f"/{lang}/sign-in?next=" in action(page)
