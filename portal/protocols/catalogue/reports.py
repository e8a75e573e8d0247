"""Codes of field reports: how many people began, what stood in the way, what went wrong, what is advised."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ReportState(StrEnum):
    DRAFT = "draft"
    HELD = "held"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


STARTED: Final = ("1-4", "5-9", "10-49", "50-199", "200+")
RECOMMENDATIONS: Final = ("adopt", "adopt_with_changes", "do_not_adopt")
BARRIERS: Final = (
    "staff", "training", "medicine_supply", "money", "space", "law", "stigma", "distance", "laboratory",
    "records", "people_declined",
)  # fmt: skip
INCIDENTS: Final = (
    "death", "overdose", "adverse_reaction", "dose_error", "diversion", "self_harm", "violence", "other",
)  # fmt: skip
SEVERITIES: Final = ("no_harm", "mild", "moderate", "severe")
EDITABLE: Final = (ReportState.DRAFT, ReportState.RETURNED)
LONGEST_PERIOD: Final = 8  # quarters


@dataclass(frozen=True, slots=True)
class Reporting:
    """What the guards of a field report judge."""

    state: str
    is_complete: bool = True
