"""Counts give what statsmodels and lifelines give on rows, on generated data with heavy ties."""

import warnings

import numpy as np
import pytest

from analytics.case_mix import case_mix_model
from analytics.cube import Cube
from analytics.survival import kaplan_meier, logrank_test

from . import made

with warnings.catch_warnings():
    # Both packages lag behind pandas; they only judge numbers here.
    warnings.simplefilter("ignore")
    import lifelines
    import statsmodels.api as sm
    from lifelines.statistics import multivariate_logrank_test
    from lifelines.utils import restricted_mean_survival_time

pytestmark = pytest.mark.filterwarnings("ignore")

ROWS = made.make_episodes(900, 31)
CUBE = Cube.build(ROWS, made.SPEC)


@pytest.mark.parametrize("late", [0.0, 0.4])
def test_curves_and_limits_equal_lifelines(late):
    rows = made.make_episodes(600, 32, late=late)
    curve = kaplan_meier(Cube.build(rows, made.SPEC), "country")
    for country in curve.groups:
        here = rows[rows["country"] == country]
        # An entry of 0 is no delay here, whereas lifelines would not count an end on day 0.
        entry = here["entry"].where(here["entry"] > 0, -1) if late else None
        fitted = lifelines.KaplanMeierFitter().fit(here["days"], here["left"], entry=entry)
        table = curve.of(country).table
        times = table.loc[table["survival"].between(0.001, 0.999), "time"]
        got = curve.of(country).at(times.tolist())
        want = fitted.survival_function_.loc[times].to_numpy().ravel()
        assert got["survival"].to_numpy() == pytest.approx(want, rel=1e-12)
        limits = fitted.confidence_interval_.loc[times].to_numpy()
        assert got[["lower", "upper"]].to_numpy() == pytest.approx(limits, rel=1e-9)


def test_restricted_mean_equals_lifelines():
    curve = kaplan_meier(CUBE, "country")
    for row in curve.rmst(100).itertuples():
        here = ROWS[ROWS["country"] == row.group]
        fitted = lifelines.KaplanMeierFitter().fit(here["days"], here["left"])
        assert row.rmst == pytest.approx(restricted_mean_survival_time(fitted, t=100), rel=1e-10)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("log-rank", None), ("gehan-breslow", "wilcoxon"), ("peto-prentice", "peto")],
)
def test_weighted_tests_equal_lifelines(ours, theirs):
    test = logrank_test(CUBE, "programme", weighting=ours)
    other = multivariate_logrank_test(ROWS["days"], ROWS["programme"], ROWS["left"], weightings=theirs)
    assert test.chisq == pytest.approx(other.test_statistic, rel=1e-9)
    assert test.p == pytest.approx(other.p_value, rel=1e-8)


def test_logistic_equals_statsmodels_on_rows():
    known = ROWS[ROWS["stayed"].isin([0, 1])]
    levels = ["25-34", "35-44", "45-54", "55+"]
    columns = [np.ones(len(known)), *(known["age_band"] == level for level in levels), known["sex"] == "M"]
    design = np.column_stack(columns).astype(float)
    row_fit = sm.GLM(known["stayed"].to_numpy(), design, family=sm.families.Binomial()).fit(tol=1e-14)
    fit = case_mix_model(CUBE, "RET", ["age_band", "sex"])
    assert fit.table["coef"].to_numpy() == pytest.approx(row_fit.params, abs=1e-8)
    assert fit.table["se"].to_numpy() == pytest.approx(row_fit.bse, abs=1e-8)
    assert fit.loglik == pytest.approx(row_fit.llf, rel=1e-10)


def test_score_variance_equals_raos_test_of_a_dummy_on_rows():
    from analytics.standardisation import indirect_standardisation

    known = ROWS[ROWS["stayed"].isin([0, 1])]
    table = indirect_standardisation(CUBE, case_mix_model(CUBE, "RET", ["sex"])).table.set_index("programme")
    design = np.column_stack([np.ones(len(known)), known["sex"] == "M"]).astype(float)
    null = sm.GLM(known["stayed"].to_numpy(), design, family=sm.families.Binomial()).fit(tol=1e-14)
    dummy = (known["programme"] == "P2").to_numpy(dtype=float)
    residual = known["stayed"].to_numpy() - null.mu
    weight = null.mu * (1 - null.mu)
    cross = design.T @ (weight * dummy)
    variance = dummy @ (weight * dummy) - cross @ np.linalg.solve((design.T * weight) @ design, cross)
    assert table.loc["P2", "observed"] - table.loc["P2", "expected"] == pytest.approx(
        dummy @ residual, abs=1e-8
    )
    assert table.loc["P2", "variance_score"] == pytest.approx(variance, rel=1e-9)
