"""Publication: two chief editors, or one editor where nothing clinical changed; legal status; the index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, InvalidTransition, Problem
from portal.core.permissions import Actor
from portal.core.workflow import check, find
from portal.extensions import db
from portal.protocols.dictionary import (
    COUNTRIES,
    CURRENT,
    LEGAL_MONTHS,
    REVIEW_MONTHS,
    REVIEW_MONTHS_WITH_DOSE,
    ChangeType,
    State,
)
from portal.protocols.models import LegalStatus, Protocol, ProtocolVersion, PublicationApproval
from portal.protocols.policies import (
    check_can_confirm,
    check_can_publish,
    check_can_screen,
    check_can_set_legal,
)
from portal.protocols.queries.versions import (
    find_current,
    find_people,
    list_agreements,
    list_legal,
    list_valid_agreements,
    standing_of,
)
from portal.protocols.rules import add_months, not_waived
from portal.protocols.services.adopting import tell_adopters
from portal.protocols.services.concerns import end_concern
from portal.protocols.services.content import hash_of, refuse_identifiers, refuse_unseen, refuse_writer
from portal.protocols.services.followers import tell_law, tell_new_version
from portal.protocols.services.indexing import reindex
from portal.protocols.services.releasing import follow_source
from portal.protocols.services.telling import close_assignments, tell_author, tell_published
from portal.protocols.workflow import BEFORE_AGREEMENT, TRANSITIONS
from portal.vocabulary.queries import exists


@dataclass(frozen=True, slots=True)
class LegalText:
    """A status as somebody checked it; without a date it was not checked."""

    country: str
    status: str
    note: str = ""
    basis: Sequence[Mapping[str, str]] = field(default_factory=tuple)
    checked_on: date | None = None


@transaction
def allow_exception(version: ProtocolVersion, reason: str, *, by: Actor, now: datetime) -> None:
    """An editor lets a demonstration protocol pass without some sections, with a reason that is shown."""
    check_can_screen(by, version)
    if not version.protocol.demonstration:
        raise Conflict("exception_demonstration_only")
    if not reason.strip():
        raise Invalid("reason_missing", problems=(Problem("reason", "reason_missing"),))
    refuse_identifiers(reason=reason)
    if version.state != State.ACCEPTED:
        raise InvalidTransition("wrong_state", state=version.state, verb="allow_exception")
    version.exception_reason, version.exception_by, version.changed_at = reason.strip(), by.id, now
    record("protocol.exception_allowed", by=by, target=("protocol", version.protocol.public_id),
           reason_text=reason.strip(), changes={"version": version.number})  # fmt: skip


@transaction
def publish(version: ProtocolVersion, *, by: Actor, now: datetime, seen: str = "") -> bool:
    """Publish, or agree to it: True when the version is public now.

    An initial or clinical version needs the chief editors of both countries: the first agreement is recorded,
    the second publishes. One editor publishes an editorial version or a correction. Raises InvalidTransition
    with everything that stands against it, and Conflict when the content is not the one that was approved.
    """
    check_can_publish(by, version)
    refuse_writer(version, by)
    refuse_unseen(version, seen)
    if hash_of(version) != version.content_hash:
        raise Conflict("content_changed")
    if version.change_type in (ChangeType.INITIAL, ChangeType.CLINICAL) and not _agreed(version, by, now):
        return False
    _publish(version, by=by, now=now)
    return True


def _agreed(version: ProtocolVersion, by: Actor, now: datetime) -> bool:
    """Record this chief editor's agreement; True when both countries agree."""
    check(BEFORE_AGREEMENT, standing_of(version), "agree")
    if any(agreement.country == by.country for agreement in list_agreements(version)):
        raise Conflict("already_agreed", country=by.country)
    _agree(version, by, now)
    record("protocol.publication_agreed", by=by, target=("protocol", version.protocol.public_id),
           changes={"version": version.number}, hash_after=version.content_hash)  # fmt: skip
    return {agreement.country for agreement in list_valid_agreements(version)} >= set(COUNTRIES)


