"""What every change of a version's content does: refuse where it is closed, hash anew, let approvals fall.

Approvals are bound to a hash, so nothing is deleted: reviewers whose word no longer fits are asked again.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.core import identifiers
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, InvalidTransition, NotAllowed, Problem
from portal.core.identifiers import Level
from portal.core.permissions import Actor
from portal.core.workflow import find
from portal.extensions import db
from portal.protocols.dictionary import EDITABLE, AssignmentState, State
from portal.protocols.models import ProtocolVersion, Reference
from portal.protocols.policies import check_can_edit
from portal.protocols.queries.lineage import list_rationale, rationale_fields
from portal.protocols.queries.versions import (
    list_assignments,
    list_blocks,
    list_concepts,
    list_references,
)
from portal.protocols.queries.work import has_written
from portal.protocols.services.telling import tell_reviewers
from portal.protocols.units import content_hash
from portal.protocols.workflow import ASSIGNMENT_TRANSITIONS, TRANSITIONS

REFERENCE_FIELDS = (
    "key", "cite", "doi", "pmid", "isbn", "url", "language", "licence", "quotation", "status", "status_note",
)  # fmt: skip
# Part of the content where they say anything: without them a hash is what it was before there were any.
SELDOM_FIELDS = ("permission", "notice")


def refuse_closed(version: ProtocolVersion, *, by: Actor) -> None:
    """Only its authors change a version, and only before publication."""
    check_can_edit(by, version)
    if version.state not in EDITABLE:
        raise InvalidTransition("content_closed", state=version.state)


def refuse_writer(version: ProtocolVersion, person: Actor) -> None:
    """Who wrote any of a text decides nothing about it, also after having left the author's organisation."""
    if has_written(person.id, version.protocol):
        raise NotAllowed("wrote_it")


def refuse_unseen(version: ProtocolVersion, seen: str) -> None:
    """Nobody decides about a content that changed while the page was open. No `seen`: no page was open."""
    if seen and seen != version.content_hash:
        raise Conflict("content_changed")


def refuse_identifiers(**texts: str) -> None:
    """Raise Invalid for texts that hold an identifier of a person, whoever calls. Forms ask about more."""
    certain = [
        name
        for name, text in texts.items()
        if any(hit.level == Level.BLOCK for hit in identifiers.scan(text))
    ]
    if certain:
        raise Invalid(problems=tuple(Problem(name, "identifier_found") for name in certain))


def hash_of(version: ProtocolVersion) -> str:
    """Hash of the content as it stands in the database."""
    db.session.flush()
    fields = {name: getattr(version, name) for name in ("title", "summary", "change_note", "licence")}
    fields |= rationale_fields(list_rationale(version.id))
    # Not words, but they decide who has to agree, and readers are told of them.
    fields |= {"change_type": version.change_type, "evidence": str(version.evidence_searched_on or "")}
    return content_hash(
        fields,
        [block.source_hash for block in list_blocks(version.id)],
        [(link.concept_id, link.role) for link in list_concepts(version.id)],
        [reference_values(row) for row in list_references(version.id)],
    )


def reference_values(row: Reference) -> dict[str, str]:
    """A cited work as part of the content."""
    values = {name: getattr(row, name) for name in REFERENCE_FIELDS}
    return values | {name: getattr(row, name) for name in SELDOM_FIELDS if getattr(row, name)}


def note_change(
    version: ProtocolVersion, what: str, *, by: Actor, now: datetime, changes: Mapping[str, Any] | None = None
) -> None:
    """Hash anew, reopen the review of an accepted version, and record the event."""
    before = version.content_hash
    version.content_hash, version.changed_at = hash_of(version), now
    if version.content_hash != before:
        _forget_exceptions(version)
        _ask_again(version)
    record(
        f"protocol.{what}", by=by, target=("protocol", version.protocol.public_id), hash_before=before,
        hash_after=version.content_hash, changes={"version": version.number, **(changes or {})},
    )  # fmt: skip


def _forget_exceptions(version: ProtocolVersion) -> None:
    """What an editor let pass was another content."""
    version.override_reason = version.override_by = None
    version.exception_reason = version.exception_by = None


def _ask_again(version: ProtocolVersion) -> None:
    """Approvals of another content do not count: who gave them reads again, and is told."""
    if version.state == State.ACCEPTED:
        version.state = find(TRANSITIONS, version.state, "edit").target
        version.accepted_at = version.accepted_by = None
    if version.state != State.IN_REVIEW:
        return
    done = [a for a in list_assignments(version.id) if a.state == AssignmentState.SUBMITTED]
    for assignment in done:
        assignment.state = find(ASSIGNMENT_TRANSITIONS, assignment.state, "resume").target
    tell_reviewers(version, done, "review_again")
