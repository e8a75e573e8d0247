"""The log-rank test: by hand, weights, strata, edges."""

import pytest

from analytics.errors import NotComparable
from analytics.survival import Weighting, logrank_test

from . import made

TWO = [("a", 1, 1), ("a", 2, 1), ("b", 3, 1), ("b", 4, 0)]


def test_observed_and_expected_by_hand():
    test = logrank_test(made.durations(*TWO), "group")
    assert test.table["observed"].tolist() == [2.0, 1.0]
    assert test.table["expected"].tolist() == pytest.approx([2 / 4 + 1 / 3, 2 / 4 + 2 / 3 + 1])
    variance = 1 / 4 + 2 / 9
    assert test.chisq == pytest.approx((2 - 5 / 6) ** 2 / variance)
    assert test.df == 1


def test_ties_use_the_hypergeometric_variance():
    test = logrank_test(made.durations(("a", 1, 1), ("a", 2, 0), ("b", 1, 1), ("b", 2, 0)), "group")
    assert test.chisq == 0
    assert test.p == 1


@pytest.mark.parametrize("weighting", Weighting)
def test_every_weighting_sums_to_0_over_the_groups(weighting):
    test = logrank_test(made.make_cube(400), "programme", "sex", weighting=weighting.value)
    assert test.table["observed"].sum() == pytest.approx(test.table["expected"].sum())
    assert test.df == 5
    assert test.weighting is weighting


def test_strata_add_the_sums_of_the_strata():
    cube = made.make_cube(500)
    parts = [logrank_test(cube.select("sex", [sex]), "country").table for sex in ("F", "M")]
    whole = logrank_test(cube, "country", "sex").table
    assert whole["expected"].tolist() == pytest.approx((parts[0]["expected"] + parts[1]["expected"]).tolist())


def test_one_group_is_refused():
    with pytest.raises(NotComparable, match="at least 2 groups, got 1"):
        logrank_test(made.durations(("a", 1, 1)), "group")


def test_unknown_weighting_is_refused_with_the_known_ones():
    with pytest.raises(NotComparable, match="expected log-rank, gehan-breslow"):
        logrank_test(made.durations(*TWO), "group", weighting="tarone")


@pytest.mark.parametrize("weighting", Weighting)
def test_no_events_give_p_1(weighting):
    test = logrank_test(made.durations(("a", 1, 0), ("b", 2, 0)), "group", weighting=weighting.value)
    assert (test.chisq, test.df, test.p) == (0.0, 1, 1.0)


def test_group_that_is_all_censored_adds_to_the_risk_sets():
    cube = made.durations(*TWO, ("c", 9, 0), ("c", 9, 0))
    test = logrank_test(cube, "group")
    assert test.df == 2
    assert test.table["observed"].tolist() == [2.0, 1.0, 0.0]
    assert test.table["expected"].iloc[2] > 0


def test_groups_that_never_share_a_risk_set_lose_a_degree_of_freedom():
    cube = made.make_cube(600)
    test = logrank_test(cube, "programme", "country")
    assert test.df == 4


def test_late_entries_leave_the_risk_sets_before_their_entry():
    late = made.durations(("a", 2, 1), ("a", 6, 1), ("b", 4, 1), ("b", 8, 1, 3), ("b", 9, 1, 1))
    test = logrank_test(late, "group")
    # At 2 the person who enters at 3 is not yet at risk, the one who entered at 1 is.
    at_risk = {2.0: (2, 2), 4.0: (1, 3), 6.0: (1, 2), 8.0: (0, 2), 9.0: (0, 1)}
    assert test.table["expected"].iloc[0] == pytest.approx(sum(a / (a + b) for a, b in at_risk.values()))


def test_entry_after_every_end_adds_nothing():
    cube = made.durations(*TWO, ("b", 9, 0, 0))
    later = made.durations(*TWO, ("b", 9, 0, 0), ("a", 9, 0, 8))
    left, right = (logrank_test(each, "group") for each in (cube, later))
    assert left.chisq == pytest.approx(right.chisq)


def test_only_named_causes_count():
    cube = made.durations(("a", 1, 1), ("a", 2, 2), ("b", 3, 1), ("b", 4, 2))
    assert logrank_test(cube, "group", causes=[2]).table["observed"].tolist() == [1.0, 1.0]
