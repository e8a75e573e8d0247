"""Verbs of an adaptation's author: begin one from a published version, and say why it differs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.accounts.services.subscriptions import follow
from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, Problem
from portal.core.permissions import Actor
from portal.extensions import db
from portal.protocols.dictionary import COUNTRIES, ETD, ChangeType, State
from portal.protocols.models import Protocol, ProtocolFork, ProtocolVersion, Rationale
from portal.protocols.policies import check_can_author
from portal.protocols.queries.lineage import is_withdrawn
from portal.protocols.queries.versions import (
    next_protocol_number,
)
from portal.protocols.services.content import (
    hash_of,
    note_change,
    refuse_closed,
    refuse_identifiers,
)
from portal.protocols.services.drafts import copy_content, slug_of

ANSWER_LENGTH = 1000
OPEN_TO_ADAPT = (State.PUBLISHED, State.RETIRED)


@dataclass(frozen=True, slots=True)
class NewAdaptation:
    """For whom and why a protocol is adapted. Without a centre it is for the country."""

    title: str
    reason: str
    country: str
    organisation_id: int | None = None
    kind: str = "adaptation"


@transaction
def adapt(parent: ProtocolVersion, said: NewAdaptation, *, by: Actor, now: datetime) -> ProtocolVersion:
    """A clinician begins an adaptation: a protocol of its own with the parent's content and licence.

    Raises Conflict where the parent may not be passed on: withdrawn, under concern, or replaced.
    """
    check_can_author(by)
    _check_parent(parent)
    _check_adaptation(said, parent, by)
    version = _begin(parent, said, by, now)
    copy_content(parent, version)
    version.content_hash = hash_of(version)
    follow("protocol", parent.protocol.public_id, by=by, now=now)
    record("protocol.adapted", by=by, target=("protocol", version.protocol.public_id),
           changes={"from": f"{parent.protocol.public_id} {parent.number}", "country": said.country},
           hash_before=parent.content_hash, hash_after=version.content_hash)  # fmt: skip
    return version


def _check_parent(parent: ProtocolVersion) -> None:
    """What was withdrawn or is being examined must not spread; an old version is out of date at once."""
    if is_withdrawn(parent.protocol_id) or parent.state == State.WITHDRAWN:
        raise Conflict("parent_withdrawn")
    if parent.state == State.UNDER_CONCERN:
        raise Conflict("parent_under_concern")
    if parent.state not in OPEN_TO_ADAPT:
        raise Conflict("parent_not_current")


def _check_adaptation(said: NewAdaptation, parent: ProtocolVersion, by: Actor) -> None:
    refuse_identifiers(title=said.title, reason=said.reason)
    problems = [
        Problem(name, "field_missing", {"name": name})
        for name in ("title", "reason")
        if not getattr(said, name).strip()
    ]
    if said.title.strip().casefold() == parent.title.casefold():
        problems.append(Problem("title", "title_of_parent"))
    if said.country not in COUNTRIES:
        problems.append(Problem("country", "country_unknown"))
    if said.organisation_id is not None and said.organisation_id not in by.organisation_ids:
        problems.append(Problem("organisation", "organisation_not_own"))
    if problems:
        raise Invalid(problems=tuple(problems))


def _begin(parent: ProtocolVersion, said: NewAdaptation, by: Actor, now: datetime) -> ProtocolVersion:
    source = parent.protocol
    protocol = Protocol(
        public_id=f"PR-{next_protocol_number():04d}", slug=slug_of(said.title),
        source_lang=source.source_lang, origin_country=said.country, owner_id=by.id,
        organisation_ids=sorted(by.organisation_ids), licence=parent.licence,
        demonstration=source.demonstration, created_at=now,
    )  # fmt: skip
    version = ProtocolVersion(
        protocol=protocol, title=said.title.strip(), summary=parent.summary, licence=parent.licence,
        change_type=ChangeType.INITIAL, evidence_searched_on=parent.evidence_searched_on, state=State.DRAFT,
        created_by=by.id, created_at=now, changed_at=now,
    )  # fmt: skip
    db.session.add(version)
    db.session.flush()
    db.session.add(
        ProtocolFork(
            protocol_id=protocol.id, parent_version_id=parent.id, kind=said.kind, reason=said.reason.strip(),
            country=said.country, organisation_id=said.organisation_id, forked_by=by.id, forked_at=now,
        )
    )  # fmt: skip
    return version


@transaction
def save_rationale(version: ProtocolVersion, answers: Mapping[str, str], *, by: Actor, now: datetime) -> None:
    """The author answers why the adaptation differs; an empty text takes an answer back."""
    refuse_closed(version, by=by)
    refuse_identifiers(**answers)
    texts = {name: text.strip() for name, text in answers.items() if text.strip()}
    problems = [Problem(name, "code_unknown") for name in texts if name not in ETD]
    problems += [
        Problem(name, "text_too_long", {"max": ANSWER_LENGTH})
        for name, text in texts.items()
        if len(text) > ANSWER_LENGTH
    ]
    if problems:
        raise Invalid(problems=tuple(problems))
    db.session.execute(sa.delete(Rationale).where(Rationale.version_id == version.id))
    db.session.add_all(Rationale(version_id=version.id, name=name, text=text) for name, text in texts.items())
    note_change(version, "rationale_saved", by=by, now=now, changes={"answers": sorted(texts)})
