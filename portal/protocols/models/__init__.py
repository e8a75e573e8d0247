"""Tables of protocols: versions and their blocks, reviews bound to a content hash, units of translation."""

from portal.protocols.models.following import FidelityCheck, FollowAnswer, ProgrammeProtocol
from portal.protocols.models.keeping import KeptForm
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
from portal.protocols.models.translations import TranslationPublication, TranslationUnit

__all__ = [
    "Block",
    "FidelityCheck",
    "FieldReport",
    "FollowAnswer",
    "KeptForm",
    "LegalStatus",
    "ProgrammeProtocol",
    "Protocol",
    "ProtocolConcept",
    "ProtocolVersion",
    "PublicationApproval",
    "Reference",
    "Review",
    "ReviewAssignment",
    "ReviewComment",
    "SavedSearch",
    "SearchQuery",
    "TranslationPublication",
    "TranslationUnit",
]
