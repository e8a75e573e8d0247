"""Curves, medians and restricted means: formulas by hand, conventions, edges."""

import math

import numpy as np
import pytest

from analytics.errors import DefinitionsDiffer, NotComparable, NotEstimable, NotReleased
from analytics.schema import WarningCode
from analytics.survival import kaplan_meier, rmst_difference

from . import made

FLAT = [("a", 1, 1), ("a", 2, 1), ("a", 4, 1), ("a", 5, 1)]


def test_estimate_and_greenwood_by_hand():
    curve = kaplan_meier(made.durations(("a", 1, 1), ("a", 2, 1), ("a", 2, 0), ("a", 3, 0)), "group")
    table = curve.table
    assert table["survival"].tolist() == [0.75, 0.5, 0.5]
    variance = 0.25 * (1 / (4 * 3) + 1 / (3 * 2))
    assert table["se"].iloc[1] == pytest.approx(math.sqrt(variance))
    assert table[["at_risk", "events", "censored"]].to_numpy().tolist() == [[4, 1, 0], [3, 1, 1], [1, 0, 1]]


def test_log_log_limits_by_hand():
    row = kaplan_meier(made.durations(*FLAT), "group").table.iloc[0]
    sigma = math.sqrt(1 / 12) / abs(math.log(0.75))
    want = [0.75 ** math.exp(1.959963984540054 * sign * sigma) for sign in (1, -1)]
    assert [row["lower"], row["upper"]] == pytest.approx(want, rel=1e-12)


def test_median_is_the_midpoint_of_a_flat_stretch():
    assert kaplan_meier(made.durations(*FLAT), "group").median()["median"].tolist() == [3.0]


def test_median_is_the_first_time_when_the_curve_ends_on_a_half():
    curve = kaplan_meier(made.durations(("a", 1, 1), ("a", 2, 0)), "group")
    assert curve.median()["median"].tolist() == [1.0]


def test_quantile_is_where_the_share_has_left():
    assert kaplan_meier(made.durations(*FLAT), "group").quantile(0.6)["quantile"].tolist() == [4.0]


def test_restricted_mean_and_its_error_by_hand():
    row = kaplan_meier(made.durations(*FLAT), "group").rmst(4.5).iloc[0]
    assert row["rmst"] == pytest.approx(1 + 0.75 + 2 * 0.5 + 0.5 * 0.25)
    after = [(0.75 + 1.0 + 0.125), (1.0 + 0.125), 0.125]
    variance = sum(area**2 / (n * (n - 1)) for area, n in zip(after, (4, 3, 2), strict=True))
    assert row["se"] == pytest.approx(math.sqrt(variance))


def test_restricted_mean_leaves_out_the_term_where_everybody_leaves():
    row = kaplan_meier(made.durations(*FLAT), "group").rmst(5).iloc[0]
    assert row["rmst"] == pytest.approx(3.0)
    assert math.isfinite(row["se"])


def test_ends_of_bins_leave_in_the_middle_of_them():
    """Weeks 1, 2 and 3 are days 3.5, 10.5 and 17.5; day 0 stays. By hand over 10 persons, 4 weeks."""
    cube = made.durations(("a", 0, 1), *[("a", 1, 1)] * 2, ("a", 2, 0), ("a", 3, 1), *[("a", 4, 0)] * 5)
    row = kaplan_meier(cube, "group").rmst(4, bin_width=1).iloc[0]
    shares = [0.9, 0.9 * 7 / 9, 0.9 * 7 / 9 * 5 / 6]
    areas = [0.5 * shares[0], 2 * shares[1], 1.5 * shares[2]]
    assert row["rmst"] == pytest.approx(sum(areas), rel=1e-14)
    terms = [(sum(areas), 10, 1), (areas[1] + areas[2], 9, 2), (areas[2], 6, 1)]
    assert row["se"] == pytest.approx(
        math.sqrt(sum(a**2 * d / (n * (n - d)) for a, n, d in terms)), rel=1e-14
    )


def test_nothing_is_claimed_beyond_the_last_time():
    curve = kaplan_meier(made.durations(("a", 3, 1), ("a", 5, 0)), "group")
    row = curve.at(6).iloc[0]
    assert row["at_risk"] == 0
    assert np.isnan([row["survival"], row["se"], row["lower"], row["upper"]]).all()
    assert np.isnan(curve.rmst(6)["rmst"].iloc[0])


def test_before_the_first_time_everybody_is_in_treatment():
    rows = kaplan_meier(made.durations(("a", 3, 1), ("a", 5, 0)), "group").at([0, 3])
    assert rows["survival"].tolist() == [1.0, 0.5]
    assert rows["at_risk"].tolist() == [2, 2]


def test_events_at_time_0_count():
    curve = kaplan_meier(made.durations(("a", 0, 1), ("a", 5, 0)), "group")
    assert curve.at(0)["survival"].tolist() == [0.5]


def test_no_events_give_a_bound_of_the_risk():
    curve = kaplan_meier(made.durations(*[("a", 9, 0)] * 20), "group")
    assert curve.table[["survival", "lower", "upper"]].to_numpy().tolist() == [[1.0, 1.0, 1.0]]
    assert curve.totals["risk_upper"].tolist() == pytest.approx([1 - 0.025 ** (1 / 20)])
    assert np.isnan(curve.median()["median"].iloc[0])


