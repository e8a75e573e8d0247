"""A person signs in by keyboard, and out again; a form outlives the session that it was opened in."""

import pytest
from factories import PASSWORD

from portal.accounts.services import factor
from portal.accounts.services.logins import close_logins
from portal.core.db import bookkeeping, utcnow


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


@pytest.mark.parametrize("cookie_gone", [False, True], ids=["idle", "no cookie"])
def test_what_was_filled_in_outlives_the_session(visit, person, cookie_gone):
    page = visit("/en/me", who=person)
    page.locator("input[name=affiliation]").fill("Clinic No. 17")
    if cookie_gone:
        page.context.clear_cookies()
    else:
        end_login_sessions(person)
    page.locator("form:has(input[name=affiliation]) .btn-primary").click()
    page.locator("input[name=email]").fill(person.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("input[name=code]").fill(factor.current_code(person, now=utcnow()))
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Send it now").click()
    page.get_by_text("Saved.").wait_for()
    assert page.locator("input[name=affiliation]").input_value() == "Clinic No. 17"


@bookkeeping
def end_login_sessions(person):
    close_logins(person.id, now=utcnow())
