"""The exact Poisson-binomial distribution, its mid-p and the limits that invert it."""

import itertools
import math

import numpy as np
import pytest
from scipy import optimize, stats

from analytics.case_mix import poisson_binomial_pmf, poisson_binomial_test
from analytics.case_mix.poisson_binomial import mid_p, ratio_limits
from analytics.errors import NotEstimable

N, MU = np.array([2.0, 1.0, 3.0]), np.array([0.2, 0.7, 0.5])


def test_probabilities_equal_the_enumeration():
    single = np.repeat(MU, N.astype(int))
    want = np.zeros(7)
    for outcome in itertools.product((0, 1), repeat=6):
        want[sum(outcome)] += math.prod(p if hit else 1 - p for hit, p in zip(outcome, single, strict=True))
    assert poisson_binomial_pmf(N, MU).tolist() == pytest.approx(want.tolist(), rel=1e-12)


def test_equal_probabilities_give_the_binomial():
    got = poisson_binomial_pmf([300, 200], [0.3, 0.3])
    assert got.tolist() == pytest.approx(
        stats.binom.pmf(np.arange(501), 500, 0.3).tolist(), rel=1e-10, abs=1e-55
    )


def test_large_programme_keeps_the_moments():
    n, mu = np.full(100, 20.0), np.linspace(0.1, 0.9, 100)
    probability, value = poisson_binomial_pmf(n, mu), np.arange(2001)
    mean = float(probability @ value)
    assert probability.sum() == pytest.approx(1.0, abs=1e-12)
    assert mean == pytest.approx(float(n @ mu))
    assert float(probability @ (value - mean) ** 2) == pytest.approx(float(n @ (mu * (1 - mu))))


def test_mid_p_by_hand():
    probability = poisson_binomial_pmf(N, MU)
    assert mid_p(5, N, MU) == pytest.approx(2 * (probability[6] + probability[5] / 2))
    assert mid_p(3, N, MU) <= 1


def shifted_to(expected):
    """Probabilities under the common shift of the log odds that gives this expectation."""

    def shifted(odds):
        return MU * odds / (1 - MU + MU * odds)

    odds = optimize.brentq(lambda each: float(N @ shifted(each)) - expected, 1e-9, 1e9)
    return poisson_binomial_pmf(N, shifted(odds))


@pytest.mark.parametrize("observed", range(7))
def test_limits_put_half_the_error_in_each_tail(observed):
    """Judged by shifting every probability and convolving anew."""
    lower, upper = ratio_limits(observed, N, MU, 0.9)
    for limit, tail in ((lower, slice(observed + 1, None)), (upper, slice(None, observed))):
        if 0 < limit < 6 / float(N @ MU):
            probability = shifted_to(limit * float(N @ MU))
            assert probability[tail].sum() + probability[observed] / 2 == pytest.approx(0.05, abs=1e-9)


def test_limits_exclude_1_exactly_when_p_is_small():
    for observed in range(7):
        row = poisson_binomial_test(observed, N, MU).table.iloc[0]
        assert (not row["lower"] <= 1 <= row["upper"]) == (row["p"] < 0.05)


def test_nobody_and_everybody_have_closed_limits():
    none, every = poisson_binomial_test(0, N, MU), poisson_binomial_test(6, N, MU)
    assert none.table["lower"].tolist() == [0.0]
    assert every.table["upper"].tolist() == [6 / float(N @ MU)]


def test_limits_nest():
    inner, outer = (ratio_limits(4, N, MU, conf) for conf in (0.95, 0.998))
    assert outer[0] < inner[0] < inner[1] < outer[1]


def test_extreme_expectation_still_has_limits():
    lower, upper = ratio_limits(1, np.array([400.0]), np.array([1e-9]), 0.95)
    assert 0 < lower < upper


def test_impossible_observation_has_p_0():
    assert mid_p(400, np.array([400.0]), np.array([1e-9])) == 0.0


@pytest.mark.parametrize(
    ("observed", "n", "mu"),
    [(7, N, MU), (-1, N, MU), (0, [0], [0.5]), (0, [1, 1], [0.5]), (0, [1], [1.0]), (0, [-1], [0.5])],
)
def test_impossible_input_is_refused(observed, n, mu):
    with pytest.raises(NotEstimable):
        poisson_binomial_test(observed, n, mu)
