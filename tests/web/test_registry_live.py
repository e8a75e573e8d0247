"""The live page of one's own programme: who may see it, what it shows, what it never gives."""

import re

import pytest
import sqlalchemy as sa
from factories import make_organisation, make_programme, make_user
from registry_records import DISCHARGED, row, table

from portal.core.audit import AuditEvent
from portal.extensions import db
from portal.registry.services.imports import VALID, import_file
from portal.registry.services.submitting import Submission

LANGS = ["en", "ru", "fa"]
OPEN = {"last_contact_day": 120}
MIXED = [
    row(1, **DISCHARGED), row(2, **OPEN), row(3, **(DISCHARGED | {"discharge_reason": 11})),
    row(4, **(DISCHARGED | {"discharge_day": 40, "last_contact_day": 40})),
]  # fmt: skip


@pytest.fixture
def centre(app):
    return make_organisation("IR", name="Centre of the own figures")


@pytest.fixture
def programme(centre):
    return make_programme("IR", organisation=centre, name="Own programme")


@pytest.fixture
def clinician(client, sign_in, centre):
    return sign_in(client, "clinician", user=make_user("clinician", organisation=centre))


@pytest.fixture
def enter(programme, clinician):
    def run(rows):
        submission = Submission(table(rows), programme=programme.code)
        batch = import_file(submission, mode=VALID, by=clinician)
        assert batch.accepted_new == len(rows)

    return run


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_shows_curve_table_and_the_warning(client, enter, programme, lang):
    enter(MIXED)
    page = client.get(f"/{lang}/programme/live")
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "private, no-store")
    assert 'class="svgplot"' in page.text
    assert re.search(r'<table[^>]*id="steps"', page.text)
    assert "Own programme" in page.text


def test_the_sentence_about_passing_on_is_visible(client, enter):
    enter(MIXED)
    assert "not to be passed on" in client.get("/en/programme/live").text


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_can_be_downloaded(client, enter, lang):
    enter(MIXED)
    text = client.get(f"/{lang}/programme/live").text
    assert "data-png" not in text
    assert ".csv" not in text
    assert not re.search(r"<[^>]* download", text)


def test_a_programme_without_episodes_says_so(client, programme, clinician):
    page = client.get("/en/programme/live")
    assert page.status_code == 200
    assert "No episodes yet" in page.text


def test_somebody_without_a_centre_is_told(client, sign_in):
    sign_in(client, "clinician")
    page = client.get("/en/programme/live")
    assert page.status_code == 200
    assert "No programme of your own" in page.text


@pytest.mark.parametrize(
    "rows",
    [[row(1, **DISCHARGED)], [row(1)], [row(1, **OPEN), row(2, **OPEN)], [row(1, modality="M40", **DISCHARGED)]],
    ids=["one", "one that just began", "everyone censored", "no curve"],
)  # fmt: skip
@pytest.mark.parametrize("lang", LANGS)
def test_few_episodes_are_shown_all_the_same(client, clinician, centre, lang, rows):
    programme = make_programme("IR", organisation=centre, modality=("M20", "M40"))
    import_file(Submission(table(rows), programme=programme.code), mode=VALID, by=clinician)
    page = client.get(f"/{lang}/programme/live?programme={programme.code}")
    assert page.status_code == 200
    assert 'id="years"' in page.text


def test_r15_figures_of_another_programme_answer_like_a_missing_page(client, enter, programme):
    enter(MIXED)
    other = make_programme("IR", name="Foreign marker")
    foreign = client.get(f"/en/programme/live?programme={other.code}")
    missing = client.get("/en/programme/live?programme=AAAAAAAA")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert "Foreign marker" not in foreign.text
    strip = re.compile(r"[0-9a-f]{12,}|programme=\w+|value=\"[^\"]+\"")
    assert strip.sub("", foreign.text) == strip.sub("", missing.text)


@pytest.mark.parametrize("role", ["researcher", "country_admin", "editor", "system_admin", "member"])
def test_only_clinicians_of_the_centre_may_look(client, sign_in, programme, role):
    sign_in(client, role)
    assert client.get(f"/en/programme/live?programme={programme.code}").status_code == 403


def test_a_clinician_of_another_centre_sees_nothing_of_it(client, sign_in, programme):
    sign_in(client, "clinician", user=make_user("clinician", organisation=make_organisation("IR")))
    assert client.get(f"/en/programme/live?programme={programme.code}").status_code == 404


def test_each_look_is_recorded_without_a_number(client, enter, programme):
    enter(MIXED)
    client.get("/en/programme/live")
    client.get("/fa/programme/live")
    found = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.event == "live_figures.viewed")).all()
    assert [(e.object_type, e.object_id, e.changes) for e in found] == [
        ("programme", str(programme.id), "{}")
    ] * 2


def test_synthetic_figures_say_so(client, sign_in, centre):
    programme = make_programme("IR", organisation=centre, synthetic=True)
    user = sign_in(client, "clinician", user=make_user("clinician", organisation=centre))
    import_file(Submission(table(MIXED), programme=programme.code), mode=VALID, by=user)
    assert "SYNTHETIC" in client.get("/en/programme/live").text


@pytest.mark.parametrize("lang", LANGS)
def test_the_same_data_stand_by_several_definitions(client, enter, lang):
    enter(MIXED)
    text = client.get(f"/{lang}/programme/live").text
    found = re.search(r'id="definitions".*?</table>', text, re.DOTALL)[0]
    assert found.count("<tr role") == 1 + 12
