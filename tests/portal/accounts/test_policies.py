"""Who may decide about accounts, as tables: who acts, on whom, may they."""

import pytest
from factories import make_user

from portal.accounts import policies
from portal.accounts.models import RoleRequest
from portal.core.errors import Invalid, NotAllowed
from portal.core.permissions import SYSTEM, Role

OTHERS = [role for role in Role if role != Role.COUNTRY_ADMIN]


@pytest.mark.parametrize("check", [policies.check_can_decide, policies.check_can_change_roles])
@pytest.mark.parametrize("role", OTHERS)
def test_r14_only_a_country_administrator_decides(app, check, role):
    with pytest.raises(NotAllowed):
        check(make_user(role), make_user("clinician"))


@pytest.mark.parametrize(
    ("check", "can"),
    [
        (policies.check_can_decide, policies.can_decide),
        (policies.check_can_change_roles, policies.can_change_roles),
    ],
)
@pytest.mark.parametrize(("country", "allowed"), [("IR", True), ("RU", False)])
def test_an_administrator_decides_in_the_own_country_only(app, check, can, country, allowed):
    admin, person = make_user("country_admin"), make_user("clinician", country=country)
    assert can(admin, person) is allowed
    if allowed:
        check(admin, person)
    else:
        with pytest.raises(NotAllowed):
            check(admin, person)


@pytest.mark.parametrize("can", [policies.can_decide, policies.can_change_roles])
def test_r19_nobody_decides_about_the_own_account(app, can):
    admin = make_user("country_admin")
    assert not can(admin, admin)


def test_r18_the_second_administrator_is_neither_the_first_nor_the_person(app):
    first, second, person = make_user("country_admin"), make_user("country_admin"), make_user("country_admin")
    request = RoleRequest(user_id=person.id, asked_by=first.id, role="moderator")
    asked = {"first": first, "second": second, "person": person, "clinician": make_user("clinician")}
    answers = {name: policies.can_confirm_role(actor, request) for name, actor in asked.items()}
    assert answers == {"first": False, "second": True, "person": False, "clinician": False}
    for name in ("first", "person", "clinician"):
        with pytest.raises(NotAllowed):
            policies.check_can_confirm_role(asked[name], request)


def test_incompatible_roles_are_refused(app):
    pair = frozenset({Role.SYSTEM_ADMIN, Role.CLINICIAN})
    assert not policies.can_hold(pair)
    with pytest.raises(Invalid, match="roles_incompatible"):
        policies.check_can_hold(pair)


@pytest.mark.parametrize(
    ("role", "country", "allowed"),
    [("country_admin", "IR", True), ("country_admin", "RU", False), ("clinician", "IR", False)],
)
def test_accounts_are_made_by_the_own_countrys_administrator(app, role, country, allowed):
    assert policies.can_create(make_user(role), country) is allowed


def test_the_system_makes_accounts_for_the_demonstration(app):
    assert policies.can_create(SYSTEM, "RU")
    assert policies.can_open_country(SYSTEM)
