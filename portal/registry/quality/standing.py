"""How the publication gate would stand if an edition closed today, by class of treatment and outcome."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from analytics import outcomes
from analytics.outcomes import Klass

if TYPE_CHECKING:
    from analytics.outcomes.records import Flags, Records
    from analytics.quality import GateCounts, Material

ASSESSED: Final = "ABS-28"
CONTINUED: Final = (1, 3)
"""Earlier treatment here, or a continuation: without a token the person might count twice."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One outcome of one class: how many are known, and what keeps the gate closed."""

    klass: Klass
    outcome: str
    known: int
    failing: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return not self.failing


def standings(material: "Material", country: str) -> list[Standing]:
    """Every class of the programme with its two outcomes, over the persons an edition would take today."""
    import numpy as np

    found = []
    eligible = material.where(_eligible(material))
    classes = np.array([outcomes.CLASS_OF.get(code) or "" for code in eligible.records.texts("modality")])
    for klass in Klass:
        chosen = eligible.where(classes == klass.value)
        if len(chosen):
            found += [
                _standing(chosen, klass, name, country)
                for name in (outcomes.compared_outcome(klass), ASSESSED)
            ]
    return found


def _standing(material: "Material", klass: Klass, outcome: str, country: str) -> Standing:
    from analytics.quality import failing

    counts = _counts(material, outcome, country)
    return Standing(klass, outcome, counts.known, failing(counts))


def _eligible(material: "Material") -> "Flags":
    """First episode of each person that began and whose half-year has passed for certain."""
    import numpy as np

    records = material.records
    began = records.values("discharge_reason") != outcomes.REASON_NOT_STARTED
    persons, months = records.texts("person"), records.texts("admission_month")
    twice = np.isin(records.values("prior_treatment"), CONTINUED) & (persons == "")
    kept = began & records.old_enough(outcomes.COHORT_DAYS) & ~twice
    seen: set[str] = set()
    for place in sorted(range(len(material)), key=lambda place: (months[place], place)):
        if kept[place] and persons[place]:
            kept[place] = persons[place] not in seen
            seen.add(persons[place])
    return kept


def _counts(material: "Material", outcome: str, country: str) -> "GateCounts":
    from analytics.outcomes.stays import lengths
    from analytics.quality import GateCounts, Part
    from analytics.quality.compliance import exit_in_time, start_in_time

    records = material.records
    ended = lengths(records) <= outcomes.COHORT_DAYS
    reason = records.values("discharge_reason")
    discharged = ended & (reason > 0)
    unknown = ended & (reason == outcomes.REASON_UNKNOWN)
    start, leave = start_in_time(material), exit_in_time(material.where(ended))
    return GateCounts(
        known=_known(records, outcome),
        reason_unknown=Part(int(unknown.sum()), int(discharged.sum())),
        start=Part(round(start.n * start.value) if start.n else 0, start.n),
        leave=Part(round(leave.n * leave.value) if leave.n else 0, leave.n),
        errors=int(records.raw("errors").sum()),
        assessed=outcome == ASSESSED,
        country=country,
    )


def _known(records: "Records", outcome: str) -> int:
    """Episodes whose outcome is known, by the edition's reading of it."""
    import numpy as np

    from analytics.outcomes.catalogue import definitions
    from analytics.outcomes.judging import judge
    from analytics.outcomes.stays import lengths, reasons_of

    los = lengths(records)
    if outcome == ASSESSED:
        value = judge(records, definitions()[ASSESSED]).value
        return int((~np.isnan(value) & (los >= outcomes.ASSESSMENT_WINDOW[0])).sum())
    judge_one = outcomes.completed if outcome == "CMP-TEDS" else outcomes.retained
    return sum(
        judge_one(int(stay), reason) is not None
        for stay, reason in zip(los, reasons_of(records), strict=True)
    )
