"""Records of the second dictionary on the pages of an own programme: seen, corrected, reviewed, followed up."""

import re

import pytest
from factories import make_programme
from registry_records import WHOLE, whole_row
from web.entry_forms import form_of

from portal.registry import queries
from portal.registry.dictionary import load
from portal.registry.services.episodes import record_admission

BOOK = load(2)
ITEMS = {k.removeprefix("start_"): v for k, v in WHOLE.items() if k.startswith("start_") and k != "start_day"}


@pytest.fixture
def programme(app):
    return make_programme("IR")


@pytest.fixture
def clinician(programme, client, sign_in):
    return sign_in(client, "clinician", organisation=programme.organisation)


@pytest.fixture
def episode(programme, clinician):
    answers = {
        k: v for k, v in whole_row(1, dx_icd11="6C43.20").items() if k not in {"source_key", "person_token"}
    }
    return record_admission(answers, programme_id=programme.id, by=clinician, version=2)[0]


CONTROL = re.compile(r"<input[^>]*>|<select[^>]*>.*?</select>", re.DOTALL)


def shown(page):
    """What a browser would send if nobody touched the form: filled inputs and chosen options, in their order."""
    sent = {}
    for control in CONTROL.findall(page.text):
        name = re.search(r' name="([^"]+)"', control)
        if not name or ('type="radio"' in control and "checked" not in control):
            continue
        shape = r'<option value="([^"]*)" selected>' if control.startswith("<select") else r' value="([^"]*)"'
        value = re.search(shape, control)
        sent.setdefault(name[1], []).append(value[1] if value else "")
    return sent


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_an_episode_is_shown_without_what_does_not_apply(client, clinician, episode, lang):
    page = client.get(f"/{lang}/programme/episodes/{episode.number}")
    assert page.status_code == 200
    assert "6C43.20" in page.text
    assert BOOK["education"].label[lang] in page.text
    assert BOOK["start_share_28"].label[lang] not in page.text


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_a_form_sent_back_untouched_changes_nothing(client, clinician, programme, episode, lang):
    before = queries.values_of(episode)
    page = client.get(f"/{lang}/programme/episodes/{episode.number}/correction")
    answer = client.post(page.request.path, data=shown(page) | form_of(page))
    assert answer.status_code == 302, re.findall(r'<p class="err[^>]*>.*?</p>', answer.text)[:5]
    after = queries.find_episode(episode.number, [programme.code])
    assert queries.values_of(after) == before
    assert after.content_hash == episode.content_hash


def test_a_correction_makes_a_question_due(client, clinician, programme, episode):
    path = f"/en/programme/episodes/{episode.number}/correction"
    page = client.get(path)
    sent = shown(page) | form_of(page) | {"start_d28_inject": ["3", ""], "inject_status": ["4"]}
    sent |= {"substance_1_route": ["1"]}
    answer = client.post(path, data=sent)
    assert answer.status_code == 422
    assert 'href="#start_share_28"' in answer.text
    assert BOOK["start_share_28"].label.en in answer.text


def test_a_review_and_its_follow_up_are_recorded(client, clinician, programme, episode):
    path = f"/fa/programme/episodes/{episode.number}/review"
    review = {f"review_1_{k}": [str(v), ""] for k, v in ITEMS.items()} | {"review_1_day": "90"}
    review["review_1_d28_meth"] = ["1", ""]
    answer = client.post(path, data=form_of(client.get(path)) | review)
    assert answer.status_code == 302, re.findall(r'href="#[^"]+"', answer.text)
    found = queries.values_of(queries.find_episode(episode.number, [programme.code]))
    assert (found["review_1_d28_opioid_illicit"], found["review_1_d28_cathinone"]) == (28, -4)
