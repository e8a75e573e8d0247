"""The page on data quality: what stands first, the way to the records, who may see it, constant queries."""

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
UNKNOWN = DISCHARGED | {"discharge_reason": 99}
MIXED = [row(1, **DISCHARGED), row(2, **UNKNOWN), row(3, labour=-1), row(4, **(DISCHARGED | {"discharge_reason": 11, "exit_day": 198, "exit_d28_alcohol": 0, "exit_d28_opioid": 0, "exit_d28_stimulant": 0, "exit_d28_inject": 0, "exit_d28_controlled_env": 0}))]  # fmt: skip


@pytest.fixture
def centre(app):
    return make_organisation("IR", name="Centre of the data quality")


@pytest.fixture
def programme(centre):
    return make_programme("IR", organisation=centre, name="Own programme")


@pytest.fixture
def clinician(client, sign_in, centre):
    return sign_in(client, "clinician", user=make_user("clinician", organisation=centre))


@pytest.fixture
def enter(programme, clinician):
    def run(rows):
        batch = import_file(Submission(table(rows), programme=programme.code), mode=VALID, by=clinician)
        assert batch.accepted_new == len(rows), batch.rejected

    return run


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_shows_tasks_gate_indicators_and_half_years(client, enter, programme, lang):
    enter(MIXED)
    page = client.get(f"/{lang}/programme/quality")
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "private, no-store")
    for part in ("gates", "indicators", "over-time", "weakest"):
        assert f'id="{part}"' in page.text
    listed = len(re.findall(r">DQ\d\d<", page.text))
    waiting = re.search(r'class="later".*?</ul>', page.text, re.DOTALL)[0]
    assert listed + waiting.count("<li>") == 24


def test_what_is_not_collected_says_so_and_keeps_no_number(client, enter):
    enter(MIXED)
    text = client.get("/en/programme/quality").text
    waiting = re.search(r"Not collected yet:.*?</ul>", text, re.DOTALL)[0]
    assert "Instruments answered in a straight line" in waiting
    assert "Answers that are known" not in waiting


def test_the_gate_stands_first_among_the_tasks_and_names_what_closes_it(client, enter):
    early = {"discharge_day": 100, "last_contact_day": 100}
    enter([row(1, **(DISCHARGED | early)), row(2, **(UNKNOWN | early)), row(3, labour=-1)])
    text = client.get("/en/programme/quality").text
    titles = re.findall(r"<h3>([^<]+?) <span", text)
    assert titles[0] == "Discharges with an unknown reason"
    assert "fewer than 20 known" in text
    assert "discharge reason unknown for more than 10 percent" in text


def test_an_indicator_leads_to_its_records_and_to_them_only(client, enter):
    enter(MIXED)
    text = client.get("/en/programme/quality?indicator=DQ11").text
    behind = re.search(r'id="behind".*?</table>', text, re.DOTALL)[0]
    assert (behind.count("<tr"), behind.count('href="')) == (2, 1)


def test_an_unknown_indicator_shows_the_page_without_records(client, enter):
    enter(MIXED)
    for asked in ("DQ99", "x" * 500, "DQ09"):
        assert 'id="behind"' not in client.get(f"/en/programme/quality?indicator={asked}").text


def test_a_programme_without_episodes_says_so(client, programme, clinician):
    assert "No episodes yet" in client.get("/en/programme/quality").text


def test_somebody_without_a_centre_is_told(client, sign_in):
    sign_in(client, "clinician")
    assert "No programme of your own" in client.get("/en/programme/quality").text


def test_a_clinician_of_another_centre_sees_nothing_of_it(client, sign_in, programme):
    sign_in(client, "clinician", user=make_user("clinician", organisation=make_organisation("IR")))
    assert client.get(f"/en/programme/quality?programme={programme.code}").status_code == 404


@pytest.mark.parametrize("role", ["researcher", "country_admin", "editor", "system_admin", "member"])
def test_only_clinicians_of_the_centre_may_look(client, sign_in, programme, role):
    sign_in(client, role)
    assert client.get(f"/en/programme/quality?programme={programme.code}").status_code == 403


def test_each_look_is_recorded_without_a_number(client, enter, programme):
    enter(MIXED)
    client.get("/en/programme/quality")
    found = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.event == "data_quality.viewed")).all()
    assert [(e.object_type, e.object_id, e.changes) for e in found] == [
        ("programme", str(programme.id), "{}")
    ]


def test_neither_the_smallest_nor_the_largest_is_shown(client, enter):
    enter(
        [
            row(n, **(DISCHARGED | {"discharge_day": 200 + n, "last_contact_day": 100 + n}))
            for n in range(1, 60)
        ]
    )
    text = client.get("/en/programme/quality").text
    assert "nine of ten between" in text
    line = re.search(r"Numbers of days far from the rest.*?</th>", text, re.DOTALL)[0]
    assert not re.search(r"\b(101|159)\b", line)


@pytest.fixture
def count(client):
    """How many statements a request takes."""

    def run(path):
        seen = []
        sa.event.listen(db.engine, "before_cursor_execute", note := lambda *told: seen.append(told[2]))
        client.get(path)
        sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    return run


def test_the_number_of_queries_does_not_grow_with_the_episodes(enter, count):
    enter([row(1, **UNKNOWN)])
    path = "/en/programme/quality?indicator=DQ11"
    count(path)
    few = count(path)
    enter([row(n, **UNKNOWN) for n in range(2, 60)])
    assert count(path) == few


def test_synthetic_data_say_so(client, sign_in, centre):
    programme = make_programme("IR", organisation=centre, synthetic=True)
    user = sign_in(client, "clinician", user=make_user("clinician", organisation=centre))
    import_file(Submission(table(MIXED), programme=programme.code), mode=VALID, by=user)
    assert "SYNTHETIC" in client.get("/en/programme/quality").text
