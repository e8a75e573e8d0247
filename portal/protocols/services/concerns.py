"""Notices of concern: raised at once by an editor, ended by the chief editors or after 30 days."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, Problem
from portal.core.permissions import Actor
from portal.core.workflow import find
from portal.extensions import db
from portal.protocols.dictionary import (
    CONCERN_DAYS,
    CONCERN_REASONS,
    LANGUAGES,
    ChangeType,
    Kind,
    NoticeKind,
    NoticeState,
    State,
)
from portal.protocols.models import ProtocolVersion, VersionNotice
from portal.protocols.policies import check_can_oversee, check_can_raise_concern
from portal.protocols.queries.notices import find_standing
from portal.protocols.queries.versions import difference, find_version, list_blocks
from portal.protocols.services.content import refuse_identifiers
from portal.protocols.services.followers import tell_concern
from portal.protocols.services.indexing import reindex
from portal.protocols.services.telling import list_builders, list_translating, tell_readers
from portal.protocols.workflow import NOTICE_TRANSITIONS, TRANSITIONS


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a code that reads in every language, words in one, and where to go instead."""

    code: str
    body: str
    lang: str = "en"
    replaced_by_id: int | None = None


@transaction
def raise_concern(
    version: ProtocolVersion, why: Reason, *, by: Actor, now: datetime, flagged: bool = False
) -> VersionNotice:
    """published → under concern: a banner at once, for 30 days. `flagged`: a clinician's flag of safety.

    Raises Conflict for a version that is under concern already, Invalid without a reason.
    """
    check_can_raise_concern(by, version, flagged=flagged)
    check_reason(why, CONCERN_REASONS)
    return _raise(version, why, by=by, now=now)


@transaction
def renew_concern(notice: VersionNotice, *, by: Actor, now: datetime) -> None:
    """A chief editor lets a concern stand for 30 more days."""
    version = _under_concern(notice, by)
    row = find(NOTICE_TRANSITIONS, notice.state, "renew")
    notice.ends_at = now + timedelta(days=CONCERN_DAYS)
    note(row.event, version, by=by, ends_on=notice.ends_at.date().isoformat())


@transaction
def close_concern(notice: VersionNotice, outcome: str, *, lang: str = "en", by: Actor, now: datetime) -> None:
    """under concern → published, with what was found; the same people are told."""
    version = _under_concern(notice, by)
    if not outcome.strip():
        raise Invalid("outcome_missing", problems=(Problem("outcome", "outcome_missing"),))
    refuse_identifiers(outcome=outcome)
    notice.outcome, notice.outcome_lang = outcome.strip(), lang
    _end(notice, "close", by=by, now=now)
    _move(version, "close_concern", now=now)
    tell_readers(version, "concern_closed", also=list_translating(version))
    note("protocol.concern_closed", version, by=by, reason_text=outcome.strip())


@transaction
def expire_concern(notice: VersionNotice, *, by: Actor, now: datetime) -> None:
    """Nobody renewed it in time: the version is published as before, and the history says so."""
    version = find_version(notice.version_id)
    assert version is not None  # a foreign key says so
    _end(notice, "expire", by=by, now=now)
    if version.state == State.UNDER_CONCERN:
        _move(version, "expire_concern", now=now)
    tell_readers(version, "concern_closed", also=list_translating(version))
    note("protocol.concern_expired", version, by=by)


def doubt_corrected_dose(version: ProtocolVersion, *, by: Actor, now: datetime) -> None:
    """A correction of a dose puts what it corrects under concern at once. Called inside a verb.

    Readers get the reason as a code: no words of the author reach them before somebody else has read them.
    """
    before = find_version(version.supersedes_id) if version.supersedes_id else None
    if before is None or version.change_type != ChangeType.CORRECTION or before.state != State.PUBLISHED:
        return
    doses = {b.block_key for v in (before, version) for b in list_blocks(v.id) if b.kind == Kind.DOSE}
    if any(change.key in doses for change in difference(version).changes):
        why = Reason("dose", "", version.protocol.source_lang)
        _raise(before, why, by=by, now=now)


def end_concern(version: ProtocolVersion, *, by: Actor, now: datetime) -> None:
    """A newer, retired or withdrawn version carries no concern. Called inside a verb."""
    for state in (NoticeState.IN_FORCE, NoticeState.PROPOSED):
        for kind in NoticeKind:
            notice = find_standing(version.id, kind, state)
            if notice is not None and (kind == NoticeKind.CONCERN or state == NoticeState.PROPOSED):
                _end(notice, "close" if state == NoticeState.IN_FORCE else "drop", by=by, now=now)


def check_reason(why: Reason, codes: tuple[str, ...]) -> None:
    """Raise Invalid without a known code, words and a language."""
    problems = []
    if why.code not in codes:
        problems.append(Problem("code", "code_unknown"))
    if not why.body.strip() or why.lang not in LANGUAGES:
        problems.append(Problem("body", "reason_missing"))
    if problems:
        raise Invalid(problems=tuple(problems))
    refuse_identifiers(body=why.body)


def note(event: str, version: ProtocolVersion, *, by: Actor, **more: object) -> None:
    """Record an event of a version with its reason."""
    reasons = {name: str(more.pop(name)) for name in ("reason_code", "reason_text") if name in more}
    record(event, by=by, target=("protocol", version.protocol.public_id), hash_after=version.content_hash,
           changes={"version": version.number, **more}, **reasons)  # fmt: skip


def _raise(version: ProtocolVersion, why: Reason, *, by: Actor, now: datetime) -> VersionNotice:
    if version.state == State.UNDER_CONCERN:
        raise Conflict("under_concern_already")
    _move(version, "raise_concern", now=now)
    notice = VersionNotice(
        version_id=version.id, kind=NoticeKind.CONCERN, state=NoticeState.IN_FORCE, reason_code=why.code,
        body=why.body.strip(), lang=why.lang, proposed_by=by.id, proposed_at=now, issued_by=by.id,
        issued_at=now, ends_at=now + timedelta(days=CONCERN_DAYS),
    )  # fmt: skip
    db.session.add(notice)
    tell_readers(version, "version_concern", also=[*list_builders(version), *list_translating(version)])
    tell_concern(version)
    note("protocol.concern_raised", version, by=by, reason_code=why.code, reason_text=why.body.strip())
    return notice


def _under_concern(notice: VersionNotice, by: Actor) -> ProtocolVersion:
    version = find_version(notice.version_id)
    assert version is not None  # a foreign key says so
    check_can_oversee(by, version)
    if notice.kind != NoticeKind.CONCERN or notice.state != NoticeState.IN_FORCE:
        raise Conflict("notice_closed")
    return version


def _end(notice: VersionNotice, verb: str, *, by: Actor, now: datetime) -> None:
    notice.state = find(NOTICE_TRANSITIONS, notice.state, verb).target
    notice.closed_by, notice.closed_at = by.id, now
    db.session.flush()


def _move(version: ProtocolVersion, verb: str, *, now: datetime) -> None:
    version.state, version.changed_at = find(TRANSITIONS, version.state, verb).target, now
    db.session.flush()
    reindex(version.protocol)
