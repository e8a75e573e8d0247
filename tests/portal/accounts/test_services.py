"""Verbs on accounts: what they change, refuse, record and send."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from factories import PASSWORD, make_user

from portal.accounts import queries
from portal.accounts.models import TERMS_VERSION, LoginSession, State, User, token_hash
from portal.accounts.rules import Proofing
from portal.accounts.security.passwords import hash_password, is_password
from portal.accounts.services import accounts, factor, logins, profile, registration, roles, terms, throttle
from portal.accounts.services.accounts import NewAccount
from portal.accounts.services.logins import Browser
from portal.accounts.services.registration import Registration
from portal.core import audit, jobs
from portal.core.audit import AuditEvent
from portal.core.db import utcnow
from portal.core.errors import Conflict, Invalid, InvalidTransition, NotAllowed, NotFound
from portal.core.permissions import SYSTEM, Role
from portal.extensions import db

HERE = Browser("10.0.0.0/24", "Firefox")


def registered(email="new@example.org", country="IR"):
    form = Registration(email, "New Person", country, "fa", "Hospital", "clinician", "to take part")
    registration.ask_registration(form)
    jobs.run_until_idle(["mail"])
    return queries.find_by_email(email)


def waiting(email="new@example.org", country="IR"):
    user = registered(email, country)
    token = accounts.make_token("confirm", user.id, expires=utcnow() + timedelta(hours=1))
    db.session.commit()
    registration.confirm_address(token, hash_password(PASSWORD), by=user, now=utcnow())
    return user


def mails(app):
    return [path.read_bytes().decode() for path in sorted(Path(app.config["OUTBOX"]).glob("*.eml"))]


@pytest.fixture(autouse=True)
def empty_outbox(app):
    for path in Path(app.config["OUTBOX"]).glob("*.eml"):
        path.unlink()


def events():
    return list(db.session.scalars(sa.select(audit.AuditEvent.event).order_by(audit.AuditEvent.seq)))


def test_registration_waits_for_the_address_then_for_the_administrator(app):
    user = registered()
    assert user.state == State.REGISTERED
    confirmed = waiting("other@example.org")
    assert confirmed.state == State.WAITING
    assert [u.id for u in queries.list_waiting("IR")] == [confirmed.id]
    assert queries.list_waiting("RU") == []


def test_an_address_is_stored_encrypted_and_found_in_any_spelling(app):
    user = make_user(email="Somebody@Example.org")
    stored = db.session.execute(sa.text('SELECT email FROM "user" WHERE id = :id'), {"id": user.id}).scalar()
    assert "somebody" not in stored.lower()
    assert queries.find_by_email(" somebody@example.ORG ").id == user.id


def test_r12_an_administrator_opens_the_account_with_roles(app):
    admin, user = make_user("country_admin"), waiting()
    accounts.approve(user, frozenset({Role.CLINICIAN}), by=admin, now=utcnow())
    assert user.active
    assert Role.CLINICIAN in user.role_codes
    jobs.run_until_idle(["mail"])
    assert "account.approved" in events()


def test_r12_the_other_countrys_administrator_does_not_approve(app):
    admin, user = make_user("country_admin", country="RU"), waiting()
    with pytest.raises(NotAllowed):
        accounts.approve(user, frozenset(), by=admin, now=utcnow())
    assert queries.find_user(user.id).state == State.WAITING


def test_a_refusal_needs_a_reason(app):
    admin, user = make_user("country_admin"), waiting()
    with pytest.raises(Invalid):
        accounts.refuse(user, "  ", by=admin, now=utcnow())
    accounts.refuse(user, "unknown at the hospital", by=admin, now=utcnow())
    assert user.state == State.REFUSED


def test_a_decided_account_is_not_decided_again(app):
    admin, user = make_user("country_admin"), make_user("clinician")
    with pytest.raises(InvalidTransition):
        accounts.approve(user, frozenset(), by=admin, now=utcnow())


def test_r18_a_weighty_role_waits_for_a_second_administrator(app):
    first, second, person = make_user("country_admin"), make_user("country_admin"), make_user("clinician")
    wanted = frozenset({Role.CLINICIAN, Role.MODERATOR})
    roles.change_roles(person, wanted, by=first, now=utcnow())
    assert Role.MODERATOR not in person.role_codes
    (request,) = queries.list_role_requests(now=utcnow())
    with pytest.raises(NotAllowed, match="second_person_needed"):
        roles.confirm_role(request, by=first, now=utcnow())
    roles.confirm_role(request, by=second, now=utcnow())
    assert Role.MODERATOR in person.role_codes
    with pytest.raises(Conflict):
        roles.confirm_role(request, by=second, now=utcnow())


def test_r18_a_request_runs_out_after_72_hours(app):
    first, second, person = make_user("country_admin"), make_user("country_admin"), make_user("clinician")
    roles.change_roles(person, frozenset({Role.MODERATOR}), by=first, now=utcnow())
    (request,) = queries.list_role_requests(now=utcnow())
    with pytest.raises(Conflict, match="request_expired"):
        roles.confirm_role(request, by=second, now=utcnow() + timedelta(hours=73))


def test_r18_a_refused_request_grants_nothing(app):
    first, second, person = make_user("country_admin"), make_user("country_admin"), make_user("clinician")
    roles.change_roles(person, frozenset({Role.FOCAL_POINT}), by=first, now=utcnow())
    (request,) = queries.list_role_requests(now=utcnow())
    roles.refuse_role(request, by=second, now=utcnow())
    assert Role.FOCAL_POINT not in queries.find_user(person.id).role_codes
    assert queries.list_role_requests(now=utcnow()) == []


def test_r19_nobody_grants_to_themselves(app):
    admin = make_user("country_admin")
    with pytest.raises(NotAllowed, match="own_account"):
        roles.change_roles(admin, frozenset({Role.COUNTRY_ADMIN, Role.EDITOR}), by=admin, now=utcnow())


def test_r19_the_last_administrator_of_a_country_stays(app):
    first, second = make_user("country_admin"), make_user("country_admin")
    make_user("country_admin", country="RU")
    accounts.disable(second, by=first, now=utcnow())
    with pytest.raises(Conflict, match="last_administrator"):
        roles.refuse_last_administrator(first)


def test_incompatible_roles_are_not_granted(app):
    admin, person = make_user("country_admin"), make_user("clinician")
    wanted = frozenset({Role.CLINICIAN, Role.SYSTEM_ADMIN})
    with pytest.raises(Invalid, match="roles_incompatible"):
        roles.change_roles(person, wanted, by=admin, now=utcnow())
    assert queries.find_user(person.id).role_codes == {Role.MEMBER, Role.CLINICIAN}


def test_the_first_administrator_of_the_other_country_is_made_by_one_alone(app):
    admin = make_user("country_admin")
    new = NewAccount("ru@example.org", "RU", "RU", roles=frozenset({Role.COUNTRY_ADMIN}))
    made = accounts.create_account(new, by=admin, now=utcnow())
    assert Role.COUNTRY_ADMIN in made.role_codes
    again = NewAccount("ru2@example.org", "RU", "RU", roles=frozenset({Role.COUNTRY_ADMIN}))
    with pytest.raises(NotAllowed):
        accounts.create_account(again, by=admin, now=utcnow())
    second = accounts.create_account(again, by=made, now=utcnow())
    assert Role.COUNTRY_ADMIN not in second.role_codes


def test_a_known_address_gets_no_second_account(app):
    make_user(email="a@example.org")
    with pytest.raises(Conflict, match="account_exists"):
        accounts.create_account(NewAccount("A@example.org", "A", "IR"), by=SYSTEM, now=utcnow())


def test_r5_recovery_codes_are_ten_long_and_single_use(app):
    user = make_user("clinician")
    codes = factor.renew_recovery_codes(user, by=user)
    assert len(set(codes)) == 10
    assert all(len(code.replace("-", "")) * 5 >= 112 for code in codes)
    assert factor.use_recovery_code(user, codes[0].lower(), by=user, now=utcnow())
    assert not factor.use_recovery_code(user, codes[0], by=user, now=utcnow())
    assert queries.count_recovery_codes(user.id) == 9


def test_r5_one_administrator_alone_cannot_reset_a_factor(app):
    first, second, person = make_user("country_admin"), make_user("country_admin"), make_user("clinician")
    token = logins.open_login(person, HERE, second_factor=True, by=person, now=utcnow())
    reset = factor.ask_factor_reset(person, Proofing.WORKPLACE_CALL, by=first, now=utcnow())
    with pytest.raises(NotAllowed, match="second_person_needed"):
        factor.confirm_factor_reset(reset, by=first, now=utcnow())
    assert person.has_factor
    factor.confirm_factor_reset(reset, by=second, now=utcnow())
    assert not person.has_factor
    assert queries.find_login(token_hash(token)) is None


def test_r5_proofing_is_noted_as_a_code_and_nothing_of_the_person(app):
    admin, person = make_user("country_admin"), make_user("clinician")
    factor.ask_factor_reset(person, Proofing.IN_PERSON, by=admin, now=utcnow())
    event = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert (event.event, event.reason_code) == ("account.factor_reset_asked", "in_person")
    assert event.reason_text == ""


def test_r4_a_persian_keyboard_types_a_valid_code(app):
    user, now = make_user("clinician"), utcnow()
    digits = factor.current_code(user, now=now).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert factor.use_code(user, digits, by=user, now=now)


def test_the_factor_is_stored_encrypted(app):
    user = make_user("clinician")
    stored = db.session.execute(sa.text('SELECT totp_secret FROM "user"')).scalar()
    assert user.totp_secret not in stored


def test_a_new_factor_counts_after_its_first_code(app):
    user, now = make_user("clinician", totp_secret=None), utcnow()
    secret = factor.propose_secret(user, by=user, now=now)
    assert not user.has_factor
    with pytest.raises(Invalid, match="code_wrong"):
        factor.confirm_secret(user, "000000", by=user, now=now)
    from portal.accounts.rules import code_at, step_at

    code = code_at(factor._key(secret), step_at(now.timestamp()))
    assert len(factor.confirm_secret(user, code, by=user, now=now)) == 10
    assert user.has_factor
    assert not factor.use_code(user, code, by=user, now=now)


def test_r6_a_reset_link_works_once_for_an_hour_and_ends_login_sessions(app):
    user = make_user("clinician")
    open_token = logins.open_login(user, HERE, second_factor=True, by=user, now=utcnow())
    link = accounts.make_token("reset", user.id, expires=utcnow() + registration.RESET_WITHIN)
    db.session.commit()
    late = utcnow() + timedelta(minutes=61)
    assert registration.find_holder("reset", link, now=late) is None
    registration.reset_password(link, hash_password("another long sentence"), by=user, now=utcnow())
    assert is_password(user, "another long sentence")
    assert queries.find_login(token_hash(open_token)) is None
    with pytest.raises(NotFound):
        registration.reset_password(link, "hash", by=user, now=utcnow())


def test_a_link_serves_its_own_purpose_and_person(app):
    user, other = make_user("clinician"), make_user("clinician")
    link = accounts.make_token("confirm", user.id, expires=utcnow() + timedelta(hours=1))
    db.session.commit()
    assert registration.find_holder("reset", link, now=utcnow()) is None
    with pytest.raises(NotFound):
        registration.confirm_address(link, "hash", by=other, now=utcnow())


def test_r7_known_and_unknown_addresses_cause_the_same_work(app):
    make_user(email="known@example.org")
    queued = []
    for address in ("known@example.org", "unknown@example.org"):
        registration.ask_reset(address)
        queued.append(db.session.scalars(sa.select(jobs.Job).order_by(jobs.Job.id.desc())).first())
    assert {job.name for job in queued} == {"accounts.reset"}
    assert json.loads(queued[1].args) == {"email": "unknown@example.org"}


def test_r7_only_the_known_address_gets_a_reset_mail(app):
    make_user(email="known@example.org")
    registration.ask_reset("known@example.org")
    registration.ask_reset("unknown@example.org")
    jobs.run_until_idle(["mail"])
    assert [m for m in mails(app) if "unknown@example.org" in m] == []
    assert len(mails(app)) == 1


def test_r7_registering_a_known_address_says_so_by_mail_only(app):
    make_user(email="known@example.org")
    registered("known@example.org")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 1
    assert len(mails(app)) == 1


def test_r12_the_first_administrators_link_is_single_use_and_ends_with_an_administrator(app):
    now = utcnow()
    old = registration.first_administrator_token(now=now)
    link = registration.first_administrator_token(now=now)
    assert not registration.is_token_open("first_admin", old, now=now)
    new = NewAccount("first@example.org", "First", "IR", password_hash=hash_password(PASSWORD))
    made = registration.create_first_administrator(link, new, by=SYSTEM, now=now)
    assert Role.COUNTRY_ADMIN in made.role_codes
    with pytest.raises(Conflict, match="administrator_exists"):
        registration.create_first_administrator(link, new, by=SYSTEM, now=now)
    with pytest.raises(Conflict, match="administrator_exists"):
        registration.first_administrator_token(now=now)


def test_r10_disabling_ends_every_login_session(app):
    admin, person = make_user("country_admin"), make_user("clinician")
    token = logins.open_login(person, HERE, second_factor=True, by=person, now=utcnow())
    accounts.disable(person, by=admin, now=utcnow())
    assert queries.find_login(token_hash(token)) is None
    assert person.role_codes == frozenset()
    accounts.enable(person, by=admin, now=utcnow())
    assert queries.find_login(token_hash(token)) is None


def test_r10_nobody_ends_the_login_session_of_another_person(app):
    user, other = make_user("clinician"), make_user("clinician")
    logins.open_login(user, HERE, second_factor=True, by=user, now=utcnow())
    login = db.session.scalar(sa.select(LoginSession))
    with pytest.raises(NotFound):
        logins.end_login(other, login.id, by=other, now=utcnow())


def test_r13_a_new_device_is_told_by_mail_without_content(app):
    user = make_user("clinician")
    for browser in (HERE, HERE, Browser("10.9.9.0/24", "Chrome")):
        logins.open_login(user, browser, second_factor=True, by=user, now=utcnow())
    jobs.run_until_idle(["mail"])
    (mail,) = mails(app)
    assert "10.9.9" not in mail


@pytest.mark.parametrize("address", ["a@example.org", "nobody@example.org"])
def test_r8_the_sixth_attempt_in_15_minutes_is_refused_and_later_ones_are_not(app, address):
    make_user(email="a@example.org")
    now = utcnow()
    for _ in range(5):
        throttle.check_throttle("password", address, "10.0.0.0/24", now=now)
        throttle.count_failure("password", address, "10.0.0.0/24", now=now)
    with pytest.raises(throttle.Throttled):
        throttle.check_throttle("password", address, "10.0.0.0/24", now=now)
    throttle.check_throttle("password", address, "10.0.0.0/24", now=now + timedelta(minutes=15, seconds=1))
    throttle.check_throttle("password", address, "10.7.7.0/24", now=now)


def test_r8_a_stranger_cannot_shut_out_a_person_from_a_known_network(app):
    user, now = make_user("clinician", email="a@example.org"), utcnow()
    logins.open_login(user, HERE, second_factor=True, by=user, now=now)
    for n in range(20):
        throttle.count_failure("password", "a@example.org", f"10.5.{n}.0/24", now=now)
    throttle.check_throttle("password", "a@example.org", HERE.network, now=now)
    with pytest.raises(throttle.Throttled):
        throttle.check_throttle("password", "a@example.org", "10.8.0.0/24", now=now)


def test_r8_a_stranger_in_the_same_network_shuts_out_nobody_who_signed_in_there(app):
    user, now = make_user("clinician", email="a@example.org"), utcnow()
    logins.open_login(user, HERE, second_factor=True, by=user, now=now)
    for n in range(30):
        throttle.count_failure("password", f"guess{n}@example.org", HERE.network, now=now)
    throttle.check_throttle("password", "a@example.org", HERE.network, now=now)
    with pytest.raises(throttle.Throttled):
        throttle.check_throttle("password", "stranger@example.org", HERE.network, now=now)
    for _ in range(5):
        throttle.count_failure("password", "a@example.org", HERE.network, now=now)
    with pytest.raises(throttle.Throttled):
        throttle.check_throttle("password", "a@example.org", HERE.network, now=now)


def test_attempts_are_kept_as_keyed_hashes_only(app):
    throttle.count_failure("password", "a@example.org", "10.0.0.0/24", now=utcnow())
    rows = db.session.execute(sa.text("SELECT * FROM login_attempt")).all()
    assert len(rows) == 3
    assert "example" not in str(rows)
    assert "10.0.0" not in str(rows)


def test_terms_are_accepted_by_version(app):
    user = make_user("researcher")
    assert not terms.has_accepted_terms(user)
    with pytest.raises(Conflict, match="terms_outdated"):
        terms.accept_terms(user, "2020-01", by=user, now=utcnow())
    terms.accept_terms(user, TERMS_VERSION, by=user, now=utcnow())
    assert terms.has_accepted_terms(user)


def test_a_person_changes_the_own_profile_only(app):
    user, other = make_user("clinician"), make_user("clinician")
    with pytest.raises(NotAllowed):
        profile.change_profile(user, "X", "Y", "ru", by=other)
    with pytest.raises(Invalid):
        profile.change_profile(user, "X", "Y", "de", by=user)
    profile.change_profile(user, "Name", "Place", "ru", by=user)
    assert (user.name, user.language) == ("Name", "ru")


def test_the_chain_of_the_audit_holds_after_account_verbs(app):
    test_r18_a_weighty_role_waits_for_a_second_administrator(app)
    assert audit.verify() is None


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("confirm", {"token": "T"}), ("approved", {}), ("refused", {"reason": "R"}), ("reset", {"token": "T"}),
        ("invitation", {"token": "T"}), ("new_device", {}), ("factor_changed", {}), ("password_changed", {}),
        ("register_known", {}), ("security", {}),
    ],
)  # fmt: skip
def test_every_mail_has_a_subject_and_links_in_its_language(app, language, key, values):
    from portal.core.notify import compose

    mail = compose("a@example.org", language, key, values)
    assert mail["Subject"].strip()
    body = mail.get_body(("plain",)).get_content()
    assert ("http://" not in body) or f"/{language}/" in body
