"""Observed against expected: the model is fitted on the programmes that will be shown, until stable.

Over a model's programmes the sum of O - E is 0: a hidden programme in it would follow from the others. So
each round leaves out whom the rules hide and fits again; with fewer than three left nothing is fitted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from analytics.case_mix import CaseMixFit, case_mix_model
from analytics.cube import Cube
from analytics.disclosure import Rule, why_not_compared, why_withheld
from analytics.disclosure.comparison import SPREAD_PROGRAMMES
from analytics.disclosure.measured import (
    Estimate,
    MeasuredCompared,
    MeasuredComparison,
    MeasuredRatio,
    Spread,
    Verdict,
)
from analytics.disclosure.parameters import COMPARED
from analytics.disclosure.shown import ShownLimitAt
from analytics.errors import AnalyticsError, NotConverged
from analytics.funnel import FunnelLimits, control_limits
from analytics.standardisation import RARE_SHARE, SMALLEST_SAMPLE, indirect_standardisation
from portal.releases.builder.cubes import Tally
from portal.releases.builder.gate import Verdict as GateVerdict
from portal.releases.builder.measuring import Frame
from portal.releases.builder.rows import CASE_MIX

LEVELS: Final = (0.95, 0.998)
NO_MODEL: Final = "model"


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model and what it says of the programmes it was fitted on."""

    model: CaseMixFit
    table: pd.DataFrame
    limits: FunnelLimits


@dataclass(frozen=True, slots=True)
class Contest:
    """One comparison in the making: a group, an outcome, its gate and its counts."""

    frame: Frame
    outcome: str
    gate: Mapping[str, GateVerdict]
    tallies: Mapping[str, Tally]

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.frame.key("comparison", self.outcome)

    @property
    def known(self) -> dict[str, int]:
        """Known outcomes of every programme that has somebody due."""
        return {code: tally.known for code, tally in self.tallies.items() if tally.due}

    def fresh(self) -> list[str]:
        """Programmes with an open gate whose result is computed anew."""
        return [code for code in self.frame.carried.fresh(self.key, self.known) if self.gate[code].is_open]

    def kept(self, fitted: Fitted | None) -> list[str]:
        """Programmes that stand as they were shown: not refreshed, or without a model to refresh them by."""
        fresh = self.fresh()
        return [
            code
            for code in self.known
            if self.gate[code].is_open
            and self.frame.carried.was_shown(self.key, code)
            and (code not in fresh or fitted is None)
        ]

    def row(self, code: str, why: Mapping[str, str], fitted: Fitted | None) -> MeasuredCompared:
        """One programme: its ratio when it is in the model, else the rule that keeps it out."""
        inside = fitted is not None and code in set(fitted.table["programme"])
        return MeasuredCompared(
            programme=self.frame.codes[code],
            edition=self.frame.edition,
            gate_open=self.gate[code].is_open,
            size=self.tallies[code].due,
            known=self.tallies[code].known,
            why=why.get(code),
            ratio=_ratio(fitted, code) if inside and fitted is not None else None,
            failing=self.gate[code].failing,
            main=self.frame.main_known(code),
        )


def measure_comparison(frame: Frame, outcome: str, gate: Mapping[str, GateVerdict]) -> MeasuredComparison:
    """Compare the programmes of a group on one outcome."""
    group = frame.group
    contest = Contest(frame, outcome, gate, group.tallies(outcome))
    fitted, why = _settle(contest.fresh(), outcome, contest.tallies, group.cube)
    kept = contest.kept(fitted)
    return MeasuredComparison(
        country=group.country,
        klass=group.klass,
        outcome=outcome,
        programmes=tuple(contest.row(code, why, fitted) for code in contest.known if code not in kept),
        spread=_spread(fitted),
        c_statistic=None if fitted is None else fitted.model.c_statistic,
        calibration_slope=None if fitted is None else _slope(fitted.model),
        curve=() if fitted is None else _curve(fitted.limits),
        carried=tuple(frame.carried.kept(contest.key, kept)),
    )