def _publish(version: ProtocolVersion, *, by: Actor, now: datetime) -> None:
    standing = standing_of(version)
    row = check(TRANSITIONS, standing, "publish")
    _supersede(version, by=by, now=now)
    months = REVIEW_MONTHS_WITH_DOSE if standing.has_dose else REVIEW_MONTHS
    version.review_due_on = add_months(now.date(), months)
    version.published_by, version.published_at, version.changed_at = by.id, now, now
    version.state, version.protocol.licence = row.target, version.licence
    close_assignments(version)
    db.session.flush()
    reindex(version.protocol)
    tell_author(version, "protocol_published")
    tell_published(version)
    tell_new_version(version)
    tell_adopters(version)
    follow_source(version, by=by, now=now)
    waived = [p.code for p in standing.problems if p not in not_waived(standing.problems, exception=True)]
    record(row.event, by=by, target=("protocol", version.protocol.public_id), hash_after=version.content_hash,
           changes={"version": version.number, "waived": waived},
           reason_text=version.exception_reason)  # fmt: skip


def _supersede(version: ProtocolVersion, *, by: Actor, now: datetime) -> None:
    """The version before leaves its place in the same transaction."""
    before = find_current(version.protocol_id)
    if before is None:
        return
    if before.id != version.supersedes_id:
        raise Conflict("another_version_published")
    row = find(TRANSITIONS, before.state, "supersede")
    before.state = row.target
    end_concern(before, by=by, now=now)
    db.session.flush()
    record(row.event, by=by, target=("protocol", version.protocol.public_id),
           changes={"version": before.number, "by": version.number})  # fmt: skip


@transaction
def confirm_correction(version: ProtocolVersion, *, by: Actor, now: datetime, seen: str = "") -> None:
    """The chief editor of the country that did not publish confirms a correction that is live."""
    check_can_confirm(by, version)
    refuse_writer(version, by)
    refuse_unseen(version, seen)
    if version.change_type != ChangeType.CORRECTION or version.state not in CURRENT:
        raise InvalidTransition("wrong_state", state=version.state, verb="confirm_correction")
    publisher = find_people({version.published_by or 0}).get(version.published_by or 0)
    if publisher is not None and publisher.country == by.country:
        raise Conflict("confirmed_by_other_country")
    if list_agreements(version):
        raise Conflict("already_agreed", country=by.country)
    _agree(version, by, now)
    record("protocol.confirmed", by=by, target=("protocol", version.protocol.public_id),
           changes={"version": version.number}, hash_after=version.content_hash)  # fmt: skip


def _agree(version: ProtocolVersion, by: Actor, now: datetime) -> None:
    db.session.add(
        PublicationApproval(
            version_id=version.id, content_hash=version.content_hash, country=by.country, approved_by=by.id,
            approved_at=now,
        )
    )  # fmt: skip


@transaction
def set_legal_status(protocol: Protocol, said: LegalText, *, by: Actor, now: datetime) -> LegalStatus:
    """An editor states what holds in a country, with the day of the check; it runs out after a year."""
    check_can_set_legal(by)
    _check_legal(said, now=now)
    before = list_legal(protocol.id).get(said.country)
    row = LegalStatus(
        protocol_id=protocol.id, country=said.country, status=said.status, note=said.note.strip(),
        basis=[dict(source) for source in said.basis], checked_on=said.checked_on,
        expires_on=add_months(said.checked_on, LEGAL_MONTHS) if said.checked_on else None, set_by=by.id,
        set_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    reindex(protocol)
    if before is not None and before.status != row.status:
        tell_law(protocol, said.country)
    record("protocol.legal_set", by=by, target=("protocol", protocol.public_id), country=said.country,
           changes={"country": said.country, "status": said.status})  # fmt: skip
    return row


def _check_legal(said: LegalText, *, now: datetime) -> None:
    basis = " ".join(text for source in said.basis for text in source.values())
    refuse_identifiers(note=said.note, cite=basis)
    problems = []
    if said.country not in COUNTRIES:
        problems.append(Problem("country", "country_unknown"))
    if not said.status.startswith("leg-") or not exists(said.status):
        problems.append(Problem("status", "status_unknown"))
    urls = [source["url"] for source in said.basis if source.get("url")]
    if not all(url.startswith(("https://", "http://")) for url in urls):
        problems.append(Problem("url", "url_wrong"))
    if said.checked_on and said.checked_on > now.date():
        problems.append(Problem("checked_on", "check_in_future"))
    if problems:
        raise Invalid(problems=tuple(problems))
