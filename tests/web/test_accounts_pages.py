"""Pages of accounts, programmes and the queue: rendered in each language, private, never kept, own country only."""

from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from factories import PASSWORD, make_organisation, make_programme, make_user
from web.journey import send, token_of

from portal.accounts import queries
from portal.accounts.models import TERMS_VERSION
from portal.accounts.services import accounts, factor, registration, roles
from portal.accounts.services.registration import Registration
from portal.core import jobs
from portal.core.db import utcnow
from portal.core.permissions import Role
from portal.extensions import db

LANGS = ["en", "ru", "fa"]
PUBLIC = ["sign-in", "register", "forgot", "sent/register", "sent/reset", "terms-of-use"]
ADMIN = ["me", "second-factor", "admin", "admin/audit", "programmes", "queue", "sign-in/again"]
PERSON = {
    "name": "New Person", "email": "new@example.org", "country": "IR", "language": "fa", "affiliation": "Hospital",
    "requested_role": "clinician", "reason": "to take part in the exchange",
}  # fmt: skip


def waiting_person(email="new@example.org", country="IR"):
    """A confirmed account that waits for a decision."""
    registration.ask_registration(Registration(**PERSON | {"email": email, "country": country}))
    jobs.run_until_idle(["mail"])
    user = queries.find_by_email(email)
    token = accounts.make_token("confirm", user.id, expires=utcnow() + timedelta(hours=1))
    db.session.commit()
    registration.confirm_address(token, "hash", by=user, now=utcnow())
    return user


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("path", PUBLIC)
def test_r27_public_page_renders_and_is_not_cached(client, lang, path):
    page = client.get(f"/{lang}/{path}")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("path", ADMIN)
def test_r27_administrators_page_renders_and_is_not_cached(client, sign_in, lang, path):
    sign_in(client, "country_admin")
    waiting_person()
    page = client.get(f"/{lang}/{path}")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("lang", LANGS)
def test_pages_of_one_thing_render(client, sign_in, lang):
    sign_in(client, "country_admin")
    centre = make_organisation()
    programme = make_programme(organisation=centre)
    person = make_user("clinician", organisation=centre)
    for path in (
        f"organisations/{centre.id}", f"programmes/{programme.id}", f"programmes/{programme.id}/edit",
        f"organisations/{centre.id}/programmes/new", f"admin/accounts/{person.id}",
        f"admin/accounts/{waiting_person().id}",
    ):  # fmt: skip
        assert client.get(f"/{lang}/{path}").status_code == 200, path


def test_from_registration_to_the_first_sign_in(client, app, sign_in):
    for file in Path(app.config["OUTBOX"]).glob("*.eml"):
        file.unlink()
    assert send(client, "/en/register", **PERSON).location == "/en/sent/register"
    jobs.run_until_idle(["mail"])
    file = max(Path(app.config["OUTBOX"]).glob("*.eml"))
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    mail = letter.get_body(("plain",)).get_content()
    link = "/fa/confirm/" + mail.split("/fa/confirm/")[1].split()[0]
    assert send(client, link, password="a long sentence of mine").status_code == 200
    user = queries.find_by_email(PERSON["email"])
    assert user.state == "waiting"
    sign_in(client, "country_admin")
    path = f"/en/admin/accounts/{user.id}"
    assert send(client, f"{path}/approve", form_at=path, roles=["clinician"]).status_code == 302
    db.session.refresh(user)
    assert Role.CLINICIAN in user.role_codes


def test_r7_registration_answers_alike_for_a_known_address(client):
    make_user(email="known@example.org")
    answers = [
        send(client, "/en/register", **PERSON | {"email": f"{name}@example.org"}) for name in ("known", "new")
    ]
    assert {(a.status_code, a.location) for a in answers} == {(302, "/en/sent/register")}


def test_r7_reset_answers_alike_for_an_unknown_address(client):
    make_user(email="known@example.org")
    answers = [send(client, "/en/forgot", email=f"{name}@example.org") for name in ("known", "new")]
    assert {(a.status_code, a.location) for a in answers} == {(302, "/en/sent/reset")}


def test_r8_wishes_for_links_are_throttled(client):
    statuses = [send(client, "/en/forgot", email="a@example.org").status_code for _ in range(6)]
    assert statuses == [302] * 5 + [429]


@pytest.mark.parametrize("lang", LANGS)
def test_a_faulty_registration_keeps_what_was_written(client, lang):
    faulty = PERSON | {"email": "not an address", "country": "", "reason": "short"}
    answer = send(client, f"/{lang}/register", **faulty)
    assert answer.status_code == 422
    assert 'value="New Person"' in answer.text
    assert 'value="not an address"' in answer.text
    assert 'class="errsum"' in answer.text


def test_r16_registration_takes_no_fields_beyond_its_own(client):
    send(client, "/en/register", **PERSON, roles="country_admin", state="active", decided_by="1")
    jobs.run_until_idle(["mail"])
    user = queries.find_by_email(PERSON["email"])
    assert (user.state, user.roles, user.decided_by) == ("registered", [], None)


