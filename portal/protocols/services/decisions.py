"""Verbs that move a version between author and editors: submit, return, reject, ask for changes, accept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Invalid, Problem
from portal.core.permissions import Actor
from portal.core.workflow import check
from portal.extensions import db
from portal.protocols.dictionary import APPEAL_DAYS, REJECTION_REASONS
from portal.protocols.models import ProtocolVersion, Rejection
from portal.protocols.policies import can_submit, check_can_screen, check_can_submit
from portal.protocols.queries.versions import standing_of
from portal.protocols.services.concerns import doubt_corrected_dose
from portal.protocols.services.content import hash_of, refuse_identifiers, refuse_unseen, refuse_writer
from portal.protocols.services.drafts import renumber
from portal.protocols.services.reviews import Remark, add_remarks, send_back
from portal.protocols.services.telling import close_assignments, tell_author, tell_editors
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
    if verb == "submit":
        doubt_corrected_dose(version, by=by, now=now)
    tell_editors(version, "protocol_submitted", version_id=version.id)
    _move(version, row.target, row.event, by=by, now=now, hash_after=version.content_hash)


@transaction
def return_to_draft(version: ProtocolVersion, reason: str, *, by: Actor, now: datetime) -> None:
    """The author takes a submission back, or an editor returns it with a reason."""
    if not can_submit(by, version):
        check_can_screen(by, version)
    _need(reason)
    row = check(TRANSITIONS, standing_of(version), "return")
    if by.id != version.created_by:
        tell_author(version, "protocol_returned")
    _move(version, row.target, row.event, by=by, now=now, reason_text=reason.strip())


@transaction
def reject(
    version: ProtocolVersion,
    reason: str,
    code: str = "quality",
    *,
    lang: str = "en",
    by: Actor,
    now: datetime,
) -> Rejection:
    """An editor refuses a submission; code and reason go to the author, who may appeal within 30 days."""
    check_can_screen(by, version)
    _need(reason)
    if code not in REJECTION_REASONS:
        raise Invalid(problems=(Problem("code", "code_unknown"),))
    row = check(TRANSITIONS, standing_of(version), "reject")
    close_assignments(version)
    rejection = Rejection(
        version_id=version.id, reason_code=code, reason=reason.strip(), lang=lang, country=by.country,
        rejected_by=by.id, rejected_at=now,
    )  # fmt: skip
    db.session.add(rejection)
    tell_author(version, "protocol_rejected", days=APPEAL_DAYS)
    _move(version, row.target, row.event, by=by, now=now, reason_code=code, reason_text=reason.strip())
    return rejection


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
def accept(version: ProtocolVersion, *, by: Actor, now: datetime, seen: str = "") -> None:
    """An editor accepts what two reviewers and the dose check approved in exactly this form."""
    check_can_screen(by, version)
    refuse_writer(version, by)
    refuse_unseen(version, seen)
    row = check(TRANSITIONS, standing_of(version), "accept")
    version.accepted_by, version.accepted_at = by.id, now
    close_assignments(version)
    tell_author(version, "protocol_accepted")
    _move(version, row.target, row.event, by=by, now=now, hash_after=version.content_hash)


def _move(
    version: ProtocolVersion, state: str, event: str, *, by: Actor, now: datetime, **details: Any
) -> None:
    version.state, version.changed_at = state, now
    record(event, by=by, target=("protocol", version.protocol.public_id),
           changes={"version": version.number}, **details)  # fmt: skip


def _need(reason: str) -> None:
    if not reason.strip():
        raise Invalid("reason_missing", problems=(Problem("reason", "reason_missing"),))
    refuse_identifiers(reason=reason)
