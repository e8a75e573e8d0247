"""All indicators of one programme, over time, and what to repair first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from analytics.quality import completeness, compliance, plausibility
from analytics.quality.limits import Level, limits
from analytics.quality.material import Indicator, Material

Measure = Callable[[Material], Indicator]

MEASURES: Final[dict[str, Measure]] = {
    "DQ01": completeness.items,
    "DQ02": completeness.whole_records,
    "DQ03": compliance.start_in_time,
    "DQ04": compliance.review_in_time,
    "DQ05": compliance.exit_in_time,
    "DQ06": compliance.followed_up,
    "DQ07": compliance.submitted_in_time,
    "DQ08": compliance.months_reported,
    "DQ09": compliance.coverage,
    "DQ10": plausibility.warnings,
    "DQ11": completeness.unknown_answers,
    "DQ12": plausibility.heaping,
    "DQ13": plausibility.copied,
    "DQ14": plausibility.straight_lines,
    "DQ15": completeness.one_value,
    "DQ16": plausibility.duplicates,
    "DQ17": plausibility.outliers,
    "DQ18": completeness.ended_without_reason,
    "DQ19": compliance.silent,
    "DQ20": plausibility.implausible,
    "DQ21": plausibility.report_and_urine,
    "DQ22": plausibility.rejected,
    "DQ23": plausibility.entered_twice,
    "DQ24": plausibility.translations,
}
"""By id."""

OVER_TIME: Final = ("DQ01", "DQ02", "DQ03", "DQ04", "DQ05", "DQ06", "DQ07", "DQ10", "DQ11", "DQ19")
"""Those that mean something for the episodes of one half-year."""


def assess(material: Material, ids: Sequence[str] | None = None) -> dict[str, Indicator]:
    """Compute the indicators of one programme.

    Parameters
    ----------
    material : Material
        Its episodes, questions and marks; the closing day of the records is today.
    ids : sequence of str, optional
        Indicators to compute; all by default.

    Returns
    -------
    dict of str to Indicator
        By id, in order.

    Examples
    --------
    >>> import pandas as pd
    >>> from datetime import date
    >>> from analytics.outcomes.records import Records
    >>> from analytics.quality import Question
    >>> frame = pd.DataFrame({"number": [1, 2], "admission_month": "2026-01", "sex": [1, -1]})
    >>> given = Material(
    ...     records=Records(episodes=frame, closing_on=date(2026, 6, 1)), questions=(Question("sex"),)
    ... )
    >>> assess(given, ["DQ01"])["DQ01"].value
    0.5
    """
    return {name: MEASURES[name](material) for name in (ids or MEASURES)}


def over_time(material: Material, *, last: int = 6) -> dict[str, dict[str, Indicator]]:
    """Compute the indicators of the last half-years of admission.

    Parameters
    ----------
    material : Material
        As for `assess`.
    last : int
        Half-years, the latest that have episodes.

    Returns
    -------
    dict of str to dict
        Indicators by half-year, `2025H1`, the earliest first.

    Examples
    --------
    >>> import pandas as pd
    >>> from datetime import date
    >>> from analytics.outcomes.records import Records
    >>> frame = pd.DataFrame({"number": [1, 2], "admission_month": ["2025-03", "2025-09"]})
    >>> given = Material(records=Records(episodes=frame, closing_on=date(2026, 6, 1)), questions=())
    >>> list(over_time(given))
    ['2025H1', '2025H2']
    """
    halves = material.halves()
    shown = np.unique(halves).tolist()[-last:]
    return {half: assess(material.where(halves == half), OVER_TIME) for half in shown}


def first_to_fix(found: Mapping[str, Indicator], closing: Sequence[str] = ()) -> list[Indicator]:
    """Order what is amber or red by the effect of repairing it.

    Parameters
    ----------
    found : mapping of str to Indicator
        From `assess`.
    closing : sequence of str
        Indicators that keep the publication gate closed.

    Returns
    -------
    list of Indicator
        Those that close the gate first, then red before amber, then those with records to go back to, then
        by how many are short of green.

    Examples
    --------
    >>> one, two = (Indicator(id=name, level=Level.RED, short=n) for name, n in (("DQ01", 9), ("DQ03", 1)))
    >>> [each.id for each in first_to_fix({"DQ01": one, "DQ03": two}, ["DQ03"])]
    ['DQ03', 'DQ01']
    """

    def effect(each: Indicator) -> tuple[bool, bool, bool, int, str]:
        without_records = not len(each.failing)
        return each.id not in closing, each.level is not Level.RED, without_records, -each.short, each.id

    return sorted((each for each in found.values() if each.level in {Level.RED, Level.AMBER}), key=effect)


def gates(name: str) -> bool:
    """Say whether an indicator can close the publication gate.

    Parameters
    ----------
    name : str
        Id of the indicator.

    Returns
    -------
    bool

    Examples
    --------
    >>> gates("DQ03"), gates("DQ04")
    (True, False)
    """
    return limits()[name].gate
