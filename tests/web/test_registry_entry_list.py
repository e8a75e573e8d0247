"""The own programme: who sees what, the search by case code, the work list, its pages."""

import re
from datetime import timedelta

import pytest
from factories import make_programme
from web.entry_forms import entered

from portal.core.db import utcnow
from portal.registry import queries
from portal.registry.forms.words import read_case_code
from portal.registry.services.episodes import ALPHABET, record_discharge
from portal.registry.workflow import (
    EpisodeState,
    admitted_before,
    comes_on,
    follow_ups_due,
    state_of,
    where_follow_up_due,
)

LANGS = ["en", "ru", "fa"]


@pytest.fixture
def programme(app):
    return make_programme("IR")


@pytest.fixture
def clinician(programme, client, sign_in):
    return sign_in(client, "clinician", organisation=programme.organisation)


@pytest.mark.parametrize(
    "typed", ["K7M-4QX", "k7m4qx", " k7m 4qx ", "K۷M-۴QX", "К7М—4QХ", "k7m\u200c-\u200e4qx"]
)
def test_a_case_code_is_read_however_it_was_typed(typed):
    assert read_case_code(typed) == "K7M-4QX"


def test_the_search_takes_no_more_than_a_code(client, clinician):
    assert re.search(r'<input id="case"[^>]*maxlength="20"', client.get("/en/programme").text)


@pytest.mark.parametrize("typed", ["", "K7M-4Q", "K7M-4QXX", "0OIL1!", "کد", "x" * 1_000_000])
def test_what_is_no_case_code_is_told_apart(typed):
    assert read_case_code(typed) is None


def test_every_code_that_is_given_can_be_read():
    codes = [f"{ALPHABET[i : i + 3]}-{ALPHABET[i + 3 : i + 6]}" for i in range(0, len(ALPHABET), 6)]
    assert [read_case_code(code.lower()) for code in codes] == codes


@pytest.mark.parametrize("lang", LANGS)
def test_an_episode_is_found_by_its_code(client, clinician, programme, lang):
    at = entered(client, programme)
    (episode,) = queries.list_episodes(programme.code)
    typed = episode.case_code.lower().replace("-", " ")
    found = client.get(f"/{lang}/programme", query_string={"case": typed})
    assert found.location == at.replace("/en/", f"/{lang}/")


def test_a_code_of_another_centre_is_not_found(client, clinician, programme, sign_in):
    entered(client, programme)
    (episode,) = queries.list_episodes(programme.code)
    other = make_programme("IR")
    sign_in(client, "clinician", organisation=other.organisation)
    answer = client.get("/en/programme", query_string={"case": episode.case_code})
    assert answer.status_code == 200
    assert "No episode of your programmes has the code" in answer.text


@pytest.mark.parametrize("typed", ["abc", "<script>", "x" * 100_000])
def test_an_unreadable_code_is_told_and_kept(client, clinician, typed):
    answer = client.get("/en/programme", query_string={"case": typed})
    assert answer.status_code == 422
    assert "A case code has six letters and digits" in answer.text
    assert "<script>" not in answer.text.partition("</head>")[2].partition("<main")[2]


def test_one_of_several_programmes_is_chosen(client, clinician, programme):
    second = make_programme("IR", organisation=programme.organisation, modality="M21")
    page = client.get("/en/programme", query_string={"programme": second.code})
    assert re.search(rf'<option value="{second.code}"\s+selected>', page.text)
    assert second.name in page.text.partition("</h1>")[0]


@pytest.mark.parametrize("role", ["member", "researcher", "country_admin", "clinical_reviewer", "clinician"])
@pytest.mark.parametrize("lang", LANGS)
def test_who_has_no_programme_reads_what_to_do(client, sign_in, role, lang):
    sign_in(client, role)
    page = client.get(f"/{lang}/programme")
    assert page.status_code == 200
    assert 'class="empty"' in page.text


def test_a_reviewer_of_the_centre_sees_no_rows(client, sign_in):
    programme = make_programme("IR")
    sign_in(client, "clinical_reviewer", organisation=programme.organisation)
    assert 'class="empty"' in client.get("/en/programme").text
    assert client.get(f"/en/programme/{programme.code}/episodes/new").status_code == 403
    assert client.get("/en/programme/episodes/1").status_code == 403


