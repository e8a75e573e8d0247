"""Rules on plain values: one-time codes, passwords, roles, age of login sessions."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.accounts import rules
from portal.core.permissions import Role

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
RFC_KEY = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
    ],
)
def test_codes_equal_the_vectors_of_rfc_6238(seconds, code):
    assert rules.code_at(RFC_KEY, rules.step_at(seconds)) == code


@pytest.mark.parametrize(
    ("shift", "accepted"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_r4_a_code_counts_one_step_before_and_after_now(shift, accepted):
    code = rules.code_at(RFC_KEY, rules.step_at(1_000_000_000 + shift))
    assert (rules.matching_step(RFC_KEY, code, seconds=1_000_000_000, last=0) is not None) is accepted


def test_r4_a_step_at_or_before_the_last_one_accepted_is_refused():
    step = rules.step_at(1_000_000_000)
    code = rules.code_at(RFC_KEY, step)
    assert rules.matching_step(RFC_KEY, code, seconds=1_000_000_000, last=step) is None
    assert rules.matching_step(RFC_KEY, code, seconds=1_000_000_000, last=step - 1) == step


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("x7 grün-зима-بهار", None),
        ("fourteen chars", "password_short"),
        ("fifteen chars!!", None),
        ("many words and " + "ab cd ef gh " * 9 + "12345", None),
        ("y" + "0123456789abcdef" * 8, "password_long"),
        ("aaaaaaaaaaaaaaaaaa", "password_common"),
        ("abcabcabcabcabcabc", "password_common"),
        ("123456789012345678", "password_common"),
        ("password password", "password_common"),
        ("Treatment Exchange 2026", "password_common"),
        ("Correct Horse Battery Staple", "password_common"),
        ("Parvin Etesami 1907", "password_common"),
        ("parvin.etesami1907@example.org", "password_common"),
    ],
)
def test_r2_passwords_are_judged_by_length_and_guessability_only(password, fault):
    found = rules.password_fault(password, email="parvin.etesami@example.org", name="Parvin Etesami")
    assert found == fault


@pytest.mark.parametrize(
    ("size", "fault"), [(14, "password_short"), (15, None), (128, None), (129, "password_long")]
)
def test_r2_limits_of_length(size, fault):
    password = "".join(chr(0x430 + (i * 7) % 32) for i in range(size))
    assert rules.password_fault(password) == fault


@pytest.mark.parametrize("pair", [("system_admin", "clinician"), ("system_admin", "country_admin")])
def test_some_roles_do_not_meet_in_one_person(pair):
    assert rules.clash({Role(code) for code in pair}) == frozenset(pair)


@pytest.mark.parametrize("role", list(Role))
def test_r3_every_role_but_a_bare_member_needs_the_second_factor(role):
    assert rules.needs_factor({Role.MEMBER, role}) is (role != Role.MEMBER)


@pytest.mark.parametrize(
    ("roles", "idle_minutes", "hours", "alive"),
    [
        ({"clinician"}, 19, 1, True), ({"clinician"}, 20, 1, False), ({"country_admin"}, 9, 1, True),
        ({"country_admin"}, 10, 1, False), ({"clinician"}, 1, 11, True), ({"clinician"}, 1, 12, False),
    ],
)  # fmt: skip
def test_r9_idle_and_absolute_limits(roles, idle_minutes, hours, alive):
    limit = rules.idle_limit({Role(code) for code in roles})
    created, seen = NOW - timedelta(hours=hours), NOW - timedelta(minutes=idle_minutes)
    assert rules.is_alive(created=created, seen=seen, idle=limit, now=NOW) is alive
