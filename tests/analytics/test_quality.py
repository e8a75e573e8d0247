"""The 24 indicators on records whose answers are known by hand, their limits, and the gate at its edges."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.outcomes.records import Records
from analytics.quality import (
    GateCounts,
    Indicator,
    Level,
    Material,
    Part,
    Question,
    assess,
    failing,
    first_to_fix,
    limits,
    over_time,
)
from analytics.quality.assessing import MEASURES
from analytics.quality.plausibility import kappa

TODAY = date(2026, 6, 30)
GOOD = {
    "number": 0, "person": "", "admission_month": "2025-01", "admission_precision": 1, "day_precision": 1,
    "dictionary_version": 1, "modality": "M20", "sex": 1, "labour": 2, "dx_icd10": "F11.2", "start_day": 0,
    "start_d28_opioid": 28, "review_1_day": 180.0, "review_1_d28_opioid": 3.0, "last_contact_day": 500.0,
    "discharge_day": np.nan, "discharge_reason": np.nan, "exit_day": np.nan, "exit_d28_opioid": np.nan,
    "followup_90_status": np.nan, "warnings": 0, "errors": 0, "duplicate": 0,
    "submitted_admission": "2025-02-10", "submitted_discharge": None,
}  # fmt: skip
QUESTIONS = (
    Question("sex", has_unknown=True), Question("labour"), Question("dx_icd10", is_text=True),
    Question("start_d28_opioid"), Question("review_1_d28_opioid", anchor="review_1_day"),
    Question("exit_d28_opioid", anchor="exit_day"), Question("discharge_reason", anchor="discharge_day", has_unknown=True),
    Question("last_contact_day", mandatory=False, is_days=True),
)  # fmt: skip


def left(reason, day=200.0, **more):
    return {"discharge_reason": reason, "discharge_day": day, "last_contact_day": day} | more


def material(*changes, questions=QUESTIONS, **more):
    rows = [GOOD | {"number": 100 + place} | each for place, each in enumerate(changes)]
    frame = pd.DataFrame(rows)
    for name in ("submitted_admission", "submitted_discharge"):
        frame[name] = np.array(
            [np.datetime64(text if isinstance(text, str) else "NaT") for text in frame[name]],
            dtype="datetime64[s]",
        )
    return Material(records=Records(episodes=frame, closing_on=TODAY), questions=questions, **more)


def one(name, *changes, **more):
    return assess(material(*changes, **more), [name])[name]


def parts(found):
    return found.n, round(found.value, 4), found.level, found.failing.tolist()


def test_every_indicator_has_a_measure_and_a_limit():
    names = [f"DQ{number:02d}" for number in range(1, 25)]
    assert list(MEASURES) == names
    assert list(limits()) == names


def test_answers_count_a_refusal_and_leave_out_what_does_not_apply():
    found = one("DQ01", {}, {"labour": -1}, {"labour": -2}, {"labour": -4}, {"labour": -9}, {"sex": 99})
    assert (found.n, round(found.value * found.n)) == (6 * 5 - 1, 29 - 3)
    assert found.failing.tolist() == [101, 104, 105]
    assert found.detail["labour"] == 3 / 5


def test_answers_of_a_group_are_due_only_where_it_was_recorded():
    assert one("DQ01", {"review_1_day": np.nan, "review_1_d28_opioid": np.nan}).n == 4
    assert one("DQ01", {"exit_day": 200.0}).value == 5 / 6


def test_a_question_is_due_only_in_the_versions_that_ask_it():
    new = Question("craving", versions=frozenset({2}))
    found = one("DQ01", {"craving": np.nan}, {"dictionary_version": 2, "craving": np.nan}, questions=(new,))
    assert (found.n, found.failing.tolist()) == (1, [101])


def test_a_diagnosis_may_be_missing_in_words():
    assert one("DQ01", {"dx_icd10": "-9"}, {"dx_icd10": ""}).failing.tolist() == [100, 101]


def test_a_record_is_whole_or_not():
    assert parts(one("DQ02", {}, {"labour": -9}, {"labour": -2})) == (3, 0.6667, Level.RED, [101])


@pytest.mark.parametrize(("day", "good"), [(-14.0, 1), (14.0, 1), (15.0, 0), (np.nan, 0)])
def test_start_in_time(day, good):
    assert one("DQ03", {"start_day": day}).value == good


def test_bands_coarse_months_and_young_episodes_are_outside_the_indicators_of_time():
    found = one("DQ03", {"day_precision": 2}, {"admission_precision": 3}, {"admission_month": "2026-06"}, {})
    assert found.n == 1
    assert one("DQ03", {"admission_month": "2026-06"}).level is Level.NO_CASES


def test_review_in_its_window_of_those_in_treatment():
    found = one(
        "DQ04",
        {},
        {"review_1_day": 153.0},
        {"last_contact_day": 153.0},
        {"review_1_day": 90.0, "review_2_day": 210.0},
    )
    assert parts(found) == (3, 0.6667, Level.AMBER, [101])


def test_exit_is_due_by_reason_and_drop_outs_stand_apart():
    found = one("DQ05", left(11, exit_day=186.0), left(32, exit_day=185.0), left(31), left(21), left(41))
    assert parts(found) == (3, 0.3333, Level.RED, [101, 103])
    assert found.detail == {"dropped_out": 0.0}


def test_follow_up_of_those_due_and_alive():
    found = one("DQ06", left(31, followup_90_status=1.0), left(31), left(51), {}, questions=())
    assert (found.n, round(found.value, 4)) == (4, 0.25)


def test_follow_up_waits_for_its_columns():
    given = material({})
    bare = Material(
        records=Records(episodes=given.records.episodes.drop(columns="followup_90_status"), closing_on=TODAY),
        questions=(),
    )
    assert assess(bare, ["DQ06"])["DQ06"].missing == ("followup_90_status",)


def test_delay_is_counted_from_the_last_day_of_the_month_and_never_negative():
    found = one("DQ07", {}, {"submitted_admission": "2025-03-03"}, {"submitted_admission": "2025-01-20"},
                left(31, submitted_discharge="2025-09-18"))  # fmt: skip
    assert parts(found) == (5, 0.8, Level.AMBER, [101])
    assert found.detail == {}
    many = one("DQ07", *[{}] * 19, {"submitted_admission": "2026-01-31"})
    assert (many.detail["median"], many.detail["p5"]) == (10, 10)
    assert many.detail["p95"] < 40


def test_months_are_expected_from_the_first_one_to_the_last_whole_one():
    found = one("DQ08", {}, {"admission_month": "2025-03"}, start_month="2025-01")
    assert (found.n, round(found.value * found.n)) == (17, 2)
    assert one("DQ08", {}).missing == ("start_month",)
    assert one("DQ08", {}, start_month="2026-06").level is Level.NO_CASES


def test_units_that_report():
    assert parts(one("DQ09", {}, units=(3, 4))) == (4, 0.75, Level.SHOWN, [])
    assert one("DQ09", {}).level is Level.NOT_COLLECTED


def test_warnings_count_for_each_hundred_and_an_error_is_red():
    found = one("DQ10", *[{"warnings": 1}] * 3, *[{}] * 17)
    assert (found.value, found.level, found.short) == (15, Level.AMBER, 1)
    assert one("DQ10", {"errors": 1}, *[{}] * 99).level is Level.RED


def test_unknown_reasons_of_discharge():
    found = one("DQ11", left(99), *[left(31)] * 8, {}, {"sex": 99})
    assert parts(found) == (9, 0.1111, Level.AMBER, [100])
    assert found.detail["sex"] == pytest.approx(1 / 11)


def test_heaping_takes_off_what_chance_gives():
    days = {"start_d28_opioid": 14, "review_1_d28_opioid": 13.0}
    assert one("DQ12", days).value == pytest.approx(0.5 - 5 / 29)
    assert one("DQ12", {"start_d28_opioid": 14, "review_1_d28_opioid": 7.0}).level is Level.LOOK


def test_copies_need_ten_answers_and_a_number_above_nought():
    assert one("DQ13", {}).missing == ("ten answers of an assessment",)
    items = [f"d28_{letter}" for letter in "abcdefghij"]
    same = {f"{stage}_{item}": 2 for stage in ("start", "review_1", "exit") for item in items}
    nought = dict.fromkeys(same, 0) | {
        "start_d28_opioid": 0,
        "review_1_d28_opioid": 0.0,
        "exit_d28_opioid": 0.0,
    }
    other = same | {"review_1_d28_a": 3}
    equal = {"start_d28_opioid": 5, "review_1_d28_opioid": 5.0}
    found = one("DQ13", same | equal, nought, other | equal)
    assert parts(found) == (2, 0.5, Level.RED, [100])


def test_instruments_in_a_straight_line_and_in_a_working_translation():
    told = pd.DataFrame(
        {
            "number": [1, 2, 3],
            "items": [10, 10, 5],
            "flat": [True, False, True],
            "working": [True, False, False],
        }
    )
    assert parts(one("DQ14", {}, instruments=told)) == (2, 0.5, Level.RED, [1])
    assert round(one("DQ24", {}, instruments=told).value, 3) == 0.333
    assert one("DQ24", {}).level is one("DQ14", {}).level is Level.NOT_COLLECTED


def test_a_question_that_all_answer_alike_is_to_be_looked_at():
    found = one("DQ15", *[{"sex": 1 + number % 2} for number in range(20)])
    assert "sex" not in found.detail
    assert found.detail["labour"] == 20
    assert found.level is Level.LOOK
    assert one("DQ15", *[{}] * 19).level is Level.NO_CASES


def test_duplicates_are_hits_of_the_rule():
    assert parts(one("DQ16", {"duplicate": 1}, *[{}] * 99)) == (100, 0.01, Level.GREEN, [100])


def test_outliers_by_either_measure_and_never_of_a_few():
    found = one(
        "DQ17", *[{"last_contact_day": 100.0 + number} for number in range(30)], {"last_contact_day": 3000.0}
    )
    assert (found.value, found.failing.tolist(), found.level) == (1, [130], Level.LOOK)
    assert found.detail["p95"] < 130
    assert one("DQ17", *[{}] * 5, {"last_contact_day": 3000.0}).value == 0


def test_discharged_with_neither_reason_nor_assessment():
    found = one("DQ18", left(np.nan), left(31), left(np.nan, exit_day=200.0))
    assert (found.value, found.level, found.failing.tolist()) == (1, Level.RED, [100])


def test_silent_episodes_by_the_last_thing_heard():
    last = (TODAY - date(2025, 1, 31)).days
    found = one(
        "DQ19",
        {"last_contact_day": last - 90.0},
        {"last_contact_day": last - 91.0},
        {"last_contact_day": 5.0, "review_1_day": last - 1.0},
        left(31),
    )
    assert parts(found) == (3, 0.3333, Level.RED, [101])


def test_too_good_to_be_true():
    assert one("DQ20", *[left(11)] * 20).detail == {"completion": 1.0}
    assert one("DQ20", *[left(11)] * 19).value == 0
    urine = pd.DataFrame({"number": range(20), "used": [0] * 20, "positive": [0] * 10 + [1] * 10})
    assert one("DQ20", {}, urine=urine, beyond_funnel=True).value == 2


def test_agreement_of_report_and_urine_and_of_two_hands():
    told = pd.DataFrame({"number": [1, 2, 3, 4], "used": [1, 1, 0, 0], "positive": [1, 0, 0, 0]})
    assert parts(one("DQ21", {}, urine=told)) == (4, 0.5, Level.AMBER, [2])
    twice = pd.DataFrame({"number": [1, 1, 2], "first": [1.0, 2.0, 3.0], "second": [1.0, 2.0, 3.0]})
    assert parts(one("DQ23", {}, reentered=twice)) == (3, 1.0, Level.GREEN, [])
    assert one("DQ21", {}).level is one("DQ23", {}).level is Level.NOT_COLLECTED
    assert kappa(np.array([1.0, 1.0]), np.array([1.0, 1.0])) == 1


def test_files_whose_sums_do_not_hold_are_red_and_others_show_their_share():
    files = pd.DataFrame({"submitted": [10, 10], "accepted": [8, 5], "rejected": [2, 5], "ignored": [0, 0]})
    assert parts(one("DQ22", {}, imports=files)) == (20, 0.35, Level.GREEN, [])
    assert one("DQ22", {}, imports=files.assign(ignored=[0, 1])).level is Level.RED
    assert one("DQ22", {}).level is Level.NO_CASES


def test_half_years_are_judged_apart_and_only_the_last_are_shown():
    months = ["2022-01", "2022-07", "2023-01", "2023-07", "2024-01", "2024-07", "2025-01"]
    found = over_time(
        material(*({"admission_month": month, "start_day": place} for place, month in enumerate(months)))
    )
    assert list(found) == ["2022H2", "2023H1", "2023H2", "2024H1", "2024H2", "2025H1"]
    assert {told["DQ03"].n for told in found.values()} == {1}


def test_the_gate_comes_first_then_red_then_records_then_how_many():
    made = {
        name: Indicator(id=name, level=level, short=short, failing=np.arange(records))
        for name, level, short, records in (
            ("DQ01", Level.AMBER, 90, 9), ("DQ02", Level.RED, 5, 5), ("DQ04", Level.RED, 7, 7), ("DQ05", Level.AMBER, 1, 1),
            ("DQ08", Level.RED, 99, 0), ("DQ12", Level.LOOK, 0, 0), ("DQ16", Level.GREEN, 0, 1),
        )
    }  # fmt: skip
    assert [each.id for each in first_to_fix(made, ["DQ05", "n"])] == ["DQ05", "DQ04", "DQ02", "DQ08", "DQ01"]


@pytest.mark.parametrize(
    ("counts", "closed_by"),
    [
        ({"known": 19}, ("n",)),
        ({"known": 20}, ()),
        ({"reason_unknown": Part(10, 100)}, ()),
        ({"reason_unknown": Part(11, 100)}, ("DQ11",)),
        ({"start": Part(79, 100)}, ()),
        ({"start": Part(79, 100), "assessed": True}, ("DQ03",)),
        ({"start": Part(80, 100), "leave": Part(79, 100), "assessed": True}, ("DQ05",)),
        ({"start": Part(0, 0), "leave": Part(0, 0), "assessed": True}, ()),
        ({"errors": 1}, ("DQ10",)),
        ({"country": "ZZ"}, ("ZZ",)),
        ({"known": 0, "reason_unknown": Part(1, 1), "assessed": True, "start": Part(0, 1), "leave": Part(0, 1)},
         ("n", "DQ11", "DQ03", "DQ05")),
    ],
)  # fmt: skip
def test_the_gate_at_its_edges(counts, closed_by):
    assert failing(GateCounts(**({"known": 50, "reason_unknown": Part(0, 50)} | counts))) == closed_by


@pytest.mark.parametrize("name", list(MEASURES))
def test_a_programme_without_episodes_has_no_cases(name):
    nobody = material({}).where(np.array([False]))
    assert assess(nobody, [name])[name].level in {Level.NO_CASES, Level.NOT_COLLECTED}


@pytest.mark.parametrize(
    ("name", "column"), [("DQ07", "submitted_admission"), ("DQ10", "warnings"), ("DQ16", "duplicate")]
)
def test_marks_that_nobody_keeps_are_not_collected(name, column):
    given = material({})
    frame = given.records.episodes.drop(columns=column)
    bare = Material(records=Records(episodes=frame, closing_on=TODAY), questions=QUESTIONS)
    assert assess(bare, [name])[name].missing == (column,)


def test_tables_without_rows_and_units_of_which_there_are_none():
    nothing = pd.DataFrame({"number": [], "used": [], "positive": []})
    assert one("DQ21", {}, urine=nothing).level is Level.NO_CASES
    assert one("DQ09", {}, units=(0, 0)).level is Level.NO_CASES
    assert one("DQ12", {}, questions=()).level is Level.NO_CASES
    assert one("DQ13", *[{f"{stage}_d28_{c}": 0 for stage in ("start", "review_1", "exit") for c in "abcdefghij"}
                         | {"start_d28_opioid": 0, "review_1_d28_opioid": 0.0}]).level is Level.NO_CASES  # fmt: skip


def test_where_all_numbers_are_alike_nothing_lies_far_off():
    assert one("DQ17", *[{"last_contact_day": 7.0}] * 25).value == 0
    mostly = one("DQ17", *[{"last_contact_day": 7.0}] * 25, {"last_contact_day": 900.0})
    assert mostly.failing.tolist() == [125]


def test_a_skipped_question_of_a_modality_is_not_due():
    depot = Question("last_depot_day", only=("M32",))
    found = one(
        "DQ01", {"last_depot_day": np.nan}, {"modality": "M32", "last_depot_day": np.nan}, questions=(depot,)
    )
    assert found.failing.tolist() == [101]
