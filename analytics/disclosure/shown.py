"""Results as they may be shown: plain frozen values that become JSON and come back from it unchanged.

`withheld` holds the rule that keeps a programme's numbers back (`gate`, `P1`, `P2`, `P4`, `P5`, `W4`),
`refused` the rule that keeps a whole comparison back (`P10`). A withheld row carries no number at all;
`failing` names the indicators that keep its gate closed.
"""

from dataclasses import dataclass

from analytics.disclosure.display import Count, Share


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell of a public table: how many, and which share of all persons."""

    cell: str
    count: Count
    share: Share


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A public table, cells in catalogue order."""

    id: str
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning of the methods: code, programme it is about (empty: the whole), and its value if any.

    `level` is `amber` or `red` for W1. `about` says what: for W1 of completeness `status` or `assessed`, for
    W4 `rare` (patterns that are rare elsewhere) or `sample` (too few alike elsewhere), for W5 `c` or `slope`.
    """

    code: str
    programme: str = ""
    value: float | None = None
    level: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class ShownWeek:
    """One whole week of a curve; `at_risk` is withheld where the share is only a bound."""

    week: int
    share: Share
    at_risk: int | None


@dataclass(frozen=True, slots=True)
class ShownMean:
    """Restricted mean in weeks up to `tau` weeks, with 95 % limits."""

    tau: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ShownCurve:
    """Retention of one programme; `edition` names the edition that its numbers come from.

    `answered` is the share of those due on day 180 whose status is known: here and below, what W1 judges.
    """

    programme: str
    edition: str
    withheld: str | None
    size: int | None = None
    known: int | None = None
    weeks: tuple[ShownWeek, ...] = ()
    stopped_week: int | None = None
    median: float | None = None
    mean: ShownMean | None = None
    answered: Share | None = None
    failing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownCurves:
    """Retention curves of one country and class; not `ranked` where too much is unknown (W1 is red)."""

    country: str
    klass: str
    refused: str | None
    tau: int | None
    programmes: tuple[ShownCurve, ...]
    notices: tuple[Notice, ...] = ()
    ranked: bool = True


@dataclass(frozen=True, slots=True)
class ShownPoint:
    """Share retained at one week among `known` persons."""

    week: int
    known: int | None
    share: Share
    withheld: str | None = None


@dataclass(frozen=True, slots=True)
class ShownPoints:
    """Retention of one programme at a few weeks."""

    programme: str
    edition: str
    withheld: str | None
    points: tuple[ShownPoint, ...] = ()
    answered: Share | None = None
    failing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownPointSets:
    """Retention at a few weeks, one country and class."""

    country: str
    klass: str
    refused: str | None
    programmes: tuple[ShownPoints, ...]
    notices: tuple[Notice, ...] = ()
    ranked: bool = True


@dataclass(frozen=True, slots=True)
class ShownCompletion:
    """Planned completion of one programme; the second definition counts transfers out as completed.

    `worst` and `best` take all unknown as failed and as completed, where programmes are not ranked.
    """

    programme: str
    edition: str
    withheld: str | None
    known: int | None = None
    completed: Count | None = None
    share: Share | None = None
    share_with_transfers: Share | None = None
    answered: Share | None = None
    worst: Share | None = None
    best: Share | None = None
    failing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownCompletions:
    """Planned completion, one country and class."""

    country: str
    klass: str
    refused: str | None
    programmes: tuple[ShownCompletion, ...]
    notices: tuple[Notice, ...] = ()
    ranked: bool = True


@dataclass(frozen=True, slots=True)
class ShownLimits:
    """Control limits of the ratio at one level."""

    level: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ShownLimitAt:
    """Control limits at one precision, for drawing; adjusted ones allow for over-dispersion."""

    precision: float
    level: float
    low: float
    high: float
    adjusted_low: float | None = None
    adjusted_high: float | None = None


@dataclass(frozen=True, slots=True)
class ShownCompared:
    """Observed against expected of one programme; `outside` is the level passed, `side` above or below.

    Where programmes are not ranked there are no limits and no verdict; `worst` and `best` are the shares
    reached if all unknown had failed, and if all had succeeded. `judged` is the share of those due for the
    first outcome of the class whom this ratio judges: few where it is about those still there and reviewed.
    """

    programme: str
    edition: str
    withheld: str | None
    known: int | None = None
    observed: int | None = None
    expected: float | None = None
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    precision: float | None = None
    limits: tuple[ShownLimits, ...] = ()
    outside: float | None = None
    side: str | None = None
    adjusted_outside: float | None = None
    adjusted_side: str | None = None
    answered: Share | None = None
    worst: Share | None = None
    best: Share | None = None
    failing: tuple[str, ...] = ()
    judged: Share | None = None


@dataclass(frozen=True, slots=True)
class ShownComparison:
    """The funnel of one country and class.

    `form` is `funnel`, or `table` where programmes are too few or not `ranked`: too much is unknown (W1 is
    red).
    """

    country: str
    klass: str
    outcome: str
    refused: str | None
    form: str
    programmes: tuple[ShownCompared, ...]
    phi: float | None = None
    tau2: float | None = None
    c_statistic: float | None = None
    calibration_slope: float | None = None
    curve: tuple[ShownLimitAt, ...] = ()
    notices: tuple[Notice, ...] = ()
    ranked: bool = True


@dataclass(frozen=True, slots=True)
class ShownCompleteness:
    """Completeness of one programme; `failing` lists the indicators that keep its gate closed.

    `failing_assessed` lists them for outcomes that are read from assessments.
    """

    programme: str
    edition: str
    withheld: str | None
    failing: tuple[str, ...] = ()
    failing_assessed: tuple[str, ...] = ()
    due: int | None = None
    known: int | None = None
    status: Share | None = None
    assessed: Share | None = None


@dataclass(frozen=True, slots=True)
class ShownCompletenessSet:
    """Completeness of one country and class."""

    country: str
    klass: str
    programmes: tuple[ShownCompleteness, ...]
    notices: tuple[Notice, ...] = ()


Shown = ShownTable | ShownCurves | ShownPointSets | ShownCompletions | ShownComparison | ShownCompletenessSet

KINDS: dict[str, type[Shown]] = {
    "table": ShownTable,
    "curves": ShownCurves,
    "points": ShownPointSets,
    "completion": ShownCompletions,
    "comparison": ShownComparison,
    "completeness": ShownCompletenessSet,
}
"""Kind of each released result, as stored beside it."""
