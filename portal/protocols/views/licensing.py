"""Early warnings about licences while a draft is written; the check before publication asks the same."""

from portal.protocols.models import ProtocolVersion
from portal.protocols.queries.versions import content_of
from portal.protocols.rules import licence_problems
from portal.protocols.views.blueprint import sentence_of


def licence_notes(version: ProtocolVersion) -> list[str]:
    """What stands against the licence of a draft, in words."""
    return [sentence_of(problem) for problem in licence_problems(content_of(version))]
