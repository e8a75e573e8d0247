"""One episode becomes one row: public levels, case mix, outcomes, quality marks; nothing finer leaves it."""

from datetime import date
from types import SimpleNamespace

import pytest

from portal.releases import catalogue
from portal.releases.builder.rows import CASE_MIX, OUTCOMES, layout, merge_rarest, snapshot_row

LEVELS = catalogue.levels_of(date(2026, 7, 31), ["IR-1"])
PROGRAMME = SimpleNamespace(code="ABCDEFGH", country="IR")


def episode(**changes):
    values = {
        "person_s": bytes(32), "admission_month": "2025-03", "admission_precision": 1, "sex": 1, "age_band": 5,
        "prior_treatment": 0, "inject_status": 0, "modality": "M20", "substance_1_code": 151, "start_day": 0,
        "depot_interval_days": None, "last_depot_day": None, "last_contact_day": 100, "discharge_day": 100,
        "discharge_reason": 31, "day_precision": 1, "exit_day": 100, "review_1_day": None, "review_2_day": None,
        **{f"review_{n}_d28_{item}": None for n in (1, 2) for item in ("alcohol", "opioid", "stimulant", "controlled_env")},
    }  # fmt: skip
    return values | changes


def row(**changes):
    return snapshot_row(episode(**changes), PROGRAMME, "IR-1", LEVELS)


def test_row_has_exactly_the_columns_of_the_layout():
    assert set(row()) == set(layout([PROGRAMME], LEVELS).columns)


def test_public_levels_are_bands_and_half_years():
    made = row()
    assert [made[name] for name in catalogue.DIMENSIONS] == [
        "IR-1",
        "M",
        "25-34",
        "opium",
        "lost",
        "other",
        "2025H1",
    ]
    assert all(made[name] in LEVELS[name] for name in catalogue.DIMENSIONS)


@pytest.mark.parametrize(
    ("changes", "name", "level"),
    [
        ({"sex": 99}, "sex", "U"),
        ({"age_band": -5}, "age", "U"),
        ({"age_band": 2}, "age", "<25"),
        ({"substance_1_code": 999}, "sub", "other"),
        ({"substance_1_code": 342}, "sub", "stimulant"),
        ({"admission_precision": 3}, "half", "U"),
        ({"admission_month": "2019-05"}, "half", "earlier"),
        ({"discharge_reason": None}, "out", "lost"),
        ({"discharge_reason": None, "last_contact_day": 190}, "out", "in_treatment"),
        ({"discharge_reason": 11}, "out", "completed"),
    ],
)
def test_levels_of_unusual_answers(changes, name, level):
    assert row(**changes)[name] == level


@pytest.mark.parametrize(
    ("changes", "name", "level"),
    [
        ({"sex": 99}, "cm_sex", None),
        ({"age_band": -1}, "cm_age", None),
        ({"inject_status": -2}, "cm_inject", None),
        ({"inject_status": 3}, "cm_inject", "ever"),
        ({"prior_treatment": 99}, "cm_prior", None),
        ({"prior_treatment": 8}, "cm_prior", "repeated"),
        ({"substance_1_code": 999}, "cm_substance", None),
        ({"substance_1_code": 158}, "cm_substance", "opioid"),
        ({"substance_1_code": 710}, "cm_substance", "other"),
        ({"substance_1_code": 801}, "cm_substance", "alcohol"),
    ],
)
def test_unknown_covariates_are_missing_levels_not_lost_persons(changes, name, level):
    assert row(**changes)[name] == level


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"ret_28": 1, "ret_90": 1, "ret_180": 0, "completed": 0}),
        (
            {"discharge_reason": 21},
            {"ret_90": 1, "ret_180": -2, "completed": 0, "completed_or_transferred": 1},
        ),
        ({"discharge_reason": None}, {"ret_90": 1, "ret_180": -1, "completed": -1}),
        ({"discharge_reason": 99}, {"ret_180": 0, "completed": -1}),
        (
            {"last_contact_day": 200, "discharge_day": 200, "discharge_reason": 11},
            {"ret_182": 1, "completed": 0},
        ),
    ],
)
def test_outcomes_are_yes_no_unknown_or_not_due(changes, expected):
    made = row(**changes)
    assert {name: made[name] for name in expected} == expected


