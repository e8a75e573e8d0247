"""Retirement by a chief editor, withdrawal by both or by an administrator who obeys a legal order.

The text stays for staff. Readers of a retired version see a banner, those of a withdrawn one a tombstone.
"""

from datetime import datetime

from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, Problem
from portal.core.permissions import Actor
from portal.core.workflow import check, find
from portal.extensions import db
from portal.protocols.dictionary import (
    LEGAL_ORDER,
    RETIREMENT_REASONS,
    WITHDRAWAL_REASONS,
    NoticeKind,
    NoticeState,
)
from portal.protocols.models import ProtocolVersion, VersionNotice
from portal.protocols.policies import check_can_oversee, check_can_withdraw_by_order
from portal.protocols.queries.bookmarks import list_keepers
from portal.protocols.queries.following import list_programme_staff, list_standing
from portal.protocols.queries.notices import find_standing
from portal.protocols.queries.versions import find_people, find_version
from portal.protocols.rules import Standing
from portal.protocols.services.concerns import Reason, check_reason, end_concern, note
from portal.protocols.services.followers import tell_withdrawn
from portal.protocols.services.indexing import reindex
from portal.protocols.services.telling import list_builders, tell_chief_editors, tell_readers
from portal.protocols.workflow import NOTICE_TRANSITIONS, TRANSITIONS


@transaction
def retire(version: ProtocolVersion, why: Reason, *, by: Actor, now: datetime) -> VersionNotice:
    """published or under concern → retired: readable with a banner, last in search."""
    check_can_oversee(by, version)
    _check(version, why, RETIREMENT_REASONS)
    row = check(TRANSITIONS, Standing(version.state), "retire")
    end_concern(version, by=by, now=now)
    notice = _notice(version, NoticeKind.RETIREMENT, why, by=by, now=now)
    _issue(notice, by=by, now=now)
    _move(version, row.target, now=now)
    staff = [p for row in list_standing(version.protocol_id) for p in list_programme_staff(row.programme)]
    tell_readers(version, "version_retired", also=[*list_builders(version), *staff])
    note(row.event, version, by=by, reason_code=why.code, reason_text=why.body.strip())
    return notice


@transaction
def propose_withdrawal(version: ProtocolVersion, why: Reason, *, by: Actor, now: datetime) -> VersionNotice:
    """One chief editor asks the other to agree. Until then nothing changes for readers."""
    check_can_oversee(by, version)
    _check(version, why, WITHDRAWAL_REASONS)
    find(TRANSITIONS, version.state, "withdraw")
    if find_standing(version.id, NoticeKind.WITHDRAWAL, NoticeState.PROPOSED):
        raise Conflict("withdrawal_proposed_already")
    notice = _notice(version, NoticeKind.WITHDRAWAL, why, by=by, now=now)
    tell_chief_editors(version, "withdrawal_proposed")
    note("protocol.withdrawal_proposed", version, by=by, reason_code=why.code, reason_text=why.body.strip())
    return notice


@transaction
def confirm_withdrawal(notice: VersionNotice, *, by: Actor, now: datetime) -> None:
    """The chief editor of the other country agrees: the version is withdrawn."""
    version = _version_of(notice)
    check_can_oversee(by, version)
    proposer = find_people({notice.proposed_by})[notice.proposed_by]
    if notice.state == NoticeState.PROPOSED and proposer.country == by.country:
        raise Conflict("confirmed_by_other_country")
    agreed = frozenset({proposer.country, by.country})
    _withdraw(notice, version, Standing(version.state, withdrawal=agreed), by=by, now=now)


@transaction
def drop_withdrawal(notice: VersionNotice, *, by: Actor, now: datetime) -> None:
    """Either chief editor ends a proposal."""
    version = _version_of(notice)
    check_can_oversee(by, version)
    row = find(NOTICE_TRANSITIONS, notice.state, "drop")
    notice.state, notice.closed_by, notice.closed_at = row.target, by.id, now
    note(row.event, version, by=by)


@transaction
def withdraw_by_order(version: ProtocolVersion, why: Reason, *, by: Actor, now: datetime) -> VersionNotice:
    """An administrator obeys a legal order; the chief editors are told like everybody."""
    check_can_withdraw_by_order(by)
    _check(version, why, (LEGAL_ORDER,))
    proposed = find_standing(version.id, NoticeKind.WITHDRAWAL, NoticeState.PROPOSED)
    if proposed is not None:
        proposed.state, proposed.closed_by, proposed.closed_at = NoticeState.DROPPED, by.id, now
        db.session.flush()
    notice = _notice(version, NoticeKind.WITHDRAWAL, why, by=by, now=now)
    _withdraw(notice, version, Standing(version.state, by_order=True), by=by, now=now)
    tell_chief_editors(version, "version_withdrawn")
    return notice


def _withdraw(
    notice: VersionNotice, version: ProtocolVersion, standing: Standing, *, by: Actor, now: datetime
) -> None:
    row = check(TRANSITIONS, standing, "withdraw")
    _issue(notice, by=by, now=now)
    end_concern(version, by=by, now=now)
    _move(version, row.target, now=now)
    keepers = find_people(list_keepers(version.protocol_id)).values()
    tell_readers(version, "version_withdrawn", also=[*list_builders(version), *keepers])
    tell_withdrawn(version, now=now)
    note(row.event, version, by=by, reason_code=notice.reason_code, reason_text=notice.body)


def _check(version: ProtocolVersion, why: Reason, codes: tuple[str, ...]) -> None:
    check_reason(why, codes)
    if why.replaced_by_id == version.protocol_id or (why.code == "replaced" and why.replaced_by_id is None):
        raise Invalid(problems=(Problem("replacement", "replacement_missing"),))


def _notice(version: ProtocolVersion, kind: str, why: Reason, *, by: Actor, now: datetime) -> VersionNotice:
    notice = VersionNotice(
        version_id=version.id, kind=kind, state=NoticeState.PROPOSED, reason_code=why.code,
        body=why.body.strip(), lang=why.lang, replaced_by_id=why.replaced_by_id, proposed_by=by.id,
        proposed_at=now,
    )  # fmt: skip
    db.session.add(notice)
    db.session.flush()
    return notice


def _issue(notice: VersionNotice, *, by: Actor, now: datetime) -> None:
    notice.state = find(NOTICE_TRANSITIONS, notice.state, "issue").target
    notice.issued_by, notice.issued_at = by.id, now
    db.session.flush()


def _move(version: ProtocolVersion, state: str, *, now: datetime) -> None:
    version.state, version.changed_at = state, now
    db.session.flush()
    reindex(version.protocol)


def _version_of(notice: VersionNotice) -> ProtocolVersion:
    version = find_version(notice.version_id)
    assert version is not None  # a foreign key says so
    return version
