"""The case-mix model: closed forms, coding, quality, refusals, Firth."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import chi2_contingency

from analytics.case_mix import CASE_MIX_1, MAX_PATTERNS, case_mix_model
from analytics.case_mix.irls import logistic
from analytics.cube import Cube, CubeSpec, OutcomeSpec
from analytics.errors import NotConverged, NotEstimable
from analytics.schema import WarningCode

from . import made

TWO = (("A", "u", 8, 2, 1), ("B", "v", 3, 7, 0))


def numeric(x, y):
    rows = pd.DataFrame({"x": x, "y": y})
    return Cube.build(rows, CubeSpec(outcomes=(OutcomeSpec("Y", "y"),), numeric=("x",)))


def test_one_binary_term_has_the_closed_form():
    fit = case_mix_model(made.outcomes(*TWO), "Y", ["x"])
    assert fit.table["term"].tolist() == ["(Intercept)", "xv"]
    assert fit.table["coef"].tolist() == pytest.approx([math.log(4), math.log(3 / 7) - math.log(4)])
    errors = [math.sqrt(1 / 8 + 1 / 2), math.sqrt(1 / 8 + 1 / 2 + 1 / 3 + 1 / 7)]
    assert fit.table["se"].tolist() == pytest.approx(errors)
    assert fit.loglik == pytest.approx(
        8 * math.log(0.8) + 2 * math.log(0.2) + 3 * math.log(0.3) + 7 * math.log(0.7)
    )


def test_quality_by_hand():
    fit = case_mix_model(made.outcomes(*TWO), "Y", ["x"])
    pairs = 11 * 9
    assert fit.c_statistic == pytest.approx((8 * 7 + (8 * 2 + 3 * 7) / 2) / pairs)
    assert fit.brier == pytest.approx((8 * 0.04 + 2 * 0.64 + 3 * 0.49 + 7 * 0.09) / 20)
    assert (fit.n, fit.unknown) == (20, 1)


def test_reference_is_the_first_level_in_natural_order():
    cube = made.outcomes(("A", "55+", 2, 2, 0), ("A", "<25", 1, 3, 0), ("A", "25-34", 2, 3, 0))
    fit = case_mix_model(cube, "Y", ["x"])
    assert fit.references == {"x": "<25"}
    assert fit.table["term"].tolist() == ["(Intercept)", "x25-34", "x55+"]


def test_chosen_reference_leads():
    fit = case_mix_model(made.outcomes(*TWO), "Y", ["x"], references={"x": "v"})
    assert fit.table["term"].tolist() == ["(Intercept)", "xu"]
    assert fit.terms == ("x",)
    assert fit.coefficients is fit.table


def test_large_covariates_cost_no_digits():
    x = [1, 2, 3, 4, 5, 6]
    near, far = (
        case_mix_model(numeric([shift + value for value in x], [0, 1, 0, 1, 0, 1]), "Y", ["x"])
        for shift in (0, 10**6)
    )
    assert far.table["coef"].iloc[1] == pytest.approx(near.table["coef"].iloc[1], rel=1e-9)
    assert far.table["se"].iloc[1] == pytest.approx(near.table["se"].iloc[1], rel=1e-9)


@pytest.mark.parametrize(
    "cells", [(("A", "u", 5, 5, 0), ("A", "v", 0, 4, 0)), (("A", "u", 5, 5, 0), ("A", "v", 4, 0, 0))]
)
def test_level_that_decides_alone_is_named(cells):
    with pytest.raises(NotConverged, match="no finite estimate for xv"):
        case_mix_model(made.outcomes(*cells), "Y", ["x"])


def test_outcome_without_variation_is_named():
    with pytest.raises(NotConverged, match=r"no finite estimate for \(Intercept\)"):
        case_mix_model(made.outcomes(("A", "u", 5, 0, 0), ("A", "v", 4, 0, 0)), "Y", ["x"])


def test_number_that_separates_is_named():
    with pytest.raises(NotConverged, match="no finite estimate for x"):
        case_mix_model(numeric([1, 2, 3, 4], [0, 0, 1, 1]), "Y", ["x"])


def test_firth_gives_the_published_finite_estimate():
    cube = made.outcomes(("A", "u", 3, 7, 0), ("A", "v", 0, 7, 0))
    row = case_mix_model(cube, "Y", ["x"], penalty="firth").table.iloc[1]
    assert row["coef"] == pytest.approx(-1.95, abs=5e-3)
    assert row["se"] == pytest.approx(1.70, abs=5e-3)


def test_term_that_follows_from_another_is_named():
    rows = made.make_episodes(200, 2).assign(twice=lambda each: each["sex"])
    spec = CubeSpec(outcomes=(OutcomeSpec("Y", "stayed"),), categorical=("sex", "twice"))
    with pytest.raises(NotEstimable, match="the term twiceM is constant or follows"):
        case_mix_model(Cube.build(rows, spec), "Y", ["sex", "twice"])


def test_level_that_follows_from_another_is_dropped_alone_when_asked():
    """Who answered nothing is missing in every term: the answers of all others keep their coefficients."""
    rng = np.random.default_rng(4)
    rows = pd.DataFrame({name: rng.choice(["d", "e", "f"], 300) for name in ("a", "b")})
    rows["y"] = (rng.random(300) < np.where(rows["b"] == "e", 0.7, 0.4)).astype(int)
    rows.loc[rows.index < 60, ["a", "b"]] = None
    spec = CubeSpec(outcomes=(OutcomeSpec("Y", "y"),), categorical=("a", "b"))
    cube = Cube.build(rows, spec)
    with pytest.raises(NotEstimable, match="bmissing"):
        case_mix_model(cube, "Y", ["a", "b"])
    fit = case_mix_model(cube, "Y", ["a", "b"], aliased="drop")
    assert fit.table["term"].tolist() == ["(Intercept)", "ae", "af", "amissing", "be", "bf"]
    answered = Cube.build(rows[rows.index >= 60], spec)
    alone = case_mix_model(answered, "Y", ["a", "b"]).table.set_index("term")["coef"]
    both = fit.table.set_index("term")["coef"]
    assert both[alone.index].tolist() == pytest.approx(alone.tolist(), abs=1e-9)


def test_more_coefficients_than_patterns_are_refused():
    with pytest.raises(NotEstimable, match="the term b is constant"):
        logistic(np.array([[1.0, 0.5]]), np.array([4.0]), np.array([2.0]), names=("a", "b"))


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"terms": ["site"]}, "not kept by site"),
        ({"terms": ["x"], "references": {"x": "w"}}, "reference of x: expected one of u, v, got w"),
        ({"terms": ["x"], "references": {"z": "w"}}, "not kept by z"),
        ({"terms": ["x"], "penalty": "lasso"}, "penalty: expected firth"),
        ({"terms": [], "references": {"x": "u"}}, "a category of the model"),
    ],
)
def test_wrong_options_are_refused(options, text):
    with pytest.raises(NotEstimable, match=text):
        case_mix_model(made.outcomes(*TWO), "Y", **options)


def test_nothing_known_is_refused():
    with pytest.raises(NotEstimable, match="every value of Y is unknown"):
        case_mix_model(made.outcomes(("A", "u", 0, 0, 3)), "Y", ["x"])


@pytest.mark.parametrize(
    ("penalty", "text"), [("firth", "no convergence after 100 steps"), (None, "no finite estimate for")]
)
def test_iteration_without_end_is_refused(monkeypatch, penalty, text):
    from analytics.case_mix import irls

    monkeypatch.setattr(irls, "STEP", -1.0)
    with pytest.raises(NotConverged, match=text):
        case_mix_model(made.outcomes(*TWO), "Y", ["x"], penalty=penalty)


def test_information_that_vanishes_is_a_separation():
    x = np.array(
        [[1.0, 1.89298517, 10.47452898], [1.0, 0.01778738, 0.27484832], [1.0, 2.1903307, 0.94766857]]
    )
    with pytest.raises(NotConverged, match="no finite estimate"):
        logistic(x, np.array([8.0, 1815, 1]), np.array([0.0, 117, 0]), names=("a", "b", "c"))


def test_firth_settles_with_one_episode_in_the_reference_level():
    """Scoring with the information of the episodes alone swings for ever here."""
    cells = (("A", "a", 1, 0, 0), ("A", "u", 1973, 431, 0), ("A", "v", 652, 742, 0))
    fit = case_mix_model(made.outcomes(*cells), "Y", ["x"], penalty="firth")
    # A saturated model with Jeffreys' prior adds half a success and half a failure to every cell.
    want = [
        math.log(1.5 / 0.5),
        *(math.log((s + 0.5) / (f + 0.5)) - math.log(3) for s, f in ((1973, 431), (652, 742))),
    ]
    assert fit.table["coef"].tolist() == pytest.approx(want, abs=1e-9)


def test_number_that_follows_from_a_category_is_named():
    rows = made.make_episodes(200, 2).assign(male=lambda each: (each["sex"] == "M") * 2.0)
    spec = CubeSpec(
        outcomes=(OutcomeSpec("Y", "stayed"),), categorical=("age_band", "sex"), numeric=("male",)
    )
    with pytest.raises(NotEstimable, match="the term male is constant or follows"):
        case_mix_model(Cube.build(rows, spec), "Y", ["age_band", "sex", "male"])


def test_own_calibration_is_perfect():
    fit = case_mix_model(made.make_cube(800), "RET", ["age_band", "sex"])
    calibration = fit.calibration()
    assert (calibration.intercept, calibration.slope) == pytest.approx((0.0, 1.0), abs=1e-9)
    assert calibration.table["observed"].sum() == pytest.approx(calibration.table["expected"].sum())
    assert calibration.table["n"].sum() == fit.n


def test_calibration_on_other_data_finds_a_model_that_exaggerates():
    fit = case_mix_model(made.make_cube(800, 1), "RET", ["age_band", "sex"])
    wild = replace(fit, table=fit.table.assign(coef=3 * fit.table["coef"]))
    assert wild.calibration(made.make_cube(800, 2)).slope < 0.8


def test_model_without_terms_has_no_slope_and_a_warning():
    fit = case_mix_model(made.make_cube(100), "RET", [])
    assert math.isnan(fit.calibration().slope)
    assert fit.c_statistic == 0.5
    assert [each.code for each in fit.warnings] == [WarningCode.POOR_CALIBRATION]


def test_unseen_level_is_refused_when_predicting():
    fit = case_mix_model(made.outcomes(*TWO), "Y", ["x"])
    with pytest.raises(NotEstimable, match="x: the model knows no level w"):
        fit.predict(made.outcomes(("A", "w", 1, 1, 0)))


def test_version_1_has_five_terms_and_at_most_500_patterns():
    assert len(CASE_MIX_1) == 5
    assert MAX_PATTERNS == 500


def test_steps_that_overshoot_are_halved():
    x = np.array([[1.0, 37.3, 0.02], [1.0, 1.67, 0.21], [1.0, 0.146, 2.79], [1.0, 0.147, 1.67]])
    n, s = np.array([2.0, 552, 3, 1684]), np.array([2.0, 268, 1, 120])
    best = logistic(x, n, s, names=("a", "b", "c"))
    mu = 1 / (1 + np.exp(-x @ best.beta))
    assert x.T @ (s - n * mu) == pytest.approx([0, 0, 0], abs=1e-7)


def test_step_that_never_helps_shrinks_to_nothing():
    from analytics.case_mix.irls import _Counts, _halved

    counts = _Counts(np.ones((1, 1)), np.array([10.0]), np.array([5.0]), firth=False)
    assert abs(_halved(counts, np.zeros(1), np.array([4.0]))[0]) < 1e-5


def test_slope_to_expect_in_other_people_follows_from_the_likelihood_ratio():
    """The G statistic of a two by two table, as scipy counts it: one coefficient, so (G - 1)/G."""
    fit = case_mix_model(made.outcomes(("A", "u", 60, 40, 0), ("B", "v", 35, 65, 0)), "Y", ["x"])
    g = chi2_contingency([[60, 40], [35, 65]], correction=False, lambda_="log-likelihood").statistic
    assert fit.shrinkage == pytest.approx((g - 1) / g, rel=1e-12)
    assert fit.calibration().slope == pytest.approx(1, abs=1e-9)


def test_slope_of_a_model_that_predicts_nothing_is_0_and_of_no_model_none():
    even = made.outcomes(("A", "u", 50, 50, 0), ("B", "v", 50, 50, 0))
    assert case_mix_model(even, "Y", ["x"]).shrinkage == 0
    assert math.isnan(case_mix_model(even, "Y", []).shrinkage)


def drawn(x, eta, rng):
    return (rng.random(len(x)) < 1 / (1 + np.exp(-eta))).astype(int)


def test_outlier_or_steep_slope_is_no_separation():
    """Coefficients that are far from 0 in standard deviations, as statsmodels finds them."""
    rng = np.random.default_rng(1)
    inside = rng.random(10_000)
    outlier = np.append(inside, 10_000.0), np.append(drawn(inside, 3 * inside - 1.5, rng), 1)
    wide = rng.uniform(-1, 1, 20_000)
    for x, y in (outlier, (wide, drawn(wide, 60 * wide, rng))):
        peer = sm.GLM(y, sm.add_constant(x), family=sm.families.Binomial()).fit(maxiter=300, tol=1e-14)
        assert case_mix_model(numeric(x, y), "Y", ["x"]).table["coef"].tolist() == pytest.approx(
            list(peer.params), rel=1e-7
        )


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (range(50), [0] * 25 + [1] * 25),
        ([1, 2, 3, 3, 4], [0, 0, 0, 1, 1]),
        ([-1e6] * 5000 + [1e6], [0, 1] * 2500 + [1]),
    ],
)
def test_complete_and_partial_separation_are_refused(x, y):
    with pytest.raises(NotConverged, match="no finite estimate for x"):
        case_mix_model(numeric(list(x), y), "Y", ["x"])
