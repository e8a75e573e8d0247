"""Definitions applied to a dozen episodes whose answers are known by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.outcomes import END_CAUSES
from analytics.outcomes.catalogue import definitions
from analytics.outcomes.changes import Change
from analytics.outcomes.journeys import following, joined
from analytics.outcomes.judging import judge
from analytics.outcomes.records import Records
from analytics.side_by_side import side_by_side

CLOSING = date(2026, 6, 30)
GOOD = {
    "person": "", "admission_month": "2025-01", "modality": "M20", "day_precision": 1, "last_contact_day": 200.0,
    "last_depot_day": np.nan, "depot_interval_days": np.nan, "discharge_day": np.nan, "discharge_reason": np.nan,
    "substance_1_code": 151, "start_day": 0, "start_d28_opioid": 28, "start_d28_stimulant": 0, "start_d28_alcohol": 0,
    "start_d28_inject": 0, "start_d28_controlled_env": 0, "review_1_day": 180.0, "review_1_d28_opioid": 0.0,
    "review_1_d28_stimulant": 0.0, "review_1_d28_alcohol": 0.0, "review_1_d28_inject": 0.0,
    "review_1_d28_controlled_env": 0.0, "followup_90_status": np.nan, "followup_180_status": np.nan,
    "followup_365_status": np.nan,
}  # fmt: skip


def left(reason, day, **more):
    return {"discharge_reason": reason, "discharge_day": day, "last_contact_day": day} | more


def records(*changes, closing=CLOSING, **more):
    return Records(episodes=pd.DataFrame([GOOD | each for each in changes]), closing_on=closing, **more)


def found(name, given):
    return judge(given, definitions()[name])


def answers(name, given):
    """1, 0, None unknown; '-' not due."""
    got = found(name, given)
    return [
        "-" if not due else None if np.isnan(value) else float(value)
        for due, value in zip(got.due, got.value, strict=True)
    ]


def test_retention_cascade_counts_every_step():
    given = records(
        {},
        left(31, 40),
        left(34, 0),
        left(21, 40),
        {"last_contact_day": 40.0},
        {"admission_month": "2026-05"},
    )
    assert answers("RET-F-90", given) == [1, 0, "-", "-", None, "-"]
    assert [tuple(step) for step in found("RET-F-90", given).steps] == [
        ("all", 6), ("began", 5), ("old_enough", 4), ("not_transferred", 3), ("known", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(("closing", "due"), [(date(2025, 5, 30), False), (date(2025, 5, 31), True)])
def test_a_cohort_is_due_90_and_30_days_after_the_last_day_of_its_month(closing, due):
    assert found("RET-F-90", records({}, closing=closing)).due.tolist() == [due]


def test_depot_covers_after_the_last_contact_and_only_depots_are_due():
    depot = {"modality": "M32", "last_depot_day": 150.0, "depot_interval_days": 28.0}
    given = records(left(31, 150, **depot), {})
    assert answers("RET-DEPOT-180", given) == [1, "-"]
    assert answers("RET-CONTACT-180", given) == [0, "-"]


def test_twelve_weeks_or_an_earlier_good_end():
    given = records(left(11, 30), left(13, 30), left(31, 84), left(31, 83), left(12, 10))
    assert answers("RET-12W", given) == [1, 0, 1, 0, 1]


def test_causes_and_their_sensitivity():
    given = records(left(35, 10), left(31, 10), left(11, 10), {}, left(31, 5, modality="M40"))
    main, other = found("RET-KM", given), found("RET-KM-35", given)
    assert [END_CAUSES[place].value for place in main.cause[:4]] == [
        "dropped_out",
        "dropped_out",
        "completed",
        "censored",
    ]
    assert [END_CAUSES[place].value for place in other.cause[:2]] == ["censored", "dropped_out"]
    assert main.due.tolist() == [True, True, True, True, False]
    assert found("RET-CIF", given).due.all()


def test_covered_days_without_a_long_gap():
    doses = pd.DataFrame(
        {"episode": [0, 0, 1, 1, 2], "day": [0, 97, 0, 98, 0], "days_supply": [90, 90, 90, 90, 100]}
    )
    assert answers("RET-POD", records({}, {}, {}, {}, doses=doses)) == [1, 0, 0, "-"]


def test_services_begin_and_go_on():
    services = pd.DataFrame({"episode": [0, 0, 0, 1, 1, 2], "day": [3, 20, 37, 14, 60, 15]})
    given = records({}, {}, {}, services=services)
    assert answers("IET-INIT", given) == [1, 1, 0]
    assert answers("IET-ENG", given) == [1, 0, 0]


def test_completion_in_four_definitions_side_by_side():
    given = records(*(left(reason, 50) for reason in (10, 11, 13, 21, 22, 31, 71, 99, 34)), {})
    assert answers("CMP-TEDS", given) == [1, 1, 1, 0, 0, 0, 0, None, "-", "-"]
    assert answers("CMP-PLANNED", given)[3:5] == [1, 0]
    assert answers("CMP-TEDS-TRANSFER", given)[3:5] == [1, 1]
    assert answers("CMP-DEP-FREE", given)[:3] == [0, 1, 0]


def test_a_compulsory_placement_never_completes():
    given = records(left(10, 50, modality="M60"), left(71, 50))
    assert answers("CMP-TEDS", given) == [0, 0]
    assert found("CMP-TEDS", given).flagged == {"compulsory": 1}


def test_success_is_undone_by_a_return_within_half_a_year():
    stays = [
        left(11, 60, person="a", admission_month="2025-03"),
        left(31, 20, person="a", admission_month="2025-08"),
        left(11, 60, person="b", admission_month="2025-03"),
        left(11, 60, person="c", admission_month="2020-03"),
    ]
    given = records(*stays)
    assert answers("CMP-REP", given) == [1, "-", 0, "-"]
    assert found("CMP-REP", given).flagged == {"gaps_by_month": 4}
    assert answers("CMP-SUCCESS", given) == ["-", 0, 1, "-"]


def test_journeys_join_what_follows_within_21_days_and_count_from_the_first():
    rows = [
        left(21, 50, person="a", prev_exit_gap_days=-4), left(21, 30, person="a", admission_month="2025-03", prev_exit_gap_days=21),
        left(31, 100, person="a", admission_month="2025-06", prev_exit_gap_days=0), left(31, 9, person="b", prev_exit_gap_days=-4),
        left(11, 9, person="b", admission_month="2025-09", prev_exit_gap_days=22),
    ]  # fmt: skip
    whole = joined(records(*rows)).episodes
    assert whole["last_contact_day"].tolist() == [50 + 21 + 30 + 0 + 100, 9, 9]
    assert whole["discharge_reason"].tolist() == [31, 31, 11]
    assert answers("RET-F-180", records(*rows)) == [1, 0, 0]


def test_without_the_counted_gap_nothing_is_joined():
    rows = [left(21, 50, person="a"), left(31, 30, person="a", admission_month="2025-03")]
    given = records(*rows)
    assert joined(given) is given
    assert following(given).gap[0] == (date(2025, 3, 15) - date(2025, 1, 15)).days - 50


def test_abstinence_is_not_judged_in_a_controlled_environment():
    given = records(
        {}, {"review_1_d28_opioid": 3.0}, {"review_1_d28_controlled_env": 14.0}, {"review_1_day": np.nan},
        {"review_1_d28_stimulant": 2.0}, {"substance_1_code": 900}, {"last_contact_day": 150.0},
    )  # fmt: skip
    assert answers("ABS-28", given) == [1, 0, None, None, 1, None, "-"]
    assert answers("ABS-28-ALL", given) == [1, 0, None, None, 0, 1, "-"]
    assert found("ABS-28", given).flagged == {"controlled_environment": 1}


def test_cocaine_is_read_from_its_own_question_where_there_is_one():
    first = {"substance_1_code": 210, "review_1_d28_stimulant": 5.0}
    assert answers("ABS-28", records(first)) == [0]
    assert answers("ABS-28", records(first | {"review_1_d28_cocaine": 0.0})) == [1]


def test_classes_of_change_count_users_and_print_who_began():
    given = records(
        {}, {"review_1_d28_opioid": 15.0}, {"review_1_d28_opioid": 16.0}, {"review_1_day": np.nan},
        {"start_d28_opioid": 0}, {"start_d28_opioid": 0, "review_1_d28_opioid": 4.0}, {"start_d28_opioid": np.nan},
    )  # fmt: skip
    got = found("CHG-OPIOID", given)
    names = [list(Change)[int(place)].value for place in got.value]
    assert names == [
        "abstinent",
        "improved",
        "unchanged",
        "not_assessable",
        "not_using_at_start",
        "initiated",
        "not_assessable",
    ]
    assert got.due.tolist() == [True] * 6 + [False]
    table = side_by_side(given, ["CHG-OPIOID"]).table.set_index("variant")
    assert table.loc["abstinent of_users", "estimate"] == pytest.approx(1 / 4)
    assert table.loc["abstinent of_assessed", "estimate"] == pytest.approx(1 / 3)


def test_change_of_cocaine_waits_for_its_own_question():
    assert "CHG-COCAINE" in side_by_side(records({})).refused


def test_injecting_work_and_housing():
    given = records(
        {"start_d28_inject": 5, "start_d28_paid_work": 0, "review_1_d28_paid_work": 10, "start_housing_acute": 1, "review_1_housing_acute": 0},
        {"start_d28_inject": 5, "review_1_d28_inject": 2.0, "start_d28_paid_work": 4, "review_1_d28_paid_work": 4},
        {"start_d28_inject": 5, "review_1_d28_controlled_env": 20.0},
    )  # fmt: skip
    assert answers("INJ-STOP", given) == [1, 0, None]
    assert answers("WORK", given) == [10, 0, None]
    assert answers("WORK-8", given) == [1, 0, None]
    assert answers("HOUSE", given) == [1, "-", "-"]


def test_overdoses_are_counted_over_the_years_that_were_asked_about():
    given = records({"review_1_overdose_since_last": 2.0}, {"review_1_overdose_since_last": -9.0})
    row = side_by_side(given, ["OD-RATE"]).table.iloc[0]
    assert (row["reached"], row["due"]) == (2, 1)
    assert row["estimate"] == pytest.approx(1000 * 2 / (180 / 365.25))


def test_deaths_and_years_in_treatment_and_after():
    given = records(left(51, 100), left(31, 100, death_offset_band=1), left(31, 100, death_offset_band=3), {})
    rows = side_by_side(given, ["MORT-CMR-TREATMENT", "MORT-CMR-0-28", "MORT-CMR-29-365"]).table
    assert rows["reached"].tolist() == [1, 1, 1]
    assert rows["estimate"].iloc[0] == pytest.approx(1000 / (500 / 365.25))
    assert found("MORT-CMR-0-28", given).exposure[1:3] * 365.25 == pytest.approx([14.5, 29])


def test_expected_deaths_follow_the_rates_of_the_population():
    rates = pd.DataFrame({"age_band": [5], "sex": [1], "year": [2025], "rate": [0.01]})
    given = records(left(51, 365, age_band=5, sex=1), {"age_band": 5, "sex": 2}, population_rates=rates)
    row = side_by_side(given, ["MORT-SMR"]).table.iloc[0]
    assert (row["due"], row["reached"]) == (1, 1)
    assert row["estimate"] == pytest.approx(1 / (0.01 * 365 / 365.25))


def test_nobody_died_has_an_upper_limit_and_a_lower_of_nothing():
    rates = pd.DataFrame({"age_band": [5], "sex": [1], "year": [2025], "rate": [0.01]})
    row = side_by_side(records({"age_band": 5, "sex": 1}, population_rates=rates), ["MORT-SMR"]).table.iloc[0]
    assert (row["estimate"], row["lower"]) == (0, 0)
    assert row["upper"] > 100


def test_follow_ups_due_interviewed_dead_and_too_early():
    given = records(
        left(31, 30, followup_90_status=1.0, followup_180_status=4.0, followup_365_status=3.0),
        left(51, 30), left(31, 30, admission_month="2026-02"), {},
    )  # fmt: skip
    rate, known = found("FU-RATE", given), found("FU-KNOWN", given)
    assert (rate.due.sum(), rate.value[rate.due].sum()) == (2, 1)
    assert (known.due.sum(), known.value[known.due].sum()) == (3, 2)


def test_persons_treated_in_the_year_before():
    given = records(
        {"person": "a"}, {"person": "a", "admission_month": "2025-06"}, {"person": "b", "modality": "M42"},
        left(31, 10, person="c", admission_month="2024-02"), {"person": "d", "admission_month": "2026-02"},
    )  # fmt: skip
    rows = side_by_side(given, ["SDG-3.5.1-PHARMACOLOGICAL", "SDG-3.5.1-PSYCHOSOCIAL"]).table
    assert rows["reached"].tolist() == [1, 1]


def test_remission_by_classification_and_by_days():
    given = records(
        {"remission_state": 1, "remission_days": 200},
        {"remission_state": 0, "remission_days": 100},
        {"remission_state": -9},
    )
    assert answers("ICD-REM", given) == [1, 0, None]
    assert answers("RU-REM", given) == [1, 0, None]


def test_curves_stand_in_the_table_by_day_and_cause():
    given = records(left(31, 40), left(11, 100), {}, {})
    table = side_by_side(given, ["RET-KM", "RET-CIF"]).table.set_index(["id", "variant"])["estimate"]
    assert table["RET-KM", "day 90"] == 0.75
    assert table["RET-CIF", "dropped_out day 180"] == 0.25
    assert table["RET-CIF", "completed day 180"] == 0.25


def test_a_share_stands_among_those_known_and_over_all_due():
    rows = side_by_side(records({}, left(31, 40), {"last_contact_day": 10.0}), ["RET-F-90"]).table
    assert rows[["variant", "reached", "known"]].to_numpy().tolist() == [["known", 1, 2], ["all_due", 1, 3]]


def test_an_open_depot_reaches_to_the_closing_day_at_most():
    depot = {"modality": "M31", "last_depot_day": 10.0, "depot_interval_days": 60.0, "last_contact_day": 10.0}
    given = records(depot, closing=date(2025, 2, 10))
    assert found("RET-CIF", given).value.tolist() == [40]


def test_without_a_month_of_admission_everybody_is_old_enough_for_what_needs_none():
    given = records({"start_d28_inject": 3})
    bare = Records(episodes=given.episodes.drop(columns="admission_month"))
    assert answers("INJ-STOP", bare) == [1]
    doses = pd.DataFrame({"episode": [0], "day": [0], "days_supply": [180]})
    assert answers("RET-POD", Records(episodes=bare.episodes, doses=doses)) == [1]


def test_people_whose_episodes_do_not_follow_each_other_keep_them_apart():
    rows = [left(31, 9, person="b", prev_exit_gap_days=-4), left(11, 9, person="b", prev_exit_gap_days=60)]
    given = records(*rows)
    assert joined(given) is given


def test_nobody_at_risk_has_no_rate():
    row = side_by_side(records(left(51, 0, last_contact_day=0.0)), ["MORT-CMR-TREATMENT"]).table.iloc[0]
    assert row["reached"] == 1
    assert np.isnan(row["estimate"])


def test_a_mean_of_pairs_stands_in_the_table():
    pair = {"start_psych_0_20": 8, "review_1_psych_0_20": 12}
    row = side_by_side(records(pair, pair | {"review_1_psych_0_20": 10}, {}), ["CHG-PSY"]).table.iloc[0]
    assert (row["variant"], row["known"], row["estimate"]) == ("mean", 2, 3)
