"""Bad input of the entry forms: told where, what and what to do; kept in the form; nothing half-written."""

import re

import pytest
import sqlalchemy as sa
from factories import make_programme
from web.entry_forms import ADMISSION, DISCHARGE, REVIEW, entered, form_of, new_at, post

from portal.core.db import utcnow
from portal.extensions import db
from portal.registry import queries
from portal.registry.dictionary import load
from portal.registry.importer.report import said
from portal.registry.models import Episode

LANGS = ["en", "ru", "fa"]


@pytest.fixture
def programme(app):
    return make_programme("IR")


@pytest.fixture(autouse=True)
def clinician(programme, client, sign_in):
    return sign_in(client, "clinician", organisation=programme.organisation)


def rows():
    return db.session.scalar(sa.select(sa.func.count()).select_from(Episode))


def plain(page):
    text = re.sub(r"<[^>]*>", " ", page.text)
    return " ".join(text.replace("&#34;", '"').replace("&#39;", "'").split())


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("name", "value"),
    [("sex", "7"), ("labour", "nonsense"), ("age_band", ""), ("living_where", None), ("modality", "M99"),
     ("substance_1_code", "0"), ("substance_1_code", ""), ("substance_1_days28", ["40", ""]),
     ("substance_1_days28", ["-8", ""]), ("start_d28_alcohol", ["many", ""]), ("start_d28_alcohol", ["1.5", ""]),
     ("start_d28_alcohol", ["1,000", ""]), ("start_d28_alcohol", ["", ""]), ("start_d28_opioid", ["9" * 40, ""]),
     ("admission_month", ["", ""]), ("admission_month", ["13", "2025"]), ("admission_month", ["3", ""]),
     ("admission_month", ["12", "2098"]), ("admission_month", ["1", "1999"]), ("dx_icd10", ["", "", ""]),
     ("dx_icd10", ["11", "", ""]), ("dx_icd10", ["", "", "Z99"]), ("start_d28_inject", ["=1+1", ""]),
     ("start_d28_inject", ["5", "-9"]), ("dx_icd10", ["11", "2", "F10.2"]), ("sex", "\x00"), ("sex", "<b>1</b>")],
)  # fmt: skip
def test_a_faulty_answer_is_told_at_its_field_and_nothing_is_written(client, programme, lang, name, value):
    changes = {name: value} if value is not None else {}
    answers = {k: v for k, v in ADMISSION.items() if k != name} | changes
    answer = post(client, new_at(programme, lang), answers)
    label = load()[name].label[lang]
    assert answer.status_code == 422
    assert f'href="#{name}"' in answer.text
    summary = answer.text.partition('class="errsum"')[2].partition("</ul>")[0]
    assert f"{label}: " in summary or name in ("start_d28_inject", "dx_icd10")
    assert re.search(rf'id="{name}-error"', answer.text)
    assert 'id="age_band"' in answer.text
    assert rows() == 0


@pytest.mark.parametrize("lang", LANGS)
def test_a_month_in_the_future_is_told_by_the_rule(client, programme, lang):
    answer = post(client, new_at(programme, lang), ADMISSION, admission_month=["1", "2090"])
    assert answer.status_code == 422
    assert said("R50", "admission_month", lang)[0] in plain(answer)


def test_everything_typed_stays_in_the_form(client, programme):
    typed = {"start_d28_alcohol": ["۴۰", ""], "substance_1_days28": ["", "-2"], "dx_icd10": ["", "", "X1"]}
    page = post(client, new_at(programme, "fa"), ADMISSION | typed).text
    flat = " ".join(page.split())
    assert 'value="۴۰"' in page
    assert '<option value="-2" selected>' in page
    assert 'value="X1"' in page
    assert 'name="labour" value="4" checked' in flat
    assert '<option value="151" selected>' in page


