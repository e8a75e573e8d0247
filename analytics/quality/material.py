"""What the quality of data is judged on: episodes with marks of their own, and what the dictionary asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from analytics.outcomes.records import Records
from analytics.quality.limits import Level, limits

if TYPE_CHECKING:
    import pandas as pd

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NOT_APPLICABLE: Final = -4
REFUSED: Final = -2
UNKNOWN_CODES: Final = (99, 999)
FEWEST_FOR_SPREAD: Final = 20


@dataclass(frozen=True, slots=True)
class Question:
    """One column that the dictionary asks for.

    Parameters
    ----------
    name : str
        Column.
    mandatory : bool
        Whether an answer is due once its group is there.
    anchor : str
        Column whose answer says that the group was recorded; empty where it always is.
    only : tuple of str
        Modalities that the question is put to; empty for all.
    has_unknown : bool
        Whether its list has a code for unknown (99, 999).
    is_text : bool
        Whether the cells are text (a diagnosis).
    is_days : bool
        Whether the cells are numbers of days, and not codes.
    versions : frozenset of int
        Versions of the dictionary that ask it; empty for every one.
    """

    name: str
    mandatory: bool = True
    anchor: str = ""
    only: tuple[str, ...] = ()
    has_unknown: bool = False
    is_text: bool = False
    is_days: bool = False
    versions: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Material:
    """Everything that the indicators of one programme are read from.

    Parameters
    ----------
    records : Records
        Episodes; beside the dictionary's columns `number` (for the way back to the record), `warnings`,
        `errors`, `duplicate` (rule marks), `submitted_admission`, `submitted_discharge` (days), and
        `dictionary_version`. The closing day is today.
    questions : tuple of Question
        What the dictionary asks.
    imports : DataFrame, optional
        `submitted`, `accepted`, `rejected`, `ignored` of each file.
    start_month : str
        First month of reporting, `2025-01`; empty where unknown.
    units : tuple of int, optional
        Units that report, and units that there are.
    instruments : DataFrame, optional
        `number`, `items` answered, `flat` (all answers equal), `working` (translation not validated).
    urine : DataFrame, optional
        `number`, `used` by report, `positive` by a test within three days.
    reentered : DataFrame, optional
        `number`, `first`, `second`: answers entered twice by different people.
    beyond_funnel : bool, optional
        Whether the programme lies outside the 99.8 % limits of its class; None where nobody compared.
    """

    records: Records
    questions: tuple[Question, ...]
    imports: pd.DataFrame | None = None
    start_month: str = ""
    units: tuple[int, int] | None = None
    instruments: pd.DataFrame | None = None
    urine: pd.DataFrame | None = None
    reentered: pd.DataFrame | None = None
    beyond_funnel: bool | None = None

    def __len__(self) -> int:
        """Return how many episodes there are."""
        return len(self.records)

    @property
    def numbers(self) -> Ints:
        """Lasting number of each episode."""
        return self.records.raw("number").astype(np.int64)

    def where(self, flags: Flags) -> Material:
        """Return the same for some of the episodes."""
        frame = self.records.episodes[flags].reset_index(drop=True)
        return replace(self, records=replace(self.records, episodes=frame))

    def halves(self) -> NDArray[np.str_]:
        """Half-year of admission of each episode, `2025H1`."""
        months = self.records.texts("admission_month")
        return np.array([f"{text[:4]}H{1 if int(text[5:7]) <= 6 else 2}" for text in months], dtype=str)

    def exact(self) -> Flags:
        """Episodes with an exact month and exact days: the others are outside the indicators of time."""
        month, day = (self.records.values(name) for name in ("admission_precision", "day_precision"))
        return np.asarray((np.isnan(month) | (month == 1)) & (np.isnan(day) | (day == 1)))

    def due(self, question: Question) -> Flags:
        """Episodes for which a question is due: its group is there and no skip logic leaves it out."""
        due = np.ones(len(self), dtype=bool)
        if question.anchor:
            due &= ~np.isnan(self.records.raw(question.anchor))
        if question.only:
            due &= np.isin(self.records.texts("modality"), question.only)
        if question.versions and "dictionary_version" in self.records.episodes.columns:
            due &= np.isin(self.records.raw("dictionary_version"), list(question.versions))
        return due if question.is_text else due & (self.records.raw(question.name) != NOT_APPLICABLE)

    def valid(self, question: Question) -> Flags:
        """Episodes whose answer counts: a refusal does, an unknown or lost one does not."""
        if question.is_text:
            texts = self.records.texts(question.name)
            return np.array([bool(text) and not str(text).startswith("-") for text in texts], dtype=bool)
        raw = self.records.raw(question.name)
        return np.asarray((raw >= 0) | (raw == REFUSED)) & ~self.unknown(question)

    def unknown(self, question: Question) -> Flags:
        """Episodes whose answer is 99, 999 or -9."""
        raw = self.records.raw(question.name)
        codes = UNKNOWN_CODES if question.has_unknown else ()
        return np.asarray(np.isin(raw, (*codes, -9)))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Indicator:
    """One indicator of data quality.

    Parameters
    ----------
    id : str
        DQ01 to DQ24.
    n : int
        Items, records or events that are due: the denominator.
    value : float
        By the indicator's formula; NaN without cases or not collected.
    level : Level
        Green, amber, red, to be looked at, shown, no cases, not collected.
    failing : ndarray of int
        Lasting numbers of the records to go back to, each once.
    short : int
        How many more would have to be good for green: the effect of repairing them.
    detail : mapping
        Further numbers by name: parts by variable or rule, medians and 5th and 95th percentiles.
    missing : tuple of str
        What is not collected yet, where that is why nothing is said.
    """

    id: str
    n: int = 0
    value: float = float("nan")
    level: Level = Level.NO_CASES
    failing: Ints = field(default_factory=lambda: np.array([], dtype=np.int64))
    short: int = 0
    detail: Mapping[str, float] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def not_collected(name: str, *missing: str) -> Indicator:
    """Say that an indicator waits for something that is not collected yet."""
    return Indicator(id=name, level=Level.NOT_COLLECTED, missing=missing)


def of_share(
    name: str, due: Flags, hit: Flags, numbers: Ints, *, detail: Mapping[str, float] | None = None
) -> Indicator:
    """Indicator of a share; what fails is what the limit does not want: misses where high is good, else hits.

    Examples
    --------
    >>> yes = np.array([True, True, True, False])
    >>> found = of_share("DQ02", yes | True, yes, np.array([11, 12, 13, 14]))
    >>> found.value, found.level.value, found.failing.tolist(), found.short
    (0.75, 'amber', [14], 1)
    """
    limit, n = limits()[name], int(due.sum())
    if not n:
        return Indicator(id=name, detail=detail or {})
    reached = int((due & hit).sum())
    bad = due & (~hit if limit.better == "high" else hit)
    return Indicator(
        id=name, n=n, value=reached / n, level=limit.level(reached / n), failing=np.unique(numbers[bad]),
        short=shortfall(name, reached, n), detail=detail or {},
    )  # fmt: skip


def shortfall(name: str, reached: float, n: float) -> int:
    """How many of n would have to change for the indicator to be green.

    Examples
    --------
    >>> shortfall("DQ02", 70, 100), shortfall("DQ11", 15, 100), shortfall("DQ02", 90, 100)
    (20, 5, 0)
    """
    limit = limits()[name]
    if limit.better not in {"high", "low"}:
        return 0
    wanted = limit.green * n
    gap = wanted - reached if limit.better == "high" else reached - wanted
    return max(0, int(np.ceil(round(gap, 9))))


def spread(values: Floats) -> dict[str, float]:
    """Median, 5th and 95th percentile: never the smallest or largest, which may be one person.

    Of fewer than 20 the percentiles would lie at the ends: then nothing is said.
    """
    seen = values[~np.isnan(values)]
    if len(seen) < FEWEST_FOR_SPREAD:
        return {}
    low, middle, high = np.percentile(seen, [5, 50, 95]).tolist()
    return {"p5": low, "median": middle, "p95": high}
