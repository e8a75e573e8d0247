"""The versioned list of outcomes, and which class of programmes is compared on which."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from analytics.outcomes.codes import (
    ASSESSMENT_WINDOW,
    CLASS_OF,
    COHORT_DAYS,
    COMPLETION_CLASSES,
    DEFINITIONS_VERSION,
    OPEN_ENDED_CLASSES,
    RETENTION_DAY,
    Klass,
)


class Source(StrEnum):
    """Where an outcome is read from; the publication gate asks more of assessments."""

    STAY = "stay"
    ENDING = "ending"
    ASSESSMENT = "assessment"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One versioned definition; `classes` names where programmes are compared on it."""

    id: str
    version: str
    population: str
    numerator: str
    denominator: str
    window_days: tuple[int, int]
    missing_rule: str
    censoring_rule: str
    source: Source
    classes: frozenset[Klass]
    reference: str


_EVERY_CLASS: Final = frozenset(Klass)
_COHORT: Final = "first episode of an eligible person"


def _retention(day: int, classes: frozenset[Klass]) -> Outcome:
    return Outcome(
        id=f"RET-F-{day}",
        version=DEFINITIONS_VERSION,
        population=_COHORT,
        numerator=f"length of stay of at least {day} days",
        denominator=f"status on day {day} known; transfers out before that day left out",
        window_days=(0, day),
        missing_rule="an open episode last seen before the day is unknown",
        censoring_rule="none: fixed cohort",
        source=Source.STAY,
        classes=classes,
        reference="TEDS length of stay, admission to last contact",
    )


def _completion(name: str, numerator: str) -> Outcome:
    return Outcome(
        id=name,
        version=DEFINITIONS_VERSION,
        population=_COHORT,
        numerator=numerator,
        denominator=f"ending or presence on day {COHORT_DAYS} known",
        window_days=(0, COHORT_DAYS),
        missing_rule="reason 99, or open and last seen before the day, is unknown",
        censoring_rule="none: fixed cohort; release by authority is never completion",
        source=Source.ENDING,
        classes=COMPLETION_CLASSES,
        reference="TEDS-D reason for discharge; AODTS-NMDS",
    )


_OPEN_OR_OUTPATIENT: Final = OPEN_ENDED_CLASSES | {Klass.OUTPATIENT}

OUTCOMES: Final[dict[str, Outcome]] = {
    outcome.id: outcome
    for outcome in (
        _retention(28, _EVERY_CLASS),
        _retention(56, _EVERY_CLASS),
        _retention(84, _EVERY_CLASS),
        _retention(90, _EVERY_CLASS),
        _retention(180, _OPEN_OR_OUTPATIENT),
        _retention(182, _EVERY_CLASS),
        _completion("CMP-TEDS", "discharge reason 10, 11, 12 or 13"),
        _completion("CMP-PLANNED", "discharge reason 10, 11, 12, 13 or 21"),
        Outcome(
            id="ABS-28",
            version=DEFINITIONS_VERSION,
            population=_COHORT,
            numerator="no day of use of the primary substance in the 28 days before the review",
            denominator="in treatment on day 154 and reviewed by day 210 with both items answered",
            window_days=ASSESSMENT_WINDOW,
            missing_rule="not reviewed is unknown; 14 or more days in a controlled environment: not judged",
            censoring_rule="none",
            source=Source.ASSESSMENT,
            classes=_EVERY_CLASS,
            reference="Marsden et al., Lancet 2009;374:1262, DOI 10.1016/S0140-6736(09)61420-3",
        ),
    )
}
"""Every outcome that an edition or a programme's own page reports, by id."""


def class_of(modality: str) -> Klass | None:
    """Return the comparability class of a modality code, or None where it has none."""
    return CLASS_OF.get(modality)


def compared_outcome(klass: Klass) -> str:
    """Return the id of the outcome that the funnel of this class compares.

    Examples
    --------
    >>> compared_outcome(Klass.AGONIST), compared_outcome(Klass.RESIDENTIAL)
    ('RET-F-180', 'CMP-TEDS')
    """
    return "CMP-TEDS" if klass in COMPLETION_CLASSES else f"RET-F-{RETENTION_DAY}"


def point_day(week: int) -> int:
    """Return the day that a point of retention in weeks is read on."""
    return 7 * week
