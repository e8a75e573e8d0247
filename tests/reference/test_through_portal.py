"""Two published trials through the real doors, by command line, up to the released edition."""

import pytest
import sqlalchemy as sa

from analytics.disclosure.parameters import AT_RISK
from analytics.outcomes import CURVE_WEEKS
from portal.core import audit
from portal.extensions import db
from portal.programmes.queries import list_programmes
from portal.registry.models import Episode
from portal.releases import queries

from . import trial_world
from . import truth as truth_data

pytestmark = [pytest.mark.truth, truth_data.with_truth]

ARMS = [f"{name} {arm}" for name, (_, arms) in trial_world.ARMS.items() for arm in arms]
PUBLISHED = [  # keys of the expected values at whole weeks, and the programme they are about
    ("ctn0027", key, f"ctn0027 {key.split('.')[1]}", int(key.split(".t")[1]))
    for key in (
        line["key"] for line in truth_data.lines(truth_data.HERE / "keys.csv") if line["set"] == "ctn0027"
    )
    if key.startswith("S.") and int(key.split(".t")[1]) % 7 == 0
]
TRIAL = {"ctn0027 BUP": "rmst168.BUP", "ctn0027 MET": "rmst168.MET"}


def code_in_edition(trials, arm):
    (programme,) = list_programmes(codes=[trials.codes[arm]])
    return queries.programme_code_in(queries.latest_edition(), programme.id)


def released(trials, kind, arm, outcome=""):
    (result,) = [
        each
        for each in queries.approved_results(queries.latest_edition(), kind, country="IR")
        if each.outcome == outcome
    ]
    (row,) = [
        row for row in result.released.value.programmes if row.programme == code_in_edition(trials, arm)
    ]
    return row


def is_bounded(survival, size):
    """Rule P5: rates beyond 5 and 95 % below 200 persons, beyond 1 and 99 % else."""
    edge = 0.05 if size < 200 else 0.01
    return survival < edge or survival > 1 - edge


@pytest.mark.parametrize(("name", "rows"), [("addicts", 238), ("ctn0027", 1269)])
def test_whole_file_is_accepted_through_the_trial_profile(trials, name, rows):
    assert trials.answers[f"import {name}"][0] == 0
    answer = trials.json(f"import {name}")
    assert answer.pop("import_id") > 0
    assert answer == {"submitted": rows, "accepted": rows, "rejected": 0, "ignored": 0, "errors": []}


def test_same_file_again_changes_nothing(trials, app, truth, tmp_path):
    run = trial_world.runner(app)
    status, _, _ = trial_world.import_trial(run, truth, tmp_path, "ctn0027", trials)
    assert status == 0
    revisions = sa.select(sa.func.count()).select_from(Episode)
    arms = [trials.codes[arm] for arm in ARMS]
    assert db.session.scalar(revisions.where(Episode.programme_code.in_(arms))) == 238 + 1269


@pytest.mark.parametrize("arm", ARMS)
def test_registry_holds_days_and_events_of_the_file(trials, truth, arm):
    found = sa.select(Episode.last_contact_day, Episode.discharge_reason, Episode.discharge_day)
    rows = db.session.execute(found.where(Episode.programme_code == trials.codes[arm])).all()
    assert sorted((days, int(reason == 31)) for days, reason, _ in rows) == sorted(
        trial_world.rows_of(truth, arm)
    )
    assert all(left == (days if reason == 31 else None) for days, reason, left in rows)


def test_edition_is_built_by_command_line_and_only_after_both_approvals(trials):
    status, out, err = trials.answers["early build"]
    assert (status, out) == (2, "")
    assert "IR, RU" in err
    frozen, built = trials.json("freeze"), trials.json("build")
    assert frozen["countries"] == {"IR": 1507, "RU": "about 180"}
    assert (built["synthetic"], built["programmes"], built["tables"]) == (False, 7, 8)
    signed = [trials.json(f"approve {country}") for country in ("IR", "RU")]
    assert [approval["country"] for approval in signed] == ["IR", "RU"]
    assert len({approval["bound_to"] for approval in signed}) == 1
    assert [trials.answers[step][0] for step in ("freeze", "approve IR", "approve RU", "build")] == [0] * 4


def test_way_of_the_trials_leaves_an_unbroken_audit(trials):
    assert audit.verify() is None


