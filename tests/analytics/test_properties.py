"""Properties of every method over generated counts."""

from dataclasses import replace

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from analytics.case_mix import case_mix_model, poisson_binomial_pmf
from analytics.cube import Cube, CubeSpec, DurationSpec
from analytics.errors import AnalyticsError
from analytics.funnel import control_limits
from analytics.intervals import proportion_ci
from analytics.schema import natural_sorted
from analytics.standardisation import indirect_standardisation
from analytics.survival import Weighting, kaplan_meier, logrank_test

from . import made

quick = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
spells = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 12), st.integers(0, 2), st.integers(0, 3)).map(
        lambda cell: (*cell[:3], cell[3] if cell[3] < cell[1] else 0)
    ),
    min_size=1,
    max_size=60,
)
units = st.lists(
    st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=20
)


def frame(cells):
    return pd.DataFrame(cells, columns=["group", "time", "cause", "entry"])


SPEC = CubeSpec(keys=("group",), duration=DurationSpec("time", "cause", entry="entry"))


@quick
@given(cells=spells)
def test_risk_sets_equal_a_slow_obvious_count(cells):
    for row in kaplan_meier(Cube.build(frame(cells), SPEC), "group").table.itertuples():
        here = [cell for cell in cells if cell[0] == row.group]
        assert row.at_risk == sum(
            time >= row.time and not row.time <= entry != 0 for _, time, _, entry in here
        )
        assert row.events == sum(time == row.time and cause > 0 for _, time, cause, _ in here)


@quick
@given(cells=spells)
def test_curve_falls_within_its_limits(cells):
    table = kaplan_meier(Cube.build(frame(cells), SPEC), "group").table
    for _, curve in table.groupby("group"):
        assert (np.diff(curve["survival"]) <= 0).all()
    shown = table.dropna(subset=["lower", "upper"])
    assert (shown["lower"] <= shown["survival"] + 1e-15).all()
    assert (shown["survival"] <= shown["upper"] + 1e-15).all()


@quick
@given(cells=spells, seed=st.integers(0, 99))
def test_order_and_splitting_of_rows_change_no_curve_and_no_test(cells, seed):
    rows = frame(cells)
    whole = Cube.build(rows, SPEC)
    mixed = rows.sample(frac=1, random_state=seed)
    half = len(rows) // 2
    again = Cube.build(mixed.iloc[half:], SPEC)
    if half:
        again = Cube.build(mixed.iloc[:half], SPEC).merge(again)
    left, right = kaplan_meier(whole, "group"), kaplan_meier(again, "group")
    pd.testing.assert_frame_equal(left.table, right.table)
    if len(left.groups) > 1:
        tests = [logrank_test(cube, "group") for cube in (whole, again)]
        assert tests[0].chisq == tests[1].chisq


@quick
@given(cells=spells, weighting=st.sampled_from(list(Weighting)))
def test_logrank_is_a_probability_and_blind_to_names(cells, weighting):
    cube = Cube.build(frame(cells), SPEC)
    if cube.duration["group"].nunique() < 2:
        return
    test = logrank_test(cube, "group", weighting=weighting.value)
    renamed = replace(
        cube,
        duration=cube.duration.assign(group=cube.duration["group"].map(dict(zip("abc", "zyx", strict=True)))),
    )
    other = logrank_test(renamed, "group", weighting=weighting.value)
    assert 0 <= test.p <= 1
    assert test.chisq == pytest.approx(other.chisq, abs=1e-8)


@quick
@given(cells=spells, tau=st.integers(0, 12))
def test_restricted_mean_lies_between_0_and_its_horizon(cells, tau):
    means = kaplan_meier(Cube.build(frame(cells), SPEC), "group").rmst(tau).dropna()
    assert ((means["rmst"] >= 0) & (means["rmst"] <= tau)).all()


@quick
@given(rows=units)
def test_funnel_limits_hold_the_target_and_nest(rows):
    table = pd.DataFrame(rows, columns=["observed", "n"]).assign(
        unit=lambda each: [f"U{i}" for i in each.index]
    )
    result = control_limits(table)
    big = result.table[result.table["n"] * min(result.target, 1 - result.target) >= 5]
    assert (big["lower_0.95"] <= result.target).all()
    assert (big["upper_0.95"] >= result.target).all()
    assert (result.table["lower_0.998"] <= result.table["lower_0.95"]).all()
    assert (result.table["upper_0.998"] >= result.table["upper_0.95"]).all()
    assert not (result.table["outside"].eq(0.998) & result.table["side"].eq("")).any()


@quick
@given(
    x=st.integers(0, 200),
    more=st.integers(0, 200),
    method=st.sampled_from(["wilson", "wilson-cc", "clopper-pearson"]),
)
def test_intervals_mirror_successes_and_failures(x, more, method):
    n = x + more
    forth, back = (proportion_ci([k], [n], method=method).table.iloc[0] for k in (x, more))
    if n:
        assert forth["lower"] == pytest.approx(1 - back["upper"], abs=1e-12)


@quick
@given(parts=st.lists(st.tuples(st.integers(1, 40), st.floats(0.001, 0.999)), min_size=1, max_size=8))
def test_poisson_binomial_sums_to_1_and_ignores_order(parts):
    n, mu = zip(*parts, strict=True)
    forward, backward = poisson_binomial_pmf(n, mu), poisson_binomial_pmf(n[::-1], mu[::-1])
    assert forward.sum() == pytest.approx(1.0, abs=1e-12)
    assert forward == pytest.approx(backward, abs=1e-13)


@settings(quick, max_examples=15)
@given(seed=st.integers(0, 10**6))
def test_expected_equals_observed_in_total_or_the_fit_is_refused(seed):
    cube = made.make_cube(200, seed)
    try:
        table = indirect_standardisation(cube, case_mix_model(cube, "RET", ["age_band", "sex"])).table
    except AnalyticsError:
        return
    assert table["expected"].sum() == pytest.approx(table["observed"].sum(), abs=1e-8)
    assert ((table["p"] > 0) & (table["p"] <= 1)).all()
    assert ((table["lower"] <= table["ratio"]) & (table["ratio"] <= table["upper"])).all()


@quick
@given(labels=st.lists(st.text(max_size=6), max_size=12))
def test_natural_order_is_total(labels):
    assert natural_sorted(reversed(natural_sorted(labels))) == natural_sorted(labels)
