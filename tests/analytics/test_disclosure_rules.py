"""Rules P1-P10, each on both sides of its border."""

import dataclasses

import orjson
import pytest

from analytics.disclosure import Policy, is_refreshed, release, why_not_compared
from analytics.disclosure.measured import MeasuredCompleteness, MeasuredCompletions, MeasuredPointSets

from . import measures as make


def shown(measured):
    return release(measured, Policy.APPROVED).value


def row_of(value, code):
    return next(row for row in value.programmes if row.programme == code)


def with_three(first, maker):
    return first, maker("B"), maker("C"), maker("D")


@pytest.mark.parametrize(("known", "withheld"), [(29, "P1"), (30, None)])
def test_p1_a_result_needs_thirty_known(known, withheld):
    row = row_of(shown(make.curves(*with_three(make.curve("A", known=known), make.curve))), "A")
    assert row.withheld == withheld
    assert (row.weeks == ()) == (withheld is not None)


@pytest.mark.parametrize(("expected", "withheld"), [(4.9, "P2"), (5.0, None), (95.1, "P2"), (95.0, None)])
def test_p2_a_ratio_needs_five_expected_on_either_side(expected, withheld):
    assert (
        why_not_compared("RET-F-180", gate_open=True, known=100, observed=50, expected=expected) == withheld
    )


@pytest.mark.parametrize(("tenth", "last", "stopped"), [(9, 9, 10), (10, 10, 11)])
def test_p3_a_curve_is_cut_where_fewer_than_ten_are_at_risk(tenth, last, stopped):
    at_risk = [100, *[50] * 9, tenth, *[5] * 16]
    value = shown(make.curves(*with_three(make.curve("A", weeks=make.weeks(at_risk)), make.curve)))
    row = row_of(value, "A")
    assert (row.weeks[-1].week, row.stopped_week) == (last, stopped)
    assert value.tau == last
    assert row.median is None
    assert [notice.value for notice in value.notices if notice.code == "W3"] == [stopped]


def test_p3_a_curve_that_reaches_the_end_is_not_stopped():
    row = row_of(shown(make.curves(*map(make.curve, "ABC"))), "A")
    assert (row.weeks[-1].week, row.stopped_week, row.mean.tau, row.median) == (26, None, 26, 25.0)


@pytest.mark.parametrize(("dropped", "withheld"), [(9, "P4"), (10, None)])
def test_p4_a_curve_needs_ten_endings(dropped, withheld):
    row = row_of(shown(make.curves(*with_three(make.curve("A", dropped=dropped), make.curve))), "A")
    assert row.withheld == withheld


@pytest.mark.parametrize(("completed", "text", "share"), [(9, "<10", "<10 %"), (10, "10", "10.0 %")])
def test_p4_completion_below_ten_is_a_band(completed, text, share):
    rows = with_three(
        make.completion("A", completed=completed, share=make.estimate(completed / 100)), make.completion
    )
    row = row_of(shown(MeasuredCompletions("RU", "residential", rows)), "A")
    assert (str(row.completed), str(row.share)) == (text, share)


@pytest.mark.parametrize(("with_transfers", "shown_too"), [(49, False), (50, True)])
def test_p4_second_definition_is_shown_only_when_transfers_are_no_band(with_transfers, shown_too):
    rows = with_three(make.completion("A", with_transfers=with_transfers), make.completion)
    row = row_of(shown(MeasuredCompletions("RU", "residential", rows)), "A")
    assert row.share_with_transfers.is_shown == shown_too


def test_p4_keeps_a_programme_with_nine_completed_out_of_the_ratio():
    assert why_not_compared("CMP-TEDS", gate_open=True, known=100, observed=9, expected=20.0) == "P4"
    assert why_not_compared("CMP-TEDS", gate_open=True, known=100, observed=10, expected=20.0) is None


@pytest.mark.parametrize(
    ("known", "retained", "text"),
    [
        (199, 0.96, "≥95 %"),
        (199, 0.95, "95.0 %"),
        (200, 0.96, "96.0 %"),
        (200, 0.995, ">99 %"),
        (40, 0.0, "≤5 %"),
    ],
)
def test_p5_rates_at_the_edge_are_bounds(known, retained, text):
    rows = with_three(make.points("A", known=known, retained=retained, size=known + 20), make.points)
    row = row_of(shown(MeasuredPointSets("RU", "residential", rows)), "A")
    assert {str(point.share) for point in row.points} == {text}


def test_p5_number_at_risk_is_withheld_where_the_share_is_a_bound():
    row = row_of(shown(make.curves(*map(make.curve, "ABC"))), "A")
    for week in row.weeks[1:]:
        assert (week.at_risk is None) == (week.share.bound is not None)


def test_p5_exact_count_is_withheld_beside_a_bounded_share():
    rows = with_three(make.completion("A", completed=97, share=make.estimate(0.97)), make.completion)
    row = row_of(shown(MeasuredCompletions("RU", "residential", rows)), "A")
    assert str(row.share) == "≥95 %"
    assert row.completed is None


def test_p5_keeps_a_programme_at_the_edge_out_of_the_ratio():
    assert why_not_compared("RET-F-180", gate_open=True, known=100, observed=96, expected=90.0) == "P5"


@pytest.mark.parametrize(
    ("before", "known", "refreshed"), [(None, 30, True), (100, 129, False), (100, 130, True)]
)
def test_p8_a_result_is_refreshed_only_by_thirty_newly_known(before, known, refreshed):
    assert is_refreshed(known, shown_before=before) == refreshed


