"""Forms sent twice, from two tabs, or after somebody else's change: one act each, and no text lost."""

import pytest
import sqlalchemy as sa
from factories import make_programme
from web.entry_forms import ADMISSION, DISCHARGE, REVIEW, entered, form_of, new_at, post

from portal.extensions import db
from portal.registry import queries
from portal.registry.models import Episode, Person

LANGS = ["en", "ru", "fa"]


@pytest.fixture
def programme(app):
    return make_programme("IR")


@pytest.fixture(autouse=True)
def clinician(programme, client, sign_in):
    return sign_in(client, "clinician", organisation=programme.organisation)


def rows():
    return db.session.scalar(sa.select(sa.func.count()).select_from(Episode))


def test_the_same_form_sent_twice_is_one_episode(client, programme):
    sent = form_of(client.get(new_at(programme))) | ADMISSION
    first, second = (client.post(new_at(programme), data=sent) for _ in range(2))
    assert first.location == second.location
    assert rows() == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 1


def test_other_answers_under_a_used_form_are_told_and_may_be_sent_anew(client, programme):
    sent = form_of(client.get(new_at(programme))) | ADMISSION
    client.post(new_at(programme), data=sent)
    answer = client.post(new_at(programme), data=sent | {"sex": "2"})
    assert (answer.status_code, rows()) == (409, 1)
    assert queries.list_episodes(programme.code)[0].case_code in answer.text
    assert client.post(new_at(programme), data=form_of(answer) | ADMISSION | {"sex": "2"}).status_code == 302
    assert rows() == 2


def test_a_form_key_of_another_person_makes_another_episode(client, programme, sign_in):
    sent = form_of(client.get(new_at(programme))) | ADMISSION
    client.post(new_at(programme), data=sent)
    sign_in(client, "clinician", organisation=programme.organisation)
    token = form_of(client.get(new_at(programme)))["csrf_token"]
    client.post(new_at(programme), data=sent | {"csrf_token": token, "sex": "2"})
    assert rows() == 2


@pytest.mark.parametrize("lang", LANGS)
def test_two_tabs_discharge_once_and_the_text_is_kept(client, programme, lang):
    at = entered(client, programme).replace("/en/", f"/{lang}/") + "/discharge"
    tab = form_of(client.get(at))
    other = form_of(client.get(at))
    assert client.post(at, data=tab | DISCHARGE).status_code == 302
    late = client.post(at, data=other | DISCHARGE | {"discharge_reason": "21", "discharge_day": "205"})
    assert late.status_code == 409
    assert 'class="errsum"' in late.text
    assert 'value="205"' in late.text
    assert '<option value="21" selected>' in late.text
    (last,) = queries.list_episodes(programme.code)
    assert (last.discharge_reason, last.revision) == (31, 2)


def test_a_discharge_sent_twice_is_one_revision(client, programme):
    at = entered(client, programme) + "/discharge"
    sent = form_of(client.get(at)) | DISCHARGE
    assert [client.post(at, data=sent).status_code for _ in range(2)] == [302, 302]
    assert queries.list_episodes(programme.code)[0].revision == 2


def test_a_review_sent_twice_is_one_review(client, programme):
    at = entered(client, programme) + "/review"
    sent = form_of(client.get(at)) | REVIEW
    assert [client.post(at, data=sent).status_code for _ in range(2)] == [302, 302]
    (last,) = queries.list_episodes(programme.code)
    assert (last.review_1_day, last.review_2_day) == (90, None)


def test_a_change_made_meanwhile_is_not_overwritten_unseen(client, programme):
    at = entered(client, programme)
    old = form_of(client.get(f"{at}/correction"))
    post(client, f"{at}/review", REVIEW)
    answer = client.post(f"{at}/correction", data=old | ADMISSION | {"labour": "2"})
    assert answer.status_code == 409
    assert "Somebody changed this episode" in answer.text
    again = client.post(f"{at}/correction", data=form_of(answer) | ADMISSION | {"labour": "2"})
    assert again.status_code == 302
    (last,) = queries.list_episodes(programme.code)
    assert (last.labour, last.review_1_day) == (2, 90)


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 40, "۱"])
def test_a_tampered_revision_is_a_conflict(client, programme, revision):
    at = entered(client, programme) + "/discharge"
    assert post(client, at, DISCHARGE, revision=revision).status_code == 409
    assert queries.list_episodes(programme.code)[0].discharge_day is None


def test_steps_that_are_not_possible_lead_back_with_the_reason(client, programme):
    at = entered(client, programme)
    early = client.get(f"{at}/follow-up/90", follow_redirects=True)
    assert "Record the discharge first" in early.text
    post(client, f"{at}/discharge", DISCHARGE)
    for step in ("review", "discharge"):
        assert "discharged already" in client.get(f"{at}/{step}", follow_redirects=True).text
