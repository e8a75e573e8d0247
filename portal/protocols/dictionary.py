"""Fixed lists of protocols: sections, kinds of block, states, routes, phases, units. Codes only, no texts."""

from enum import StrEnum
from typing import Final

LANGUAGES: Final = ("en", "ru", "fa")
COUNTRIES: Final = ("IR", "RU")
LICENCES: Final = ("CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-SA-4.0", "CC0-1.0")


class Section(StrEnum):
    """In reading order. Legal status, references and history are rendered from their own tables."""

    POPULATION = "population"
    SUBSTANCES = "substances"
    SETTING = "setting"
    CONTRAINDICATIONS = "contraindications"
    ASSESSMENT = "assessment"
    STEPS = "steps"
    DOSING = "dosing"
    MONITORING = "monitoring"
    ADVERSE_EVENTS = "adverse_events"
    SPECIAL_POPULATIONS = "special_populations"
    PSYCHOSOCIAL = "psychosocial"
    DURATION = "duration"
    RESOURCES = "resources"
    EVIDENCE = "evidence"
    IMPLEMENTATION = "implementation"


class Kind(StrEnum):
    TEXT = "text"
    STEP = "step"
    LIST = "list"
    DOSE = "dose"
    CRITERION = "criterion"
    MEASURE = "measure"
    RESOURCE = "resource"
    EVIDENCE = "evidence"


class State(StrEnum):
    """`under_concern`, `retired` and `withdrawn` are reached through notices."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    ACCEPTED = "accepted"
    PUBLISHED = "published"
    UNDER_CONCERN = "under_concern"
    SUPERSEDED = "superseded"
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    ABANDONED = "abandoned"


class ChangeType(StrEnum):
    INITIAL = "initial"
    CLINICAL = "clinical"
    EDITORIAL = "editorial"
    CORRECTION = "correction"


class ReviewKind(StrEnum):
    CLINICAL = "clinical"
    DOSE_CHECK = "dose_check"


class UnitState(StrEnum):
    """What is stored of a revision. An approved one may be stale besides, which follows from hashes."""

    DRAFT = "draft"
    NEEDS_REVIEW = "needs_review"
    APPROVED = "approved"


class Freshness(StrEnum):
    """Kept apart from the state and from the origin of a unit."""

    MISSING = "missing"
    CURRENT = "current"
    STALE_EDITORIAL = "stale_editorial"
    STALE_CLINICAL = "stale_clinical"


class Role(StrEnum):
    """What a concept is to a protocol."""

    MAIN = "main"
    SECONDARY = "secondary"
    EXCLUDED = "excluded"


OPEN: Final = (State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.CHANGES_REQUESTED, State.ACCEPTED)
CURRENT: Final = (State.PUBLISHED, State.UNDER_CONCERN)
READABLE: Final = (*CURRENT, State.SUPERSEDED, State.RETIRED)
ONCE_PUBLISHED: Final = (*READABLE, State.WITHDRAWN)
EDITABLE: Final = (State.DRAFT, State.CHANGES_REQUESTED, State.IN_REVIEW, State.ACCEPTED)

# A change in one of these is clinical whatever its words.
WEIGHTY_KINDS: Final = frozenset({Kind.DOSE, Kind.CRITERION, Kind.MEASURE, Kind.EVIDENCE})
# Units of these sections are approved by a clinician.
CLINICAL_SECTIONS: Final = frozenset(
    {
        Section.POPULATION, Section.CONTRAINDICATIONS, Section.ASSESSMENT, Section.STEPS, Section.DOSING,
        Section.MONITORING, Section.ADVERSE_EVENTS, Section.SPECIAL_POPULATIONS, Section.EVIDENCE,
    }
)  # fmt: skip
# Without these a translation is not published.
NEEDED_TO_RELEASE: Final = frozenset(
    {Section.POPULATION, Section.CONTRAINDICATIONS, Section.STEPS, Section.DOSING, Section.MONITORING}
)
NEEDED_TO_PUBLISH: Final = (Section.POPULATION, Section.STEPS, Section.MONITORING, Section.EVIDENCE)
DEFAULT_KIND: Final = {
    Section.POPULATION: Kind.CRITERION, Section.CONTRAINDICATIONS: Kind.CRITERION, Section.STEPS: Kind.STEP,
    Section.DOSING: Kind.DOSE, Section.MONITORING: Kind.MEASURE, Section.RESOURCES: Kind.RESOURCE,
    Section.EVIDENCE: Kind.EVIDENCE,
}  # fmt: skip

FIELDS: Final = ("title", "summary", "change_note")
ROUTES: Final = (
    "oral", "sublingual", "intravenous", "intramuscular", "subcutaneous", "intranasal", "implant",
    "parenteral", "psychosocial",
)  # fmt: skip
PHASES: Final = (
    "start", "day_1", "day_2", "titration", "maintenance", "withdrawal", "taper", "rescue", "course",
)  # fmt: skip
DOSE_UNITS: Final = ("mg", "µg", "g", "mL", "IU", "%", "tablet", "session")
PER: Final = ("dose", "day", "week", "month", "course")
SOURCE_STATES: Final = ("cited", "partly", "to_verify")
ORIGINS: Final = ("human", "memory", "machine_edited")
QUOTATIONS: Final = ("cited", "short_quote", "adapted_text", "translated_text")
LEGAL_MONTHS: Final = 12
REVIEW_MONTHS: Final = 24
REVIEW_MONTHS_WITH_DOSE: Final = 12