def review(day, used, environment=0, number=1):
    return {
        f"review_{number}_day": day,
        f"review_{number}_d28_opioid": used,
        f"review_{number}_d28_controlled_env": environment,
    }


STAYED = {"last_contact_day": 200, "discharge_reason": None, "discharge_day": None}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (review(180, 0), -2),
        (STAYED | review(180, 0), 1),
        (STAYED | review(180, 5), 0),
        (STAYED | review(100, 0), -1),
        (STAYED | review(180, -1), -1),
        (STAYED | review(160, 0) | review(200, 4, number=2), 0),
        (STAYED | review(180, 0) | {"substance_1_code": 710}, -1),
        (
            STAYED
            | {
                "substance_1_code": 800,
                "review_1_day": 180,
                "review_1_d28_alcohol": 0,
                "review_1_d28_controlled_env": 0,
            },
            1,
        ),
    ],
)
def test_abstinence_is_due_only_in_treatment_and_read_from_the_primary_substance(changes, expected):
    assert row(**changes)["abstinent"] == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"start_in_time": 1, "exit_in_time": -2, "reason_unknown": 0}),
        ({"discharge_reason": 32}, {"exit_in_time": 1}),
        ({"discharge_reason": 32, "exit_day": 115}, {"exit_in_time": 0}),
        ({"discharge_reason": 32, "exit_day": None}, {"exit_in_time": 0}),
        ({"start_day": 15}, {"start_in_time": 0}),
        ({"start_day": -14}, {"start_in_time": 1}),
        ({"start_day": None}, {"start_in_time": 0}),
        ({"discharge_reason": 99}, {"reason_unknown": 1}),
        ({"discharge_reason": None}, {"reason_unknown": -2, "exit_in_time": -2}),
        ({"admission_precision": 3}, {"start_in_time": -2}),
        ({"day_precision": 2, "discharge_reason": 32}, {"exit_in_time": -2}),
    ],
)
def test_quality_marks_count_what_is_due(changes, expected):
    made = row(**changes)
    assert {name: made[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("changes", "curve"),
    [({}, "yes"), ({"modality": "M24"}, "no"), ({"modality": "M40"}, "no"), ({"day_precision": 2}, "no")],
)
def test_curves_need_exact_days_and_a_treatment_without_planned_end(changes, curve):
    assert row(**changes)["curve"] == curve


def test_depot_covers_beyond_the_last_contact():
    made = row(modality="M32", last_depot_day=100, depot_interval_days=28, discharge_day=110)
    assert (made["los"], made["week"], made["dropped"]) == (135, 20, 1)


def test_modality_without_a_class_is_counted_but_compared_with_nobody():
    assert row(modality="M70")["klass"] is None


def test_stay_is_cut_at_the_window():
    made = row(**STAYED | {"last_contact_day": 900})
    assert (made["los"], made["week"], made["dropped"]) == (183, 27, 0)


def test_rarest_levels_merge_until_the_patterns_fit():
    rows = [row(sex=sex, age_band=age) for sex in (1, 1, 2, 99) for age in (3, 5, 7, 9, 11)]
    assert len({tuple(r[name] for name in CASE_MIX) for r in rows}) == 15
    merged = merge_rarest(rows, limit=10)
    assert len({tuple(r[name] for name in CASE_MIX) for r in rows}) <= 10
    assert merged == 2
    assert merge_rarest(rows, limit=10) == 0


def test_every_counted_outcome_has_a_column():
    assert set(OUTCOMES.values()) <= set(row())
