"""A person signs in by keyboard, and out again."""

import pytest
from factories import PASSWORD

from portal.accounts.services import factor
from portal.core.db import utcnow


@pytest.fixture
def person(app, actor, site):
    return actor("researcher")


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_a_person_signs_in_with_password_and_code_by_keyboard(visit, axe, shot, person, lang):
    page = visit(f"/{lang}/sign-in", width=390)
    page.keyboard.press("Tab")
    page.locator("input[name=email]").focus()
    page.keyboard.type(person.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/code*")
    assert axe(page) == []
    shot(page, f"accounts_code_{lang}_390")
    page.locator("input[name=code]").fill(factor.current_code(person, now=utcnow()))
    page.keyboard.press("Enter")
    page.locator("form[action$='sign-out'] button").wait_for()
    assert page.locator("html").get_attribute("lang") == lang


def test_signing_out_leads_back_to_the_visitor(visit, person):
    page = visit("/ru/", who=person)
    page.locator("form[action$='sign-out'] button").click()
    page.locator("a[href$='/sign-in']").first.wait_for()
    assert page.locator("form[action$='sign-out']").count() == 0
