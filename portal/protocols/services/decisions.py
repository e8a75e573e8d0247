"""Verbs that move a version between author and editors: submit, return, reject, ask for changes, accept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Invalid, Problem
from portal.core.notify import notify
from portal.core.permissions import Actor
from portal.core.workflow import check
from portal.protocols.models import ProtocolVersion
from portal.protocols.policies import can_submit, check_can_screen, check_can_submit
from portal.protocols.queries.versions import find_people, list_assignments, standing_of
from portal.protocols.services.content import hash_of, refuse_identifiers
from portal.protocols.services.drafts import renumber
from portal.protocols.services.reviews import Remark, add_remarks, send_back
from portal.protocols.workflow import TRANSITIONS


@transaction
def submit(version: ProtocolVersion, *, by: Actor, now: datetime) -> None:
    """The author hands a draft, or an answered revision, to the editors of either country.

    Raises InvalidTransition with what is missing, or when a clinical change is called minor.
    """
    check_can_submit(by, version)
    verb = "resubmit" if version.state == "changes_requested" else "submit"
    row = check(TRANSITIONS, standing_of(version), verb)
    renumber(version)
    version.protocol.organisation_ids = sorted(by.organisation_ids)
    version.content_hash = hash_of(version)
    version.submitted_by, version.submitted_at = by.id, now
    _move(version, row.target, row.event, by=by, now=now, hash_after=version.content_hash)


@transaction
def return_to_draft(version: ProtocolVersion, reason: str, *, by: Actor, now: datetime) -> None:
    """The author takes a submission back, or an editor returns it with a reason."""
    if not can_submit(by, version):
        check_can_screen(by, version)
    _need(reason)
    row = check(TRANSITIONS, standing_of(version), "return")
    _move(version, row.target, row.event, by=by, now=now, reason_text=reason.strip())


@transaction
def reject(version: ProtocolVersion, reason: str, *, by: Actor, now: datetime) -> None:
    """An editor refuses a submission; the reason goes to the author."""
    check_can_screen(by, version)
    _need(reason)
    row = check(TRANSITIONS, standing_of(version), "reject")
    _close(version)
    _tell_author(version, "protocol_rejected")
    _move(version, row.target, row.event, by=by, now=now, reason_text=reason.strip())


@transaction
def request_changes(
    version: ProtocolVersion, remarks: Sequence[Remark] = (), *, lang: str = "en", by: Actor, now: datetime
) -> None:
    """An editor sends the version back with at least one remark of a reviewer or of the editor."""
    check_can_screen(by, version)
    add_remarks(version, remarks, lang=lang, by=by, now=now)
    send_back(version, now=now)
    record("protocol.changes_requested", by=by, target=("protocol", version.protocol.public_id),
           changes={"version": version.number, "remarks": len(remarks)})  # fmt: skip


@transaction
def accept(version: ProtocolVersion, *, by: Actor, now: datetime) -> None:
    """An editor accepts what two reviewers and the dose check approved in exactly this form."""
    check_can_screen(by, version)
    row = check(TRANSITIONS, standing_of(version), "accept")
    version.accepted_by, version.accepted_at = by.id, now
    _close(version)
    _tell_author(version, "protocol_accepted")
    _move(version, row.target, row.event, by=by, now=now, hash_after=version.content_hash)


def _move(
    version: ProtocolVersion, state: str, event: str, *, by: Actor, now: datetime, **details: Any
) -> None:
    version.state, version.changed_at = state, now
    record(event, by=by, target=("protocol", version.protocol.public_id),
           changes={"version": version.number}, **details)  # fmt: skip


def _close(version: ProtocolVersion) -> None:
    """Nobody is asked any longer once there is a decision."""
    for assignment in list_assignments(version.id):
        if assignment.state in ("invited", "reading"):
            assignment.state = "closed"


def _tell_author(version: ProtocolVersion, key: str) -> None:
    author = find_people({version.created_by})[version.created_by]
    notify(author, key, {"public_id": version.protocol.public_id})


def _need(reason: str) -> None:
    if not reason.strip():
        raise Invalid("reason_missing", problems=(Problem("reason", "reason_missing"),))
    refuse_identifiers(reason=reason)
