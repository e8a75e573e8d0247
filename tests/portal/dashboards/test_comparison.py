"""The funnel says one thing in its finding, its marks, its key, its help and its table."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from analytics.disclosure import Share
from analytics.disclosure.shown import Notice, ShownCompared, ShownComparison, ShownLimitAt
from portal.core import i18n
from portal.dashboards import text as words
from portal.dashboards.charts import comparison


@pytest.fixture(autouse=True)
def _english(app):
    with app.test_request_context("/en/"), i18n.speaking("en"):
        yield


def row(code, ratio=1.0, outside=None, adjusted=None):
    side = None if outside is None else "above"
    return ShownCompared(
        code, "2026H1", None, 100, 50, 50.0, ratio, ratio - 0.1, ratio + 0.1, 80.0 + ord(code),
        outside=outside, side=side, adjusted_outside=adjusted, adjusted_side=side if adjusted else None,
    )  # fmt: skip


def chart(*rows, widened=0.1, phi=None, outcome="RET-F-180", **more):
    curve = tuple(
        ShownLimitAt(size, level, 1 - half, 1 + half, 1 - half - widened, 1 + half + widened)
        for level, half in ((0.95, 0.2), (0.998, 0.3))
        for size in (50.0, 500.0)
    )
    value = ShownComparison("IR", "agonist", outcome, None, "funnel", rows, phi=phi, curve=curve, **more)
    result = SimpleNamespace(released=SimpleNamespace(value=value), outcome=outcome)
    return comparison.make(result, frozenset())


ROWS = (row("A"), row("B", 1.25, 0.95), row("C", 1.35, 0.998, 0.95), row("D", 1.5, 0.998, 0.998))


def verdicts(made):
    return {cells[0].raw[0]: cells[-1].shown for cells in made.tables[0].rows}


def test_the_key_names_the_limits_that_allow_for_variation_between_programmes():
    made = chart(*ROWS)
    assert ("adj", "With variation between programmes") in made.legend
    assert any("dashed" in text for text in made.how)
    assert {trace["line"]["dash"] for trace in made.data["data"] if trace["mode"] == "lines"} == {
        "solid",
        "dot",
        "dash",
    }


def test_one_set_of_limits_is_named_once():
    made = chart(*ROWS, widened=0.0)
    assert "adj" not in dict(made.legend)
    assert not [text for text in (*made.how, *made.notes) if "dashed" in text or "variation" in text]
    assert {name for name, _ in made.plot.limits} == {"l95", "l998"}
    assert not [text for text in verdicts(made).values() if "variation" in text]


def test_both_sets_of_limits_say_whom_they_find():
    made = chart(*ROWS, phi=1.4)
    assert made.finding == "2 of 4 programmes lie outside the 99.8 percent limits"
    assert made.notes == [
        "With variation between programmes, 1 programme lies outside the 99.8 percent limits."
    ]


def test_few_programmes_say_that_the_wider_limits_are_weak():
    made = chart(*ROWS, notices=(Notice("W13", value=4.0),))
    assert sum("Fewer than 10 programmes" in text for text in made.notes) == 1


def test_warnings_name_their_programmes_once():
    notices = (
        Notice("W4", "B", about="rare"),
        Notice("W4", "B", about="sample"),
        Notice("W4", "A"),
        Notice("W8"),
    )
    rare, pairs = chart(*ROWS, widened=0.0, notices=notices).notes
    assert rare.endswith("(⟦B⟧, ⟦A⟧)")
    assert "(" not in pairs


def test_an_outcome_of_stayers_says_whom_it_counts():
    rows = [
        replace(each, judged=Share(share, None, None))
        for each, share in zip(ROWS, (0.27, 0.5, 0.6, 0.81), strict=True)
    ]
    (said,) = chart(*rows, widened=0.0, outcome="ABS-28").notes
    assert "27%–81%" in said
    assert chart(*rows, widened=0.0).notes == []


def test_every_ratio_says_how_well_its_model_predicts():
    (said,) = chart(*ROWS, widened=0.0, c_statistic=0.7123, calibration_slope=0.984).notes
    assert "0.71" in said
    assert "0.98" in said


def test_the_table_names_where_the_limits_differ():
    said = verdicts(chart(*ROWS))
    assert "variation" not in said["A"] + said["D"]
    assert said["B"].endswith("with variation between programmes: inside the limits")
    assert "with variation between programmes: above" in said["C"]


def test_what_is_counted_is_what_is_marked_and_keyed():
    made = chart(*ROWS)
    assert [point.name[1:-1] for point in made.plot.points if point.out] == ["C", "D"]
    assert [point.name[1:-1] for point in made.plot.points if point.between] == ["B"]
    marks = {trace["marker"]["symbol"]: len(trace["x"]) for trace in made.data["data"] if "marker" in trace}
    assert marks == {"circle": 1, "diamond-open": 1, "diamond": 2}
    assert dict(made.legend)["between"] == "Between the 95 and 99.8 percent limits"
    assert dict(made.legend)["out"] == "Outside the 99.8 percent limits"
    assert made.finding.startswith("2 of 4 ")


def test_the_table_says_which_limits_a_programme_passed():
    said = verdicts(chart(*ROWS, widened=0.0))
    assert said == {
        "A": "inside the limits",
        "B": "above the 95 percent limits",
        "C": "above the 99.8 percent limits",
        "D": "above the 99.8 percent limits",
    }


@pytest.mark.parametrize("code", ["W2", "W4"])
def test_a_warning_of_some_programmes_names_its_subject(code):
    assert str(words.WARNINGS[code]).startswith("Some programmes ")


def unranked():
    bare = ShownCompared(
        "A", "2026H1", None, 50, 20, 20.0, 1.0, 0.8, 1.2, 80.0, worst=Share(0.2), best=Share(0.7)
    )
    hidden = ShownCompared("B", "2026H1", "P1")
    value = ShownComparison("IR", "agonist", "RET-F-180", None, "table", (bare, hidden), ranked=False)
    return comparison.make(
        SimpleNamespace(released=SimpleNamespace(value=value), outcome="RET-F-180"), frozenset()
    )


def test_nobody_is_judged_where_too_much_is_unknown():
    made = unranked()
    assert made.finding == "Too much is unknown to compare these programmes"
    assert made.plot is None
    assert made.data is None
    assert "No programme is ranked" in made.refused
    assert "Verdict" not in [column.label for column in made.tables[0].columns]
    assert not [cell for row in made.tables[0].rows for cell in row if "limits" in cell.shown]


def test_bounds_stand_in_the_place_of_a_verdict():
    (table,) = unranked().tables
    shown, hidden = table.rows
    assert shown[-1].shown == "20.0%–70.0%"
    assert shown[-1].raw == ("0.2", "0.7")
    assert len({len([part for cell in row for part in cell.raw]) for row in table.rows}) == 1
    assert hidden[-1].shown == ""
