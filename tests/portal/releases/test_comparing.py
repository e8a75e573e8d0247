"""The comparison is fitted on whom it shows, and finds a model where the data are thin or one-sided."""

import numpy as np
import pandas as pd
import pytest

from analytics.case_mix import case_mix_model
from analytics.cube import Cube
from analytics.disclosure import Policy, release
from analytics.errors import NotConverged, NotEstimable, TooFew
from portal.releases.builder import comparing
from portal.releases.builder.carried import Carried
from portal.releases.builder.cubes import SPEC, groups_of
from portal.releases.builder.gate import gate
from portal.releases.builder.measuring import (
    Frame,
    measure_completion,
    measure_curves,
    measure_points,
    wilson,
)
from portal.releases.builder.rows import CASE_MIX, OUTCOMES

OUTCOME = "RET-F-180"


def rows(sizes, *, rates=None, seed=5, **fixed):
    """Programmes A, B, … of one country and class with these sizes and shares retained."""
    rng = np.random.default_rng(seed)
    parts = []
    for place, size in enumerate(sizes):
        levels = {name: rng.choice(listed, size) for name, listed in CASE_MIX.items()}
        part = pd.DataFrame(levels).assign(
            country="IR", klass="agonist", programme="ABCDEFGH"[place], curve="yes"
        )
        retained = (np.arange(size) < round(size * (rates[place] if rates else 0.5))).astype(int)
        for column in OUTCOMES.values():
            part[column] = 0
        part["ret_180"], part["start_in_time"], part["exit_in_time"] = retained, 1, 1
        part["week"], part["dropped"] = np.where(retained, 27, rng.integers(1, 26, size)), 1 - retained
        parts.append(part.assign(**fixed))
    return pd.concat(parts, ignore_index=True)


def frame_of(table, carried=None):
    codes = {
        code: f"IR-{place:02d}" for place, code in enumerate(sorted(table["programme"].unique()), start=1)
    }
    (group,) = groups_of(Cube.build(table, SPEC), codes)
    verdicts = gate(group, OUTCOME)
    return Frame("E1", group, codes, carried or Carried({}, codes), verdicts, verdicts)


def compare(table):
    frame = frame_of(table)
    return release(comparing.measure_comparison(frame, OUTCOME, frame.main), Policy.APPROVED).value


def withheld(value):
    return {row.programme: row.withheld for row in value.programmes}


def test_programmes_that_the_rules_hide_are_left_out_and_the_rest_is_fitted_again():
    value = compare(rows([100, 100, 100, 100, 25, 60], rates=[0.5, 0.5, 0.4, 0.6, 0.5, 1.0]))
    assert list(withheld(value).values()) == [None, None, None, None, "P1", "P5"]
    assert sum(row.observed - row.expected for row in value.programmes if row.observed) == pytest.approx(
        0, abs=0.03
    )


def test_two_that_are_left_are_not_compared():
    value = compare(rows([100, 100, 100], rates=[0.5, 0.5, 1.0]))
    assert (value.refused, set(withheld(value).values())) == ("P10", {"P10", "P5"})


def test_covariates_that_nobody_answered_leave_the_plain_average():
    table = rows([100, 100, 100], rates=[0.5, 0.4, 0.6], **dict.fromkeys(CASE_MIX))
    value = compare(table)
    assert [row.expected for row in value.programmes] == [50.0, 50.0, 50.0]
    assert "W5" in {notice.code for notice in value.notices}


def test_level_that_decides_alone_is_penalised_not_refused():
    table = rows([100, 100, 100])
    table.loc[table["cm_age"] == "55+", "ret_180"] = 1
    value = compare(table)
    assert value.refused is None
    assert all(row.expected is not None for row in value.programmes)


def test_over_dispersion_is_said_from_ten_programmes_on():
    table = pd.concat(
        [rows([80] * 6, seed=1), rows([80] * 6, seed=2).assign(programme=lambda t: t["programme"] + "2")]
    )
    assert compare(table).phi is not None
    assert compare(rows([80] * 6)).phi is None


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("case_mix_model", NotConverged("no_convergence", iterations=1)),
        ("case_mix_model", NotEstimable("no_known", outcome=OUTCOME)),
        ("indirect_standardisation", TooFew("one_programme", what="programmes", got=1)),
    ],
)
def test_comparison_without_a_model_says_so(monkeypatch, name, refusal):
    def refuses(*_arguments, **_options):
        raise refusal

    monkeypatch.setattr(comparing, name, refuses)
    value = compare(rows([100, 100, 100]))
    assert (value.refused, set(withheld(value).values())) == ("P10", {"model"})


def test_programme_that_answered_nothing_costs_the_others_no_term(monkeypatch):
    """`missing` in every term is one fact, not five; and it tells that programme alone, so it is not judged."""
    fits = []

    def fit(*arguments, **options):
        fits.append(case_mix_model(*arguments, **options))
        return fits[-1]

    monkeypatch.setattr(comparing, "case_mix_model", fit)
    table = rows([200, 200, 200, 200, 200, 200], rates=[0.5, 0.5, 0.5, 0.5, 0.5, 0.8])
    table.loc[table["programme"] == "F", list(CASE_MIX)] = None
    value = compare(table)
    assert list(withheld(value).values()) == [None] * 5 + ["W4"]
    assert all({"cm_sexM", "cm_injectnever", "cm_priorrepeated"} <= set(each.table["term"]) for each in fits)
    assert max(row.precision for row in value.programmes if row.precision) < 1000


