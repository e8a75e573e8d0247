"""Fixed lists of the discussion: kinds, states, reasons, bands of a case. Codes only, no texts."""

from enum import StrEnum
from typing import Final

LANGUAGES: Final = ("en", "ru", "fa")


class Kind(StrEnum):
    """What a thread is for."""

    QUESTION = "question"
    EXPERIENCE = "experience"
    CASE = "case"
    DISPUTE = "dispute"


class About(StrEnum):
    """What a thread hangs on. `alert` is kept for early warnings; `nothing` is a case of its own."""

    PROTOCOL = "protocol"
    VERSION = "version"
    BLOCK = "block"
    ALERT = "alert"
    NOTHING = "nothing"


class PostState(StrEnum):
    """`removed` leaves a tombstone with the reason, `deleted` one that says who took it back."""

    VISIBLE = "visible"
    HELD = "held"
    HIDDEN = "hidden"
    REMOVED = "removed"
    DELETED = "deleted"


class Reason(StrEnum):
    """Why somebody flags a post, and why a moderator removes one."""

    PATIENT = "patient"
    DANGEROUS = "dangerous"
    PROMOTION = "promotion"
    INSULT = "insult"
    OFF_TOPIC = "off_topic"
    OTHER = "other"


class FlagState(StrEnum):
    OPEN = "open"
    AGREED = "agreed"
    DISAGREED = "disagreed"
    IGNORED = "ignored"


class AppealState(StrEnum):
    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"


class SanctionState(StrEnum):
    """A sanction ends by itself when its time is over; `lifted` says that a moderator ended it."""

    ISSUED = "issued"
    LIFTED = "lifted"


class Verdict(StrEnum):
    """What a moderator says about a post that waits."""

    ACCEPT = "accept"
    AGREE = "agree"
    DISAGREE = "disagree"
    IGNORE = "ignore"


class AgeBand(StrEnum):
    """The age bands of public results: nothing finer leaves a consulting room."""

    UNDER_18 = "under_18"
    TO_24 = "18_24"
    TO_34 = "25_34"
    TO_44 = "35_44"
    TO_54 = "45_54"
    FROM_55 = "55_over"


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"
    NOT_SAID = "not_said"


class Outcome(StrEnum):
    """What became of a case after 60 days."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    LEFT = "left"
    UNKNOWN = "unknown"


class Waits(StrEnum):
    """What waits in the moderators' queue."""

    SAFETY = "safety"
    HELD = "held"
    FLAG = "flag"
    APPEAL = "appeal"
    SANCTION_APPEAL = "sanction_appeal"
    FOLLOW_UP = "follow_up"


# Safety first: from a person whose flags weigh, these two hide the post at once.
GRAVE: Final = frozenset({Reason.PATIENT, Reason.DANGEROUS})
GONE: Final = frozenset({PostState.REMOVED, PostState.DELETED})
