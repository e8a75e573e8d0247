"""Codes and their meaning: classes of programmes, causes of ending, public levels, days and weeks."""

from enum import StrEnum
from typing import Final

DEFINITIONS_VERSION: Final = "1"
"""Version of every definition in this module; cubes and released results carry it."""

COHORT_DAYS: Final = 183
"""Days after the last day of the admission month that an edition observes; endings are cut here."""

RETENTION_DAY: Final = 180
"""Day of the fixed-cohort retention that programmes are compared on."""

RETENTION_DAYS: Final = (28, 90, 180)
"""Days at which an edition reports retention of a fixed cohort."""

POINT_WEEKS: Final = (4, 8, 12, 26)
"""Weeks at which time-limited programmes show retention, as points with intervals."""

CURVE_WEEKS: Final = 26
"""Last whole week inside COHORT_DAYS: curves and restricted means end here."""

ASSESSMENT_WINDOW: Final = (154, 210)
"""First and last day of the review that the half-year outcomes are read from (182 ± 28)."""

CONTROLLED_ENVIRONMENT_DAYS: Final = 14
"""From this many of 28 days in a controlled environment on, abstinence is not judged."""

DEPOT_GRACE_DAYS: Final = 7
"""Days after the end of a depot's coverage before the person counts as having left."""


class Klass(StrEnum):
    """Comparability class: only programmes of one class and country are ever set side by side."""

    WITHDRAWAL = "withdrawal"
    AGONIST = "agonist"
    ANTAGONIST = "antagonist"
    OUTPATIENT = "outpatient_psychosocial"
    RESIDENTIAL = "residential"


MODALITIES_OF: Final[dict[Klass, tuple[str, ...]]] = {
    Klass.WITHDRAWAL: ("M10", "M11", "M12", "M13"),
    Klass.AGONIST: ("M20", "M21", "M22", "M23", "M24"),
    Klass.ANTAGONIST: ("M30", "M31", "M32"),
    Klass.OUTPATIENT: ("M40", "M41", "M42"),
    Klass.RESIDENTIAL: ("M50", "M51", "M52", "M53", "M54"),
}
"""Modality codes of each class. Codes in no class (M33, M34, M60 and above) are never compared."""

CLASS_OF: Final[dict[str, Klass]] = {code: klass for klass, codes in MODALITIES_OF.items() for code in codes}
"""Class of a modality code; a code that is missing here has none."""

OPEN_ENDED: Final = frozenset({"M20", "M21", "M22", "M23", "M30", "M31", "M32"})
"""Maintenance without a planned end: only here may planned completion be censored and a curve be drawn."""

OPEN_ENDED_CLASSES: Final = frozenset({Klass.AGONIST, Klass.ANTAGONIST})
"""Classes whose retention is shown as curve and restricted mean; the others show points at POINT_WEEKS."""

COMPLETION_CLASSES: Final = frozenset({Klass.RESIDENTIAL, Klass.WITHDRAWAL})
"""Classes in which completing the planned treatment is the outcome that programmes are compared on."""

DEPOT_MODALITIES: Final = frozenset({"M22", "M31", "M32"})
"""Injected or implanted medication: length of stay is what the last dose still covered."""


class EndCause(StrEnum):
    """How an episode ended, as survival methods see it."""

    CENSORED = "censored"
    COMPLETED = "completed"
    DROPPED_OUT = "dropped_out"
    DIED = "died"
    IMPRISONED = "imprisoned"
    RELEASED = "released"


END_CAUSES: Final = tuple(EndCause)
"""Order of the integer codes in cubes; 0 is censored."""

REASON_COMPLETED: Final = frozenset({10, 11, 12, 13})
REASON_TRANSFERRED: Final = frozenset({21, 22})
REASON_DROPPED: Final = frozenset({31, 32, 33, 35, 99})
REASON_NOT_STARTED: Final = 34
REASON_IMPRISONED: Final = 41
REASON_DIED: Final = frozenset({51, 52, 53})
REASON_MOVED: Final = 61
REASON_RELEASED: Final = 71
REASON_UNKNOWN: Final = 99

CAUSE_OF: Final[dict[int, EndCause]] = {
    **dict.fromkeys(REASON_COMPLETED, EndCause.COMPLETED),
    **dict.fromkeys(REASON_TRANSFERRED, EndCause.CENSORED),
    **dict.fromkeys(REASON_DROPPED, EndCause.DROPPED_OUT),
    REASON_IMPRISONED: EndCause.IMPRISONED,
    **dict.fromkeys(REASON_DIED, EndCause.DIED),
    REASON_MOVED: EndCause.CENSORED,
    REASON_RELEASED: EndCause.RELEASED,
}
"""Cause of each discharge reason. 34 (declined after assessment) is not in it: that treatment never began."""


class Way(StrEnum):
    """Public level of the way an episode stood on day 183."""

    IN_TREATMENT = "in_treatment"
    COMPLETED = "completed"
    LOST = "lost"
    TRANSFERRED = "transferred"
    OTHER = "other"


WAY_OF: Final[dict[int, Way]] = {
    **dict.fromkeys(REASON_COMPLETED, Way.COMPLETED),
    **dict.fromkeys(REASON_DROPPED, Way.LOST),
    **dict.fromkeys((*REASON_TRANSFERRED, REASON_MOVED), Way.TRANSFERRED),
    **dict.fromkeys((REASON_IMPRISONED, REASON_RELEASED, *REASON_DIED), Way.OTHER),
}
"""Public level of each discharge reason."""
