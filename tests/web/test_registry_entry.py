"""A clinician enters an episode through the pages and follows it to the end."""

import pytest
from factories import make_programme
from web.entry_forms import ADMISSION, DISCHARGE, REVIEW, entered, form_of, new_at, post

from portal.core.i18n import digits
from portal.registry import queries
from portal.registry.dictionary import load

LANGS = ["en", "ru", "fa"]


@pytest.fixture
def programme(app):
    return make_programme("IR")


@pytest.fixture
def clinician(programme, client, sign_in):
    return sign_in(client, "clinician", organisation=programme.organisation)


@pytest.mark.parametrize("lang", LANGS)
def test_an_episode_is_entered_and_its_code_is_shown(client, clinician, programme, lang):
    answer = post(client, new_at(programme, lang), ADMISSION)
    (episode,) = queries.list_episodes(programme.code)
    page = client.get(answer.location)
    assert f'<bdi dir="ltr">{episode.case_code}</bdi>' in page.text
    assert (episode.admission_month, episode.dx_icd10, episode.start_day) == ("2025-03", "F11.2", 0)
    assert queries.legal_status_of(episode) == 1
    assert load().lists["substance"][151].label[lang] in page.text
    assert page.headers["Cache-Control"] == "private, no-store"


def test_the_form_asks_the_19_answers_in_the_order_of_the_dictionary(client, clinician, programme):
    page = client.get(new_at(programme)).text
    asked = [name for name in ADMISSION if f'name="{name}"' in page]
    places = [page.index(f'name="{name}"') for name in asked]
    assert len(asked) == 19
    assert places == sorted(places)


@pytest.mark.parametrize("lang", LANGS)
def test_every_question_that_may_stay_open_offers_the_reasons(client, clinician, programme, lang):
    page = client.get(new_at(programme, lang)).text
    dictionary = load()
    asked = [dictionary[name] for name in ADMISSION]
    reasons = sum(variable.allows_missing for variable in asked)
    assert page.count(f">{dictionary.missing[1].label[lang]}<") >= reasons > 15


def test_the_only_treatment_of_a_programme_and_the_present_month_are_filled_in(client, clinician, programme):
    page = client.get(new_at(programme, "fa")).text
    assert '<option value="M20" selected>' in page
    assert 'name="admission_month"' in page
    assert f'value="{digits("1", "fa")}' in page


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (["اسفند", "۱۴۰۳"], "2025-03"),
        (["ارديبهشت", "1404"], "2025-05"),
        (["Март", "2025"], "2025-03"),
    ],
)
def test_months_are_taken_as_words(client, clinician, programme, typed, stored):
    entered(client, programme, admission_month=typed)
    (episode,) = queries.list_episodes(programme.code)
    assert episode.admission_month == stored


@pytest.mark.parametrize("typed", [["آذر", "2025"], ["март", "1403"], ["soon", "2025"], ["آذر", ""]])
def test_a_word_that_is_no_month_of_the_year_is_a_fault(client, clinician, programme, typed):
    answer = post(client, new_at(programme), ADMISSION, admission_month=typed)
    assert answer.status_code == 422
    assert queries.list_episodes(programme.code) == []


def test_months_of_either_calendar_and_any_digits_are_taken(client, clinician, programme):
    entered(client, programme, admission_month=["۱۲", "۱۴۰۳"], start_d28_opioid=["۲۸", ""])
    (episode,) = queries.list_episodes(programme.code)
    assert (episode.admission_month, episode.start_d28_opioid) == ("2025-03", 28)


def test_a_reason_stands_in_for_a_number_and_for_a_choice(client, clinician, programme):
    entered(client, programme, start_d28_stimulant=["", "-1"], labour="-2", dx_icd10=["-9", "", ""])
    (episode,) = queries.list_episodes(programme.code)
    assert (episode.start_d28_stimulant, episode.labour, episode.dx_icd10) == (-1, -2, "-9")


def test_a_diagnosis_may_be_written_as_a_code(client, clinician, programme):
    entered(client, programme, dx_icd10=["", "", "f11.22"])
    assert queries.list_episodes(programme.code)[0].dx_icd10 == "F11.22"