def _settle(
    codes: list[str], outcome: str, tallies: Mapping[str, Tally], cube: Cube
) -> tuple[Fitted | None, dict[str, str]]:
    """Fit, leave out whom the rules hide, fit again, until everybody in the model may be shown."""
    why: dict[str, str] = {}
    chosen = [code for code in codes if not _hidden(why, code, _first_look(tallies[code]))]
    while len(chosen) >= COMPARED:
        fitted = _fit(cube.select("programme", chosen), outcome)
        if fitted is None:
            return None, why | dict.fromkeys(chosen, NO_MODEL)
        left = [code for code in chosen if not _hidden(why, code, _look(fitted, code, outcome))]
        if left == chosen:
            return fitted, why
        chosen = left
    return None, why | dict.fromkeys(chosen, Rule.COMPARED)


def _hidden(why: dict[str, str], code: str, rule: Rule | None) -> bool:
    if rule is not None:
        why[code] = rule
    return rule is not None


def _first_look(tally: Tally) -> Rule | None:
    return why_withheld(gate_open=True, known=tally.known)


def _look(fitted: Fitted, code: str, outcome: str) -> Rule | None:
    row = _of(fitted.table, "programme", code)
    if not row["variance_score"]:
        return Rule.OVERLAP
    observed, known = int(row["observed"]), int(row["n"])
    return why_not_compared(
        outcome, gate_open=True, known=known, observed=observed, expected=float(row["expected"])
    )


def _fit(cube: Cube, outcome: str) -> Fitted | None:
    model = _model(cube, outcome)
    if model is None:
        return None
    try:
        table = indirect_standardisation(cube, model).table
        limits = control_limits(table, kind="score", levels=LEVELS)
    except AnalyticsError:
        return None
    return Fitted(model, table, limits)


def _model(cube: Cube, outcome: str) -> CaseMixFit | None:
    """Fit all terms; leave out levels that others say already, and penalise one that decides alone."""
    for penalty in (None, "firth"):
        try:
            return case_mix_model(cube, outcome, tuple(CASE_MIX), penalty=penalty, aliased="drop")
        except NotConverged:
            continue
        except AnalyticsError:
            return None
    return None


def _ratio(fitted: Fitted, code: str) -> MeasuredRatio:
    row, limits = _of(fitted.table, "programme", code), _of(fitted.limits.table, "unit", code)
    return MeasuredRatio(
        observed=int(row["observed"]),
        expected=float(row["expected"]),
        precision=float(limits["size"]),
        ratio=Estimate(float(row["ratio"]), float(row["lower"]), float(row["upper"])),
        verdict=_verdict(limits, ""),
        adjusted=_verdict(limits, "adjusted_") if "adjusted_outside" in limits else None,
        limits=tuple(
            (level, max(0.0, float(limits[f"lower_{level}"])), float(limits[f"upper_{level}"]))
            for level in LEVELS
        ),
        rare_patterns=bool(row["rare_share"] >= RARE_SHARE),
        small_sample=bool(row["effective"] < SMALLEST_SAMPLE * row["n"]),
    )


def _slope(model: CaseMixFit) -> float | None:
    """The slope to expect in other people; none where the model has no terms."""
    return None if np.isnan(model.shrinkage) else model.shrinkage


def _verdict(limits: Any, prefix: str) -> Verdict:
    level, side = limits[f"{prefix}outside"], limits[f"{prefix}side"]
    return Verdict() if pd.isna(level) else Verdict(float(level), str(side))


def _of(table: pd.DataFrame, column: str, code: str) -> Any:
    return table[table[column] == code].iloc[0]


def _spread(fitted: Fitted | None) -> Spread | None:
    if fitted is None or len(fitted.table) < SPREAD_PROGRAMMES:
        return None
    return Spread(fitted.limits.winsorised.phi, fitted.limits.winsorised.tau2)


def _curve(limits: FunnelLimits) -> tuple[ShownLimitAt, ...]:
    points = []
    for row in limits.curve.to_dict("records"):
        low, high = round(float(row["lower"]), 4), round(float(row["upper"]), 4)
        wide = (_rounded(row.get("adjusted_lower")), _rounded(row.get("adjusted_upper")))
        size, level = round(float(row["size"]), 1), float(row["level"])
        points.append(ShownLimitAt(size, level, max(0.0, low), high, *wide))
    return tuple(points)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)
