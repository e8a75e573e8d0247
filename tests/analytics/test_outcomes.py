"""Each code of discharge means one thing; each outcome says yes, no or unknown."""

import subprocess
import sys

import pytest

from analytics import outcomes
from analytics.outcomes import EndCause, Klass, Way

REASONS = [
    # reason, cause in survival, public level
    (10, EndCause.COMPLETED, Way.COMPLETED),
    (11, EndCause.COMPLETED, Way.COMPLETED),
    (12, EndCause.COMPLETED, Way.COMPLETED),
    (13, EndCause.COMPLETED, Way.COMPLETED),
    (21, EndCause.CENSORED, Way.TRANSFERRED),
    (22, EndCause.CENSORED, Way.TRANSFERRED),
    (31, EndCause.DROPPED_OUT, Way.LOST),
    (32, EndCause.DROPPED_OUT, Way.LOST),
    (33, EndCause.DROPPED_OUT, Way.LOST),
    (35, EndCause.DROPPED_OUT, Way.LOST),
    (41, EndCause.IMPRISONED, Way.OTHER),
    (51, EndCause.DIED, Way.OTHER),
    (52, EndCause.DIED, Way.OTHER),
    (53, EndCause.DIED, Way.OTHER),
    (61, EndCause.CENSORED, Way.TRANSFERRED),
    (71, EndCause.RELEASED, Way.OTHER),
    (99, EndCause.DROPPED_OUT, Way.LOST),
]


@pytest.mark.parametrize(("reason", "cause", "way"), REASONS)
def test_each_discharge_reason_has_one_cause_and_one_level(reason, cause, way):
    assert outcomes.standing(60, reason) == (60, cause, way)


def test_declined_after_assessment_is_no_ending():
    assert outcomes.REASON_NOT_STARTED not in outcomes.CAUSE_OF


@pytest.mark.parametrize(
    ("codes", "klass"),
    [
        (["M10", "M11", "M12", "M13"], Klass.WITHDRAWAL),
        (["M20", "M21", "M22", "M23", "M24"], Klass.AGONIST),
        (["M30", "M31", "M32"], Klass.ANTAGONIST),
        (["M40", "M41", "M42"], Klass.OUTPATIENT),
        (["M50", "M51", "M52", "M53", "M54"], Klass.RESIDENTIAL),
        (["M33", "M34", "M60", "M61", "M70", "M80", "M90"], None),
    ],
)
def test_modalities_fall_into_their_class(codes, klass):
    assert {outcomes.class_of(code) for code in codes} == {klass}


def test_completion_is_compared_only_where_treatment_has_an_end():
    assert {klass for klass in Klass if outcomes.compared_outcome(klass) == "CMP-TEDS"} == {
        Klass.RESIDENTIAL,
        Klass.WITHDRAWAL,
    }


def test_taper_gets_no_curve_because_its_completion_may_not_be_censored():
    assert "M24" not in outcomes.OPEN_ENDED


@pytest.mark.parametrize(
    ("los", "reason", "expected"),
    [(179, 31, False), (180, 31, True), (179, 99, False), (179, 11, False), (60, None, None), (60, 22, None)],
)
def test_retention_of_a_fixed_cohort(los, reason, expected):
    assert outcomes.retained(los, reason) is expected


def test_transfer_before_the_day_leaves_the_cohort_and_after_it_does_not():
    assert not outcomes.judged(60, 21)
    assert outcomes.judged(180, 21)
    assert outcomes.judged(60, None)


@pytest.mark.parametrize(
    ("los", "reason", "expected"),
    [
        (28, 10, True),
        (28, 71, False),
        (28, 99, None),
        (28, 21, False),
        (190, 11, False),
        (60, None, None),
        (183, None, False),
    ],
)
def test_completion_by_the_end_of_the_window(los, reason, expected):
    assert outcomes.completed(los, reason) is expected


def test_transfer_counts_as_completed_only_in_the_wider_definition():
    assert outcomes.completed(28, 21, planned=True)
    assert not outcomes.completed(28, 22, planned=True)


@pytest.mark.parametrize(
    ("day", "used", "controlled", "expected"),
    [
        (154, 0, 0, True),
        (210, 1, 0, False),
        (153, 0, 0, None),
        (211, 0, 0, None),
        (None, 0, 0, None),
        (180, -1, 0, None),
        (180, None, 0, None),
        (180, 0, 13, True),
        (180, 0, 14, None),
        (180, 0, -9, None),
    ],
)
def test_abstinence_needs_a_review_in_time_with_both_answers(day, used, controlled, expected):
    assert outcomes.abstinent(day, used, controlled) is expected


def test_depot_covers_beyond_the_last_dose_but_not_beyond_death():
    depot = {"last_depot_day": 140, "depot_interval_days": 28, "discharge_day": 150}
    assert outcomes.length_of_stay(140, **depot, reason=31) == 175
    assert outcomes.length_of_stay(140, **depot, reason=41) == 150
    assert outcomes.length_of_stay(140) == 140


def test_open_episode_last_seen_before_the_cut_stands_nowhere():
    assert outcomes.standing(100, None).way is None
    assert outcomes.standing(183, None).way is Way.IN_TREATMENT


def test_curve_counts_drop_out_only_and_keeps_later_ends_at_risk_in_the_last_week():
    assert outcomes.curve_point(182, EndCause.DROPPED_OUT) == (26, 1)
    assert outcomes.curve_point(183, EndCause.DROPPED_OUT) == (27, 0)
    assert outcomes.curve_point(0, EndCause.DROPPED_OUT) == (0, 1)
    assert outcomes.curve_point(60, EndCause.COMPLETED) == (9, 0)


def test_every_outcome_carries_version_window_and_missing_rule():
    for outcome in outcomes.OUTCOMES.values():
        assert outcome.version == outcomes.DEFINITIONS_VERSION
        assert outcome.missing_rule
        assert outcome.window_days[0] < outcome.window_days[1]
    assert {f"RET-F-{outcomes.point_day(week)}" for week in outcomes.POINT_WEEKS} <= set(outcomes.OUTCOMES)


def test_importing_the_definitions_loads_no_heavy_library():
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, analytics.outcomes; print('pandas' in sys.modules, 'duckdb' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert loaded.stdout.split() == ["False", "False"]
