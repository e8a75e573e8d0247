"""An author's appeal against a refusal: within 30 days, to the chief editor of the other country."""

from datetime import datetime

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, InvalidTransition, Problem
from portal.core.permissions import Actor
from portal.core.workflow import check
from portal.protocols.dictionary import COUNTRIES, State
from portal.protocols.models import ProtocolVersion, Rejection
from portal.protocols.policies import check_can_answer_appeal, check_can_submit
from portal.protocols.queries.notices import may_still_appeal
from portal.protocols.queries.versions import find_open, find_version
from portal.protocols.rules import Standing
from portal.protocols.services.content import refuse_identifiers
from portal.protocols.services.telling import tell_author, tell_chief_editors, tell_editors
from portal.protocols.workflow import TRANSITIONS


@transaction
def appeal(rejection: Rejection, text: str, *, by: Actor, now: datetime) -> None:
    """The author says why the refusal is wrong. Raises InvalidTransition after 30 days or a second time."""
    version = _version_of(rejection)
    check_can_submit(by, version)
    if version.state != State.REJECTED or not may_still_appeal(rejection, now=now):
        raise InvalidTransition("appeal_too_late")
    if not text.strip():
        raise Invalid("reason_missing", problems=(Problem("reason", "reason_missing"),))
    refuse_identifiers(reason=text)
    rejection.appeal, rejection.appealed_by, rejection.appealed_at = text.strip(), by.id, now
    other = next(country for country in COUNTRIES if country != rejection.country)
    tell_chief_editors(version, "appeal_lodged", country=other)
    record("protocol.appealed", by=by, target=("protocol", version.protocol.public_id),
           reason_text=text.strip(), changes={"version": version.number})  # fmt: skip


@transaction
def answer_appeal(rejection: Rejection, answer: str, *, granted: bool, by: Actor, now: datetime) -> None:
    """Granted: rejected → submitted, and editors begin anew. Upheld: it stays refused, with the reason."""
    version = _version_of(rejection)
    check_can_answer_appeal(by, version, rejected_in=rejection.country)
    _check_answer(rejection, answer)
    row = check(
        TRANSITIONS, Standing(version.state, appealed=rejection.appealed_at is not None), "grant_appeal"
    )
    if granted and find_open(version.protocol_id) is not None:
        raise Conflict("another_open")
    rejection.verdict, rejection.answer = "granted" if granted else "upheld", answer.strip()
    rejection.answered_by, rejection.answered_at = by.id, now
    version.state, version.changed_at = row.target if granted else version.state, now
    tell_author(version, "version_appeal_decided")
    if granted:
        tell_editors(version, "protocol_submitted", version_id=version.id)
    record(row.event if granted else "protocol.appeal_upheld", by=by, reason_text=answer.strip(),
           target=("protocol", version.protocol.public_id), changes={"version": version.number})  # fmt: skip


def _check_answer(rejection: Rejection, answer: str) -> None:
    if rejection.answered_at is not None:
        raise Conflict("appeal_answered")
    if not answer.strip():
        raise Invalid("reason_missing", problems=(Problem("reason", "reason_missing"),))
    refuse_identifiers(reason=answer)


def _version_of(rejection: Rejection) -> ProtocolVersion:
    version = find_version(rejection.version_id)
    assert version is not None  # a foreign key says so
    return version