@pytest.mark.parametrize("arm", ARMS)
def test_released_curve_is_the_kaplan_meier_of_the_file_in_weeks(trials, truth, arm):
    rows = trial_world.rows_of(truth, arm)
    expected = trial_world.kaplan_meier(trial_world.weekly(rows), CURVE_WEEKS)
    enough = [week for week, point in enumerate(expected) if point[3] >= AT_RISK]
    curve = released(trials, "curves", arm)
    assert (curve.withheld, [week.week for week in curve.weeks]) == (None, enough)
    for week in curve.weeks:
        survival, low, high, at_risk = expected[week.week]
        if is_bounded(survival, len(rows)):
            assert (week.share.value, week.share.low, week.share.high) == (None, None, None)
            assert week.share.bound in {"at_least", "above"}
        else:
            got = (week.share.value, week.share.low, week.share.high)
            assert got == pytest.approx((survival, low, high), rel=1e-12)
            assert week.at_risk == at_risk


@pytest.mark.parametrize("arm", ["ctn0027 BUP", "ctn0027 MET"])
def test_whole_weeks_of_ctn0027_are_those_of_its_days(trials, truth, arm):
    daily = trial_world.kaplan_meier(trial_world.rows_of(truth, arm), 168)
    shown = [week for week in released(trials, "curves", arm).weeks if week.share.value is not None]
    assert len(shown) == 24
    for week in shown:
        assert week.share.value == pytest.approx(daily[7 * week.week][0], rel=1e-12)


@pytest.mark.parametrize(("name", "key", "arm", "day"), PUBLISHED)
def test_released_curve_meets_the_published_values(trials, name, key, arm, day):
    want = {kind: expected_value(name, key, kind) for kind in ("S", "lo", "hi", "nrisk")}
    week = released(trials, "curves", arm).weeks[day // 7]
    got = (week.share.value, week.share.low, week.share.high)
    assert got == pytest.approx((want["S"], want["lo"], want["hi"]), abs=1e-10)
    # At risk in weeks: everybody who ended in the days of this week is still among them.
    assert week.at_risk >= want["nrisk"]


def expected_value(name, key, kind):
    return truth_data.wanted(truth_data.expected(name)[f"{kind}.{key.split('.', 1)[1]}"])


def test_days_of_addicts_are_not_at_whole_weeks(trials, truth):
    """Censored between two events of one week, a person counts longer in weeks than in days."""
    rows = trial_world.rows_of(truth, "addicts 1")
    daily = trial_world.kaplan_meier(rows, 182)
    weekly = trial_world.kaplan_meier(trial_world.weekly(rows), 26)
    assert abs(daily[182][0] - weekly[26][0]) > 1e-6


@pytest.mark.parametrize("arm", ARMS)
def test_mean_by_mid_weeks_and_median_follow_from_the_weekly_curve(trials, truth, arm):
    rows = trial_world.weekly(trial_world.rows_of(truth, arm))
    curve = released(trials, "curves", arm)
    value, error = trial_world.mean_until(rows, curve.mean.tau)
    limits = (value - 1.959963984540054 * error, min(curve.mean.tau, value + 1.959963984540054 * error))
    assert (curve.mean.value, curve.mean.low, curve.mean.high) == pytest.approx((value, *limits), rel=1e-10)
    halved = [week for week, point in enumerate(trial_world.kaplan_meier(rows, 26)) if point[0] <= 0.5]
    assert curve.median == (halved[0] if halved else None)


@pytest.mark.parametrize(("arm", "key"), TRIAL.items())
def test_restricted_mean_of_the_trial_is_that_of_its_days(trials, arm, key):
    """Whole weeks alone would lengthen it by 1.9 and 0.9 days."""
    mean = released(trials, "curves", arm).mean
    published = truth_data.wanted(truth_data.expected("ctn0027")[key])
    assert mean.tau == 24
    assert 7 * mean.value == pytest.approx(published, abs=0.1)


@pytest.mark.parametrize("arm", ARMS)
def test_known_is_whose_status_at_day_180_is_known(trials, truth, arm):
    """Seen on day 180 or gone before it; in treatment when the follow-up ended sooner is unknown."""
    rows = trial_world.rows_of(truth, arm)
    row = released(trials, "completeness", arm)
    assert (row.due, row.known) == (len(rows), sum(days >= 180 or event for days, event in rows))


def test_trial_that_ends_before_day_180_is_in_no_ratio_and_the_reason_is_said(trials):
    """Nobody of the trial is known to be in treatment on day 180: a count of 0 that rule P5 never shows."""
    rows = {arm: released(trials, "comparison", arm, "RET-F-180") for arm in ARMS}
    assert {arm: row.withheld for arm, row in rows.items()} == {
        "addicts 1": "P10", "addicts 2": "P10", "ctn0027 BUP": "P5", "ctn0027 MET": "P5",
    }  # fmt: skip
    assert {(row.known, row.observed, row.ratio) for row in rows.values()} == {(None, None, None)}


def test_edition_of_people_is_not_called_synthetic(trials):
    assert queries.latest_edition().synthetic is False
