"""Published figures and figures beside the expected files, met from counts.

Sources: the notes of the truth data (addicts, ctn0027, bristol1991, intervals, phe_wilson_byar). The table
ctn0027_sites.csv is from the notes of ctn0027 (CTN-0094 public data, MIT licence); its score statistics are
those of R `anova(glm(...), test = "Rao")`.
"""

import pandas as pd
import pytest

from analytics.case_mix import case_mix_model
from analytics.cube import Cube, CubeSpec, DurationSpec, OutcomeSpec
from analytics.funnel import control_limits, poisson_limit
from analytics.intervals import proportion_ci, proportion_diff, rate_ci
from analytics.standardisation import indirect_standardisation
from analytics.survival import kaplan_meier, logrank_test

from . import truth

pytestmark = [pytest.mark.truth, truth.with_truth]

TERMS = ("age_band", "race", "injects", "cocaine_dx")


def rows(name):
    return pd.read_csv(truth.TRUTH / f"{name}.csv", keep_default_na=False)


@pytest.fixture(scope="module")
def addicts():
    spec = CubeSpec(keys=("clinic",), strata=("prison",), duration=DurationSpec("time", "status"))
    return Cube.build(rows("addicts"), spec)


@pytest.fixture(scope="module")
def trial():
    spec = CubeSpec(
        keys=("site", "arm"),
        outcomes=(OutcomeSpec("completed", "completed", always_due=True),),
        categorical=TERMS,
        numeric=("male",),
        duration=DurationSpec("time", "status"),
    )
    return Cube.build(rows("ctn0027"), spec)


@pytest.fixture(scope="module")
def sites(trial):
    return indirect_standardisation(trial, case_mix_model(trial, "completed", (*TERMS, "male")), "site")


def test_addicts_file_has_the_published_time_at_risk(addicts):
    cells = addicts.duration
    assert int((cells["time"] * cells["n"]).sum()) == 95_812


@pytest.mark.parametrize(
    ("weighting", "published"), [("log-rank", 27.89), ("gehan-breslow", 11.63)], ids=["log-rank", "gehan"]
)
def test_addicts_tests_equal_the_textbook(addicts, weighting, published):
    assert round(logrank_test(addicts, "clinic", weighting=weighting).chisq, 2) == published


def test_peto_prentice_uses_the_modified_survival(addicts):
    assert logrank_test(addicts, "clinic", weighting="peto-prentice").chisq == pytest.approx(
        15.6522134, abs=5e-8
    )


def test_completion_of_the_trial_is_plausible(trial):
    arms = trial.margin("arm").counts("completed").groupby("arm")[["n_success", "n_known"]].sum()
    assert arms.loc["MET"].tolist() == [387, 529]
    assert arms.loc["BUP"].tolist() == [340, 740]


def test_weekly_times_keep_whole_weeks_and_lengthen_the_restricted_mean(trial):
    daily, weekly = kaplan_meier(trial, "arm"), kaplan_meier(trial.weekly(), "arm")
    assert weekly.at(84)["survival"].tolist() == pytest.approx(daily.at(84)["survival"].tolist(), rel=1e-13)
    assert weekly.rmst(168)["rmst"].tolist() == pytest.approx([101.358108, 140.105860], abs=5e-7)


@pytest.mark.parametrize(
    ("column", "name"), [("n", "n"), ("observed", "O"), ("expected", "E"), ("variance", "V"),
                         ("variance_score", "V_score"), ("p", "p")],
)  # fmt: skip
def test_sites_equal_the_published_table(sites, column, name):
    table = pd.read_csv(truth.HERE / "ctn0027_sites.csv")
    assert sites.table["programme"].tolist() == table["site"].tolist()
    assert sites.table[column].tolist() == pytest.approx(table[name].tolist(), abs=6e-7)


@pytest.mark.parametrize(("site", "z"), [("S11", 1.7466), ("S17", 1.4060), ("S32", 2.1020)])
def test_score_statistic_equals_raos_test_of_a_dummy(sites, site, z):
    row = sites.table.set_index("programme").loc[site]
    assert abs(row["observed"] - row["expected"]) / row["variance_score"] ** 0.5 == pytest.approx(z, abs=5e-5)


def test_poisson_variance_is_too_wide_for_completion(sites):
    squared = (sites.table["observed"] - sites.table["expected"]) ** 2
    means = [(squared / sites.table[name]).mean() for name in ("expected", "variance", "variance_score")]
    assert means == pytest.approx([0.504174, 1.193098, 1.305073], abs=5e-7)


def test_patterns_and_rare_shares_of_the_trial(trial, sites):
    assert len(trial.pattern) == 128
    shares = sites.table.set_index("programme")["rare_share"]
    assert shares["S16"] == 1.0
    rest = shares.drop("S16")
    assert (rest.min(), rest.max()) == pytest.approx((0.183, 0.373), abs=5e-4)
    assert int((shares >= 0.2).sum()) == 15


def test_only_bristol_lies_beyond_the_alarm_limit():
    units = rows("bristol1991").rename(columns={"Hospital": "unit", "Deaths": "observed", "Operations": "n"})
    table = control_limits(units).table
    assert table.loc[table["outside"] == 0.998, "unit"].tolist() == ["Bristol"]


def test_exact_poisson_limits_are_not_garwoods_interval():
    limits = [float(poisson_limit([15.0], p)[0]) for p in (0.025, 0.975)]
    assert limits == pytest.approx([0.491, 1.506], abs=5e-4)


@pytest.mark.parametrize(
    ("method", "prefix"), [("wilson", "wilson"), ("wilson-cc", "wilson_cc"), ("clopper-pearson", "cp")]
)
def test_proportions_equal_newcombe_1998(method, prefix):
    table = rows("intervals")
    result = proportion_ci(table["x"], table["n"], method=method).table
    for side, column in (("lo", "lower"), ("hi", "upper")):
        assert result[column].tolist() == pytest.approx(table[f"{prefix}_{side}"].tolist(), abs=1e-14)


def test_difference_equals_newcombe_1998():
    want = [truth.wanted(truth.expected("intervals")[f"newcombe_diff.{side}"]) for side in ("lo", "hi")]
    row = proportion_diff(56, 70, 48, 80).table.iloc[0]
    assert [row["lower"], row["upper"]] == pytest.approx(want, abs=1e-12)


def test_wilson_and_byar_equal_the_test_table_of_public_health_england():
    for line in truth.lines(truth.TRUTH / "phe_wilson_byar.csv"):
        conf = float(line["confidence"].rstrip("%")) / 100
        x = [float(line["x"])]
        wilson = line["method"] == "Wilson"
        result = (
            proportion_ci(x, [float(line["n"])], conf=conf)
            if wilson
            else rate_ci(x, [1], method="byar", conf=conf)
        )
        got = result.table.iloc[0]
        want = [float(line[name] or "nan") for name in ("lowercl", "uppercl")]
        assert [got["lower"], got["upper"]] == pytest.approx(want, rel=1e-13, nan_ok=True)