@pytest.mark.parametrize("role", ["country_admin", "system_admin", "moderator", "chief_editor", "nonsense"])
def test_r16_weighty_roles_cannot_be_asked_for(client, role):
    assert send(client, "/en/register", **PERSON | {"requested_role": role}).status_code == 422


def test_r16_the_own_profile_changes_neither_role_nor_country_nor_address(client, sign_in):
    user = sign_in(client, "clinician")
    send(client, "/en/me", name="Other Name", language="ru", country="RU", role="editor", email="x@example.org",
         state="disabled")  # fmt: skip
    before = user.email
    db.session.refresh(user)
    assert (user.name, user.language, user.country, user.email) == ("Other Name", "ru", "IR", before)
    assert user.role_codes == {Role.MEMBER, Role.CLINICIAN}


def test_r6_a_reset_does_not_skip_the_second_factor(client):
    user = make_user("clinician")
    link = accounts.make_token("reset", user.id, expires=utcnow() + timedelta(hours=1))
    db.session.commit()
    path = f"/en/password/{link}"
    assert send(client, path, password="another long sentence").location == "/en/sign-in"
    assert client.get(path).status_code == 404
    first = send(client, "/en/sign-in", email=user.email, password="another long sentence")
    assert first.location == "/en/sign-in/code"


@pytest.mark.parametrize("password", ["fourteen chars", "y" * 140, "passwordpassword"])
def test_r2_weak_passwords_are_refused_with_the_reason(client, password):
    user = make_user("clinician")
    link = accounts.make_token("reset", user.id, expires=utcnow() + timedelta(hours=1))
    db.session.commit()
    answer = send(client, f"/en/password/{link}", password=password)
    assert answer.status_code == 422
    assert 'class="errsum"' in answer.text
    assert password not in answer.text


def test_opening_a_link_changes_nothing(client):
    user = make_user("clinician")
    link = accounts.make_token("reset", user.id, expires=utcnow() + timedelta(hours=1))
    db.session.commit()
    for _ in range(2):
        assert client.get(f"/en/password/{link}").status_code == 200


@pytest.mark.parametrize("path", ["confirm", "password", "first"])
def test_a_made_up_link_is_dead(client, path):
    assert client.get(f"/en/{path}/nonsense").status_code == 404


def test_r12_the_first_administrators_page_makes_the_account_once(client):
    link = registration.first_administrator_token(now=utcnow())
    fields = {
        "name": "First",
        "email": "first@example.org",
        "country": "IR",
        "password": "the very first sentence",
    }
    assert send(client, f"/en/first/{link}", **fields).location == "/en/second-factor"
    page = client.get("/en/second-factor")
    user = queries.find_by_email("first@example.org")
    code = factor.code_at(factor._key(user.totp_pending), factor.step_at(utcnow().timestamp()))
    assert (
        client.post("/en/second-factor", data={"code": code, "csrf_token": token_of(page)}).status_code == 200
    )
    assert client.get("/en/admin").status_code == 200
    assert client.get(f"/en/first/{link}").status_code == 404


def test_the_password_is_changed_with_the_present_one(client, sign_in):
    user = sign_in(client, "clinician")
    before = user.password
    wrong = {"p-current": "not this one at all", "p-password": "a new long sentence"}
    assert send(client, "/en/me/password", form_at="/en/me", **wrong).status_code == 422
    right = wrong | {"p-current": PASSWORD}
    assert send(client, "/en/me/password", form_at="/en/me", **right).status_code == 302
    db.session.refresh(user)
    assert user.password != before
    assert client.get("/en/me").status_code == 200


@pytest.mark.parametrize("lang", LANGS)
def test_terms_are_accepted_once_and_lead_back(client, sign_in, lang):
    sign_in(client, "researcher", terms=False)
    path = f"/{lang}/terms-of-use?next=/{lang}/queue"
    assert send(client, path, version=TERMS_VERSION).status_code == 422
    answer = send(client, path, version=TERMS_VERSION, accepted="y")
    assert answer.location == f"/{lang}/queue"
    assert "<form" not in client.get(path).text.split("<main")[1].split("</main")[0]


def test_outdated_terms_cannot_be_accepted(client, sign_in):
    sign_in(client, "researcher", terms=False)
    assert send(client, "/en/terms-of-use", version="2020-01", accepted="y").status_code == 409


def test_terms_guard_leads_to_the_terms(app, client, sign_in):
    from portal.accounts.security.guard import terms_required

    sign_in(client, "researcher", terms=False)
    guarded = terms_required(lambda: "figures")
    with app.test_request_context("/en/outcomes?x=1"):
        from flask import g
        from flask_login import login_user

        user = queries.find_user(1)
        login_user(user)
        g.lang = "en"
        assert guarded().location == "/en/terms-of-use?next=/en/outcomes?x%3D1"


@pytest.mark.parametrize(
    "path", ["", "/approve", "/refuse", "/roles", "/disable", "/enable", "/end_logins", "/lost-factor"]
)
def test_r15_an_account_of_the_other_country_does_not_exist(client, sign_in, path):
    sign_in(client, "country_admin")
    person = make_user("clinician", country="RU")
    form = {"csrf_token": token_of(client.get("/en/me"))}
    for user_id in (person.id, 999_999):
        url = f"/en/admin/accounts/{user_id}{path}"
        answer = client.post(url, data=form) if path else client.get(url)
        assert answer.status_code == 404


