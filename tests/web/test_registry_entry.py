"""A clinician enters an episode through the pages and follows it to the end."""

import re

import pytest
from factories import make_organisation, make_programme, make_user
from web.journey import send, token_of

from portal.extensions import db
from portal.registry import queries

LANGS = ["en", "ru", "fa"]
ADMISSION = {
    "admission_month": ["3", "2025"], "sex": "1", "age_band": "5", "labour": "4", "living_where": "1",
    "referral_source": "6", "legal_status": "1", "prior_treatment": "2", "dx_icd10": ["11", "2", ""],
    "inject_status": "2", "modality": "M20", "substance_1_code": "151", "substance_1_route": "2",
    "substance_1_days28": ["28", ""], "start_d28_alcohol": ["0", ""], "start_d28_opioid": ["28", ""],
    "start_d28_stimulant": ["0", ""], "start_d28_inject": ["0", ""], "start_d28_controlled_env": ["0", ""],
}  # fmt: skip


@pytest.fixture
def programme(app):
    return make_programme("IR")


@pytest.fixture
def clinician(programme, client, sign_in):
    return sign_in(client, "clinician", organisation=programme.organisation)


def hidden_of(page, name):
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)
    assert found, f"no {name} on the page (status {page.status_code})"
    return found[1]


def form_of(client, path):
    """The hidden values of a form, as a browser sends them back."""
    page = client.get(path)
    return {"csrf_token": token_of(page)} | {n: hidden_of(page, n) for n in ("send_key", "revision")}


@pytest.mark.parametrize("lang", LANGS)
def test_an_episode_is_entered_and_its_code_is_shown(client, clinician, programme, lang):
    path = f"/{lang}/programme/{programme.code}/episodes/new"
    answer = client.post(path, data=form_of(client, path) | ADMISSION)
    assert answer.status_code == 302, answer.text
    (episode,) = queries.list_episodes(programme.code)
    page = client.get(answer.location)
    assert f'<bdi dir="ltr">{episode.case_code}</bdi>' in page.text
    assert (episode.admission_month, episode.dx_icd10, episode.start_day) == ("2025-03", "F11.2", 0)
    assert queries.legal_status_of(episode) == 1