@pytest.mark.parametrize("name", ["labour", "dx_icd10", "start_d28_alcohol"])
def test_a_name_is_refused_and_never_stored(client, programme, name):
    who = "Иванова Мария Петровна"
    typed = ["", "", who] if name == "dx_icd10" else who
    answer = post(client, new_at(programme, "ru"), ADMISSION | {name: typed})
    assert answer.status_code == 422
    assert "сведения, по которым можно узнать человека" in plain(answer)
    assert rows() == 0


FILE_WORDS = ("codebook", "cell", "-9", "formula", "quotation", "file")


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [("admission_month", ["5", "1850"], "This is not a month. Write the month"),
     ("admission_month", ["1" * 600, "2025"], "This is not a month. Write the month"),
     ("start_d28_alcohol", ["9" * 600, ""], "This is not a whole number. Write a whole number of days from 0 to 28."),
     ("start_d28_alcohol", ["=1+1", ""], "This is not a whole number. Write a whole number of days from 0 to 28."),
     ("labour", "=1+1", "The code is not in the list. Choose one of the listed answers."),
     ("start_d28_alcohol", ["-3", ""], "Choose the reason for a missing answer from the list beside it."),
     ("start_d28_alcohol", ["−۳", ""], "Choose the reason for a missing answer from the list beside it.")],
)  # fmt: skip
def test_a_form_speaks_of_answers_and_not_of_files(client, programme, name, typed, told):
    answer = post(client, new_at(programme), ADMISSION | {name: typed})
    summary = plain(answer).partition("There is a problem")[2][:400]
    assert (answer.status_code, rows()) == (422, 0)
    assert f"{load()[name].label.en}: " in summary
    assert told in summary
    assert [word for word in FILE_WORDS if word in summary.partition(told)[0]] == []


def test_every_answer_that_names_a_person_is_told(client, programme):
    who = "Иванова Мария Петровна"
    names = ["labour", "start_d28_alcohol", "start_d28_inject"]
    answer = post(client, new_at(programme, "ru"), ADMISSION | dict.fromkeys(names, who))
    assert (answer.status_code, rows()) == (422, 0)
    for name in names:
        assert f'href="#{name}"' in answer.text


@pytest.mark.parametrize("name", ["sex", "dx_icd10", "start_d28_alcohol", "admission_month", "send_key"])
def test_a_million_characters_are_refused(client, programme, name):
    long = "9" * 1_000_000
    answer = post(client, new_at(programme), ADMISSION | {name: long})
    assert answer.status_code == 422
    assert rows() == 0


@pytest.mark.parametrize("key", ["", "x", "../../etc", "a" * 21 + "!", "é" * 22])
def test_a_damaged_form_key_is_replaced_and_the_next_try_succeeds(client, programme, key):
    answer = post(client, new_at(programme), ADMISSION, send_key=key)
    assert answer.status_code == 422
    assert "The form came back incomplete" in answer.text
    again = client.post(new_at(programme), data=form_of(answer) | ADMISSION)
    assert again.status_code == 302
    assert rows() == 1


def test_extra_and_hidden_fields_change_nothing(client, programme):
    extra = {"source_key": "a" * 26, "person_token": "b" * 26, "programme_code": "X", "case_code": "AAA-AAA",
             "has_token": "1", "entered_by": "99", "discharge_day": "3"}  # fmt: skip
    assert post(client, new_at(programme), ADMISSION | extra).status_code == 302
    (episode,) = queries.list_episodes(programme.code)
    assert (episode.discharge_day, episode.has_token, episode.programme_code) == (None, False, programme.code)
    assert episode.case_code != "AAA-AAA"


def test_a_forged_post_without_token_is_refused(client, programme):
    client.application.config["WTF_CSRF_ENABLED"] = True
    answer = client.post(new_at(programme), data=ADMISSION)
    assert answer.status_code in (400, 422)
    assert rows() == 0


