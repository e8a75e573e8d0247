"""Control limits and over-dispersion: interpolation by hand, verdicts, small volumes, refusals."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics.errors import NotEstimable, TooFew
from analytics.funnel import binomial_limit, control_limits, overdispersion, poisson_limit
from analytics.funnel.quantiles import _Binomial
from analytics.schema import WarningCode


def units(*rows, columns=("unit", "observed", "n")):
    return pd.DataFrame(rows, columns=list(columns))


def ratios(*rows):
    return units(*rows, columns=("unit", "observed", "expected", "variance"))


FIVE = tuple((f"P{number}", observed, 100) for number, observed in enumerate((30, 34, 28, 31, 60), start=1))


def test_binomial_limit_interpolates_the_distribution():
    p, n, target = 0.975, 80, 0.3
    r = stats.binom.ppf(p, n, target)
    upto, before = stats.binom.cdf(r, n, target), stats.binom.cdf(r - 1, n, target)
    want = (r - (upto - p) / (upto - before)) / n
    assert float(binomial_limit([n], target, p)[0]) == pytest.approx(want, rel=1e-12)


def test_poisson_limit_interpolates_the_distribution():
    p, mean = 0.025, 22.5
    r = stats.poisson.ppf(p, mean)
    upto, before = stats.poisson.cdf(r, mean), stats.poisson.cdf(r - 1, mean)
    assert float(poisson_limit([mean], p)[0]) == pytest.approx(
        (r - (upto - p) / (upto - before)) / mean, rel=1e-12
    )


def test_limits_never_leave_the_scale():
    assert binomial_limit([1, 3], 0.3, 0.001).tolist() == [0.0, 0.0]
    assert binomial_limit([1, 3], 0.3, 0.999).max() <= 1.0
    assert poisson_limit([0.1], 0.001).tolist() == [0.0]
    assert binomial_limit([10], 0.0, 0.975).tolist() == [0.0]
    assert binomial_limit([10], 1.0, 0.025).tolist() == [1.0]


@pytest.mark.parametrize("kind", ["binomial", "poisson", "poisson-binomial", "score"])
def test_alarm_limits_hold_the_alert_limits(kind):
    table = pd.DataFrame({"unit": list("abcde"), "observed": [20, 30, 25, 22, 28], "n": 60, "expected": 25.0})
    table = table.assign(variance=12.0, variance_score=11.0)
    result = control_limits(table, kind)
    for frame in (result.table, result.curve):
        assert not frame.empty
    inner, outer = result.table[["lower_0.95", "upper_0.95"]], result.table[["lower_0.998", "upper_0.998"]]
    assert (outer["lower_0.998"] < inner["lower_0.95"]).all()
    assert (outer["upper_0.998"] > inner["upper_0.95"]).all()


@pytest.mark.parametrize(("n", "p"), [(7, 0.3), (143, 0.119), (3361, 0.02), (2_000_000_000, 0.25)])
def test_binomial_distribution_is_that_of_scipy(n, p):
    places = np.unique(np.round(np.clip(stats.binom.ppf([1e-6, 0.01, 0.5, 0.99, 1 - 1e-6], n, p), 0, n)))
    got = _Binomial(np.full(len(places), float(n)), p).cdf(places)
    assert got.tolist() == pytest.approx(stats.binom.cdf(places, n, p).tolist(), rel=1e-9)
    assert _Binomial(np.full(2, float(n)), p).cdf(np.array([-1.0, float(n)])).tolist() == [0.0, 1.0]


def test_volume_beyond_32_bits_has_limits():
    """So large a sample is normal: θ ± z√(θ(1-θ)/n) to nine digits."""
    n = 3_000_000_001
    table = control_limits(units(("a", n // 4, n), ("b", n // 4 + 200_000, n)), target=0.25).table
    half = 1.959963984540054 * np.sqrt(0.25 * 0.75 / n)
    assert table[["lower_0.95", "upper_0.95"]].to_numpy() == pytest.approx(
        np.array([[0.25 - half, 0.25 + half]] * 2), abs=1e-9
    )
    assert table["outside"].tolist()[1] == 0.998
    assert np.isnan(table["outside"].tolist()[0])


def test_largest_counts_end_and_larger_ones_are_refused():
    limits = poisson_limit([1e15], 0.975)
    assert limits.tolist() == pytest.approx([1 + 1.959963984540054 / np.sqrt(1e15)], abs=1e-10)
    assert np.isfinite(poisson_limit([1e16], 0.975)).all()
    with pytest.raises(NotEstimable, match="at most 1e"):
        control_limits(
            pd.DataFrame({"unit": ["a", "b"], "observed": [1e16, 3], "expected": [1e16, 4]}), "poisson"
        )


def test_verdict_is_the_highest_level_passed():
    table = control_limits(units(*FIVE)).table.set_index("unit")
    assert (table.loc["P5", "outside"], table.loc["P5", "side"]) == (0.998, "above")
    assert math.isnan(table.loc["P2", "outside"])
    assert table.loc["P2", "side"] == ""


def test_target_is_the_pooled_share_unless_given():
    assert control_limits(units(*FIVE)).target == pytest.approx(183 / 500)
    assert control_limits(units(*FIVE), target=0.3).target == 0.3


def test_units_stand_in_natural_order_and_repeats_are_added():
    table = control_limits(units(("P10", 3, 50), ("P2", 5, 20), ("P2", 5, 20))).table
    assert table["unit"].tolist() == ["P2", "P10"]
    assert table["n"].tolist() == [40, 50]


def test_programme_names_the_unit_of_standardised_tables():
    table = ratios(("A", 10, 12.0, 5.0), ("B", 12, 10.0, 5.0)).rename(columns={"unit": "programme"})
    assert control_limits(table, "poisson-binomial").table["unit"].tolist() == ["A", "B"]


def test_ratio_limits_are_one_plus_minus_z_root_v_over_e():
    row = control_limits(ratios(("A", 30, 20.0, 9.0), ("B", 18, 20.0, 9.0)), "poisson-binomial").table.iloc[0]
    half = 1.959963984540054 * 3 / 20
    assert [row["lower_0.95"], row["upper_0.95"]] == pytest.approx([1 - half, 1 + half])
    assert row["size"] == pytest.approx(400 / 9)
    assert row["outside"] == 0.998


def test_small_volume_is_judged_by_the_exact_mid_p():
    table = control_limits(units(("small", 3, 3), ("big", 300, 1000)), target=0.3).table.set_index("unit")
    mid_p = 2 * stats.binom.pmf(3, 3, 0.3) / 2
    assert (table.loc["small", "outside"] == 0.95) == (mid_p < 0.05)
    assert table.loc["small", "side"] == "above"


def test_small_expectation_is_judged_by_the_exact_poisson_mid_p():
    table = pd.DataFrame({"unit": ["a", "b", "c"], "observed": [6, 0, 100], "expected": [1.0, 4.0, 100.0]})
    verdict = control_limits(table, "poisson").table.set_index("unit")
    assert verdict.loc["a", "outside"] == 0.998
    assert verdict.loc["b", "outside"] == 0.95
    assert verdict.loc["b", "side"] == "below"


def test_unit_without_volume_has_no_value_and_no_limits():
    for table in (
        control_limits(units(("a", 0, 0), ("b", 3, 10), ("c", 4, 10))).table,
        control_limits(
            ratios(("a", 0, 0.0, 0.0), ("b", 3, 4.0, 2.0), ("c", 4, 4.0, 2.0)), "poisson-binomial"
        ).table,
        control_limits(ratios(("a", 0, 0.0, 0.0), ("b", 3, 4.0, 2.0), ("c", 4, 4.0, 2.0)), "poisson").table,
    ):
        row = table.iloc[0]
        assert np.isnan([row["value"], row["lower_0.95"], row["upper_0.998"], row["outside"]]).all()


def test_events_where_none_were_expected_are_no_verdict():
    units = pd.DataFrame({"unit": list("abc"), "observed": [2, 3, 4], "expected": [0.0, 5.0, 6.0]})
    row = control_limits(units, kind="poisson").table.iloc[0]
    assert (row["size"], row["side"]) == (0.0, "")
    assert np.isnan([row["value"], row["lower_0.95"], row["upper_0.998"], row["outside"]]).all()


def test_no_events_at_all_draw_a_line_at_0():
    result = control_limits(units(*((f"P{number}", 0, 50) for number in range(6))))
    assert result.target == 0
    assert result.table["outside"].isna().all()
    assert math.isnan(result.raw.phi)
    assert (result.curve["upper"] == 0).all()


def test_overdispersion_by_hand():
    z, s = np.array([3.0, -2, 1, 0, -1]), np.full(5, 0.5)
    raw = overdispersion(z, s, winsorise=0)
    assert raw.phi == pytest.approx(3.0)
    assert raw.tau2 == pytest.approx((15 - 4) / (20 - 4))
    clipped = np.clip(z, *np.quantile(z, [0.1, 0.9]))
    assert overdispersion(z, s).phi == pytest.approx(float(np.mean(clipped**2)))


def test_less_variation_than_chance_has_tau2_0():
    assert overdispersion([0.1, -0.1, 0, 0.1, -0.1], np.ones(5)).tau2 == 0.0


def test_fewer_than_5_units_have_no_overdispersion():
    assert math.isnan(overdispersion([1, 2, 3, 4], np.ones(4)).phi)
    result = control_limits(units(*FIVE[:4]))
    assert math.isnan(result.winsorised.tau2)
    assert "adjusted_outside" not in result.table


def test_overdispersion_methods():
    assert overdispersion([1, 2], [1, 1], method="none").phi == 1.0
    assert overdispersion([3] * 5, [1] * 5, method="multiplicative").tau2 == 0.0
    with pytest.raises(NotEstimable, match="none, multiplicative or additive"):
        overdispersion([1], [1], method="other")


def test_adjusted_limits_are_wider():
    rows = [(f"P{number}", 20 + 6 * number, 100) for number in range(12)]
    table = control_limits(units(*rows)).table
    assert (table["adjusted_upper_0.95"] > table["upper_0.95"]).all()
    assert table["adjusted_outside"].notna().sum() < table["outside"].notna().sum()
    assert (control_limits(units(*rows)).curve["adjusted_upper"] <= 1.0).all()


def test_fewer_than_10_units_carry_a_warning():
    assert [each.code for each in control_limits(units(*FIVE)).warnings] == [WarningCode.FEW_PROGRAMMES]
    many = units(*((f"P{number}", 30, 100) for number in range(10)))
    assert control_limits(many).warnings == ()


def test_curve_starts_where_the_limits_are_monotone():
    curve = control_limits(units(("a", 1, 4), ("b", 30, 100), ("c", 60, 200))).curve
    assert (curve["size"] * min(91 / 304, 1 - 91 / 304)).min() >= 5
    assert curve["size"].max() >= 200
    assert set(curve["level"]) == {0.95, 0.998}


@pytest.mark.parametrize(
    ("table", "kind", "error", "text"),
    [
        (units(("a", 3, 10)), "binomial", TooFew, "at least 2 units with a volume, got 1"),
        (units(("a", 0, 0), ("b", 0, 0)), "binomial", TooFew, "got 0"),
        (units(("a", 3, 2), ("b", 1, 2)), "binomial", NotEstimable, "observed <= n"),
        (units(("a", -3, 2), ("b", 1, 2)), "binomial", NotEstimable, "0 or more"),
        (units(("a", 3, 10), ("b", 1, 2)), "normal", NotEstimable, "expected binomial, poisson"),
        (units(("a", 3, 10), ("b", 1, 2)), "poisson", NotEstimable, "not kept by expected"),
    ],
)
def test_impossible_funnels_are_refused(table, kind, error, text):
    with pytest.raises(error, match=text):
        control_limits(table, kind)


def test_ratio_has_no_other_target():
    with pytest.raises(NotEstimable, match="1 for ratios"):
        control_limits(ratios(("A", 10, 12.0, 5.0), ("B", 12, 10.0, 5.0)), "poisson", target=0.9)


def test_ratio_kinds_know_no_exact_mid_p():
    from analytics.funnel.laws import PoissonBinomial

    law = PoissonBinomial.fit(ratios(("A", 10, 12.0, 5.0), ("B", 12, 10.0, 5.0)), None)
    assert np.isnan(law.mid_p()).all()
