"""Where too much is unknown no chart ranks programmes."""

from types import SimpleNamespace

import pytest

from analytics.disclosure import Share
from analytics.disclosure.display import Count
from analytics.disclosure.shown import (
    ShownCompletion,
    ShownCompletions,
    ShownCurve,
    ShownCurves,
    ShownMean,
    ShownPoint,
    ShownPoints,
    ShownPointSets,
    ShownWeek,
)
from portal.core import i18n
from portal.dashboards.charts import curves, dots

UNRANKED = "Too much is unknown to compare these programmes"


@pytest.fixture(autouse=True)
def _english(app):
    with app.test_request_context("/en/"), i18n.speaking("en"):
        yield


def made(maker, value):
    return maker(SimpleNamespace(released=SimpleNamespace(value=value)), frozenset())


def a_curve(*, ranked):
    weeks = tuple(ShownWeek(week, Share(1 - week / 50, 0.4, 1.0), 100) for week in range(27))
    row = ShownCurve("IR-01", "2026H1", None, 120, 90, weeks, mean=ShownMean(26, 18.0, 17.0, 19.0))
    return made(curves.make, ShownCurves("IR", "agonist", None, 26, (row,), ranked=ranked))


def a_point(*, ranked):
    row = ShownPoints("IR-01", "2026H1", None, (ShownPoint(26, 90, Share(0.5, 0.4, 0.6)),))
    return made(dots.make_points, ShownPointSets("IR", "residential", None, (row,), ranked=ranked))


def a_completion(*, ranked):
    ends = {} if ranked else {"worst": Share(0.2), "best": Share(0.7)}
    row = ShownCompletion(
        "IR-01", "2026H1", None, 90, Count(40), Share(0.4, 0.3, 0.5), Share(0.5, 0.4, 0.6), **ends
    )
    rows = (row, ShownCompletion("IR-02", "2026H1", "P1"))
    return made(dots.make_completion, ShownCompletions("IR", "residential", None, rows, ranked=ranked))


@pytest.mark.parametrize("maker", [a_curve, a_point, a_completion])
def test_the_finding_ranks_only_where_enough_is_known(maker):
    assert maker(ranked=True).finding != UNRANKED
    assert maker(ranked=False).finding == UNRANKED
    assert maker(ranked=False).notes[0].endswith("No programme is ranked.")
    assert maker(ranked=True).notes == []


@pytest.mark.parametrize("ranked", [True, False])
def test_completion_shows_its_bounds_where_nobody_is_ranked(ranked):
    (table,) = a_completion(ranked=ranked).tables
    assert len({len([part for cell in row for part in cell.raw]) for row in table.rows}) == 1
    assert (table.rows[0][-1].raw == ("0.2", "0.7")) == (not ranked)