@pytest.mark.parametrize("lang", LANGS)
def test_a_warning_is_confirmed_beside_it_and_then_accepted(client, programme, lang):
    unusual = ADMISSION | {"modality": "M40", "substance_1_code": "900", "dx_icd10": ["19", "2", ""]}
    first = post(client, new_at(programme, lang), unusual)
    assert first.status_code == 422
    assert said("R15", "", lang)[0] in plain(first)
    assert first.text.count('name="confirm-R15"') == 3
    wrong = client.post(new_at(programme, lang), data=form_of(first) | unusual | {"confirm-R15": "because"})
    assert (wrong.status_code, rows()) == (422, 0)
    right = client.post(new_at(programme, lang), data=form_of(wrong) | unusual | {"confirm-R15": "patient"})
    assert right.status_code == 302
    (episode,) = queries.list_episodes(programme.code)
    assert [(r.rule, r.confirmation) for r in queries.list_rule_results(episode)] == [("R15", "patient")]


def test_a_confirmed_warning_is_not_asked_again_at_the_next_step(client, programme):
    unusual = ADMISSION | {"modality": "M40", "substance_1_code": "900", "dx_icd10": ["19", "2", ""]}
    at = post(client, new_at(programme), unusual | {"confirm-R15": "notes"}).location.partition("?")[0]
    assert post(client, f"{at}/discharge", DISCHARGE).status_code == 302
    (last,) = queries.list_episodes(programme.code)
    assert [(r.rule, r.confirmation) for r in queries.list_rule_results(last)] == [("R15", "notes")]


def test_an_error_is_no_question_of_confirmation(client, programme):
    answers = ADMISSION | {"inject_status": "0", "start_d28_inject": ["3", ""], "confirm-R06": "notes"}
    answer = post(client, new_at(programme), answers)
    assert (answer.status_code, rows()) == (422, 0)
    assert 'name="confirm-R06"' not in answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [("follow-up/91", 404), ("follow-up/0", 404), ("follow-up/x", 404), ("nonsense", 404),
     ("follow-up/99999999999999999999", 404)],
)  # fmt: skip
def test_odd_addresses_of_an_episode_are_answered(client, programme, path, status):
    at = entered(client, programme)
    assert client.get(f"{at}/{path}").status_code == status


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30, "-1", "x"])
def test_an_episode_that_is_not_there_is_404(client, number):
    assert client.get(f"/en/programme/episodes/{number}").status_code == 404


def test_faults_of_one_form_name_each_question_once(client, programme):
    answer = post(client, new_at(programme), {"modality": "M20"})
    summary = answer.text.partition('class="errsum"')[2].partition("</ul>")[0]
    assert summary.count("<li>") == 18
    assert "Add the opioid" not in summary


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("step", "needed"), [("review", ["review_1_day"]), ("discharge", ["discharge_day", "discharge_reason"])]
)
def test_an_empty_act_is_not_recorded_and_says_what_makes_it(client, programme, lang, step, needed):
    page = entered(client, programme).replace("/en/", f"/{lang}/")
    before = rows()
    answer = post(client, f"{page}/{step}", {})
    assert (answer.status_code, rows()) == (422, before)
    for name in needed:
        assert f'href="#{name}' in answer.text


def test_a_review_that_lies_in_the_future_is_asked_about_and_not_recorded_before(client, programme):
    page = entered(client, programme)
    before = rows()
    answer = post(client, f"{page}/review", REVIEW, review_1_day="9000")
    assert (answer.status_code, rows()) == (422, before)
    month = {"admission_month": [str(utcnow().month), str(utcnow().year)]}
    young = post(client, new_at(programme), ADMISSION | month).location.partition("?")[0]
    answer = post(client, f"{young}/review", REVIEW, review_1_day="180")
    assert answer.status_code == 422
    assert "A day lies in the future" in plain(answer)


@pytest.mark.parametrize("typed", [["آبان ماه", "۱۴۰۵"], ["9", "05"], ["2025", "3"]])
def test_a_month_that_cannot_be_read_comes_back_in_the_boxes_it_was_written_into(client, programme, typed):
    answer = post(client, new_at(programme, "fa"), ADMISSION | {"sex": ""}, admission_month=typed)
    boxes = re.findall(r'name="admission_month".*?value="([^"]*)"', answer.text, re.DOTALL)
    assert (answer.status_code, boxes) == (422, typed)
