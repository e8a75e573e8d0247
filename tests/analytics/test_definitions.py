"""The definitions as artefacts: complete, versioned, each with its judge; refusals by name; golden retention."""

import csv
import json
import tomllib
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.errors import NotEstimable
from analytics.outcomes import DEFINITIONS_VERSION, OUTCOMES
from analytics.outcomes.catalogue import DATA, Kind, definitions
from analytics.outcomes.judging import JUDGES, judge
from analytics.outcomes.records import Records
from analytics.outcomes.stays import judge_retention
from analytics.outcomes.urine import RULES
from analytics.side_by_side import side_by_side

ARMS = ("Methadone", "Outpatient BUP", "Inpatient BUP", "Inpatient NR-NTX")
WORDS = ("population", "numerator", "denominator", "window", "missing", "censoring", "reference")


@pytest.mark.parametrize("each", definitions().values(), ids=lambda each: each.id)
def test_a_definition_says_everything(each):
    assert each.version == DEFINITIONS_VERSION
    assert all(getattr(each, name) for name in WORDS)
    assert each.needs


def test_every_definition_has_its_function_and_every_function_a_definition():
    assert set(JUDGES) == set(definitions())
    assert {each.id for each in definitions().values() if each.source == "urine"} == set(RULES)


def test_ids_stand_once_and_unverified_ones_say_so():
    raw = tomllib.loads((DATA / "definitions_v1.toml").read_text("utf-8"))
    assert len(raw["definition"]) == len(definitions())
    assert {each.id for each in definitions().values() if not each.verified} == {
        each.id for each in definitions().values() if "unverified" in each.flags
    }


def test_what_editions_report_is_defined_here_too():
    elsewhere = {"RET-F-56", "RET-F-84", "RET-F-182"}
    assert set(OUTCOMES) - elsewhere <= set(definitions())


def test_what_was_not_collected_is_refused_by_name():
    records = Records(episodes=pd.DataFrame({"word": ["--"]}))
    with pytest.raises(NotEstimable, match="CMP-TEDS: not collected: discharge_reason"):
        judge(records, definitions()["CMP-TEDS"])
    found = side_by_side(records)
    assert set(found.refused) == {each.id for each in definitions().values() if each.source != "urine"} | {
        "ABS-WEEKS", "ABS-W5-15-B", "ABS-FIRST+", "RED-FRAC",
    }  # fmt: skip


def test_a_cohort_without_a_closing_day_is_refused():
    rows = {"admission_month": ["2025-01"], "last_contact_day": [10], "discharge_reason": [31]}
    with pytest.raises(NotEstimable, match="closing day"):
        judge(Records(episodes=pd.DataFrame(rows)), definitions()["RET-F-90"])


def test_a_definition_that_does_not_exist_is_refused():
    with pytest.raises(NotEstimable, match="no outcome RET-F-91"):
        side_by_side(Records(episodes=pd.DataFrame({"word": ["-"]})), ["RET-F-91"])


def test_three_numbers_stand_for_every_definition_read_from_words():
    found = side_by_side(Records(episodes=pd.DataFrame({"word": ["--++", "oooo----"]})))
    for name in set(RULES) - {"DRP-4RUN"}:
        if name not in found.refused:
            variants = set(found.table[found.table["id"] == name]["variant"])
            assert variants == {"missing_positive", "missing_excluded", "dropped_out"}, name


@pytest.mark.parametrize("arm", ARMS)
def test_golden_retention_by_last_dose_and_by_coverage(shared, arm):
    golden = json.loads((shared / "data" / "registry_golden.json").read_text())["retention_ctn"]
    with (shared / "data" / "ctn0094" / "retention.csv").open(newline="") as file:
        days = [row["days_to_last_dose"] for row in csv.DictReader(file) if row["arm"] == arm]
    by_dose = trial_records(days, modality="M20")
    assert_shares(by_dose, golden["naive_last_dose"][arm], "RET-F-180")
    if arm in golden["with_28_day_coverage"]:
        covered = trial_records(days, modality="M32")
        assert_shares(covered, golden["with_28_day_coverage"][arm], "RET-DEPOT-180")
        assert_shares(covered, golden["naive_last_dose"][arm], "RET-CONTACT-180")


def trial_records(days, modality):
    """One episode per person. The published rule has no grace: 28 days of coverage are 22 + 7 - 1 of ours."""
    last = np.array([int(day) if day else -1 for day in days])
    rows = {
        "admission_month": "2015-01", "modality": modality, "discharge_reason": 31, "discharge_day": 400,
        "last_contact_day": last + 1, "last_depot_day": np.where(last < 0, np.nan, last), "depot_interval_days": 22,
    }  # fmt: skip
    return Records(episodes=pd.DataFrame(rows, index=range(len(days))), closing_on=date(2020, 1, 1))


def assert_shares(records, golden, name):
    assert len(records) == golden["n"]
    for text, share in golden.items():
        if text != "n":
            found = judge_retention(records, definitions()[name], day=int(text))
            assert found.value[found.known].mean() == pytest.approx(share, abs=0.001), (name, text)


def test_kinds_are_all_in_use():
    assert {each.kind for each in definitions().values()} == set(Kind)
