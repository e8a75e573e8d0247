"""Published data sets through freeze and build: the released curve is the Kaplan-Meier of the file in whole weeks."""

import csv
import hashlib
import math

import edition_world as world_of
import pytest
from factories import make_user

from portal.releases import queries

pytestmark = pytest.mark.truth
ARMS = ("addicts 1", "addicts 2", "ctn0027 BUP", "ctn0027 MET")


def rows_of(truth):
    """(days, event) of the four arms."""
    arms = {name: [] for name in ARMS}
    for name, column in (("addicts", "clinic"), ("ctn0027", "arm")):
        with (truth / f"{name}.csv").open(encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                arms[f"{name} {row[column]}"].append((int(row["time"]), int(row["status"])))
    return arms


def episode(code, arm, place, days, event):
    key = hashlib.sha256(f"{arm} {place}".encode()).digest()
    return {
        "programme_code": code, "row_key": key, "person_s": key, "has_token": False, "content_hash": bytes(16),
        "dictionary_version": 1, "admission_month": "2025-01", "admission_precision": 3, "prior_treatment": 99,
        "dx_icd10": "F11.2", "modality": "M20", "substance_1_code": 150, "last_contact_day": days,
        "discharge_day": days if event else None, "discharge_reason": 31 if event else None,
    }  # fmt: skip


@pytest.fixture
def edition(app, truth):
    admins = {country: make_user("country_admin", country=country) for country in ("IR", "RU")}
    world = world_of.World([], admins, world_of.np.random.default_rng(3))
    for arm, rows in rows_of(truth).items():
        programme = world_of.add_programme(world, world_of.Plan("IR", "M20", 0, "IR1"), synthetic=False)
        world_of.insert([episode(programme.code, arm, place, *row) for place, row in enumerate(rows)])
    for _ in range(3):
        world_of.add_programme(world, world_of.Plan("RU", "M40", 60, "RU1"), synthetic=False)
    return world, world_of.publish(world, "trials")


def kaplan_meier(rows):
    """Survival and number at risk at the end of each week, by the plainest loop."""
    weekly = [(math.ceil(days / 7), event) for days, event in rows]
    survival, curve = 1.0, []
    for week in range(27):
        at_risk = sum(time >= week for time, _ in weekly)
        left = sum(time == week and event for time, event in weekly)
        survival *= 1 - left / at_risk if at_risk else 1
        curve.append((survival, at_risk))
    return curve


def test_released_curve_is_the_kaplan_meier_of_the_file_in_weeks(edition, truth):
    world, published = edition
    (result,) = queries.approved_results(published, "curves", country="IR")
    shown = {row.programme: row for row in result.released.value.programmes}
    for programme, (_, rows) in zip(world.programmes, rows_of(truth).items(), strict=False):
        row, expected = shown[queries.programme_code_in(published, programme.id)], kaplan_meier(rows)
        assert row.withheld is None
        assert row.weeks
        for week in row.weeks:
            survival, at_risk = expected[week.week]
            assert at_risk >= 10
            if week.share.value is None:
                assert survival > 0.95 or survival < 0.05
            else:
                assert week.share.value == pytest.approx(survival, rel=1e-12)
                assert week.at_risk in {at_risk, None}


def test_trial_that_ends_before_day_180_is_in_no_ratio_and_the_reason_is_said(edition):
    """Whoever completed the 24 weeks of the trial is unknown at day 180: two programmes are left, too few."""
    _, published = edition
    (result,) = [
        r for r in queries.approved_results(published, "comparison", country="IR") if r.outcome == "RET-F-180"
    ]
    value = result.released.value
    assert (value.refused, value.form, value.c_statistic) == ("P10", "table", None)
    assert {row.withheld for row in value.programmes} == {"P5", "P10"}


def test_edition_of_people_is_not_called_synthetic(edition):
    assert edition[1].synthetic is False
