"""Measured results of one group: retention, points, completion and completeness, as the door takes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.disclosure.measured import (
    Estimate,
    Known,
    MeasuredComplete,
    MeasuredCompleteness,
    MeasuredCompletion,
    MeasuredCompletions,
    MeasuredCurve,
    MeasuredCurves,
    MeasuredPoint,
    MeasuredPoints,
    MeasuredPointSets,
    MeasuredWeek,
)
from analytics.intervals import proportion_ci
from analytics.outcomes import CURVE_WEEKS, POINT_WEEKS, RETENTION_DAY, compared_outcome, point_day
from analytics.survival import SurvivalCurve, kaplan_meier
from portal.releases.builder.carried import Carried
from portal.releases.builder.cubes import Group, Tally
from portal.releases.builder.gate import Verdict

Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Frame:
    """What every measurement of a group needs: name and codes, verdicts, and what was shown before."""

    edition: str
    group: Group
    codes: Mapping[str, str]
    carried: Carried
    main: Mapping[str, Verdict]
    assessed: Mapping[str, Verdict]

    def key(self, kind: str, outcome: str = "") -> tuple[str, str, str, str]:
        return kind, self.group.country, self.group.klass.value, outcome

    def main_known(self, code: str) -> Known:
        """Status of a programme on the outcome that its class is compared on."""
        return _known(self.group.tallies(compared_outcome(self.group.klass)).get(code, Tally()))

    def opened(self, known: Mapping[str, int], kind: str) -> tuple[list[str], list[Any]]:
        """Programmes to measure and rows to carry; a programme whose gate closed is measured, to say so."""
        key = self.key(kind)
        fresh = set(self.carried.fresh(key, known))
        measured = [code for code in known if code in fresh or not self.main[code].is_open]
        return measured, self.carried.kept(key, [code for code in known if code not in measured])


def share_of(tally: Tally) -> Estimate | None:
    """Share reached with its Wilson limits; nothing known has none."""
    return wilson(tally.reached, tally.known)


def wilson(part: int, whole: int) -> Estimate | None:
    if whole == 0:
        return None
    row = proportion_ci([part], [whole]).table.iloc[0]
    return Estimate(part / whole, float(row["lower"]), float(row["upper"]))


def measure_curves(frame: Frame) -> MeasuredCurves:
    """Kaplan-Meier over whole weeks of the programmes without a planned end."""
    group = frame.group
    chosen = group.cube.select("curve", ["yes"])
    drawn = set(map(str, chosen.duration["programme"]))
    tallies = {
        code: tally for code, tally in group.tallies(f"RET-F-{RETENTION_DAY}").items() if code in drawn
    }
    fresh, rows = frame.opened({code: tally.known for code, tally in tallies.items()}, "curves")
    curves = (
        kaplan_meier(chosen.select("programme", fresh).margin("programme"), "programme") if fresh else None
    )
    measured = [_curve(curves.of(code), code, tallies[code], frame) for code in fresh if curves is not None]
    return MeasuredCurves(group.country, group.klass, tuple(measured), tuple(rows))


def _curve(curve: SurvivalCurve, code: str, status: Tally, frame: Frame) -> MeasuredCurve:
    weeks = curve.at(list(range(CURVE_WEEKS + 1)))
    listed = tuple(
        MeasuredWeek(int(week), Estimate(float(value), float(low), float(high)), int(at_risk))
        for week, at_risk, value, low, high in zip(
            weeks["time"], weeks["at_risk"], weeks["survival"], weeks["lower"], weeks["upper"], strict=True
        )
        if not np.isnan(value)
    )
    median = float(curve.median()["median"].iloc[0])
    within = curve.table[curve.table["time"] <= CURVE_WEEKS]
    return MeasuredCurve(
        programme=frame.codes[code],
        edition=frame.edition,
        gate_open=frame.main[code].is_open,
        size=int(curve.totals["n"].iloc[0]),
        known=status.known,
        due=status.due,
        failing=frame.main[code].failing,
        dropped=int(within["events"].sum()),
        weeks=listed,
        median=None if np.isnan(median) else median,
        means={tau: mean for tau in range(1, CURVE_WEEKS + 1) if (mean := _mean(curve, tau)) is not None},
    )


def _mean(curve: SurvivalCurve, tau: int) -> Estimate | None:
    # Weeks are whole: who leaves is taken to leave in the middle of the week.
    row = curve.rmst(tau, bin_width=1).iloc[0]
    value, error = float(row["rmst"]), float(row["se"])
    if np.isnan(value) or np.isnan(error):
        return None
    return Estimate(value, max(0.0, value - Z * error), min(float(tau), value + Z * error))


def measure_points(frame: Frame) -> MeasuredPointSets:
    """Fixed-cohort retention at 4, 8, 12 and 26 weeks."""
    group = frame.group
    tallies = {week: group.tallies(f"RET-F-{point_day(week)}") for week in POINT_WEEKS}
    known = {
        code: max(tallies[week].get(code, Tally()).known for week in POINT_WEEKS) for code in group.programmes
    }
    fresh, rows = frame.opened(known, "points")
    status = group.tallies(compared_outcome(group.klass))
    measured = []
    for code in fresh:
        points = [
            MeasuredPoint(week, tally.known, share)
            for week in POINT_WEEKS
            if (share := share_of(tally := tallies[week].get(code, Tally()))) is not None
        ]
        measured.append(_points(frame, code, status[code], tuple(points)))
    return MeasuredPointSets(group.country, group.klass, tuple(measured), tuple(rows))


def _points(frame: Frame, code: str, status: Tally, points: tuple[MeasuredPoint, ...]) -> MeasuredPoints:
    return MeasuredPoints(
        programme=frame.codes[code],
        edition=frame.edition,
        gate_open=frame.main[code].is_open,
        size=status.due,
        points=points,
        known=status.known,
        failing=frame.main[code].failing,
    )


def measure_completion(frame: Frame) -> MeasuredCompletions:
    """Planned completion under both definitions."""
    group = frame.group
    narrow, wide = group.tallies("CMP-TEDS"), group.tallies("CMP-PLANNED")
    fresh, rows = frame.opened({code: tally.known for code, tally in narrow.items()}, "completion")
    measured = [
        MeasuredCompletion(
            programme=frame.codes[code],
            edition=frame.edition,
            gate_open=frame.main[code].is_open,
            size=narrow[code].due,
            known=narrow[code].known,
            completed=narrow[code].reached,
            share=share_of(narrow[code]),
            with_transfers=wide[code].reached,
            share_with_transfers=share_of(wide[code]),
            failing=frame.main[code].failing,
        )
        for code in fresh
    ]
    return MeasuredCompletions(group.country, group.klass, tuple(measured), tuple(rows))


def measure_completeness(frame: Frame) -> MeasuredCompleteness:
    """Whose outcome is known: status at the end of the window, and the review."""
    group = frame.group
    status, assessed = group.tallies(compared_outcome(group.klass)), group.tallies("ABS-28")
    fresh, rows = frame.opened({code: status[code].known for code in group.programmes}, "completeness")
    measured = [
        MeasuredComplete(
            programme=frame.codes[code],
            edition=frame.edition,
            gate_open=frame.main[code].is_open,
            failing=frame.main[code].failing,
            failing_assessed=frame.assessed[code].failing,
            status=_known(status[code]),
            assessed=_known(assessed.get(code, Tally())),
        )
        for code in fresh
    ]
    return MeasuredCompleteness(group.country, group.klass, tuple(measured), tuple(rows))


def _known(tally: Tally) -> Known:
    return Known(tally.due, tally.known, wilson(tally.known, tally.due))
