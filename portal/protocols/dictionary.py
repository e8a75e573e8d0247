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


class AssignmentState(StrEnum):
    """`declared` waits for the editor's decision about interests; `reading` is an accepted invitation.

    Overdue is no state: an open assignment is overdue from the day after its date.
    """

    INVITED = "invited"
    DECLARED = "declared"
    READING = "reading"
    SUBMITTED = "submitted"
    DECLINED = "declined"
    EXPIRED = "expired"
    DISMISSED = "dismissed"
    CLOSED = "closed"


class InterestDecision(StrEnum):
    NONE = "none"
    MANAGE = "manage"
    EXCLUDE = "exclude"


class NoticeKind(StrEnum):
    CONCERN = "concern"
    RETIREMENT = "retirement"
    WITHDRAWAL = "withdrawal"


class NoticeState(StrEnum):
    """A withdrawal is proposed by one chief editor and in force with the second."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    CLOSED = "closed"
    EXPIRED = "expired"
    DROPPED = "dropped"


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
# What a protocol has come to for its readers: the last version in one of these states.
HEAD: Final = (*CURRENT, State.RETIRED, State.WITHDRAWN)
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

FORK_KINDS: Final = ("adaptation", "merge", "update")
# Evidence to decision, in short: why the adaptation differs in its country or centre.
ETD: Final = (
    "problem", "benefits", "harms", "values", "resources", "equity", "acceptability", "feasibility",
)  # fmt: skip
FORK_DECISIONS: Final = ("take", "ignore", "later")
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
LEGAL_REMINDERS: Final = (-30, 0)
REVIEW_MONTHS: Final = 24
REVIEW_MONTHS_WITH_DOSE: Final = 12

ASKED: Final = (AssignmentState.INVITED, AssignmentState.DECLARED, AssignmentState.READING)
SEATED: Final = (*ASKED, AssignmentState.SUBMITTED)
MAY_READ: Final = (AssignmentState.READING, AssignmentState.SUBMITTED, AssignmentState.CLOSED)
INTERESTS: Final = ("financial", "intellectual", "institutional", "personal")
SAFETY: Final = "safety"
CONCERN_REASONS: Final = ("dose", "harm", SAFETY, "evidence", "law", "other")
RETIREMENT_REASONS: Final = ("outdated", "replaced", "law_changed", "no_maintainer")
WITHDRAWAL_REASONS: Final = ("harm", "error", "fraud", "privacy", "rights")
LEGAL_ORDER: Final = "legal_order"
HIDING_REASONS: Final = ("court_order", "authority_order", "counsel", "third_party")
REJECTION_REASONS: Final = ("scope", "evidence", "duplicate", "licence", "quality")
CONCERN_DAYS: Final = 30
APPEAL_DAYS: Final = 30
INVITATION_DAYS: Final = 7
REVIEW_DAYS: Final = 21
# Days from the date until which a review is asked for: before it, and after.
REVIEW_REMINDERS: Final = (-3, 2, 7)
ABANDONED_DAYS: Final = 180
ABANDONMENT_REMINDERS: Final = (150, 173)
CONCERN_REMINDER: Final = 5
CURRENCY_REMINDERS: Final = (-30, 0)
INTERESTS_DAYS: Final = 365
COAUTHOR_MONTHS: Final = 36
