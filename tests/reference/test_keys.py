"""Every key of the truth data is met by a command, or says why it is not yet."""

import collections

import pytest

from . import truth

KEYS = truth.keys()
MET = [line for line in KEYS if line["command"] != truth.NOT_YET]
MET_NOW = {
    "addicts": ("logrank", "logrank_strat_prison", "G1_rho1", "S", "seS", "lo", "hi", "nrisk", "median"),
    "ctn0027": ("logrank", "logrank_strat_site", "S", "rmst168", "se_rmst168", "casemix_logit", "O", "E"),
    "bmt35": ("F1", "F2", "seF1", "seF2"),
    "bristol1991": ("exact_binomial_limit", "phi_unwinsorised", "phi_winsorised10", "tau2_winsorised10"),
}


def test_line_has_command_and_path_or_a_reason():
    for line in KEYS:
        later = line["command"] == truth.NOT_YET
        assert bool(line["reason"]) == later
        assert line["path"].startswith("/") != later
        assert later or line["command"].startswith("python -m analytics ")


def test_no_key_stands_twice():
    counted = collections.Counter((line["set"], line["key"]) for line in KEYS)
    assert [key for key, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("name", MET_NOW)
def test_retention_logistic_and_funnel_keys_are_met_now(name):
    kinds = {line["key"].split(".")[0] for line in KEYS if line["set"] == name and line in MET}
    assert set(MET_NOW[name]) <= kinds


@pytest.mark.truth
@truth.with_truth
def test_every_key_of_the_truth_data_has_its_line():
    listed = {(line["set"], line["key"]) for line in KEYS}
    names = [path.name.removesuffix(".expected.csv") for path in truth.TRUTH.glob("*.expected.csv")]
    assert {(name, key) for name in names for key in truth.expected(name)} == listed


@pytest.mark.truth
@truth.with_truth
@pytest.mark.parametrize("line", MET, ids=[f"{line['set']}-{line['key']}" for line in MET])
def test_command_gives_the_expected_value(line):
    want = truth.wanted(truth.expected(line["set"])[line["key"]])
    got = truth.at(truth.answer(line["command"]), line["path"])
    assert abs(got - want) <= truth.tolerance(line["key"]) * max(1.0, abs(want))
