"""Attacks on results of single programmes: what rules P1-P10 hide cannot be computed from what they show."""

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.case_mix import case_mix_model
from analytics.disclosure import Policy, release, why_withheld
from analytics.disclosure.measured import Estimate, MeasuredCurve, MeasuredCurves, MeasuredWeek
from analytics.standardisation import indirect_standardisation
from portal.dashboards.text import INDICATORS
from portal.releases import queries
from portal.releases.builder.cubes import groups_of, pooled
from portal.releases.builder.rows import CASE_MIX
from portal.releases.services.store import snapshot_path

OUTCOME = "RET-F-180"


def funnel(edition):
    (found,) = [
        r
        for r in queries.approved_results(edition, "comparison", country="IR", klass="agonist")
        if r.outcome == OUTCOME
    ]
    return found.released.value


def agonist(edition):
    codes = {shown.code: shown.programme_id for shown in queries.programmes_in(edition)}
    cube = pooled([snapshot_path(edition.name, edition.digest)])
    programmes = {str(code): "IR-00" for code in cube.outcome["programme"].unique()}
    group = next(g for g in groups_of(cube, programmes) if (g.country, g.klass) == ("IR", "agonist"))
    return group, codes


def test_hidden_programme_does_not_follow_from_the_sum_over_the_shown(published):
    """Over the programmes of a model the sum of O - E is 0, so a hidden one inside would equal minus the rest."""
    value = funnel(queries.latest_edition())
    hidden = [row for row in value.programmes if row.withheld is not None]
    shown = [row for row in value.programmes if row.withheld is None]
    assert hidden
    rest = -sum(row.observed - row.expected for row in shown)
    assert rest == pytest.approx(0, abs=0.005 * len(shown))


def test_the_same_attack_succeeds_when_the_model_holds_a_hidden_programme(published):
    """The control: were everybody in the model, the rest would betray the hidden programmes to a decimal."""
    group, _ = agonist(queries.latest_edition())
    model = case_mix_model(group.cube, OUTCOME, list(CASE_MIX))
    table = indirect_standardisation(group.cube, model).table
    small = table["n"] < 30
    rest = -(table["observed"] - table["expected"])[~small].sum()
    betrayed = (table["observed"] - table["expected"])[small].sum()
    assert abs(betrayed) > 0.1
    assert rest == pytest.approx(betrayed, abs=1e-6)


def test_whoever_is_withheld_has_no_number_in_the_published_json(published):
    told = {"programme", "edition", "withheld", "failing"}
    for result in queries.approved_results(queries.latest_edition()):
        for row in orjson.loads(result.released.to_json())["programmes"]:
            if row["withheld"] is not None:
                left = {k: v for k, v in row.items() if k not in told}
                assert not any(value not in (None, []) for value in left.values())
                assert set(row.get("failing") or ()) <= set(INDICATORS)  # names of rules, never their values


def test_a6_no_approved_share_says_nobody_or_everybody(published):
    for result in queries.approved_results(queries.latest_edition()):
        for share in shares_in(orjson.loads(result.released.to_json())):
            assert share["value"] is None or 0.01 <= share["value"] <= 0.99


def test_a8_no_time_is_finer_than_a_week(published):
    for result in queries.approved_results(queries.latest_edition(), "curves"):
        for row in result.released.value.programmes:
            assert all(isinstance(week.week, int) and week.week <= 26 for week in row.weeks)
            assert row.median is None or (2 * row.median).is_integer()


def test_a18_no_approved_number_of_persons_is_zero(published):
    for result in queries.approved_results(queries.latest_edition()):
        for row in result.released.value.programmes:
            counts = [getattr(row, name, None) for name in ("known", "size", "observed", "due")]
            counts += [week.at_risk for week in getattr(row, "weeks", ())]
            assert 0 not in counts


def shares_in(value):
    if isinstance(value, dict):
        if set(value) == {"value", "low", "high", "bound", "limit"}:
            return [value]
        return [share for item in value.values() for share in shares_in(item)]
    if isinstance(value, list):
        return [share for item in value for share in shares_in(item)]
    return []


@st.composite
def measured_curve(draw, code):
    size = draw(st.integers(1, 400))
    at_risk = sorted(draw(st.lists(st.integers(0, size), min_size=26, max_size=26)), reverse=True)
    weeks = tuple(
        MeasuredWeek(week, Estimate(number / size, 0.0, 1.0), number)
        for week, number in enumerate([size, *at_risk])
    )
    return MeasuredCurve(
        programme=code, edition="E", gate_open=draw(st.booleans()), size=size,
        known=draw(st.integers(0, size)), dropped=draw(st.integers(0, size)), weeks=weeks, median=draw(st.none() | st.floats(0, 40)),
        means={tau: Estimate(tau / 2, 0.0, float(tau)) for tau in range(1, 27)},
    )  # fmt: skip


@settings(deadline=None)
@given(st.tuples(*(measured_curve(code) for code in "ABCDE")))
def test_no_curve_shows_what_a_rule_hides(curves):
    value = release(MeasuredCurves("IR", "agonist", curves), Policy.APPROVED).value
    exact = {curve.programme: curve for curve in curves}
    for row in value.programmes:
        curve = exact[row.programme]
        hidden = why_withheld(gate_open=curve.gate_open, known=curve.known) is not None or curve.dropped < 10
        assert not (hidden and row.withheld is None)
        if row.withheld is not None:
            assert (row.size, row.known, row.weeks, row.median, row.mean) == (None, None, (), None, None)
        for week in row.weeks:
            assert curve.weeks[week.week].at_risk >= 10
            assert week.share.value is None or 0.01 <= week.share.value <= 0.99
            assert week.at_risk is None or week.share.bound is None or week.week == 0
        assert row.median is None or row.median <= row.weeks[-1].week
    shown = [row for row in value.programmes if row.withheld is None]
    assert len(shown) == 0 or len(shown) >= 3
