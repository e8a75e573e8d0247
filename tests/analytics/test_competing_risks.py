"""Cumulative incidence: the share of each cause and of none add up to one; no competing cause is 1 - KM."""

import numpy as np
import pandas as pd
import pytest

from analytics.competing_risks import cumulative_incidence
from analytics.cube import Cube, CubeSpec, DurationSpec
from analytics.errors import NotEstimable
from analytics.survival import kaplan_meier


def cube(rows, keys=()):
    frame = pd.DataFrame(rows, columns=["time", "cause", *keys])
    return Cube.build(frame, CubeSpec(keys=tuple(keys), duration=DurationSpec("time", "cause")))


def some(count, seed):
    chance = np.random.default_rng(seed)
    return list(
        zip(chance.integers(0, 60, count).tolist(), chance.choice([0, 1, 2, 3], count).tolist(), strict=True)
    )


def test_hand_computed_shares():
    """Four people: one drops out on day 1, one completes on day 2, one is censored on day 2, one drops out on 3."""
    found = cumulative_incidence(cube([(1, 1), (2, 2), (2, 0), (3, 1)])).at([1, 2, 3])
    got = {(row.cause, row.time): row.incidence for row in found.itertuples()}
    assert got == pytest.approx(
        {(1, 1): 0.25, (1, 2): 0.25, (1, 3): 0.75, (2, 1): 0, (2, 2): 0.25, (2, 3): 0.25}
    )


@pytest.mark.parametrize("seed", range(5))
def test_causes_and_survival_add_up_to_one_at_every_time(seed):
    table = cumulative_incidence(cube(some(200, seed))).table
    sums = table.groupby("time").agg({"incidence": "sum", "survival": "first"}).sum(axis=1)
    assert sums.to_numpy() == pytest.approx(np.ones(len(sums)), abs=1e-12)


def test_without_a_competing_cause_it_is_one_minus_the_curve():
    rows = [(time, int(cause > 0)) for time, cause in some(300, 9)]
    ours, curve = cumulative_incidence(cube(rows)).table, kaplan_meier(cube(rows)).table
    assert ours["incidence"].to_numpy() == pytest.approx(1 - curve["survival"].to_numpy(), abs=1e-12)
    assert ours["se"].to_numpy()[:-1] == pytest.approx(curve["se"].to_numpy()[:-1], abs=1e-9)


def test_groups_stand_by_themselves_and_before_the_first_end_nothing_has_happened():
    rows = [(5, 1, "a"), (6, 2, "a"), (3, 0, "b"), (9, 1, "b")]
    found = cumulative_incidence(cube(rows, ["arm"]), "arm")
    alone = cumulative_incidence(cube([(5, 1), (6, 2)]))
    ours = found.at([4, 5, 6])
    assert ours[ours["group"] == "a"]["incidence"].tolist() == alone.at([4, 5, 6])["incidence"].tolist()
    assert found.at(1)["survival"].tolist() == [1.0] * 4


def test_beyond_the_last_time_there_is_no_value():
    found = cumulative_incidence(cube([(5, 1), (6, 2)])).at(7)
    assert found["incidence"].isna().all()


def test_limits_enclose_and_are_absent_where_nothing_is_estimated():
    table = cumulative_incidence(cube(some(120, 3))).table
    inside = table[table["lower"].notna()]
    assert ((inside["lower"] <= inside["incidence"]) & (inside["incidence"] <= inside["upper"])).all()
    assert table[table["incidence"] == 0]["lower"].isna().all()


def test_refuses_what_it_cannot_count():
    with pytest.raises(NotEstimable, match="no durations"):
        cumulative_incidence(Cube.build(pd.DataFrame({"arm": ["a"]}), CubeSpec(keys=("arm",))))
    with pytest.raises(NotEstimable, match="not kept by site"):
        cumulative_incidence(cube([(1, 1)]), "site")


def test_everybody_censored_has_no_cause():
    found = cumulative_incidence(cube([(1, 0), (2, 0)]))
    assert (found.causes, found.n, len(found.at(1))) == ((), 2, 0)
