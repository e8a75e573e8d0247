"""The result contract: what every method returns, and the warning codes with their values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NoReturn

from analytics.errors import NotReleased

if TYPE_CHECKING:
    import pandas as pd


UNKNOWN_AMBER = 0.20
"""W1: a larger share unknown is amber."""

UNKNOWN_RED = 0.40
"""W1: a larger share unknown is red."""

UNKNOWN_APART = 0.15
"""W1: unknown shares of programmes that differ by more are red."""


class WarningCode(StrEnum):
    """Codes of section 7 of the methods; the portal holds the sentences."""

    UNKNOWN_SHARE = "W1"
    TOO_FEW = "W2"
    CURVE_STOPPED = "W3"
    BEYOND_OVERLAP = "W4"
    POOR_CALIBRATION = "W5"
    HAZARDS_CROSS = "W6"
    FEW_DEATHS = "W7"
    RATIOS_NOT_COMPARABLE = "W8"
    RANKS_NOT_RELIABLE = "W9"
    REGRESSION_TO_MEAN = "W10"
    TREATMENT_CHOSEN = "W11"
    SHORT_SERIES = "W12"
    FEW_PROGRAMMES = "W13"


@dataclass(frozen=True, slots=True)
class Caution:
    """A warning with its values; no sentence.

    Parameters
    ----------
    code : WarningCode
        Which warning.
    subject : str
        Programme, group or term it is about; empty for the whole result.
    values : tuple of (name, value)
        Values of the sentence, sorted by name.

    Examples
    --------
    >>> Caution.of(WarningCode.TOO_FEW, "S16", known=2).value("known")
    2
    """

    code: WarningCode
    subject: str = ""
    values: tuple[tuple[str, float | str], ...] = ()

    @classmethod
    def of(cls, code: WarningCode, subject: str = "", **values: float | str) -> Caution:
        """Make a warning from named values."""
        return cls(code, subject, tuple(sorted(values.items())))

    def value(self, name: str) -> float | str:
        """Value of that name."""
        return dict(self.values)[name]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Result:
    """Base of every result: frozen, complete, and not to be drawn before release.

    Attributes
    ----------
    table : DataFrame
        One row per estimate; a missing value is not estimable, never 0.
    method : str
        Exact name with its conventions.
    reference : str
        Citation.
    n : int
        Episodes behind the result.
    definitions_version : str
        Of the counts; empty for plain numbers.
    warnings : tuple of Caution
        Codes with values.
    """

    table: pd.DataFrame
    method: str
    reference: str
    n: int
    definitions_version: str
    warnings: tuple[Caution, ...] = ()

    def figure(self) -> NoReturn:
        """Refuse: only released results are drawn.

        Raises
        ------
        NotReleased
            Always; `analytics.disclosure.release` gives a value that can be drawn.
        """
        raise NotReleased("not_released", kind=type(self).__name__)
