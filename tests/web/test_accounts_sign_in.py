"""Signing in and out in the browser: both steps, throttle, login sessions, freshness, cookies."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from factories import PASSWORD, enter_as, make_user
from web.journey import send, sign_in_by_pages, token_of

from portal.accounts.models import LoginAttempt, LoginSession
from portal.accounts.security import passwords
from portal.accounts.security.wiring import settings
from portal.accounts.services import accounts, factor, logins, roles
from portal.app import create_app
from portal.config import Config
from portal.core.db import utcnow
from portal.core.permissions import Role
from portal.extensions import db

LANGS = ["en", "ru", "fa"]


def is_in(client):
    """Whether the own account opens (without following to the sign-in page)."""
    return client.get("/en/me").status_code == 200


@pytest.mark.parametrize("lang", LANGS)
def test_password_and_code_sign_in(client, lang):
    user = make_user("clinician")
    answer = sign_in_by_pages(client, user, lang=lang)
    assert answer.status_code == 302
    assert f"/{lang}/sign-out" in client.get(f"/{lang}/").text


def test_a_bare_member_signs_in_by_password_alone(client):
    sign_in_by_pages(client, make_user("member", totp_secret=None))
    assert is_in(client)


def test_the_password_alone_does_not_sign_in(client):
    user = make_user("clinician")
    send(client, "/en/sign-in", email=user.email, password=PASSWORD)
    assert client.get("/en/me").location.startswith("/en/sign-in?next=")


def test_r3_without_a_second_factor_every_protected_page_leads_to_its_set_up(client, app):
    sign_in_by_pages(client, make_user("clinician", totp_secret=None))
    for path in ("/en/me", "/en/queue", "/en/admin", "/en/sign-in/again"):
        assert client.get(path).location == "/en/second-factor", path


def test_r3_setting_up_the_factor_opens_the_account(client, app):
    user = make_user("clinician", totp_secret=None)
    sign_in_by_pages(client, user)
    page = client.get("/en/second-factor")
    assert "data:image/svg+xml;base64," in page.text
    db.session.refresh(user)
    pending = factor.code_at(factor._key(user.totp_pending), factor.step_at(utcnow().timestamp()))
    codes = client.post("/en/second-factor", data={"code": pending, "csrf_token": token_of(page)})
    assert codes.text.count("<li>") > 10
    assert is_in(client)


def test_r4_a_code_works_once(client, app):
    user = make_user("clinician")
    code = factor.current_code(user, now=utcnow())
    send(client, "/en/sign-in", email=user.email, password=PASSWORD)
    assert send(client, "/en/sign-in/code", code=code).status_code == 302
    other = app.test_client()
    with app.app_context():
        send(other, "/en/sign-in", email=user.email, password=PASSWORD)
    with app.app_context():
        assert send(other, "/en/sign-in/code", code=code).status_code == 422


def test_a_recovery_code_replaces_the_second_step_once(client):
    user = make_user("clinician")
    code = factor.renew_recovery_codes(user, by=user)[0]
    for status in (302, 422):
        send(client, "/en/sign-in", email=user.email, password=PASSWORD)
        assert send(client, "/en/sign-in/code", code=code).status_code == status
        client.delete_cookie("session")


@pytest.mark.parametrize("address", ["known@example.org", "unknown@example.org", "closed@example.org"])
def test_r7_failures_answer_alike_for_known_unknown_and_closed(client, address):
    make_user("clinician", email="known@example.org")
    admin = make_user("country_admin")
    accounts.disable(make_user("clinician", email="closed@example.org"), by=admin, now=utcnow())
    password = PASSWORD if address.startswith("closed") else "a wrong sentence again"
    answer = send(client, "/en/sign-in", email=address, password=password)
    assert answer.status_code == 422
    assert "Address or password is wrong, or the account is not open yet." in answer.text


def test_r7_the_same_hashing_is_done_for_known_and_unknown_addresses(client, monkeypatch):
    make_user("clinician", email="known@example.org")
    calls = []
    real = passwords._verify
    monkeypatch.setattr(passwords, "_verify", lambda *a: (calls.append(a[1].rsplit("$", 2)[0]), real(*a))[1])
    for address in ("known@example.org", "unknown@example.org"):
        send(client, "/en/sign-in", email=address, password="a wrong sentence again")
    assert len(calls) == 2
    assert calls[0] == calls[1]


@pytest.mark.parametrize("lang", LANGS)
def test_r8_the_sixth_attempt_gets_429_in_the_readers_language(client, lang):
    for status in [422] * 5 + [429]:
        answer = send(client, f"/{lang}/sign-in", email="x@example.org", password="wrong " * 5)
        assert answer.status_code == status
    assert f'lang="{lang}"' in answer.text


def test_r8_the_throttle_outlives_a_restart_and_holds_in_another_process(client, config):
    for _ in range(5):
        send(client, "/en/sign-in", email="x@example.org", password="wrong " * 5)
    other = create_app(config)
    fresh = other.test_client()
    page = fresh.get("/en/sign-in")
    fields = {"email": "x@example.org", "password": "wrong " * 5, "csrf_token": token_of(page)}
    assert fresh.post("/en/sign-in", data=fields).status_code == 429
    with other.app_context():
        db.engine.dispose()


def test_r8_wrong_codes_are_throttled_too(client):
    user = make_user("clinician")
    send(client, "/en/sign-in", email=user.email, password=PASSWORD)
    statuses = [send(client, "/en/sign-in/code", code="000000").status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(LoginAttempt)) == 15


def test_r9_a_copied_cookie_is_dead_after_sign_out(client, sign_in, app):
    sign_in(client, "clinician")
    copied = client.get_cookie("session").value
    send(client, "/en/sign-out", form_at="/en/me")
    thief = app.test_client()
    thief.set_cookie("session", copied)
    with app.app_context():
        assert thief.get("/en/me").status_code == 302


def test_r9_the_session_id_is_new_after_each_proof(client):
    user = make_user("clinician")
    seen = set()

    def note():
        seen.add(db.session.scalar(sa.select(LoginSession.token_hash)))

    sign_in_by_pages(client, user)
    note()
    with time_machine.travel(utcnow() + timedelta(seconds=90), tick=False):
        code = factor.current_code(user, now=utcnow())
        send(client, "/en/sign-in/again", password=PASSWORD, code=code)
    note()
    assert len(seen) == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(LoginSession)) == 1


@pytest.mark.parametrize(
    ("role", "minutes", "alive"),
    [
        ("clinician", 19, True),
        ("clinician", 21, False),
        ("country_admin", 9, True),
        ("country_admin", 11, False),
    ],
)
def test_r9_an_idle_login_session_ends(client, sign_in, role, minutes, alive):
    sign_in(client, role)
    with time_machine.travel(utcnow() + timedelta(minutes=minutes), tick=False):
        assert is_in(client) is alive


def test_r9_a_login_session_ends_after_twelve_hours_of_work(client, sign_in):
    sign_in(client, "clinician")
    start = utcnow()
    for minutes in range(15, 721, 15):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            alive = is_in(client)
        assert alive is (minutes < 720), minutes


def test_seen_is_written_at_most_once_a_minute(client, sign_in):
    sign_in(client, "clinician")
    first = db.session.scalar(sa.select(LoginSession.seen_at))
    for seconds, moved in ((30, False), (70, True)):
        with time_machine.travel(first + timedelta(seconds=seconds), tick=False):
            is_in(client)
        assert (db.session.scalar(sa.select(LoginSession.seen_at)) > first) is moved


def test_r10_own_login_sessions_are_listed_and_ended(client, sign_in, app):
    user = sign_in(client, "clinician")
    other = app.test_client()
    with app.app_context():
        enter_as(other, user)
    send(client, "/en/me/logins/end", form_at="/en/me")
    with app.app_context():
        assert other.get("/en/me").status_code == 302
    assert is_in(client)


def test_r10_a_disabled_person_is_out_at_the_next_request(client, sign_in):
    user, admin = sign_in(client, "clinician"), make_user("country_admin")
    accounts.disable(user, by=admin, now=utcnow())
    assert not is_in(client)


def test_r17_a_revoked_role_is_gone_at_the_next_request(client, sign_in):
    make_user("country_admin")
    admin, user = make_user("country_admin"), sign_in(client, "country_admin")
    assert client.get("/en/programmes").status_code == 200
    roles.change_roles(user, frozenset({Role.CLINICIAN}), by=admin, now=utcnow())
    assert client.get("/en/programmes").status_code == 302


def test_r11_after_six_minutes_an_administrator_proves_again_who_they_are(client, sign_in):
    sign_in(client, "country_admin")
    person = make_user("clinician")
    path = f"/en/admin/accounts/{person.id}"
    assert client.get(path).status_code == 200
    with time_machine.travel(utcnow() + timedelta(minutes=6), tick=False):
        assert client.get(path).location.startswith("/en/sign-in/again?next=")
        form = {"csrf_token": token_of(client.get("/en/me"))}
        assert "/sign-in/again" in client.post(f"{path}/disable", data=form).location


def test_r11_the_proof_leads_back_to_the_page(client, sign_in):
    admin = sign_in(client, "country_admin")
    with time_machine.travel(utcnow() + timedelta(minutes=6), tick=False):
        code = factor.current_code(admin, now=utcnow())
        answer = send(client, "/en/sign-in/again?next=/en/admin", password=PASSWORD, code=code)
    assert answer.location == "/en/admin"


def test_r11_what_a_form_sent_survives_the_proof(client, sign_in):
    admin = sign_in(client, "country_admin")
    person = make_user("clinician")
    path = f"/en/admin/accounts/{person.id}/refuse"
    with time_machine.travel(utcnow() + timedelta(minutes=6), tick=False):
        form = {"reason": 'Not <b>"known"</b> to us.', "csrf_token": token_of(client.get("/en/me"))}
        answer = client.post(path, data=form)
        assert answer.status_code == 307
        asked = client.post(answer.location, data=form)
        assert asked.status_code == 200
        kept = 'name="kept-reason" value="Not &lt;b&gt;&#34;known&#34;&lt;/b&gt; to us."'
        assert kept in asked.text
        code = factor.current_code(admin, now=utcnow())
        proof = {
            "csrf_token": token_of(asked),
            "proof": "1",
            "password": PASSWORD,
            "kept-reason": form["reason"],
        }
        assert kept in client.post(answer.location, data=proof | {"code": "000000"}).text
        proved = client.post(answer.location, data=proof | {"code": code})
    assert f'action="{path}"' in proved.text
    assert kept.replace("kept-", "") in proved.text


def test_r11_a_form_cannot_be_led_to_another_host_by_the_proof(client, sign_in):
    admin = sign_in(client, "country_admin")
    form = {"reason": "x", "csrf_token": token_of(client.get("/en/me")), "proof": "1", "password": PASSWORD}
    admin_code = factor.current_code(admin, now=utcnow())
    more = {"kept-reason": "x", "code": admin_code}
    answer = client.post("/en/sign-in/again?next=https://example.org/", data=form | more)
    assert re.findall(r'<form method="post" action="([^"]*)"', answer.text)[-1] == "/en/"


@pytest.mark.parametrize("wrong", [{"password": "not it at all, no"}, {"code": "000000"}])
def test_r11_a_wrong_proof_is_refused(client, sign_in, wrong):
    admin = sign_in(client, "country_admin")
    right = {"password": PASSWORD, "code": factor.current_code(admin, now=utcnow())}
    assert send(client, "/en/sign-in/again", **(right | wrong)).status_code == 422


def test_r25_where_there_is_tls_the_cookie_is_strict_and_forms_arrive(folder, app):
    config = Config(
        secret_key="x" * 40, data_dir=folder, keys_dir=folder / "keys", testing=True, worker="none",
        base_url="https://portal.example.org", password_memory_kib=64,
    )  # fmt: skip
    secure = create_app(config)
    base = {"base_url": "https://portal.example.org"}
    browser = secure.test_client()
    page = browser.get("/en/sign-in", **base)
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert attribute in cookie
    assert "Domain" not in cookie
    form = {"email": "x@example.org", "password": PASSWORD, "csrf_token": token_of(page)}
    assert browser.post("/en/sign-in", data=form, **base).status_code == 422  # forms come without referrer
    assert browser.post("/en/sign-in", data=form | {"csrf_token": ""}, **base).status_code == 400
    with secure.app_context():
        db.engine.dispose()


def test_r27_signing_out_clears_what_the_browser_kept(client, sign_in):
    sign_in(client, "clinician")
    answer = send(client, "/en/sign-out", form_at="/en/me")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(client)


def test_signing_out_is_a_post(client, sign_in):
    sign_in(client, "clinician")
    assert client.get("/en/sign-out").status_code == 405
    assert is_in(client)


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example", "/%2f%2fevil.example",
     "\t//evil.example", "/\n/evil.example", "javascript:alert(1)", "%2f%2fevil.example"],
)  # fmt: skip
def test_r28_sign_in_leads_to_own_paths_only(client, target):
    from urllib.parse import quote

    answer = sign_in_by_pages(client, make_user("clinician"), query=f"?next={quote(target)}")
    assert answer.location == "/en/"


def test_sign_in_leads_back_to_the_page_that_asked_for_it(client):
    user = make_user("clinician")
    asked = client.get("/en/queue").location
    first = send(client, asked, email=user.email, password=PASSWORD)
    second = send(client, first.location, code=factor.current_code(user, now=utcnow()))
    assert second.location == "/en/queue"


def test_r1_hashes_cost_what_the_settings_say(app, config):
    assert passwords.hash_password(PASSWORD).startswith("$argon2id$v=19$m=64,t=3,p=1$")
    default = Config(secret_key="x" * 40).password_memory_kib
    assert default == 65536
    options = settings(app)["SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"]
    assert options == {"argon2__rounds": 3, "argon2__memory_cost": 64, "argon2__parallelism": 1}


def test_r1_an_older_hash_is_replaced_at_sign_in(client):
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=32, parallelism=1).hash(PASSWORD)
    user = make_user("clinician", password_hash=old)
    sign_in_by_pages(client, user)
    db.session.refresh(user)
    assert "m=64,t=3,p=1" in user.password


def test_trailing_space_of_a_password_counts(client):
    user = make_user("clinician")
    assert send(client, "/en/sign-in", email=user.email, password=PASSWORD + " ").status_code == 422


def test_the_table_holds_hashes_and_a_cut_network(client):
    sign_in_by_pages(client, make_user("clinician"))
    login = db.session.scalar(sa.select(LoginSession))
    assert len(login.token_hash) == 64
    assert login.network == "127.0.0.0/24"
    with client.session_transaction() as cookie:
        assert cookie["sid"] != login.token_hash


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        ("Mozilla/5.0 Firefox/130.0", "Firefox"),
        ("Chrome/120 Safari/537 Edg/120", "Edge"),
        ("curl/8", "other"),
    ],
)
def test_only_the_family_of_a_program_is_kept(agent, family):
    from portal.accounts.security.cookies import family as of

    assert of(agent) == family


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48"), ("nonsense", "")],
)
def test_addresses_are_cut(address, network):
    from portal.accounts.security.cookies import cut_network

    assert cut_network(address) == network


def test_credentials_of_a_command_are_judged_like_those_of_the_page(app):
    from portal.accounts.security.entry import verify_credentials
    from portal.core.errors import NotAllowed

    user, now = make_user("country_admin"), utcnow()
    code = factor.current_code(user, now=now)
    for password, given in ((PASSWORD, "000000"), ("wrong", code)):
        with pytest.raises(NotAllowed, match="credentials_wrong"):
            verify_credentials(user.email, password, given, now=now)
    assert verify_credentials(user.email, PASSWORD, code, now=now).id == user.id
    with pytest.raises(NotAllowed):
        verify_credentials(user.email, PASSWORD, code, now=now)


def test_flask_securitys_own_mail_goes_through_the_queue(app):
    from portal.core.jobs import Job

    app.extensions["security"]._mail_util.send_mail("t", "s", "r", "s", None, None, user=make_user())
    assert "security" in db.session.scalars(sa.select(Job.args)).all()[-1]


def test_flask_securitys_pages_and_tokens_are_off(client, app):
    assert not [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security.")]
    user = make_user("clinician")
    header = {"Authentication-Token": user.get_auth_token()}
    assert client.get("/en/me", headers=header).status_code == 302


def test_logins_module_refuses_another_persons_session(app):
    user, other = make_user("clinician"), make_user("clinician")
    logins.open_login(user, logins.Browser(), second_factor=True, by=user, now=utcnow())
    login = db.session.scalar(sa.select(LoginSession))
    with pytest.raises(AssertionError):
        logins.renew(login, by=other, now=utcnow())