@pytest.mark.parametrize("role", [r for r in Role if r not in ("country_admin", "system_admin")])
def test_r14_administration_is_closed_to_other_roles(client, sign_in, role):
    sign_in(client, role)
    person = make_user("clinician")
    for path in ("admin", "admin/audit", f"admin/accounts/{person.id}", "programmes"):
        assert client.get(f"/en/{path}").status_code == 403, path


def test_the_system_administrator_reads_the_audit_and_decides_nothing(client, sign_in):
    sign_in(client, "system_admin")
    person = make_user("clinician")
    assert client.get("/en/admin/audit").status_code == 200
    assert person.name not in client.get("/en/admin").text
    assert client.get(f"/en/admin/accounts/{person.id}").status_code == 403


@pytest.mark.parametrize("country", ["IR", "RU"])
def test_r49_reading_the_audit_is_recorded_and_shows_the_own_country(client, sign_in, country):
    sign_in(client, "country_admin", country=country)
    make_organisation("IR", name="Tehran centre")
    page = client.get("/en/admin/audit").text
    assert ("Centre registered" in page) is (country == "IR")
    assert "Audit read" in client.get("/en/admin/audit").text


def test_the_audit_is_paged(client, sign_in):
    admin = sign_in(client, "country_admin")
    for n in range(60):
        from portal.accounts.services.profile import change_profile

        change_profile(admin, f"Name {n}", "", "en", by=admin)
    page = client.get("/en/admin/audit").text
    older = page.split('rel="next" href="')[1].split('"')[0]
    assert client.get(older).status_code == 200


def test_refusing_keeps_the_reason_and_tells_it(client, sign_in):
    sign_in(client, "country_admin")
    user = waiting_person()
    path = f"/en/admin/accounts/{user.id}"
    assert send(client, f"{path}/refuse", form_at=path, reason="").status_code == 422
    send(client, f"{path}/refuse", form_at=path, reason="not known at the hospital")
    db.session.refresh(user)
    assert user.state == "refused"


def test_incompatible_roles_are_a_fault_of_the_form(client, sign_in):
    sign_in(client, "country_admin")
    path = f"/en/admin/accounts/{waiting_person().id}"
    answer = send(client, f"{path}/approve", form_at=path, roles=["clinician", "system_admin"])
    assert answer.status_code == 422
    assert "One person must not hold these two roles together." in answer.text


def test_r18_a_second_administrator_confirms_on_the_page(client, sign_in):
    first, person = make_user("country_admin"), make_user("clinician")
    roles.change_roles(person, frozenset({Role.CLINICIAN, Role.MODERATOR}), by=first, now=utcnow())
    sign_in(client, user=first)
    assert "Needs you as the second administrator" not in client.get("/en/admin").text
    client.delete_cookie("session")
    sign_in(client, "country_admin", country="RU")
    send(client, "/en/admin/role-requests/1/confirm", form_at="/en/admin")
    db.session.refresh(person)
    assert Role.MODERATOR in person.role_codes


def test_r5_a_lost_factor_is_removed_by_two(client, sign_in):
    sign_in(client, "country_admin")
    person = make_user("clinician")
    path = f"/en/admin/accounts/{person.id}"
    send(client, f"{path}/lost-factor", form_at=path, proofing="workplace_call")
    assert send(client, "/en/admin/factor-resets/1/confirm", form_at="/en/me").status_code == 403
    client.delete_cookie("session")
    sign_in(client, "country_admin")
    send(client, "/en/admin/factor-resets/1/confirm", form_at="/en/admin")
    db.session.refresh(person)
    assert not person.has_factor


def test_the_queue_counts_what_waits(client, sign_in):
    sign_in(client, "country_admin")
    assert "Nothing is waiting" in client.get("/en/queue").text
    waiting_person()
    assert "Accounts that wait for a decision" in client.get("/en/queue").text


@pytest.mark.parametrize("path", ["sign-in", "register", "forgot", "me", "organisations", "sign-out"])
def test_r21_a_post_without_token_is_refused(client, sign_in, path):
    sign_in(client, "country_admin")
    assert client.post(f"/en/{path}", data={"name": "x"}).status_code == 400


def test_r21_a_post_from_another_site_is_refused(client):
    data = {"csrf_token": token_of(client.get("/en/sign-in"))}
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/en/sign-in", data=data, headers=headers).status_code == 403


def test_the_account_warns_when_no_recovery_code_is_left(client, sign_in):
    user = sign_in(client, "clinician")
    warning = "Make new recovery codes"
    assert warning in client.get("/en/me").text
    factor.renew_recovery_codes(user, by=user)
    assert warning not in client.get("/en/me").text


def test_who_has_a_second_factor_is_offered_to_replace_it(client, sign_in):
    sign_in(client, "clinician")
    for path in ("me", "second-factor"):
        page = client.get(f"/en/{path}").text
        assert "Replace the second factor" in page
        assert "Set up a second factor" not in page
