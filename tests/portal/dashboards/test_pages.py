"""Outcome pages show released results to whom they may, and say nothing else."""

import csv
import io
import re
from dataclasses import replace

import pytest
import sqlalchemy as sa

from portal.core.audit import AuditEvent, verify
from portal.core.permissions import SYSTEM
from portal.dashboards.queries import choose, note_view
from portal.dashboards.text import OUTCOMES
from portal.extensions import db
from portal.releases.queries import approved_results, latest_edition

LANGUAGES = ("en", "ru", "fa")
PAGES = ("completeness", "retention", "comparison")


def visible(html: str) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", html)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_visitor_sees_the_public_tables_of_the_edition(published, client, lang):
    answer = client.get(f"/{lang}/outcomes")
    assert answer.status_code == 200
    assert latest_edition().name in answer.text
    assert answer.text.count("<table") == 8


def test_without_an_edition_the_page_says_so(app, client):
    assert "No edition has been published yet" in client.get("/en/outcomes").text


@pytest.mark.parametrize("page", PAGES)
def test_comparisons_ask_a_visitor_to_sign_in(published, client, page):
    answer = client.get(f"/en/outcomes/{page}")
    assert answer.status_code == 302
    assert "/en/sign-in" in answer.headers["Location"]


@pytest.mark.parametrize("page", PAGES)
def test_comparisons_are_closed_to_roles_without_them(published, client, sign_in, page):
    sign_in(client, "translator")
    assert client.get(f"/en/outcomes/{page}").status_code == 403


@pytest.mark.parametrize("end", ["", ".csv"])
def test_terms_come_before_the_first_comparison(published, client, sign_in, end):
    sign_in(client, "researcher", terms=False)
    answer = client.get(f"/en/outcomes/comparison{end}")
    assert answer.status_code == 302
    assert "terms" in answer.headers["Location"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_group_of_every_page_shows_a_finding_and_a_table(published, client, sign_in, page, lang):
    sign_in(client, "researcher")
    for country, klass in choose(page, "", "").options:
        answer = client.get(f"/{lang}/outcomes/{page}?country={country}&class={klass}")
        assert answer.status_code == 200
        assert answer.text.count("<table") >= answer.text.count("<figure") > 0


def test_an_unknown_group_shows_the_first_one(published, client, sign_in):
    sign_in(client, "researcher")
    answer = client.get("/en/outcomes/comparison?country=XX&class=%00")
    assert answer.status_code == 200


def test_signed_in_pages_are_not_stored_and_each_view_is_recorded(published, client, sign_in):
    user = sign_in(client, "researcher")
    answer = client.get("/en/outcomes/retention")
    assert answer.headers["Cache-Control"] == "private, no-store"
    seen = sa.select(AuditEvent).where(AuditEvent.event == "result.viewed", AuditEvent.actor_id == user.id)
    (entry,) = db.session.scalars(seen)
    assert entry.object_type == "released_result"
    assert entry.object_id.split() == [str(result.id) for result in choose("retention", "", "").results]
    assert verify() is None


@pytest.mark.parametrize("end", ["", ".csv"])
def test_every_view_and_every_file_is_an_entry_of_its_own(published, client, sign_in, end):
    user = sign_in(client, "researcher")
    for _ in range(3):
        client.get(f"/en/outcomes/comparison{end}")
    seen = sa.select(sa.func.count()).where(AuditEvent.event == "result.viewed")
    assert db.session.scalar(seen.where(AuditEvent.actor_id == user.id)) == 3
    assert verify() is None


def test_a_view_of_many_results_names_them_all(published):
    results = [replace(choose("comparison", "", "").results[0], id=10**8 + number) for number in range(14)]
    note_view(results, by=SYSTEM)
    db.session.rollback()  # a new look at the database
    seen = sa.select(AuditEvent.object_id).where(AuditEvent.event == "result.viewed").order_by(AuditEvent.seq)
    entries = list(db.session.scalars(seen))
    assert [each for entry in entries for each in entry.split()] == [str(result.id) for result in results]
    assert max(map(len, entries)) <= AuditEvent.object_id.type.length
    assert verify() is None


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_the_file_holds_the_numbers_of_the_page_for_machines(published, client, sign_in, page, lang):
    sign_in(client, "researcher")
    shown = client.get(f"/{lang}/outcomes/{page}").text
    answer = client.get(f"/{lang}/outcomes/{page}.csv")
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert "attachment" in answer.headers["Content-Disposition"]
    assert not [cell for row in rows for cell in row if re.fullmatch("[۰-۹٫٬٪ ]+", cell)]
    assert not re.search("[⟦⟧\u2066-\u2069]", answer.text)
    numbered = [row for row in rows if re.fullmatch(r"(IR|RU)-\d+", row[0])]
    assert len(numbered) == shown.count('<th role="rowheader"')
    assert all(float(cell) >= 0 for row in numbered for cell in row[1:] if cell[:1].isdigit())


def test_curves_are_given_week_by_week(published, client, sign_in):
    sign_in(client, "researcher")
    (result,) = [r for r in choose("retention", "", "").results if r.kind == "curves"]
    rows = list(csv.reader(io.StringIO(client.get("/en/outcomes/retention.csv").text)))
    start = next(n for n, row in enumerate(rows) if "Persons at risk" in row)
    given = {(row[0], int(row[1])): row for row in rows[start + 1 :]}
    steps = [(p, w) for p in result.released.value.programmes for w in p.weeks]
    assert len(steps) == len(given) > 27
    for programme, week in steps:
        row = given[programme.programme, week.week]
        assert week.share.value is None or float(row[2]) == week.share.value
        assert row[5] == ("" if week.at_risk is None else str(week.at_risk))


def test_withheld_programmes_have_a_reason_and_no_number(published, client, sign_in):
    sign_in(client, "researcher")
    hidden = [
        (result, row)
        for result in approved_results(latest_edition(), "comparison")
        for row in result.released.value.programmes
        if row.withheld
    ]
    assert hidden
    for result, row in hidden:
        group = f"country={result.country}&class={result.klass}"
        table = list(csv.reader(io.StringIO(client.get(f"/en/outcomes/comparison.csv?{group}").text)))
        start = next(n for n, cells in enumerate(table) if str(OUTCOMES[result.outcome]) in cells[1])
        cells = next(cells for cells in table[start:] if cells[0] == row.programme)
        assert cells[1]
        assert cells[2:] == [""] * 6


@pytest.mark.parametrize("end", ["", ".csv"])
@pytest.mark.parametrize("country", ["IR", "RU"])
def test_a_reader_begins_with_the_own_country(published, client, sign_in, actor, country, end):
    sign_in(client, user=actor("researcher", country=country))
    answer = client.get(f"/en/outcomes/comparison{end}")
    named = {"IR": "Iran: ", "RU": "Russia: "}[country]
    shown = answer.text if end else re.search(r"<summary>(.*?)</summary>", answer.text, re.DOTALL)[1]
    assert named in shown


def test_a_reader_of_another_country_begins_with_the_first_group(published):
    assert choose("comparison", "", "", home="XX") == choose("comparison", "", "")