def test_the_whole_course_is_followed_on_pages(client, clinician, programme):
    at = entered(client, programme)
    assert post(client, f"{at}/review", REVIEW).status_code == 302
    assert post(client, f"{at}/discharge", DISCHARGE).status_code == 302
    followed = post(client, f"{at}/follow-up/90", {"followup_90_status": "1", "followup_90_days": ["92", ""]})
    assert followed.status_code == 302
    (last,) = queries.list_episodes(programme.code)
    assert (last.revision, last.review_1_day, last.review_1_d28_stimulant) == (4, 90, -1)
    assert (last.last_contact_day, last.discharge_day, last.discharge_reason) == (200, 201, 31)
    assert (last.followup_90_status, last.followup_90_days) == (1, 92)
    page = client.get(at).text
    assert "Discharge recorded" in page
    assert "Review 1: Opioids not prescribed, days of 28: " in page


def test_a_second_review_of_the_same_day_is_asked_about_and_the_form_is_then_full(
    client, clinician, programme
):
    at = entered(client, programme)
    second = {name.replace("_1_", "_2_"): value for name, value in REVIEW.items()}
    assert post(client, f"{at}/review", REVIEW).status_code == 302
    asked = post(client, f"{at}/review", second)
    assert asked.status_code == 422
    assert "Both reviews are of the same day." in asked.text
    sure = form_of(asked) | second | {"confirm-R53": "notes"}
    assert client.post(f"{at}/review", data=sure).status_code == 302
    assert "Both reviews are recorded; the form holds no more." in client.get(at).text


def test_a_discharge_may_hold_the_exit_assessment(client, clinician, programme):
    at = entered(client, programme)
    exit_ = {f"exit_{name.removeprefix('review_1_')}": value for name, value in REVIEW.items()}
    answer = post(client, f"{at}/discharge", DISCHARGE | exit_ | {"exit_day": "200"})
    assert answer.status_code == 302
    assert queries.list_episodes(programme.code)[0].exit_d28_opioid == 3


def test_a_half_filled_exit_assessment_is_told_in_its_open_section(client, clinician, programme):
    at = entered(client, programme)
    answer = post(client, f"{at}/discharge", DISCHARGE, exit_day="200")
    assert answer.status_code == 422
    assert 'href="#exit_d28_alcohol"' in answer.text
    assert '<details class="fold" open>' in answer.text


def test_a_correction_keeps_the_old_answer_in_the_history(client, clinician, programme):
    at = entered(client, programme)
    page = client.get(f"{at}/correction")
    assert 'id="sex" name="sex" value="1" checked' in " ".join(page.text.split())
    answer = client.post(f"{at}/correction", data=form_of(page) | ADMISSION | {"labour": "2"})
    assert answer.status_code == 302
    (last,) = queries.list_episodes(programme.code)
    assert (last.labour, last.revision) == (2, 2)
    shown = client.get(at).text
    assert "<del>" in shown
    assert "Answers corrected" in shown


def test_a_discharge_by_mistake_is_taken_back_by_a_correction(client, clinician, programme):
    at = entered(client, programme)
    post(client, f"{at}/discharge", DISCHARGE)
    emptied = dict.fromkeys(DISCHARGE, "")
    assert post(client, f"{at}/correction", ADMISSION | emptied).status_code == 302
    assert queries.list_episodes(programme.code)[0].discharge_day is None


def test_a_depot_programme_records_doses(client, sign_in):
    programme = make_programme("RU", modality="M32")
    sign_in(client, "clinician", country="RU", organisation=programme.organisation)
    at = entered(client, programme, modality="M32")
    dose = {"depot_interval_days": ["28", ""], "last_depot_day": ["56", ""]}
    assert post(client, f"{at}/medication", dose).status_code == 302
    (last,) = queries.list_episodes(programme.code)
    assert (last.depot_interval_days, last.last_depot_day, last.last_contact_day) == (28, 56, 56)
    assert "Dose recorded" in client.get(at).text


def test_other_treatments_have_no_page_of_doses(client, clinician, programme):
    at = entered(client, programme)
    assert client.get(f"{at}/medication").status_code == 404


@pytest.mark.parametrize("lang", LANGS)
def test_a_synthetic_programme_says_so_on_every_page(client, sign_in, lang):
    programme = make_programme("IR", synthetic=True)
    sign_in(client, "clinician", organisation=programme.organisation)
    at = entered(client, programme)
    paths = [
        new_at(programme, lang),
        f"/{lang}/programme",
        at.replace("/en/", f"/{lang}/"),
        f"{at}/discharge",
    ]
    said = {"en": "SYNTHETIC", "ru": "СИНТЕТИЧЕСКИЕ", "fa": "ساختگی"}[lang]
    assert all(said in client.get(path).text for path in paths[:3])
    assert "SYNTHETIC" in client.get(paths[3]).text