def test_two_programmes_that_answered_nothing_are_compared_with_each_other():
    table = rows([200, 200, 200, 200, 200, 200], rates=[0.5, 0.5, 0.5, 0.5, 0.4, 0.8])
    table.loc[table["programme"].isin(["E", "F"]), list(CASE_MIX)] = None
    value = compare(table)
    assert set(withheld(value).values()) == {None}
    assert [row.expected for row in value.programmes][-2:] == [120.0, 120.0]


def test_unrefreshed_programmes_stand_when_too_few_are_new():
    table = rows([100, 100, 100, 100])
    first = compare(table)
    codes = {code: f"IR-{place:02d}" for place, code in enumerate("ABCD", start=1)}
    by_code = {row.programme: row for row in first.programmes}
    before = {
        ("comparison", "IR", "agonist", OUTCOME): {code: by_code[shown] for code, shown in codes.items()}
    }
    grown = pd.concat([table, rows([40], seed=9)])
    frame = frame_of(grown, Carried(before, codes))
    measured = comparing.measure_comparison(frame, OUTCOME, frame.main)
    assert measured.programmes == ()
    assert [row.programme for row in measured.carried] == sorted(codes.values())


def test_curve_without_events_has_limits_of_a_bound():
    table = rows([60, 60, 60])
    table["week"], table["dropped"] = 27, 0
    curves = release(measure_curves(frame_of(table)), Policy.APPROVED).value
    assert set(withheld(curves).values()) == {"P4"}


def test_nobody_known_has_no_share():
    assert wilson(0, 0) is None


def test_gate_closes_by_each_indicator():
    table = rows([15, 100, 100, 100, 100])
    table.loc[table["programme"] == "B", "reason_unknown"] = (np.arange(100) < 11).astype(int)
    table.loc[table["programme"] == "C", "reason_unknown"] = (np.arange(100) < 10).astype(int)
    table.loc[table["programme"] == "D", "start_in_time"] = (np.arange(100) < 79).astype(int)
    table.loc[table["programme"] == "E", "exit_in_time"] = (np.arange(100) < 80).astype(int)
    group = frame_of(table).group
    assert [gate(group, OUTCOME)[code].failing for code in "ABCDE"] == [("n",), ("DQ11",), (), (), ()]
    assert [gate(group, "ABS-28")[code].failing for code in "ABCDE"] == [("n",), ("DQ11",), (), ("DQ03",), ()]


def test_closed_gate_says_on_every_page_which_indicators_fail():
    table = rows([100, 100, 100, 100], completed=1, completed_or_transferred=1, ret_182=1)
    closed = table["programme"] == "A"
    table.loc[closed, "reason_unknown"] = 1
    table.loc[closed, "start_in_time"] = 0
    frame = frame_of(table)
    for measured in (measure_curves(frame), measure_points(frame), measure_completion(frame)):
        each = release(measured, Policy.APPROVED).value.programmes
        assert (each[0].withheld, each[0].failing) == ("gate", ("DQ11",))
        assert {row.failing for row in each[1:]} == {()}
    assessed = gate(frame.group, "ABS-28")
    value = release(comparing.measure_comparison(frame, "ABS-28", assessed), Policy.APPROVED).value
    assert value.programmes[0].failing == ("DQ11", "DQ03")


def test_comparison_says_how_well_it_predicts_and_whom_it_judges():
    table = rows([200, 200, 200, 200, 200], rates=[0.3, 0.4, 0.5, 0.6, 0.7])
    old = table["cm_age"] == "55+"
    table.loc[old, "ret_180"] = (np.arange(old.sum()) % 10 > 0).astype(int)
    table.loc[table.groupby("programme").cumcount() % 5 == 0, "ret_180"] = -1
    table["abstinent"] = np.where(table.index % 4 == 0, table.index % 8 // 4, -2)
    frame = frame_of(table)
    main, assessed = (
        release(comparing.measure_comparison(frame, outcome, frame.main), Policy.APPROVED).value
        for outcome in (OUTCOME, "ABS-28")
    )
    assert 0.8 < main.calibration_slope < 1
    assert main.c_statistic > 0.6
    assert [row.judged.value for row in main.programmes] == [0.8] * 5
    assert [row.judged.value for row in assessed.programmes] == [0.25] * 5
    assert [each.value for each in main.notices if each.code == "W13"] == [5.0]


@pytest.mark.parametrize(("known", "failing"), [(19, ("n",)), (20, ())])
def test_gate_counts_outcomes_that_are_known(known, failing):
    table = rows([100, 100, 100])
    table.loc[(table["programme"] == "A") & (table.groupby("programme").cumcount() >= known), "ret_180"] = -1
    assert gate(frame_of(table).group, OUTCOME)["A"].failing == failing
