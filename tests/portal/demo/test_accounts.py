"""Accounts of the demonstration: one for each role and country, with secrets of this instance."""

from portal.accounts.queries import find_active_by_email
from portal.accounts.rules import code_at, password_fault, step_at
from portal.accounts.security.entry import verify_credentials
from portal.accounts.services.factor import current_code
from portal.cli.demo.accounts import everyone, make_accounts, password_of, secret_of
from portal.core.db import utcnow
from portal.core.permissions import Role
from portal.extensions import keys

KEY = bytes(range(100, 132))


def test_there_is_one_account_for_each_role_and_country():
    people = list(everyone())
    assert {(person.role, person.country) for person in people} == {
        (r, c) for r in Role for c in ("IR", "RU")
    }
    assert len({person.email for person in people}) == len(people) == 26


def test_password_holds_by_the_rules_of_the_page():
    password = password_of(KEY)
    assert all(password_fault(password, email=p.email, name=p.name) is None for p in everyone())


def test_secrets_are_the_same_for_an_instance_and_differ_between_instances():
    other = bytes(range(32, 64))
    assert password_of(KEY) == password_of(KEY) != password_of(other)
    assert secret_of(KEY, "a@demo.example") == secret_of(KEY, "a@demo.example")
    assert (
        len(
            {
                secret_of(KEY, "a@demo.example"),
                secret_of(KEY, "b@demo.example"),
                secret_of(other, "a@demo.example"),
            }
        )
        == 3
    )


def test_everyone_with_a_role_signs_in_with_password_and_code(app):
    now = utcnow()
    made = make_accounts(now=now)
    for person in (p for p in everyone() if p.role is not Role.MEMBER):
        account = made[person.role, person.country]
        code = current_code(account, now=now)
        assert verify_credentials(person.email, password_of(keys.field), code, now=now).id == account.id
        assert account.role_codes == {Role.MEMBER, person.role}
        assert account.language == person.language


def test_printed_code_is_that_of_the_derived_key(app):
    import base64

    now = utcnow()
    account = make_accounts(now=now)[Role.RESEARCHER, "RU"]
    key = base64.b32decode(secret_of(keys.field, account.email))
    assert current_code(account, now=now) == code_at(key, step_at(now.timestamp()))


def test_a_bare_member_has_no_second_factor(app):
    make_accounts(now=utcnow())
    assert find_active_by_email("member.ir@demo.example").totp_secret is None
