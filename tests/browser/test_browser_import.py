"""A centre imports a file with errors, reads the report, corrects the rows, sends them again and accepts."""

import pytest
from browser.outcome_steps import MIXED, UPLOAD, choose, corrected, press
from factories import make_organisation, make_programme, make_user
from registry_records import row, table

from portal.extensions import db
from portal.registry import queries

LANGS = ["en", "ru", "fa"]


@pytest.fixture
def programme(app, site):
    return make_programme("IR", organisation=make_organisation("IR"))


@pytest.fixture
def clinician(programme):
    return make_user("clinician", organisation=programme.organisation)


@pytest.mark.parametrize("lang", LANGS)
def test_a_centre_corrects_what_was_rejected(visit, axe, shot, programme, clinician, lang):
    page = visit(f"/{lang}/programme/imports/new", who=clinician, width=390)
    choose(page, table(MIXED))
    press(page, UPLOAD)
    assert page.locator("table#errors tbody tr").count() == 2
    assert axe(page) == []
    shot(page, f"registry_import_report_{lang}_390")
    fixed = corrected(page)
    choose(page, fixed, "corrected.csv")
    press(page, UPLOAD)
    assert page.locator("table#errors").count() == 0
    assert axe(page) == []
    press(page, "form[action$='/accept'] button")
    db.session.rollback()
    assert queries.count_episodes(programme.code) == 4
    assert queries.count_waiting([programme.organisation_id]) == 0


@pytest.mark.parametrize("lang", LANGS)
def test_a_refused_file_is_told_and_the_form_keeps_it(visit, axe, clinician, lang):
    page = visit(f"/{lang}/programme/imports/new", who=clinician, width=390)
    choose(page, b"patient,drug\n1,2\n")
    page.locator("form[data-upload] .btn-primary").click()
    page.locator(".errsum").wait_for()
    assert "patient" in page.locator(".errsum").inner_text()
    assert page.evaluate("document.activeElement.className") == "errsum"
    assert page.locator("input[type=file]").evaluate("input => input.files.length") == 1
    assert axe(page) == []
    choose(page, table(MIXED))
    press(page, UPLOAD)
    assert page.locator("table#errors").count() == 1


def test_a_file_that_is_too_large_is_not_sent(visit, clinician):
    page = visit("/en/programme/imports/new", who=clinician)
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    choose(page, b"a" * 10_000_001)
    page.locator("form[data-upload] .btn-primary").click()
    assert "larger than 10 MB" in page.locator("form[data-upload] [role=status]").inner_text()
    assert "POST" not in sent


def test_a_file_is_imported_without_script(visit, programme, clinician):
    page = visit("/fa/programme/imports/new", who=clinician, java_script_enabled=False)
    choose(page, table([row(1), row(2)]))
    press(page, UPLOAD)
    press(page, "form[action$='/accept'] button")
    db.session.rollback()
    assert queries.count_episodes(programme.code) == 2