def test_survival_0_has_no_interval():
    row = kaplan_meier(made.durations(("a", 1, 1)), "group").table.iloc[0]
    assert row["survival"] == 0
    assert np.isnan([row["se"], row["lower"], row["upper"]]).all()


def test_late_entries_are_at_risk_after_they_entered():
    curve = kaplan_meier(made.durations(("a", 2, 1), ("a", 6, 1, 2), ("a", 8, 1, 4), ("a", 9, 0)), "group")
    risk = {row.time: row.at_risk for row in curve.table.itertuples()}
    assert risk == {2.0: 2, 4.0: 2, 6.0: 3, 8.0: 2, 9.0: 1}
    assert curve.at([3, 5])["at_risk"].tolist() == [2, 3]


def test_only_named_causes_count_as_the_event():
    curve = kaplan_meier(made.durations(("a", 1, 1), ("a", 2, 2), ("a", 3, 0)), "group", causes=[2])
    assert curve.totals["events"].tolist() == [1]
    assert curve.table["survival"].tolist() == [1.0, 0.5, 0.5]


def test_one_curve_of_all_without_a_key():
    curve = kaplan_meier(made.make_cube(50))
    assert curve.groups == ("all",)
    assert curve.n == 50


def test_groups_stand_in_natural_order():
    curve = kaplan_meier(made.durations(("P10", 1, 1), ("P2", 1, 1)), "group")
    assert curve.groups == ("P2", "P10")
    assert curve.of("P10").groups == ("P10",)


def test_unknown_group_is_refused():
    with pytest.raises(NotEstimable, match="no group b; there are a"):
        kaplan_meier(made.durations(*FLAT), "group").of("b")


def test_cube_without_durations_is_refused():
    with pytest.raises(NotEstimable, match="no durations"):
        kaplan_meier(made.outcomes(("A", "u", 1, 1, 0)))


def test_key_that_is_not_kept_is_refused():
    with pytest.raises(NotEstimable, match="not kept by site"):
        kaplan_meier(made.durations(*FLAT), "site")


def test_warning_says_from_when_fewer_than_10_are_at_risk():
    cube = made.durations(*[("a", day, 1) for day in range(1, 13)], *[("b", 20, 1)] * 15)
    warnings = kaplan_meier(cube, "group").warnings
    assert [(each.code, each.subject, each.value("time")) for each in warnings] == [
        (WarningCode.CURVE_STOPPED, "a", 4.0)
    ]
    assert kaplan_meier(cube, "group").of("b").warnings == ()


def test_common_horizon_is_the_smallest_of_the_groups():
    cube = made.durations(*[("a", day, 1) for day in range(1, 13)], *[("b", 20, 1)] * 15)
    curve = kaplan_meier(cube, "group")
    assert curve.horizon() == 3.0
    assert math.isnan(curve.horizon(14))


def test_difference_of_restricted_means_adds_the_variances():
    curve = kaplan_meier(made.make_cube(400), "country")
    first, second = curve.of("IR"), curve.of("RU")
    row = rmst_difference(first, second, 60).table.iloc[0]
    parts = [one.rmst(60).iloc[0] for one in (first, second)]
    assert row["difference"] == parts[0]["rmst"] - parts[1]["rmst"]
    assert row["se"] == pytest.approx(math.hypot(parts[0]["se"], parts[1]["se"]))
    assert row["upper"] - row["lower"] == pytest.approx(2 * 1.959963984540054 * row["se"])
    assert 0 < row["p"] < 1


def test_difference_without_variance_has_no_p():
    cube = made.durations(("a", 9, 0), ("b", 9, 0))
    curve = kaplan_meier(cube, "group")
    assert math.isnan(rmst_difference(curve.of("a"), curve.of("b"), 5).table["p"].iloc[0])


def test_difference_refuses_several_groups_other_definitions_and_a_far_horizon():
    curve = kaplan_meier(made.make_cube(200), "country")
    with pytest.raises(NotComparable, match="one group"):
        rmst_difference(curve, curve.of("IR"), 30)
    with pytest.raises(NotEstimable, match="within both curves"):
        rmst_difference(curve.of("IR"), curve.of("RU"), 10_000)
    other = kaplan_meier(made.durations(("RU", 50, 1)), "group")
    with pytest.raises(DefinitionsDiffer):
        rmst_difference(curve.of("IR"), other, 30)


def test_result_cannot_be_drawn_before_release():
    with pytest.raises(NotReleased, match="SurvivalCurve has not passed disclosure control"):
        kaplan_meier(made.durations(*FLAT)).figure()


def test_cut_table_keeps_every_method_coherent():
    from dataclasses import replace

    curve = kaplan_meier(made.make_cube(300), "country")
    cut = replace(curve, table=curve.table[curve.table["time"] <= 30])
    assert cut.at(20).equals(curve.at(20))
    assert cut.at(60)["at_risk"].tolist() == [0, 0]
    assert replace(curve, table=curve.table.iloc[:0]).at(20).empty
