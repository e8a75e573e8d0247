"""Tables of protocols: versions and their blocks, reviews bound to a content hash, units of translation."""

from portal.protocols.models.keeping import KeptForm
from portal.protocols.models.protocols import (
    Block,
    LegalStatus,
    Protocol,
    ProtocolConcept,
    ProtocolVersion,
    Reference,
)
from portal.protocols.models.reviews import (
    PublicationApproval,
    Review,
    ReviewAssignment,
    ReviewComment,
)
from portal.protocols.models.translating import (
    JointRelease,
    SourceChange,
    UnitComment,
    UnitComplaint,
    UnitSample,
)
from portal.protocols.models.translations import TranslationPublication, TranslationUnit

__all__ = [
    "Block",
    "JointRelease",
    "KeptForm",
    "LegalStatus",
    "Protocol",
    "ProtocolConcept",
    "ProtocolVersion",
    "PublicationApproval",
    "Reference",
    "Review",
    "ReviewAssignment",
    "ReviewComment",
    "SourceChange",
    "TranslationPublication",
    "TranslationUnit",
    "UnitComment",
    "UnitComplaint",
    "UnitSample",
]
