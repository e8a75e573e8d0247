"""The retention curve of a programme by day, by the same estimator as an edition and the command line."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analytics import outcomes
from portal.registry.own.reading import Stay

if TYPE_CHECKING:
    from analytics.survival import SurvivalCurve

DAYS: Final = (28, 90, 180, 365)
HORIZONS: Final = (180, 365)


@dataclass(frozen=True, slots=True)
class Step:
    """One day on which somebody left or was last seen. Shares are None where there is no interval."""

    day: int
    at_risk: int
    events: int
    censored: int
    survival: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class Point:
    """Share still in treatment on a day asked for; None beyond the last day that anybody was seen."""

    day: int
    at_risk: int
    survival: float | None
    lower: float | None
    upper: float | None
    error: float | None


@dataclass(frozen=True, slots=True)
class Mean:
    """Mean days in treatment out of the first `horizon`; None where nobody was seen for so long."""

    horizon: int
    value: float | None
    error: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """A Kaplan-Meier curve in plain numbers. A median that is not reached is None."""

    n: int
    events: int
    steps: tuple[Step, ...]
    points: tuple[Point, ...]
    median: float | None
    median_lower: float | None
    median_upper: float | None
    means: tuple[Mean, ...]

    @property
    def last_day(self) -> int:
        return self.steps[-1].day

    @property
    def has_events(self) -> bool:
        return self.events > 0


def curve_of(
    stays: Iterable[Stay], *, days: Sequence[int] = DAYS, horizons: Sequence[int] = HORIZONS
) -> Curve | None:
    """The curve over the stays that have one; None where no stay has.

    The event is dropping out; every other way of leaving, and still being in treatment, is censored
    (RET-KM, cause-specific).
    """
    ended = [(stay.los, int(_dropped(stay))) for stay in stays if stay.has_curve and stay.began]
    if not ended:
        return None
    curve = _estimated(ended)
    median = curve.median().iloc[0]
    return Curve(
        n=int(curve.totals["n"].iloc[0]),
        events=int(curve.totals["events"].iloc[0]),
        steps=_steps(curve),
        points=_points(curve, days),
        median=_number(median["median"]),
        median_lower=_number(median["lower"]),
        median_upper=_number(median["upper"]),
        means=tuple(_mean(curve, horizon) for horizon in horizons),
    )


def _estimated(ended: list[tuple[int, int]]) -> "SurvivalCurve":
    """Loaded here: the estimator and its data frames are no part of the start of the application."""
    import pandas as pd

    from analytics.cube import Cube, CubeSpec, DurationSpec
    from analytics.survival import kaplan_meier

    duration = DurationSpec(time="days", cause="dropped")
    spec = CubeSpec(duration=duration, definitions_version=outcomes.DEFINITIONS_VERSION)
    return kaplan_meier(Cube.build(pd.DataFrame(ended, columns=["days", "dropped"]), spec))


def _dropped(stay: Stay) -> bool:
    return stay.reason is not None and outcomes.CAUSE_OF[stay.reason] is outcomes.EndCause.DROPPED_OUT


def _steps(curve: "SurvivalCurve") -> tuple[Step, ...]:
    names = ("time", "at_risk", "events", "censored", "survival", "lower", "upper")
    columns = [curve.table[name].tolist() for name in names]
    return tuple(
        Step(int(day), int(risk), int(events), int(censored), float(share), _number(low), _number(high))
        for day, risk, events, censored, share, low, high in zip(*columns, strict=True)
    )


def _points(curve: "SurvivalCurve", days: Sequence[int]) -> tuple[Point, ...]:
    names = ("time", "at_risk", "survival", "lower", "upper", "se")
    table = curve.at(list(days))
    return tuple(
        Point(int(day), int(risk), *map(_number, values))
        for day, risk, *values in zip(*(table[name].tolist() for name in names), strict=True)
    )


def _mean(curve: "SurvivalCurve", horizon: int) -> Mean:
    row = curve.rmst(horizon).iloc[0]
    return Mean(horizon, _number(row["rmst"]), _number(row["se"]))


def _number(value: object) -> float | None:
    """A number, or None where pandas writes that there is none."""
    number = float(str(value))
    return None if math.isnan(number) else number
