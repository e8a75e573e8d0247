"""Exact results of one country and class, as the builder measures them. They stay inside the node.

Only `release` takes them, and what it hands back holds no more than may be shown. `failing` names the
indicators that close a programme's gate.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.disclosure.shown import (
    ShownCompared,
    ShownCompleteness,
    ShownCompletion,
    ShownCurve,
    ShownLimitAt,
    ShownPoints,
)


@dataclass(frozen=True, slots=True)
class CountedTable:
    """Counts of one catalogue table; `total` is the number of persons in the edition."""

    id: str
    cells: Mapping[str, int]
    total: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % limits."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Known:
    """How many of those due have a known outcome, with the limits of the share."""

    due: int
    known: int
    share: Estimate | None


@dataclass(frozen=True, slots=True)
class MeasuredWeek:
    """One whole week of a Kaplan-Meier curve: value at its end, and how many are at risk in it."""

    week: int
    survival: Estimate
    at_risk: int


@dataclass(frozen=True, slots=True)
class MeasuredCurve:
    """Retention of one programme: `size` persons, `known` of `due` with known status at the window's end."""

    programme: str
    edition: str
    gate_open: bool
    size: int
    known: int
    dropped: int
    weeks: tuple[MeasuredWeek, ...] = ()
    median: float | None = None
    means: Mapping[int, Estimate] | None = None
    due: int = 0
    failing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasuredCurves:
    """Curves of one country and class; `carried` rows stand as an earlier edition showed them."""

    country: str
    klass: str
    programmes: tuple[MeasuredCurve, ...]
    carried: tuple[ShownCurve, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasuredPoint:
    """Persons retained at a whole week among those whose status then is known."""

    week: int
    known: int
    retained: Estimate


@dataclass(frozen=True, slots=True)
class MeasuredPoints:
    """Fixed-cohort retention of one programme at a few weeks; `known` of `size` at the end of the window."""

    programme: str
    edition: str
    gate_open: bool
    size: int
    points: tuple[MeasuredPoint, ...] = ()
    known: int = 0
    failing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasuredPointSets:
    """Retention at a few weeks of the programmes of one country and class."""

    country: str
    klass: str
    programmes: tuple[MeasuredPoints, ...]
    carried: tuple[ShownPoints, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasuredCompletion:
    """Planned completion of one programme under two definitions."""

    programme: str
    edition: str
    gate_open: bool
    size: int
    known: int
    completed: int = 0
    share: Estimate | None = None
    with_transfers: int = 0
    share_with_transfers: Estimate | None = None
    failing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasuredCompletions:
    """Planned completion of the programmes of one country and class."""

    country: str
    klass: str
    programmes: tuple[MeasuredCompletion, ...]
    carried: tuple[ShownCompletion, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Position of a point against control limits: beyond `level` on `side`, or inside (both None)."""

    level: float | None = None
    side: str | None = None


@dataclass(frozen=True, slots=True)
class MeasuredRatio:
    """Observed against expected of one programme that the model was fitted on."""

    observed: int
    expected: float
    precision: float
    ratio: Estimate
    verdict: Verdict
    adjusted: Verdict | None
    limits: tuple[tuple[float, float, float], ...]
    rare_patterns: bool
    small_sample: bool = False


@dataclass(frozen=True, slots=True)
class MeasuredCompared:
    """One programme of a comparison; `ratio` is None when it stayed out of the model, `why` says why.

    `main` is how many are due, and known, for the outcome that its class is compared on first.
    """

    programme: str
    edition: str
    gate_open: bool
    size: int
    known: int
    why: str | None = None
    ratio: MeasuredRatio | None = None
    failing: tuple[str, ...] = ()
    main: Known | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """Variation between programmes beyond chance, winsorised; None where it cannot be estimated."""

    phi: float
    tau2: float


@dataclass(frozen=True, slots=True)
class MeasuredComparison:
    """Observed against expected over the programmes of one country and class."""

    country: str
    klass: str
    outcome: str
    programmes: tuple[MeasuredCompared, ...]
    spread: Spread | None = None
    c_statistic: float | None = None
    calibration_slope: float | None = None
    curve: tuple[ShownLimitAt, ...] = ()
    carried: tuple[ShownCompared, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasuredComplete:
    """Completeness of one programme: status at the end of the window, the review, and the gate's verdict."""

    programme: str
    edition: str
    gate_open: bool
    failing: tuple[str, ...]
    failing_assessed: tuple[str, ...]
    status: Known
    assessed: Known


@dataclass(frozen=True, slots=True)
class MeasuredCompleteness:
    """Completeness of all programmes of one country and class."""

    country: str
    klass: str
    programmes: tuple[MeasuredComplete, ...]
    carried: tuple[ShownCompleteness, ...] = ()


Measured = (
    CountedTable
    | MeasuredCurves
    | MeasuredPointSets
    | MeasuredCompletions
    | MeasuredComparison
    | MeasuredCompleteness
)
