"""Protocols at the end of their lives for the stage of pages: under concern, retired, withdrawn, refused."""

from typing import Any

from fate_world import CONCERN, HARM, task_of
from protocol_world import NOW, World, bring_to, make_draft, make_published

from portal.protocols.queries.interests import list_declarations
from portal.protocols.services import appeals, concerns, decisions, endings, interests
from portal.protocols.services.concerns import Reason
from portal.protocols.services.interests import Interests


def make_fates(world: World) -> dict[str, Any]:
    """Numbers of what was made, by the names that pages use."""
    concerned, retired, withdrawn = (make_published(world) for _ in range(3))
    notice = concerns.raise_concern(concerned, CONCERN, by=world.editor, now=NOW)
    replaced = Reason("replaced", "See the newer one.", "en", concerned.protocol_id)
    endings.retire(retired, replaced, by=world.chiefs[0], now=NOW)
    proposed = endings.propose_withdrawal(withdrawn, HARM, by=world.chiefs[0], now=NOW)
    endings.confirm_withdrawal(proposed, by=world.chiefs[1], now=NOW)
    refused = bring_to(world, make_draft(world), "submitted")
    rejection = decisions.reject(refused, "Outside our field.", "scope", by=world.editor, now=NOW)
    appeals.appeal(rejection, "It is what we treat.", by=world.author, now=NOW)
    return {
        "concerned": concerned.protocol.public_id, "retired": retired.protocol.public_id,
        "withdrawn": withdrawn.protocol.public_id, "refused": refused.id, "notice": notice.id,
    } | _doubted(world)  # fmt: skip


def _doubted(world: World) -> dict[str, Any]:
    """A version in review on which an editor has interests to decide, and one with a task to take back."""
    version = bring_to(world, make_draft(world), "in_review")
    task = task_of(version, world.reviewers[1])
    said = Interests(financial="Fees for lectures.", employer=True)
    interests.declare_as_reviewer(task, said, by=world.reviewers[1], now=NOW)
    return {"doubted": version.id, "declared_interests": list_declarations(version)[-1].id}
