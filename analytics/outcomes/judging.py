"""One function that applies any definition to records: which function judges which definition."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from analytics.errors import NotEstimable
from analytics.outcomes import assessed, endings, stays
from analytics.outcomes.cascade import Judged
from analytics.outcomes.catalogue import Definition
from analytics.outcomes.records import Records
from analytics.outcomes.urine import RULES, judge_urine

Judge = Callable[[Records, Definition], Judged]

DAYS: Final = (28, 90, 180, 365)

JUDGES: Final[dict[str, Judge]] = {
    **{f"RET-F-{day}": partial(stays.judge_retention, day=day) for day in DAYS},
    **{f"RET-{rule}-180": partial(stays.judge_retention, day=180) for rule in ("CONTACT", "DEPOT")},
    **dict.fromkeys(("RET-KM", "RET-KM-35", "RET-CIF"), stays.judge_time),
    "RET-12W": stays.judge_twelve_weeks,
    "RET-POD": stays.judge_covered,
    **dict.fromkeys(("IET-INIT", "IET-ENG"), stays.judge_services),
    **dict.fromkeys(endings.COUNTED, endings.judge_completion),
    "CMP-SUCCESS": endings.judge_success,
    "CMP-REP": endings.judge_return,
    **dict.fromkeys(("ABS-28", "ABS-28-ALL"), assessed.judge_abstinence),
    **dict.fromkeys(RULES, judge_urine),
    **dict.fromkeys(("ICD-REM", "RU-REM"), assessed.judge_remission),
    **dict.fromkeys(
        (
            "CHG-OPIOID",
            "CHG-ALCOHOL",
            "CHG-COCAINE",
            "CHG-CRACK",
            "CHG-STIMULANT",
            "CHG-CANNABIS",
            "CHG-INJECT",
        ),
        assessed.judge_change,
    ),
    **dict.fromkeys(assessed.PAIRS, assessed.judge_pair),
    **dict.fromkeys(("INJ-STOP", "HOUSE"), assessed.judge_stopped),
    "WORK-8": assessed.judge_working,
    "OD-RATE": assessed.judge_overdoses,
    **dict.fromkeys(("MORT-CMR-TREATMENT", "MORT-CMR-0-28", "MORT-CMR-29-365"), endings.judge_deaths),
    "MORT-SMR": endings.judge_excess,
    **dict.fromkeys(("FU-RATE", "FU-KNOWN"), assessed.judge_follow_up),
    **dict.fromkeys(endings.TREATED, endings.judge_treated),
}
"""By the id of the definition."""


def judge(records: Records, definition: Definition) -> Judged:
    """Apply one definition.

    Parameters
    ----------
    records : Records
        Episodes and what belongs to them.
    definition : Definition
        Which.

    Returns
    -------
    Judged
        Due and value of every episode, with the exclusion cascade.

    Raises
    ------
    NotEstimable
        What the definition needs was not collected, or no closing day was given.

    Examples
    --------
    >>> import pandas as pd
    >>> from analytics.outcomes.catalogue import definitions
    >>> from analytics.outcomes.records import Records
    >>> records = Records(episodes=pd.DataFrame({"word": ["++++", "--o-"]}))
    >>> judge(records, definitions()["REL-4RUN"]).value.tolist()
    [1.0, 0.0]
    """
    lacking = records.lacks(definition.needs)
    if lacking:
        raise NotEstimable("not_collected", id=definition.id, columns=", ".join(lacking))
    return JUDGES[definition.id](records, definition)
