"""What a cube counts: keys, outcomes, terms of the case mix and durations, by names of columns."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analytics.errors import NotEstimable
from analytics.schema import ColumnKind, ColumnSpec

_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class OutcomeSpec:
    """One outcome.

    Parameters
    ----------
    id : str
        Name in the cube.
    column : str
        Column with 1 reached, 0 not, -1 or empty unknown, -2 not due (outside the cohort).
    always_due : bool
        Whether every admission is in the cohort; the cube then checks it against the durations.
    """

    id: str
    column: str
    always_due: bool = False


@dataclass(frozen=True, slots=True)
class DurationSpec:
    """Time to the end of treatment.

    Parameters
    ----------
    time : str
        Column of days or weeks, 0 or more.
    cause : str
        Column of the end: 0 censored, 1 and above causes; or a label of `causes`.
    entry : str
        Column of delayed entry (0 unless the registry started later); empty when nobody entered late.
    causes : tuple of str
        Labels of the cause codes in order, `causes[0]` being censored; empty when the column holds codes.
    """

    time: str
    cause: str
    entry: str = ""
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CubeSpec:
    """A cube to be built.

    Parameters
    ----------
    keys : tuple of str
        Columns kept in every frame: node, programme, modality, period.
    outcomes : tuple of OutcomeSpec
        Outcomes to count; none leaves the outcome frame empty.
    categorical, numeric : tuple of str
        Terms of the case mix. An empty category is the level `missing`.
    duration : DurationSpec, optional
        Durations to count.
    strata : tuple of str
        Further columns kept with the durations only.
    definitions_version, extracted_on, censored_on : str
        Versions and dates carried by the cube.
    max_patterns : int
        Most patterns allowed; 0 for no limit. Case mix version 1 has at most 500.
    """

    keys: tuple[str, ...] = ()
    outcomes: tuple[OutcomeSpec, ...] = ()
    categorical: tuple[str, ...] = ()
    numeric: tuple[str, ...] = ()
    duration: DurationSpec | None = None
    strata: tuple[str, ...] = ()
    definitions_version: str = ""
    extracted_on: str = ""
    censored_on: str = ""
    max_patterns: int = 0

    @property
    def terms(self) -> tuple[str, ...]:
        """Categorical terms, then numeric ones."""
        return (*self.categorical, *self.numeric)

    def columns(self) -> list[ColumnSpec]:
        """Rules of the columns that will be counted."""
        label, number, outcome = ColumnKind.LABEL, ColumnKind.NUMBER, ColumnKind.OUTCOME
        specs = [ColumnSpec(name, label) for name in self.keys]
        specs += [ColumnSpec(name, label, nullable=True) for name in (*self.categorical, *self.strata)]
        specs += [ColumnSpec(name, number) for name in self.numeric]
        specs += [ColumnSpec(each.column, outcome, nullable=True) for each in self.outcomes]
        return specs + (_duration_columns(self.duration) if self.duration else [])


def _duration_columns(duration: DurationSpec) -> list[ColumnSpec]:
    cause = (
        ColumnSpec(duration.cause, ColumnKind.LABEL, codes=duration.causes)
        if duration.causes
        else ColumnSpec(duration.cause, ColumnKind.COUNT)
    )
    entry = [ColumnSpec(duration.entry, ColumnKind.DURATION)] if duration.entry else []
    return [ColumnSpec(duration.time, ColumnKind.DURATION), cause, *entry]


def quoted(name: str) -> str:
    """Quote the name of a column for SQL text.

    Raises
    ------
    NotEstimable
        When it is no plain name.

    Examples
    --------
    >>> quoted("age_band")
    '"age_band"'
    """
    if not _NAME.fullmatch(name):
        raise NotEstimable("bad_option", option="column", expected="letters, digits and _", got=name)
    return f'"{name}"'
