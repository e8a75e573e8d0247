"""Completeness and comparison agree on whose data are good enough."""

import csv
import io

import pytest

from portal.dashboards.queries import choose
from portal.releases.queries import approved_results, latest_edition

CLOSED = {"gate", "P1"}


def groups():
    return [
        (result, result.released.value.programmes)
        for result in approved_results(latest_edition(), "comparison")
        if result.outcome != "ABS-28"
    ]


def lines(client, result):
    path = f"/en/outcomes/completeness.csv?country={result.country}&class={result.klass}"
    return list(csv.reader(io.StringIO(client.get(path).text.lstrip("\ufeff"))))


@pytest.fixture
def reader(published, client, sign_in):
    sign_in(client, "researcher")
    return client


def test_what_a_comparison_withholds_for_its_data_is_not_called_shown(reader):
    closed = [(result, row) for result, rows in groups() for row in rows if row.withheld in CLOSED]
    assert {row.withheld for _, row in closed} == CLOSED
    for result, row in closed:
        (line,) = [cells for cells in lines(reader, result) if cells[0] == row.programme]
        assert line[-1] != ""
        assert not line[-1].startswith("shown")


def test_a_closed_gate_names_its_indicators(reader):
    (closed,) = [(result, row) for result, rows in groups() for row in rows if row.withheld == "gate"]
    (line,) = [cells for cells in lines(reader, closed[0]) if cells[0] == closed[1].programme]
    assert line[-1] == "Insufficient data quality: discharge reason unknown for more than 10 percent"


def test_the_finding_counts_programmes_with_an_open_gate(reader):
    for result, rows in groups():
        good = sum(row.withheld not in CLOSED for row in rows)
        assert lines(reader, result)[0][0].startswith(f"{good} of {len(rows)} programmes have data good")


def test_a_gate_closed_to_assessments_only_says_so(reader):
    (result,) = choose("completeness", "RU", "outpatient_psychosocial").results
    (row,) = [
        row
        for row in result.released.value.programmes
        if row.failing_assessed and not row.failing and not row.withheld
    ]
    (line,) = [cells for cells in lines(reader, result) if cells[0] == row.programme]
    assert line[-1].startswith("shown, but no outcome of assessments: ")
    assert "assessments below 80 percent" in line[-1]


def test_the_key_shows_what_is_drawn(reader):
    html = reader.get("/en/outcomes/completeness").text
    key = html[html.index('class="key"') : html.index("</ul>", html.index('class="key"'))]
    assert [part for part in ("barpart c1", "barpart ctx") if part in key] == ["barpart c1", "barpart ctx"]
    assert "<line" not in key