def test_another_centre_gets_404_for_every_page_of_an_episode(client, clinician, programme, sign_in):
    at = entered(client, programme)
    sign_in(client, "clinician", organisation=make_programme("IR").organisation)
    steps = ["", "/review", "/discharge", "/correction", "/medication", "/follow-up/90"]
    assert {client.get(f"{at}{step}").status_code for step in steps} == {404}
    assert client.get(f"/en/programme/{programme.code}/episodes/new").status_code == 404
    assert client.get("/en/programme", query_string={"programme": programme.code}).status_code == 404


def test_a_visitor_is_led_to_the_sign_in(client, programme):
    answer = client.get(f"/fa/programme/{programme.code}/episodes/new")
    assert (answer.status_code, "/fa/sign-in" in answer.location) == (302, True)


@pytest.mark.parametrize("query", [{"before": "x"}, {"before": "9" * 30}, {"show": "<b>"}, {"before": "-1"}])
def test_odd_addresses_of_the_list_are_answered(client, clinician, query):
    assert client.get("/en/programme", query_string=query).status_code == 200


def test_a_long_list_goes_on_on_the_next_page(client, clinician, programme, monkeypatch):
    from portal.registry.views import programme as page

    monkeypatch.setattr(page, "PAGE", 2)
    for _ in range(3):
        entered(client, programme)
    first = client.get("/en/programme").text
    older = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = client.get(older).text
    assert (first.count('role="rowheader"'), second.count('role="rowheader"')) == (2, 1)
    assert 'rel="prev"' in second


def test_the_list_is_narrowed_to_what_is_due(client, clinician, programme):
    entered(client, programme)  # long ago: a review is due
    now = utcnow()
    entered(client, programme, admission_month=[str(now.month), str(now.year)])
    page = client.get("/en/programme", query_string={"show": "review"}).text
    assert page.count('role="rowheader"') == 1
    assert client.get("/en/programme", query_string={"show": "open"}).text.count('role="rowheader"') == 2


def test_a_list_of_due_follow_ups_agrees_with_the_states(client, clinician, programme):
    for _ in range(3):
        entered(client, programme)
    episodes = queries.list_episodes(programme.code)
    for day, episode in zip((10, 20, 400), episodes, strict=True):
        values = {
            "last_contact_day": day,
            "discharge_day": day,
            "discharge_reason": 31,
            "exit_labour": 4,
            "exit_living_where": 1,
        }
        record_discharge(episode.number, values, by=clinician)
    start = comes_on(episodes[0], 0)
    for days in range(0, 900, 7):
        today = start + timedelta(days)
        where = where_follow_up_due(today, queries.list_months(programme.code))
        listed = {e.number for e in queries.list_episodes(programme.code, where=where)}
        due = {e.number for e in queries.list_episodes(programme.code) if follow_ups_due(e, today)}
        assert listed == due, days


def test_states_follow_from_the_answers_and_the_day(client, clinician, programme):
    entered(client, programme)
    (episode,) = queries.list_episodes(programme.code)
    start = comes_on(episode, 0)
    days = {10: EpisodeState.OPEN, 75: EpisodeState.OPEN, 76: EpisodeState.REVIEW_DUE}
    assert {n: state_of(episode, start + timedelta(n)) for n in days} == days
    values = {
        "last_contact_day": 20,
        "discharge_day": 20,
        "discharge_reason": 31,
        "exit_labour": 4,
        "exit_living_where": 1,
    }
    left = record_discharge(episode.number, values, by=clinician)
    later = {50: EpisodeState.DISCHARGED, 96: EpisodeState.FOLLOW_UP_DUE, 900: EpisodeState.DISCHARGED}
    assert {n: state_of(left, start + timedelta(n)) for n in later} == later


def test_nobody_is_asked_to_follow_up_the_dead(client, clinician, programme):
    at = entered(client, programme)
    (episode,) = queries.list_episodes(programme.code)
    values = {
        "last_contact_day": 20,
        "discharge_day": 20,
        "discharge_reason": 52,
        "exit_labour": -5,
        "exit_living_where": -5,
    }
    left = record_discharge(episode.number, values, by=clinician)
    assert state_of(left, comes_on(left, 115)) == EpisodeState.DISCHARGED
    assert "/follow-up/" not in client.get(at).text


@pytest.mark.parametrize(
    ("day", "month"), [("2026-11-30", "2026-11"), ("2026-11-24", "2026-11"), ("2026-12-14", "2026-11")]
)
def test_the_month_of_a_due_review_agrees_with_its_day(day, month):
    from datetime import date

    assert admitted_before(0, date.fromisoformat(day)) == month
