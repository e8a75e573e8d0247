"""Tables of protocols: versions and their blocks, reviews bound to a content hash, units of translation."""

from portal.protocols.models.bookmarks import Bookmark
from portal.protocols.models.following import FidelityCheck, FollowAnswer, ProgrammeProtocol
from portal.protocols.models.forks import ForkDecision, ProtocolFork, Rationale
from portal.protocols.models.hiding import ProtocolHiding
from portal.protocols.models.interests import ApprovalWithdrawal, CoiDeclaration
from portal.protocols.models.keeping import KeptForm
from portal.protocols.models.notices import CurrencyCheck, Rejection, Reminder, VersionNotice
from portal.protocols.models.protocols import (
    Block,
    LegalStatus,
    Protocol,
    ProtocolConcept,
    ProtocolVersion,
    Reference,
)
from portal.protocols.models.reports import FieldReport
from portal.protocols.models.reviews import (
    PublicationApproval,
    Review,
    ReviewAssignment,
    ReviewComment,
)
from portal.protocols.models.searches import SavedSearch, SearchQuery
from portal.protocols.models.translating import (
    JointRelease,
    SourceChange,
    UnitComment,
    UnitComplaint,
    UnitSample,
)
from portal.protocols.models.translations import TranslationPublication, TranslationUnit

__all__ = [
    "ApprovalWithdrawal",
    "Block",
    "Bookmark",
    "CoiDeclaration",
    "CurrencyCheck",
    "FidelityCheck",
    "FieldReport",
    "FollowAnswer",
    "ForkDecision",
    "JointRelease",
    "KeptForm",
    "LegalStatus",
    "ProgrammeProtocol",
    "Protocol",
    "ProtocolConcept",
    "ProtocolFork",
    "ProtocolHiding",
    "ProtocolVersion",
    "PublicationApproval",
    "Rationale",
    "Reference",
    "Rejection",
    "Reminder",
    "Review",
    "ReviewAssignment",
    "ReviewComment",
    "SavedSearch",
    "SearchQuery",
    "SourceChange",
    "TranslationPublication",
    "TranslationUnit",
    "UnitComment",
    "UnitComplaint",
    "UnitSample",
    "VersionNotice",
]
