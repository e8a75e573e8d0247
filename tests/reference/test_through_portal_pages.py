"""Two published trials on the pages of a researcher: figure, table, file and interface say the same numbers."""

import csv
import html
import io
import json
import re

import pytest

from analytics.outcomes import CURVE_WEEKS
from portal.releases import queries

from . import trial_world
from . import truth as truth_data
from .test_through_portal import ARMS, code_in_edition, is_bounded, released

pytestmark = [pytest.mark.truth, truth_data.with_truth]

GROUP = "country=IR&class=agonist"
LANGUAGES = ("en", "ru", "fa")
DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٫,٪", "0123456789..%")


def page(client, name, lang="en"):
    answer = client.get(f"/{lang}/outcomes/{name}?{GROUP}")
    assert answer.status_code == 200
    return answer.text


def table(text, name):
    """Cells of a table of the page, without marks of direction and groups of digits."""
    (body,) = re.findall(rf'<table[^>]*id="{name}".*?<tbody[^>]*>(.*?)</tbody>', text, re.DOTALL)
    return [
        [plain(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.DOTALL)
    ]


def plain(markup):
    text = html.unescape(re.sub(r"<[^>]+>", "", markup)).translate(DIGITS)
    return re.sub("[\\s\u2066-\u2069\u200e\u200f]", "", text)


def download(client, name, lang="en"):
    answer = client.get(f"/{lang}/outcomes/{name}.csv?{GROUP}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))


def by_week(rows, programme):
    """Lines of a programme with every week: those of the second table."""
    start = max(n for n, row in enumerate(rows) if row[0] == programme and row[1] == "0")
    return [row for row in rows[start:] if row[0] == programme]


@pytest.fixture
def researcher(trials, client, sign_in):
    sign_in(client, "researcher", country="RU")
    return client


@pytest.mark.parametrize("arm", ARMS)
def test_file_for_download_holds_the_kaplan_meier_of_the_trial(trials, researcher, truth, arm):
    rows = trial_world.rows_of(truth, arm)
    expected = trial_world.kaplan_meier(trial_world.weekly(rows), CURVE_WEEKS)
    lines = by_week(download(researcher, "retention"), code_in_edition(trials, arm))
    assert [int(line[1]) for line in lines] == list(range(len(lines)))
    for line in lines:
        survival, low, high, at_risk = expected[int(line[1])]
        if is_bounded(survival, len(rows)):
            assert (line[2][0] in "≥>", line[3:5]) == (True, ["", ""])
        else:
            assert [float(part) for part in line[2:5]] == pytest.approx((survival, low, high), rel=1e-12)
            assert line[5] == str(at_risk)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_table_of_the_page_is_the_file_and_the_released_result(trials, researcher, lang):
    shown = table(page(researcher, "retention", lang), "curves-weeks")
    lines = download(researcher, "retention", lang)
    for arm in ARMS:
        code = code_in_edition(trials, arm)
        cells = [row for row in shown if row[0] == code]
        raw, weeks = by_week(lines, code), released(trials, "curves", arm).weeks
        assert len(cells) == len(raw) == len(weeks)
        for cell, line, week in zip(cells, raw, weeks, strict=True):
            assert int(cell[1]) == int(line[1]) == week.week
            assert (cell[4] or None) == (line[5] or None) == (str(week.at_risk) if week.at_risk else None)
            if week.share.value is not None:
                assert float(line[2]) == week.share.value
                assert float(cell[2].rstrip("%")) == pytest.approx(100 * week.share.value, abs=0.0501)


def test_figure_of_the_page_draws_the_released_curves(trials, researcher):
    (data,) = re.findall(
        r'<script[^>]*id="curves-data">(.*?)</script>', page(researcher, "retention"), re.DOTALL
    )
    drawn = [
        (trace["x"], trace["y"]) for trace in json.loads(data)["data"] if trace.get("hoverinfo") == "text"
    ]
    expected = []
    for arm in ARMS:
        weeks = [week for week in released(trials, "curves", arm).weeks if week.share.value is not None]
        expected.append(([week.week for week in weeks], [week.share.value for week in weeks]))
    assert sorted(drawn) == sorted(expected)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_means_of_the_page_are_those_of_the_trials(trials, researcher, truth, lang):
    shown = {row[0]: row for row in table(page(researcher, "retention", lang), "curves-table")}
    for arm in ARMS:
        rows = trial_world.weekly(trial_world.rows_of(truth, arm))
        value, _ = trial_world.mean_until(rows, 24)
        assert float(shown[code_in_edition(trials, arm)][3]) == pytest.approx(value, abs=0.0501)


def test_page_of_comparison_gives_reasons_and_no_ratio(trials, researcher):
    rows = [row for row in download(researcher, "comparison") if re.fullmatch(r"IR-\d+", row[0])]
    assert len(rows) == 2 * len(ARMS)
    assert all(row[1] and not any(row[2:]) for row in rows)


def test_completeness_comes_with_the_share_of_each_trial(trials, researcher, truth):
    lines = {row[0]: row for row in download(researcher, "completeness")}
    for arm in ARMS:
        rows = trial_world.rows_of(truth, arm)
        known = sum(days >= 180 or event for days, event in rows)
        line = lines[code_in_edition(trials, arm)]
        assert int(line[1]) == len(rows)
        assert float(line[2]) == pytest.approx(known / len(rows), rel=1e-12)


def test_interface_gives_the_public_tables_as_displayed(trials, client):
    answer = client.get("/api/v1/editions/latest").json
    assert (answer["name"], answer["synthetic"]) == (trial_world.NAME, False)
    tables = queries.public_tables(queries.latest_edition())
    assert [each["id"] for each in answer["tables"]] == list(tables)
    for each in answer["tables"]:
        cells = tables[each["id"]].value.cells
        assert [(c["cell"], c["count"]["shown"]) for c in each["cells"]] == [
            (cell.cell, str(cell.count)) for cell in cells
        ]
        assert [c["share"]["value"] for c in each["cells"]] == [cell.share.value for cell in cells]


def test_programme_data_of_the_trials_are_not_public(trials, client):
    assert client.get(f"/en/outcomes/retention.csv?{GROUP}").status_code == 302
    public = client.get("/en/outcomes").text + client.get("/api/v1/editions/latest").text
    assert not re.search(r"(IR|RU)-0\d", public)