@pytest.mark.parametrize(("programmes", "refused"), [("AB", "P10"), ("ABC", None)])
def test_p10_a_comparison_holds_three_programmes(programmes, refused):
    value = shown(make.curves(*map(make.curve, programmes)))
    assert value.refused == refused
    assert {row.withheld for row in value.programmes} == {refused}


def test_p10_counts_shown_programmes_only_and_empties_the_others():
    value = shown(make.curves(make.curve("A"), make.curve("B"), make.curve("C", known=20)))
    assert value.refused == "P10"
    assert [row.withheld for row in value.programmes] == ["P10", "P10", "P1"]
    assert all(row.known is None and row.weeks == () for row in value.programmes)
    assert value.tau is None


def test_carried_rows_count_and_keep_their_edition_label():
    before = shown(make.curves(*map(make.curve, "ABC")))
    value = shown(make.curves(make.curve("D", edition="E2"), carried=before.programmes))
    assert value.refused is None
    assert [(row.programme, row.edition) for row in value.programmes] == [
        ("A", "E1"),
        ("B", "E1"),
        ("C", "E1"),
        ("D", "E2"),
    ]


def test_closed_gate_is_shown_with_its_reason_and_no_number():
    rows = with_three(make.curve("A", gate_open=False), make.curve)
    row = row_of(shown(make.curves(*rows)), "A")
    assert (row.withheld, row.known, row.size, row.weeks) == ("gate", None, None, ())


def test_size_is_withheld_when_it_would_say_that_all_are_known():
    rows = with_three(make.curve("A", size=100, known=100), make.curve)
    row = row_of(shown(make.curves(*rows)), "A")
    assert row.size is None
    assert row.weeks[0].at_risk is None


def test_curve_that_is_cut_at_once_has_no_restricted_mean():
    at_once = make.curve("A", weeks=make.weeks([100, *[9] * 26]))
    value = shown(make.curves(at_once, *map(make.curve, "BCD")))
    assert value.tau is None
    assert {row.mean for row in value.programmes} == {None}


def test_restricted_means_share_the_shortest_shown_horizon():
    short = make.curve("A", weeks=make.weeks([100, *[50] * 14, *[9] * 12]))
    hidden = make.curve("E", known=29, weeks=make.weeks([40, *[9] * 26]))
    value = shown(make.curves(short, hidden, *map(make.curve, "BCD")))
    assert value.tau == 14
    assert {row.mean.tau for row in value.programmes if row.withheld is None} == {14}


def test_unknown_shares_are_noticed_above_a_fifth_and_when_they_differ():
    value = shown(make.curves(make.curve("A", due=130, known=90), *map(make.curve, "BCD")))
    noticed = [(notice.programme, round(notice.value, 3)) for notice in value.notices if notice.code == "W1"]
    assert noticed == [("A", 0.308), ("", 0.208)]


def test_point_with_fewer_known_is_withheld_alone():
    rows = with_three(make.points("A"), make.points)
    late = (*rows[0].points[:3], type(rows[0].points[3])(26, 29, make.estimate(0.5)))
    changed = dataclasses.replace(rows[0], points=late)
    row = row_of(shown(MeasuredPointSets("RU", "residential", (changed, *rows[1:]))), "A")
    assert [point.withheld for point in row.points] == [None, None, None, "P1"]
    assert not row.points[3].share.is_shown
    assert row.points[3].known is None


def test_points_and_completion_of_a_closed_gate_hold_no_number():
    rows = with_three(make.points("A", gate_open=False), make.points)
    assert row_of(shown(MeasuredPointSets("RU", "withdrawal", rows)), "A").points == ()
    rows = with_three(make.completion("A", gate_open=False), make.completion)
    assert row_of(shown(MeasuredCompletions("RU", "withdrawal", rows)), "A").known is None


def test_too_few_programmes_empty_points_and_completion_as_well():
    value = shown(MeasuredPointSets("RU", "withdrawal", (make.points("A"),)))
    assert (value.refused, value.programmes[0].points) == ("P10", ())
    value = shown(MeasuredCompletions("RU", "withdrawal", (make.completion("A"),)))
    assert (value.refused, value.programmes[0].share) == ("P10", None)


def test_completeness_shows_failing_indicators_but_bounds_the_edge():
    value = shown(
        MeasuredCompleteness(
            "IR",
            "agonist",
            (
                make.complete("A", gate_open=False, failing=("DQ05",), known=55),
                make.complete("B", known=98),
                make.complete("C", due=24, known=20),
                make.complete("D"),
            ),
        ),
    )
    a, b, c, d = value.programmes
    assert (a.failing, a.due, a.known, str(a.status)) == (("DQ05",), 100, 55, "55.0 %")
    assert (b.due, b.known, str(b.status)) == (None, 98, "≥95 %")
    assert (c.withheld, c.due, c.status) == ("P1", None, None)
    assert str(d.assessed) == "60.0 %"
    assert [(notice.programme, notice.level, notice.about) for notice in value.notices] == [
        ("A", "red", "status"),
        ("", "red", "status"),
        *((code, "amber", "assessed") for code in ("A", "B", "D")),
    ]


def test_log_names_programme_and_rule_and_no_number():
    released = release(make.curves(make.curve("A", known=29), *map(make.curve, "BCD")), Policy.APPROVED)
    assert [(hidden.where, hidden.rule) for hidden in released.hidden] == [("A", "P1")]
    assert b"29" not in orjson.dumps([hidden.rule + hidden.where for hidden in released.hidden])
