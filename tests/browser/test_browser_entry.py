"""A clinician with a phone enters an episode, notes its code, finds it again by the code and discharges it."""

import pytest
from browser.outcome_steps import NUMBERS, RADIOS, SELECTS, answer, press
from factories import make_programme, make_user

from portal.extensions import db
from portal.registry import queries

STORED = "JSON.stringify([localStorage.length, sessionStorage.length])"


@pytest.fixture
def programme(app, site):
    return make_programme("IR")


@pytest.fixture
def clinician(programme):
    return make_user("clinician", organisation=programme.organisation)


def only_episode(programme):
    """As the server wrote it meanwhile."""
    db.session.rollback()
    (episode,) = queries.list_episodes(programme.code)
    return episode


def test_an_episode_goes_from_the_list_to_its_discharge_on_a_phone(visit, axe, shot, programme, clinician):
    page = visit("/fa/programme", width=390, who=clinician)
    page.locator("a.btn-primary[href$='/episodes/new']").click()
    answer(page, radios=RADIOS, selects=SELECTS, numbers=NUMBERS)
    page.locator("#admission_month").fill("فروردین")  # long enough ago for a stay of 201 days
    page.locator("#admission_month-year").fill("۱۴۰۵")
    press(page)
    code = page.locator(".casecode bdi").inner_text()
    assert only_episode(programme).case_code == code
    assert page.locator(".casecode bdi").get_attribute("dir") == "ltr"
    assert axe(page) == []
    shot(page, "registry_episode_entered_fa_390")
    page.goto("/fa/programme")
    page.locator("#case").fill(code.lower().replace("-", " "))
    press(page, "form[role=search] button")
    page.locator("a[href$='/discharge']").click()
    answer(
        page,
        radios={"exit_labour": 2, "exit_living_where": 1},
        selects={"discharge_reason": "31"},
        numbers={"last_contact_day": "۲۰۰", "discharge_day": "۲۰۱"},
    )
    press(page)
    assert page.locator(".casecode bdi").inner_text() == code
    last = only_episode(programme)
    assert (last.discharge_day, last.discharge_reason, last.start_d28_opioid) == (201, 31, 28)
    assert page.evaluate(STORED) == "[0,0]"


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_faults_and_warnings_are_focused_and_lead_to_their_fields(
    visit, axe, shot, programme, clinician, lang
):
    page = visit(f"/{lang}/programme/{programme.code}/episodes/new", width=390, who=clinician)
    press(page)
    assert page.locator(".errsum").evaluate("e => e === document.activeElement")
    page.locator(".errsum a[href='#sex']").click()
    assert page.locator("#sex").evaluate("e => e === document.activeElement")
    assert axe(page) == []
    shot(page, f"registry_admit_faults_{lang}_390")
    answer(page, radios=RADIOS, selects=SELECTS | {"dx_icd10": "10"}, numbers=NUMBERS)
    press(page)
    asked = page.locator(".ask")
    assert asked.evaluate("e => e === document.activeElement")
    assert axe(page) == []
    shot(page, f"registry_admit_warnings_{lang}_390")
    asked.locator("input[value=notes]").check()
    press(page, ".ask .btn-primary")
    assert page.locator(".casecode").count() == 1


def test_a_reason_behind_no_answer_takes_the_place_of_a_choice(visit, programme, clinician):
    page = visit(f"/en/programme/{programme.code}/episodes/new", width=390, who=clinician)
    group = page.locator("fieldset:has(#labour)")
    group.locator("#labour").check()
    group.locator("summary").click()
    group.locator("input[value='-2']").check()
    assert not group.locator("#labour").is_checked()
