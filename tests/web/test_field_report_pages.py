"""A field report in three minutes on a phone, its way through an editor, and how the protocol shows it."""

import re

import pytest
from flask_babel import force_locale
from following_world import accepted, dose_key, make_followers, sent
from web.journey import send

from portal.core.i18n import speaking
from portal.protocols.forms import following_words as words
from portal.protocols.queries.reports import find_report, list_of_centres
from portal.protocols.services.reports import Incident
from portal.protocols.views.blocks_named import BlockName, _first

LANGUAGES = ("en", "ru", "fa")
PAGE = "/p/PR-0001/methadone-maintenance"
CHECK = {f"fidelity_{name}": "1" for name in ("people", "doses", "monitoring", "support", "staff")}


@pytest.fixture
def world(app):
    return make_followers()


def form(world, **more):
    given = {
        "organisation": world.programme.organisation_id, "from_quarter": "2026Q2", "to_quarter": "2026Q3",
        "started_band": "10-49", "recommendation": "adopt", "barriers": ["staff", "money"], **CHECK,
    }  # fmt: skip
    return given | more


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_clinician_reports_and_an_editor_accepts(world, client, sign_in, lang):
    sign_in(client, user=world.clinician)
    path = f"/{lang}/protocols/PR-0001/v/1.0/report"
    assert path in client.get(f"/{lang}{PAGE}").text
    given = form(world, **{
        "changes-0-block": dose_key(world.version), "changes-0-text": "20–45 mg",
        "incidents-0-kind": "overdose", "incidents-0-severity": "severe", "incidents-0-text": "Observed, well.",
    })  # fmt: skip
    assert send(client, path, **given).location == f"/{lang}/field-reports"
    report = list_of_centres(world.clinician.organisation_ids)[0]
    sign_in(client, user=world.editor)
    assert f"/{lang}/field-reports/queue" in client.get(f"/{lang}/queue").text
    here = f"/{lang}/field-reports/{report.id}"
    assert here in client.get(f"/{lang}/field-reports/queue").text
    assert send(client, f"{here}/accept", form_at=here).status_code == 302
    client.delete_cookie("session")
    html = client.get(f"/{lang}{PAGE}").text
    assert here in html
    assert f"/{lang}/protocols/PR-0001/field-reports" in html
    assert here in client.get(f"/{lang}/protocols/PR-0001/field-reports").text
    assert "20–45 mg" in html
    page = client.get(here).text
    assert "Observed, well." in page
    assert world.programme.organisation.name not in page  # centres are not named in public


def test_an_editor_returns_with_a_reason_and_the_centre_sends_again(world, client, sign_in):
    report = sent(world)
    here = f"/en/field-reports/{report.id}"
    sign_in(client, user=world.editor)
    assert send(client, f"{here}/return", form_at=here, reason="").status_code == 422
    send(client, f"{here}/return", form_at=here, reason="Which medicine?")
    sign_in(client, user=world.clinician)
    assert "Which medicine?" in client.get(here).text
    page = client.get(f"{here}/edit").text
    assert re.search(r'<option selected value="2026Q1">', page)
    assert "Correct your field report" in page
    assert "You are correcting the report of 24 November 2026" in page
    assert "Send the correction" in page
    send(client, f"{here}/edit", **form(world))
    assert find_report(report.id).state == "held"
    assert send(client, f"{here}/withdraw", form_at=here).status_code == 302


def test_a_report_that_waits_is_read_by_its_centre_and_editors_only(world, client, sign_in):
    here = f"/en/field-reports/{sent(world).id}"
    assert client.get(here).status_code == 404
    sign_in(client, user=world.russian_clinician)
    assert client.get(here).status_code == 404
    sign_in(client, user=world.clinician)
    assert client.get(here).status_code == 200


def test_what_may_be_a_person_is_asked_about_and_an_identifier_is_refused(world, client, sign_in):
    sign_in(client, user=world.clinician)
    path = "/ru/protocols/PR-0001/v/1.0/report"
    asked = send(client, path, **form(world, barriers_text="звонить +7 912 345-67-89"))
    assert asked.status_code == 422
    assert 'name="nobody-barriers_text"' in asked.text
    refused = send(client, path, **form(world, barriers_text="СНИЛС 112-233-445 95"))
    assert refused.status_code == 422
    assert list_of_centres(world.clinician.organisation_ids) == []


