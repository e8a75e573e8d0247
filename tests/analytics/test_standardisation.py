"""Observed against expected: sums, variances, warnings, refusals, order."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.case_mix import case_mix_model
from analytics.cube import Cube
from analytics.errors import DefinitionsDiffer, NotEstimable, TooFew
from analytics.funnel import control_limits
from analytics.schema import WarningCode
from analytics.standardisation import indirect_standardisation

from . import made

TERMS = ["age_band", "sex"]


@pytest.fixture(scope="module")
def cube():
    return made.make_cube(1500, 11)


@pytest.fixture(scope="module")
def result(cube):
    return indirect_standardisation(cube, case_mix_model(cube, "RET", TERMS))


def test_observed_equals_expected_in_total(result):
    assert result.table["expected"].sum() == pytest.approx(result.table["observed"].sum(), abs=1e-8)


def test_counts_are_those_of_the_cube(cube, result):
    counts = cube.counts("RET").groupby("programme")[["n_known", "n_success", "n_due"]].sum()
    table = result.table.set_index("programme")
    assert table["n"].tolist() == counts["n_known"].tolist()
    assert table["observed"].tolist() == counts["n_success"].tolist()
    assert table["unknown"].tolist() == (counts["n_due"] - counts["n_known"]).tolist()


def test_model_without_terms_gives_crude_ratios(cube):
    table = indirect_standardisation(cube, case_mix_model(cube, "RET", [])).table
    rate = table["observed"].sum() / table["n"].sum()
    assert table["expected"].tolist() == pytest.approx((table["n"] * rate).tolist())
    assert table["standardised"].tolist() == pytest.approx((table["observed"] / table["n"]).tolist())
    share = table["n"] / table["n"].sum()
    assert table["variance_score"].tolist() == pytest.approx((table["variance"] * (1 - share)).tolist())


def test_score_variance_is_below_the_variance(result):
    assert (result.table["variance_score"] < result.table["variance"]).all()
    assert (result.table["variance_score"] > 0).all()


def test_rebuild_is_equal_byte_by_byte(result):
    rows = made.make_episodes(1500, 11).sample(frac=1, random_state=3)
    again = Cube.build(rows, made.SPEC)
    table = indirect_standardisation(again, case_mix_model(again, "RET", TERMS)).table
    for name in ("expected", "variance", "variance_score", "lower", "upper", "p"):
        assert table[name].to_numpy().tobytes() == result.table[name].to_numpy().tobytes()


def test_programme_without_known_outcomes_has_no_ratio():
    cube = made.outcomes(("A", "u", 8, 2, 0), ("B", "u", 3, 7, 0), ("C", "u", 0, 0, 4))
    result = indirect_standardisation(cube, case_mix_model(cube, "Y", ["x"]))
    row = result.table.set_index("programme").loc["C"]
    assert (row["n"], row["unknown"], row["expected"]) == (0, 4, 0.0)
    assert np.isnan([row["ratio"], row["lower"], row["upper"], row["p"], row["rare_share"]]).all()
    codes = {each.code for each in result.warnings if each.subject == "C"}
    assert codes == {WarningCode.UNKNOWN_SHARE, WarningCode.TOO_FEW}


def test_level_among_unknown_outcomes_only_needs_no_coefficient():
    cube = made.outcomes(("A", "u", 8, 2, 0), ("B", "u", 3, 7, 0), ("B", "w", 0, 0, 4))
    result = indirect_standardisation(cube, case_mix_model(cube, "Y", ["x"]))
    assert result.table["unknown"].tolist() == [0, 4]


def test_warnings_name_the_programme_and_its_values():
    cube = made.outcomes(("A", "u", 20, 20, 0), ("B", "u", 20, 20, 0), ("C", "v", 2, 3, 5))
    warnings = indirect_standardisation(cube, case_mix_model(cube, "Y", ["x"])).warnings
    found = {(each.code, each.subject) for each in warnings}
    assert found >= {
        (WarningCode.RATIOS_NOT_COMPARABLE, ""),
        (WarningCode.UNKNOWN_SHARE, "C"),
        (WarningCode.TOO_FEW, "C"),
        (WarningCode.BEYOND_OVERLAP, "C"),
    }
    share = next(each for each in warnings if each.code == WarningCode.UNKNOWN_SHARE).value("share")
    assert share == 0.5


def test_programme_with_its_own_patterns_has_rare_share_1():
    cube = made.outcomes(("A", "u", 8, 2, 0), ("B", "v", 3, 7, 0))
    table = indirect_standardisation(cube, case_mix_model(cube, "Y", ["x"])).table
    assert table["rare_share"].tolist() == [1.0, 1.0]
    assert table["variance_score"].tolist() == [0.0, 0.0]


@pytest.mark.parametrize("seed", range(5))
def test_programme_that_the_terms_tell_from_all_others_is_compared_with_itself(seed):
    """Its level is its own: expected is observed whatever happened there, and nothing is left to judge."""
    rng = np.random.default_rng(seed)
    cells = [
        (name, "none" if name == "C" else level, *(int(n) for n in rng.integers(5, 40, 2)), 0)
        for name in "ABC"
        for level in ("u", "v")
    ]
    cube = made.outcomes(*cells)
    table = indirect_standardisation(cube, case_mix_model(cube, "Y", ["x"])).table.set_index("programme")
    assert table.loc["C", "ratio"] == pytest.approx(1.0, abs=1e-9)
    assert table.loc["C", "variance_score"] == 0.0
    assert (table.loc[["A", "B"], "variance_score"] > 1).all()
    limits = control_limits(table.reset_index(), kind="score").table.set_index("unit")
    assert limits.loc["C", ["size", "outside"]].tolist() == pytest.approx([0.0, np.nan], nan_ok=True)
    assert np.isnan(limits.loc["C", "value"])


def test_one_programme_is_refused():
    cube = made.outcomes(("A", "u", 8, 2, 0), ("A", "v", 3, 7, 0))
    with pytest.raises(TooFew, match="at least 2 programmes, got 1"):
        indirect_standardisation(cube, case_mix_model(cube, "Y", ["x"]))


def test_unknown_key_is_refused(cube):
    with pytest.raises(NotEstimable, match="not kept by site"):
        indirect_standardisation(cube, case_mix_model(cube, "RET", TERMS), "site")


def test_other_definitions_are_refused(cube):
    with pytest.raises(DefinitionsDiffer):
        indirect_standardisation(replace(cube, definitions_version="2"), case_mix_model(cube, "RET", TERMS))


def test_planted_programme_is_found():
    rows = made.make_episodes(3000, 5)
    better = (rows["programme"] == "P3") & rows["stayed"].eq(0)
    rows.loc[rows.index[better][::3], "stayed"] = 1
    cube = Cube.build(rows, made.SPEC)
    table = indirect_standardisation(cube, case_mix_model(cube, "RET", TERMS)).table.set_index("programme")
    assert table["p"].idxmin() == "P3"
    assert table.loc["P3", "lower"] > 1


def test_easier_case_mix_is_not_found():
    parts = [
        ("A", "easy", 90, 10, 0),
        ("A", "hard", 4, 6, 0),
        ("B", "easy", 9, 1, 0),
        ("B", "hard", 40, 60, 0),
    ]
    cube = made.outcomes(*parts)
    table = indirect_standardisation(cube, case_mix_model(cube, "Y", ["x"])).table
    assert table["ratio"].tolist() == pytest.approx([1.0, 1.0])


def test_frame_types_are_those_of_the_contract(result):
    assert isinstance(result.table, pd.DataFrame)
    assert (result.by, result.outcome, result.definitions_version) == ("programme", "RET", "1")


def test_effective_sample_elsewhere_is_counted_by_hand():
    """B has 20 and 5 where A has 10 and 10, and 3 where nobody else is: 25² / (400/10 + 25/10)."""
    cube = made.outcomes(
        ("A", "u", 5, 5, 0),
        ("A", "v", 5, 5, 0),
        ("B", "u", 8, 12, 0),
        ("B", "v", 2, 3, 0),
        ("B", "w", 2, 1, 0),
    )
    table = indirect_standardisation(cube, case_mix_model(cube, "Y", ["x"])).table
    assert table["effective"].tolist() == pytest.approx([400 / (100 / 20 + 100 / 5), 625 / 42.5], rel=1e-14)


@pytest.mark.parametrize(("own", "warned"), [(20, []), (21, ["B"])])
def test_programme_is_not_compared_with_fewer_than_half_as_many_alike(own, warned):
    cube = made.outcomes(("A", "u", 5, 5, 0), ("B", "u", 8, own - 8, 0))
    warnings = indirect_standardisation(cube, case_mix_model(cube, "Y", [])).warnings
    assert [each.subject for each in warnings if each.code == WarningCode.BEYOND_OVERLAP] == warned
