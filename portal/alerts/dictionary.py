"""Codes of early warnings. Every answer that is published is one of these or a concept of the vocabulary."""

from enum import StrEnum
from typing import Final

COUNTRIES: Final = ("IR", "RU")


class State(StrEnum):
    """From a signal to the archive. A retracted warning stays readable, with its reason."""

    SIGNAL = "signal"
    ASKED = "asked"
    ASSESSMENT = "assessment"
    ISSUED = "issued"
    EXPIRED = "expired"
    RETRACTED = "retracted"
    CLOSED = "closed"
    MERGED = "merged"


class Level(StrEnum):
    INFORMATION = "information"
    ADVISORY = "advisory"
    ALERT = "alert"


class Certainty(StrEnum):
    """A confirmed by analysis, B presumptive test, C clinical picture alone, D hearsay."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Seat(StrEnum):
    """In which capacity a member of the panel judges; two different ones are needed."""

    CLINICIAN = "clinician"
    TOXICOLOGIST = "toxicologist"
    OTHER_COUNTRY = "other_country"


class Part(StrEnum):
    """Whose signature: the duty editor's or the panel's."""

    EDITOR = "editor"
    PANEL = "panel"


PUBLIC: Final = (State.ISSUED, State.EXPIRED, State.RETRACTED)
FORMS: Final = ("powder", "tablet", "capsule", "liquid", "herb", "paper", "resin", "other", "unknown")
COLOURS: Final = ("white", "grey", "brown", "black", "yellow", "green", "blue", "pink", "mixed", "unknown")
ROUTES: Final = ("oral", "smoked", "snorted", "injected", "other", "unknown")
TOXIDROMES: Final = (
    "opioid", "sedative", "stimulant", "anticholinergic", "serotonergic", "hallucinogenic", "cannabinoid",
    "unknown",
)  # fmt: skip
IDENTIFICATIONS: Final = ("confirmed", "presumptive", "clinical")
MATRICES: Final = ("seizure", "urine", "blood", "residue")
NALOXONE: Final = ("standard", "repeat", "prolonged", "not_useful")
COLLECT: Final = ("urine", "blood", "residue")
# A count below five is never told, not even to the panel.
BANDS: Final = ("none", "1-4", "5-9", "10-19", "20+", "unknown")
CLUSTER: Final = ("5-9", "10-19", "20+")
CLOSE_REASONS: Final = ("not_new", "too_little", "no_risk", "wrong")
RETRACT_REASONS: Final = ("wrong_substance", "wrong_cause", "wrong_place", "no_longer_true")

# Answers of a signal, and what the duty editor adds. `str` holds one code, `list` several.
ONE: Final = {
    "form": FORMS, "colour": COLOURS, "toxidrome": TOXIDROMES, "identification": IDENTIFICATIONS,
    "events": BANDS, "hospital": BANDS, "deaths": BANDS, "naloxone": NALOXONE,
}  # fmt: skip
MANY: Final = {"route": ROUTES, "matrix": MATRICES, "collect": COLLECT}
CONCEPTS: Final = {"substances": "substance", "signs": "complication", "at_risk": "population"}
TEXTS: Final = ("message", "unknown", "advice")
FREE: Final = ("street_names", "contact", *TEXTS)
REQUIRED: Final = (
    "substances", "form", "route", "first_seen", "region", "events", "deaths", "toxidrome", "identification",
)  # fmt: skip
