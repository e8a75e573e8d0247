"""Complaints about a text of a translation, remarks on it, and what an editor decides."""

from datetime import datetime
from typing import Final

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, InvalidTransition, NotAllowed, Problem
from portal.core.notify import notify
from portal.core.permissions import Actor
from portal.extensions import db
from portal.protocols.models import ProtocolVersion, UnitComment, UnitComplaint
from portal.protocols.policies import (
    check_can_complain,
    check_can_discuss_unit,
    check_can_judge_complaint,
)
from portal.protocols.queries.complaints import find_open_complaint, find_unit
from portal.protocols.queries.translations import find_latest, find_source, list_readable, list_views
from portal.protocols.queries.versions import find_people
from portal.protocols.services.content import refuse_identifiers
from portal.protocols.services.translations import reopen_unit

LONGEST_QUOTE: Final = 300


@transaction
def complain(
    version: ProtocolVersion, key: str, lang: str, body: str, *, by: Actor, now: datetime
) -> UnitComplaint:
    """Say that a text which readers get in a language is wrong. An editor decides.

    Raises InvalidTransition where readers get no translation, Conflict for a second open complaint.
    """
    check_can_complain(by)
    find_source(version, key)
    _check_words("body", body)
    shown = {view.source.key: view.approved for view in list_readable(version, lang)}[key]
    if shown is None:
        raise InvalidTransition("unit_untranslated")
    if find_open_complaint(shown.id, by.id):
        raise Conflict("already_complained")
    complaint = UnitComplaint(
        protocol_id=version.protocol_id, unit_id=shown.id, unit_key=key, lang=lang, body=body.strip(),
        state="open", created_by=by.id, created_at=now,
    )  # fmt: skip
    db.session.add(complaint)
    record("translation.complained", by=by, target=("protocol", version.protocol.public_id),
           changes={"version": version.number, "lang": lang, "unit": key})  # fmt: skip
    return complaint


@transaction
def accept_complaint(complaint: UnitComplaint, version: ProtocolVersion, *, by: Actor, now: datetime) -> None:
    """The text goes back to draft and out of the readers' page; its translator is told why."""
    check_can_judge_complaint(by)
    _close(complaint, "accepted", "", by=by, now=now)
    if _still_holds(version, complaint):
        reopen_unit(version, complaint.unit_key, complaint.lang, complaint.body, by=by, now=now)
    _tell(complaint, version)
    record("translation.complaint_accepted", by=by, target=("protocol", version.protocol.public_id),
           changes={"lang": complaint.lang, "unit": complaint.unit_key})  # fmt: skip


@transaction
def dismiss_complaint(
    complaint: UnitComplaint, version: ProtocolVersion, answer: str, *, by: Actor, now: datetime
) -> None:
    """The text stands; whoever complained gets the reason. Not by who wrote or approved the text."""
    check_can_judge_complaint(by)
    said = find_unit(complaint.unit_id)
    if by.id in (said.translated_by, said.reviewed_by):
        raise NotAllowed("own_translation")
    _check_words("answer", answer)
    _close(complaint, "dismissed", answer.strip(), by=by, now=now)
    _tell(complaint, version)
    record("translation.complaint_dismissed", by=by, target=("protocol", version.protocol.public_id),
           reason_text=answer.strip(),
           changes={"lang": complaint.lang, "unit": complaint.unit_key})  # fmt: skip


@transaction
def comment(
    version: ProtocolVersion, key: str, lang: str, body: str, *, by: Actor, now: datetime, quote: str = ""
) -> UnitComment:
    """A remark on a text, or on the words of it that `quote` repeats."""
    check_can_discuss_unit(by)
    find_source(version, key)
    _check_words("comment", body)
    refuse_identifiers(quote=quote)
    latest = find_latest(version.protocol_id, key, lang)
    made = UnitComment(
        protocol_id=version.protocol_id, unit_key=key, lang=lang, revision=latest.revision if latest else 0,
        quote=" ".join(quote.split())[:LONGEST_QUOTE], body=body.strip(), created_by=by.id, created_at=now,
    )  # fmt: skip
    db.session.add(made)
    record("translation.commented", by=by, target=("protocol", version.protocol.public_id),
           changes={"lang": lang, "unit": key})  # fmt: skip
    return made


@transaction
def settle_comment(said: UnitComment, version: ProtocolVersion, *, by: Actor, now: datetime) -> None:
    """A remark was dealt with; it stays to be read."""
    check_can_discuss_unit(by)
    if said.settled_at is not None:
        raise Conflict("already_decided")
    said.settled_by, said.settled_at = by.id, now
    record("translation.comment_settled", by=by, target=("protocol", version.protocol.public_id),
           changes={"lang": said.lang, "unit": said.unit_key})  # fmt: skip


def _close(complaint: UnitComplaint, state: str, answer: str, *, by: Actor, now: datetime) -> None:
    if complaint.state != "open":
        raise Conflict("already_decided")
    complaint.state, complaint.answer = state, answer
    complaint.decided_by, complaint.decided_at = by.id, now


def _still_holds(version: ProtocolVersion, complaint: UnitComplaint) -> bool:
    """Whether the text that was complained about is still the approved one."""
    views = {view.source.key: view for view in list_views(version, complaint.lang)}
    view, said = views.get(complaint.unit_key), find_unit(complaint.unit_id)
    return view is not None and view.last_approved is not None and view.last_approved.text == said.text


def _tell(complaint: UnitComplaint, version: ProtocolVersion) -> None:
    person = find_people({complaint.created_by}).get(complaint.created_by)
    if person is not None:
        values = {"public_id": version.protocol.public_id, "target": complaint.lang, "state": complaint.state}
        notify(person, "complaint_decided", values)


def _check_words(name: str, text: str) -> None:
    if not text.strip():
        raise Invalid(problems=(Problem(name, "text_missing"),))
    refuse_identifiers(**{name: text})
