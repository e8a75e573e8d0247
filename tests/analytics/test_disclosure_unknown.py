"""W1 on every page by one rule: amber above 20 percent unknown, red above 40 or 15 points apart."""

import dataclasses
import hashlib

import pytest

from analytics.disclosure import Policy, release, restore
from analytics.disclosure.display import Bound, Share
from analytics.disclosure.measured import (
    Known,
    MeasuredCompleteness,
    MeasuredCompletions,
    MeasuredPointSets,
    Spread,
    Verdict,
)
from analytics.disclosure.unknown import bounds, may_rank, unknown_notices

from . import measures as make


def shown(measured):
    return release(measured, Policy.APPROVED).value


def unknown(value):
    return [
        (notice.programme, notice.value, notice.level, notice.about)
        for notice in value.notices
        if notice.code == "W1"
    ]


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ((0.80, 0.80), []),
        ((0.799, 0.80), [("A", 0.201, "amber")]),
        ((0.60, 0.60), [("A", 0.4, "amber"), ("B", 0.4, "amber")]),
        ((0.599, 0.60), [("A", 0.401, "red"), ("B", 0.4, "amber")]),
        ((0.85, 1.0), []),
        ((0.70, 0.85), [("A", 0.3, "amber")]),
        ((0.699, 0.85), [("A", 0.301, "amber"), ("", 0.151, "red")]),
    ],
)
def test_amber_and_red_begin_where_the_rule_says(known, found):
    rows = zip("AB", map(Share, known), strict=True)
    assert [(each.programme, each.value, each.level) for each in unknown_notices(rows)] == found


@pytest.mark.parametrize(("known", "apart"), [(0.81, None), (0.79, 0.16)])
def test_share_that_is_only_a_bound_counts_as_little_apart_as_it_can(known, apart):
    nearly_all = Share(bound=Bound.AT_LEAST, limit=0.95)
    notices = unknown_notices([("A", Share(known)), ("B", nearly_all)])
    assert [each.value for each in notices if not each.programme] == ([apart] if apart else [])


def test_nothing_shown_says_nothing():
    assert unknown_notices([("A", None), ("B", Share())]) == ()
    assert unknown_notices([("A", Share(bound=Bound.AT_MOST, limit=0.05))])[0].value == 0.95


def test_completeness_judges_status_and_assessment_apart():
    few = dataclasses.replace(make.complete("A"), assessed=Known(100, 56, make.estimate(0.56)))
    value = shown(MeasuredCompleteness("IR", "agonist", (few, make.complete("B", assessed=90))))
    assert unknown(value) == [("A", 0.44, "red", "assessed"), ("", 0.34, "red", "assessed")]


def test_points_and_completion_are_warned_by_the_same_rule():
    rows = (make.points("A", size=100), *map(make.points, "BC"))
    value = shown(MeasuredPointSets("RU", "residential", rows))
    assert unknown(value) == [("A", 0.4, "amber", ""), ("", 0.257, "red", "")]
    assert not value.ranked
    rows = (make.completion("A", size=130), *map(make.completion, "BC"))
    value = shown(MeasuredCompletions("RU", "residential", rows))
    assert unknown(value) == [("A", 0.231, "amber", "")]
    assert (value.ranked, value.programmes[0].worst) == (True, None)


def test_red_completion_shows_what_the_unknown_could_make_of_it():
    """40 of 100 known completed, 200 due: 40 to 140 of 200."""
    rows = (make.completion("A", size=200), *map(make.completion, "BC"))
    row = shown(MeasuredCompletions("RU", "residential", rows)).programmes[0]
    assert (str(row.worst), str(row.best)) == ("20.0 %", "70.0 %")


def test_red_comparison_ranks_nobody():
    """50 of 100 known reached it, 180 due: 50 to 130 of 180."""
    flagged = make.ratio(50, 30.0, verdict=Verdict(0.998, "above"), adjusted=Verdict(0.95, "above"))
    measured = make.comparison(
        make.compared("A", size=180, ratio=flagged), *map(make.compared, "BCDE"), spread=Spread(2.0, 0.1)
    )
    value = shown(measured)
    row = value.programmes[0]
    assert unknown(value) == [("A", 0.444, "red", ""), ("", 0.354, "red", "")]
    assert (value.ranked, value.form, value.curve, value.phi) == (False, "table", (), None)
    assert (row.observed, row.expected, row.ratio) == (50, 30.0, 1.6667)
    assert (row.limits, row.outside, row.side, row.adjusted_outside, row.adjusted_side) == ((), *[None] * 4)
    assert (str(row.worst), str(row.best)) == ("27.8 %", "72.2 %")


def test_amber_comparison_keeps_its_verdicts():
    value = shown(make.comparison(make.compared("A", size=130), *map(make.compared, "BC")))
    assert unknown(value) == [("A", 0.231, "amber", "")]
    assert (value.ranked, value.programmes[0].worst) == (True, None)


def test_bounds_of_a_bound_are_not_shown():
    nearly_all = Share(bound=Bound.AT_LEAST, limit=0.95)
    assert not bounds(Share(0.5), 100, nearly_all)[0].is_shown
    assert not bounds(None, 100, Share(0.5))[1].is_shown
    assert str(bounds(Share(0.06), 90, Share(0.5))[0]) == "≤5 %"


def test_programmes_that_are_not_compared_are_not_judged():
    value = shown(make.curves(make.curve("A", known=29, due=100), *map(make.curve, "BCD")))
    assert unknown(value) == []
    assert may_rank(value.notices)


def test_earlier_editions_are_read_back_without_the_new_parts():
    payload = b'{"country":"IR","klass":"agonist","notices":[{"code":"W1","programme":"A","value":0.3}],'
    payload += b'"programmes":[],"refused":"P10","tau":null}'
    value = restore("curves", payload, hashlib.sha256(payload).hexdigest()).value
    assert (value.ranked, value.notices[0].level) == (True, "")
