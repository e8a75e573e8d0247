"""Two published trials on the page of their own staff: every day of the file, before and beside any edition."""

import re

import pytest

from portal.accounts.queries import find_active_by_email
from portal.core.db import utcnow
from portal.registry.own.live import live_figures

from . import trial_world
from . import truth as truth_data
from .test_through_portal import ARMS
from .test_through_portal_pages import LANGUAGES, table

pytestmark = [pytest.mark.truth, truth_data.with_truth]

NAMES = {"addicts 1": "clinic1", "addicts 2": "clinic2", "ctn0027 BUP": "BUP", "ctn0027 MET": "MET"}
SHOWN_DAYS = (28, 90, 180, 365)
KEYS = [
    (arm, day)
    for arm, name in NAMES.items()
    for day in SHOWN_DAYS
    if any(
        (line["set"], line["key"]) == (arm.split()[0], f"S.{name}.t{day}")
        for line in truth_data.lines(truth_data.HERE / "keys.csv")
    )
]


def published(arm, kind, more=""):
    """An expected value of the arm, None where the truth data have no row (not reached)."""
    line = truth_data.expected(arm.split()[0]).get(f"{kind}.{NAMES[arm]}{more}")
    return None if line is None else truth_data.wanted(line)


def curve_of(trials, arm):
    figures = live_figures(trials.codes[arm], utcnow().date())
    assert figures is not None
    assert figures.curve is not None
    return figures.curve


def whole(cell):
    """A count of the page, whatever groups its digits."""
    return int(re.sub(r"\D", "", cell))


@pytest.fixture
def staff(trials, client, sign_in):
    sign_in(client, user=find_active_by_email(trials.clinician))
    return client


@pytest.mark.parametrize("arm", ARMS)
def test_own_figures_are_the_kaplan_meier_of_every_day(trials, truth, arm):
    rows = trial_world.rows_of(truth, arm)
    steps = curve_of(trials, arm).steps
    expected = trial_world.kaplan_meier(rows, steps[-1].day)
    assert [step.day for step in steps] == sorted({days for days, _ in rows})
    assert sum(step.events for step in steps) == sum(event for _, event in rows)
    for step in steps:
        survival, low, high, at_risk = expected[step.day]
        assert step.at_risk == at_risk
        assert (step.survival, step.lower, step.upper) == pytest.approx((survival, low, high), rel=1e-11)


@pytest.mark.parametrize(("arm", "day"), KEYS)
def test_own_figures_meet_the_published_values(trials, arm, day):
    point = next(each for each in curve_of(trials, arm).points if each.day == day)
    got = (point.survival, point.error, point.lower, point.upper, point.at_risk)
    want = [published(arm, kind, f".t{day}") for kind in ("S", "seS", "lo", "hi", "nrisk")]
    assert got == pytest.approx(want, abs=1e-10)


@pytest.mark.parametrize("arm", ARMS)
def test_own_median_meets_the_published_one(trials, arm):
    curve = curve_of(trials, arm)
    got = (curve.median, curve.median_lower, curve.median_upper)
    assert got == tuple(published(arm, kind) for kind in ("median", "median_lo", "median_hi"))


@pytest.mark.parametrize("arm", ["addicts 1", "addicts 2"])
def test_own_mean_of_a_year_meets_the_published_one(trials, arm):
    mean = next(each for each in curve_of(trials, arm).means if each.horizon == 365)
    want = (published(arm, "rmst365"), published(arm, "se_rmst365"))
    assert (mean.value, mean.error) == pytest.approx(want, rel=1e-10)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("arm", ARMS)
def test_own_page_shows_the_days_of_the_file(trials, staff, truth, arm, lang):
    answer = staff.get(f"/{lang}/programme/live?programme={trials.codes[arm]}")
    assert answer.status_code == 200
    rows = trial_world.rows_of(truth, arm)
    shown = table(answer.text, "steps")
    expected = trial_world.kaplan_meier(rows, max(days for days, _ in rows))
    assert [whole(row[0]) for row in shown] == sorted({days for days, _ in rows})
    for day, at_risk, left, _, share, _ in shown:
        survival = expected[whole(day)][0]
        assert whole(at_risk) == sum(days >= whole(day) for days, _ in rows)
        assert whole(left) == sum(days == whole(day) and event for days, event in rows)
        assert float(share.rstrip("%")) == pytest.approx(100 * survival, abs=0.0501)


def test_own_page_of_the_trials_is_closed_to_others(trials, client, sign_in):
    sign_in(client, "clinician", country="IR")
    assert client.get(f"/en/programme/live?programme={trials.codes['addicts 1']}").status_code == 404
