"""Intervals of proportions, differences and rates: closed limits, refusals, coverage of the definition."""

import math

import numpy as np
import pytest
from scipy import stats

from analytics.errors import NotEstimable
from analytics.intervals import clustered_proportion_ci, proportion_ci, proportion_diff, rate_ci

METHODS = ("wilson", "wilson-cc", "clopper-pearson")


def limits(result):
    return result.table[["lower", "upper"]].to_numpy().tolist()


@pytest.mark.parametrize("method", METHODS)
def test_closed_limits_are_exactly_0_and_1(method):
    (none, every) = limits(proportion_ci([0, 20], [20, 20], method=method))
    assert none[0] == 0.0
    assert every[1] == 1.0
    assert none[1] == pytest.approx(1 - every[0])


@pytest.mark.parametrize("method", METHODS)
def test_nothing_observed_has_no_value(method):
    row = proportion_ci([0], [0], method=method).table.iloc[0]
    assert np.isnan([row["estimate"], row["lower"], row["upper"]]).all()


@pytest.mark.parametrize("method", METHODS)
def test_limits_hold_the_estimate_and_nest(method):
    x, n = np.arange(0, 31), np.full(31, 30)
    inner, outer = (proportion_ci(x, n, method=method, conf=conf).table for conf in (0.95, 0.998))
    assert (inner["lower"] <= inner["estimate"]).all()
    assert (inner["upper"] >= inner["estimate"]).all()
    assert (outer["lower"] <= inner["lower"]).all()
    assert (outer["upper"] >= inner["upper"]).all()


def test_clopper_pearson_limits_hold_the_tail():
    ((lower, upper),) = limits(proportion_ci([7], [40], method="clopper-pearson"))
    assert stats.binom.sf(6, 40, lower) == pytest.approx(0.025)
    assert stats.binom.cdf(7, 40, upper) == pytest.approx(0.025)


def test_exact_rate_limits_hold_the_tail():
    ((lower, upper),) = limits(rate_ci([7], [1], method="exact"))
    assert stats.poisson.sf(6, lower) == pytest.approx(0.025)
    assert stats.poisson.cdf(7, upper) == pytest.approx(0.025)
    assert limits(rate_ci([0], [1], method="exact"))[0] == pytest.approx([0, -math.log(0.025)])


def test_rule_is_exact_below_10_and_byar_from_10_on():
    rule = limits(rate_ci([9, 10], [2, 2]))
    assert rule[0] == limits(rate_ci([9], [2], method="exact"))[0]
    assert rule[1] == limits(rate_ci([10], [2], method="byar"))[0]


def test_byar_has_no_lower_limit_at_0():
    assert math.isnan(limits(rate_ci([0], [1], method="byar"))[0][0])


def test_one_episode_per_person_gives_the_binomial_error():
    row = clustered_proportion_ci([30, 70], [1, 1], [1, 0]).table.iloc[0]
    assert row["se"] == pytest.approx(math.sqrt(0.3 * 0.7 / 100))


def test_people_who_always_agree_count_once():
    single = clustered_proportion_ci([30, 70], [1, 1], [1, 0]).table["se"].iloc[0]
    triple = clustered_proportion_ci([30, 70], [3, 3], [3, 0]).table["se"].iloc[0]
    assert triple == pytest.approx(single)


def test_clustered_limits_stay_within_0_and_1():
    row = clustered_proportion_ci([1, 3], [1, 1], [1, 0]).table.iloc[0]
    assert row["lower"] == 0.0
    row = clustered_proportion_ci([3, 1], [1, 1], [1, 0]).table.iloc[0]
    assert row["upper"] == 1.0


@pytest.mark.parametrize(
    "act",
    [
        lambda: proportion_ci([3], [2]),
        lambda: proportion_ci([-1], [2]),
        lambda: proportion_ci([1], [2], method="wald"),
        lambda: proportion_diff([3], [2], [1], [2]),
        lambda: rate_ci([-1], [1]),
        lambda: rate_ci([1], [0]),
        lambda: rate_ci([1], [1], method="wald"),
        lambda: clustered_proportion_ci([0], [1], [1]),
    ],
)
def test_impossible_counts_and_unknown_methods_are_refused(act):
    with pytest.raises(NotEstimable):
        act()


def test_difference_of_nothing_observed_has_no_value():
    assert np.isnan(limits(proportion_diff([0], [0], [1], [2]))).all()