def test_the_protocol_page_sums_reports_up(world, client):
    accepted(world, barriers=("staff",), incidents=(Incident("overdose", "severe"),),
             changes=[(dose_key(world.version), "شروع با ۲۰")])  # fmt: skip
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(f"/en{PAGE}").text))
    assert "1 report. Adopt it with changes: 1. 1 incident told." in text
    assert "too few staff (1)" in text
    assert "Doses: Methadone (1)" in text
    assert "70% of what is written (n = 1)" in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_protocol_without_reports_says_so(world, client, lang):
    assert client.get(f"/{lang}/protocols/PR-0001/field-reports").status_code == 200
    assert client.get("/en/protocols/PR-0001/v/9.9/report").status_code == 302
    assert client.get(f"/{lang}/protocols/PR-0404/field-reports").status_code == 404


def test_a_report_is_about_a_version_that_exists(world, client, sign_in):
    sign_in(client, user=world.clinician)
    for number in ("9.9", "x", "1", "1.0.0"):
        assert client.get(f"/en/protocols/PR-0001/v/{number}/report").status_code == 404


def test_a_report_that_an_editor_reads_is_not_opened_for_correction(world, client, sign_in):
    sign_in(client, user=world.clinician)
    here = f"/en/field-reports/{sent(world).id}"
    answer = client.get(f"{here}/edit")
    assert (answer.status_code, answer.location) == (302, here)
    assert "A report can be changed before it is sent" in client.get(here).text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_of_others_keep_their_own_direction_inside_the_line(world, client, lang):
    key = dose_key(world.version)
    report = accepted(world, changes=[(key, "شروع با ۲۰")], barriers_text="کمبود دارو.")
    page = client.get(f"/{lang}/field-reports/{report.id}").text
    for said in ("شروع با ۲۰", "کمبود دارو."):
        assert f'<span lang="fa" dir="rtl">{said}</span>' in page
    name = re.search(r'class="deviation">\s*<p>\s*<b>(.*?)</b>', page, re.DOTALL)[1]
    assert re.search(r'<span lang="en" dir="ltr">[^<]+</span>', name)
    title = client.get(f"/{lang}/protocols/PR-0001/field-reports").text
    assert re.search(r'<p class="lead">\s*<span lang="en" dir="ltr">', title)


def test_a_choice_of_a_list_isolates_foreign_words_and_cuts_no_token(world):
    name = BlockName("دوزها", "متادون", "Start low.", "en")
    assert name.in_a_line() == "دوزها: متادون – \u2066Start low.\u2069"
    long = "word " * 11 + "⟦20–30 mg⟧ a day"
    assert _first(long) == "word " * 10 + "word…"
    assert _first("⟦20–30 mg⟧ a day") == "⟦20–30 mg⟧ a day"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "2026, quarter 4 (October–December)"), ("ru", "4\u00a0квартал 2026 (октябрь–декабрь)"),
        ("fa", "سه‌ماههٔ ۴ سال ۲۰۲۶ میلادی (۹ مهر تا ۱۰ دی ۱۴۰۵)"),
    ],
)  # fmt: skip
def test_a_quarter_is_said_by_its_months_or_exactly_by_its_days(app, lang, text):
    with app.test_request_context(f"/{lang}/"), force_locale(lang), speaking(lang):
        assert words.quarter_choices(["2026Q4"])[0].label == text


def test_only_another_calendar_is_told_the_days_of_a_quarter(app):
    with app.test_request_context("/fa/"), force_locale("fa"), speaking("fa"):
        assert words.days("2026Q4", "9999Q4") == "از ۹ مهر ۱۴۰۵"
        assert words.days("2027Q1", "2027Q1") == "۱۱ دی ۱۴۰۵ تا ۱۱ فروردین ۱۴۰۶"
        assert words.days("2027Q1", "2026Q4") is None
    with speaking("ru"):
        assert words.days("2026Q4", "9999Q4") is None
