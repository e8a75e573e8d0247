"""Verbs of an author: begin a protocol or its next version, say what it is about, give it up."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from portal.core.audit import diff, record
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, Problem
from portal.core.permissions import SYSTEM, Actor
from portal.core.workflow import find
from portal.extensions import db
from portal.protocols.dictionary import LANGUAGES, LICENCES, ChangeType, Role, State
from portal.protocols.models import (
    Block,
    Protocol,
    ProtocolConcept,
    ProtocolVersion,
    Rationale,
    Reference,
)
from portal.protocols.policies import (
    check_can_author,
    check_can_edit,
    check_can_override,
    check_can_submit,
)
from portal.protocols.queries.lineage import list_rationale
from portal.protocols.queries.versions import (
    difference,
    find_head,
    find_open,
    list_blocks,
    list_concepts,
    list_references,
    next_protocol_number,
)
from portal.protocols.services.content import (
    hash_of,
    note_change,
    reference_values,
    refuse_closed,
    refuse_identifiers,
)
from portal.protocols.services.telling import close_assignments, tell_author, tell_editors
from portal.protocols.workflow import TRANSITIONS
from portal.vocabulary.queries import list_concepts as list_vocabulary

SLUG_LENGTH: Final = 80
_NOT_IN_SLUG: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class NewDraft:
    """What a protocol begins with. `slug` is in Latin letters and the same in every language."""

    title: str
    source_lang: str
    summary: str = ""
    slug: str = ""
    origin_country: str = ""
    licence: str = "CC-BY-4.0"
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class Details:
    """What is said about a version as a whole."""

    title: str
    summary: str
    change_note: str
    licence: str
    change_type: str
    evidence_searched_on: date | None = None


@transaction
def create_draft(new: NewDraft, *, by: Actor, now: datetime) -> ProtocolVersion:
    """A clinician begins a protocol; its number is given for ever. Raises Invalid for missing fields."""
    check_can_author(by)
    _check_new(new)
    number = next_protocol_number()
    protocol = Protocol(
        public_id=f"PR-{number:04d}", slug=new.slug or slug_of(new.title), source_lang=new.source_lang,
        origin_country=new.origin_country, owner_id=by.id, organisation_ids=sorted(by.organisation_ids),
        licence=new.licence, demonstration=new.demonstration, created_at=now,
    )  # fmt: skip
    version = ProtocolVersion(
        protocol=protocol, title=new.title.strip(), summary=new.summary.strip(), licence=new.licence,
        state=State.DRAFT, created_by=by.id, created_at=now, changed_at=now,
    )  # fmt: skip
    db.session.add(version)
    version.content_hash = hash_of(version)
    record(
        "protocol.created", by=by, target=("protocol", protocol.public_id), hash_after=version.content_hash
    )
    return version


@transaction
def change_details(version: ProtocolVersion, details: Details, *, by: Actor, now: datetime) -> None:
    """The author changes title, summary, note, licence, class of change or the date of the search."""
    refuse_closed(version, by=by)
    _check_details(version, details)
    before = {name: getattr(version, name) for name in asdict(details)}
    for name, value in asdict(details).items():
        setattr(version, name, value.strip() if isinstance(value, str) else value)
    _number(version)
    changed = diff(before, asdict(details), ("licence", "change_type", "evidence_searched_on"))
    note_change(version, "details_changed", by=by, now=now, changes=changed)


@transaction
def set_concepts(version: ProtocolVersion, roles: Mapping[str, str], *, by: Actor, now: datetime) -> None:
    """Link the version to concepts of the vocabulary, each main, secondary or excluded."""
    refuse_closed(version, by=by)
    known = {concept for concept, _, _ in list_vocabulary()}
    unknown = [concept for concept, role in roles.items() if concept not in known or role not in set(Role)]
    if unknown:
        raise Invalid(
            "concept_unknown", problems=(Problem("concepts", "concept_unknown"),), concept=unknown[0]
        )
    for link in list_concepts(version.id):
        db.session.delete(link)
    db.session.flush()
    links = [
        ProtocolConcept(version_id=version.id, concept_id=concept, role=role)
        for concept, role in roles.items()
    ]
    db.session.add_all(links)
    note_change(version, "concepts_set", by=by, now=now, changes={"concepts": len(roles)})


@transaction
def new_version(protocol: Protocol, *, by: Actor, now: datetime) -> ProtocolVersion:
    """Begin the next version as a copy of the current or retired one, blocks under their keys.

    Where a draft is open already, that draft is the answer: two clicks give one.
    """
    current = find_head(protocol.id)
    if current is None:
        raise Conflict("nothing_published")
    if current.state == State.WITHDRAWN:
        raise Conflict("head_withdrawn")
    check_can_edit(by, current)
    there = find_open(protocol.id)
    if there is not None:
        return there
    version = ProtocolVersion(
        protocol=protocol, major=current.major, minor=current.minor + 1, change_type=ChangeType.EDITORIAL,
        title=current.title, summary=current.summary, licence=current.licence, supersedes_id=current.id,
        evidence_searched_on=current.evidence_searched_on, state=State.DRAFT, created_by=by.id,
        created_at=now, changed_at=now,
    )  # fmt: skip
    db.session.add(version)
    db.session.flush()
    copy_content(current, version)
    version.content_hash = current.content_hash  # nothing is said yet that differs
    record(
        "protocol.version_begun", by=by, target=("protocol", protocol.public_id),
        changes={"from": current.number}, hash_after=version.content_hash,
    )  # fmt: skip
    return version


@transaction
def override_class(version: ProtocolVersion, reason: str, *, by: Actor, now: datetime) -> None:
    """A chief editor accepts changed digits as editorial; never in doses, criteria, measures or evidence."""
    check_can_override(by, version)
    if not reason.strip():
        raise Invalid("reason_missing", problems=(Problem("reason", "reason_missing"),))
    refuse_identifiers(reason=reason)
    if difference(version).is_firm:
        raise Invalid("cannot_be_minor")
    version.override_reason, version.override_by, version.changed_at = reason.strip(), by.id, now
    record("protocol.class_overridden", by=by, target=("protocol", version.protocol.public_id),
           reason_text=reason.strip(), changes={"version": version.number})  # fmt: skip


@transaction
def abandon(version: ProtocolVersion, *, by: Actor, now: datetime) -> None:
    """The author gives an open version up, or the portal after half a year; nothing of it is deleted."""
    if by is not SYSTEM:
        check_can_submit(by, version)
    version.state, version.changed_at = find(TRANSITIONS, version.state, "abandon").target, now
    close_assignments(version)
    if by is SYSTEM:
        tell_author(version, "protocol_abandoned")
        tell_editors(version, "protocol_abandoned")
    record("protocol.abandoned", by=by, target=("protocol", version.protocol.public_id),
           changes={"version": version.number})  # fmt: skip


def slug_of(title: str) -> str:
    """Latin letters and digits of a title; a title in another script leaves the kind of page."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = _NOT_IN_SLUG.sub("-", plain).strip("-")
    cut = words[: SLUG_LENGTH + 1].rsplit("-", 1)[0] if len(words) > SLUG_LENGTH else words
    return cut or "protocol"


def _check_new(new: NewDraft) -> None:
    refuse_identifiers(title=new.title, summary=new.summary, slug=new.slug)
    problems = []
    if not new.title.strip():
        problems.append(Problem("title", "field_missing", {"name": "title"}))
    if new.source_lang not in LANGUAGES:
        problems.append(Problem("source_lang", "language_unknown"))
    if new.licence not in LICENCES:
        problems.append(Problem("licence", "licence_unknown", {"licence": new.licence}))
    if new.slug and (slug_of(new.slug) != new.slug or len(new.slug) > SLUG_LENGTH):
        problems.append(Problem("slug", "slug_wrong"))
    if problems:
        raise Invalid(problems=tuple(problems))


def _check_details(version: ProtocolVersion, details: Details) -> None:
    refuse_identifiers(title=details.title, summary=details.summary, change_note=details.change_note)
    initial = version.supersedes_id is None
    problems = []
    if not details.title.strip():
        problems.append(Problem("title", "field_missing", {"name": "title"}))
    if details.licence not in LICENCES:
        problems.append(Problem("licence", "licence_unknown", {"licence": details.licence}))
    if initial != (details.change_type == ChangeType.INITIAL) or details.change_type not in set(ChangeType):
        problems.append(Problem("change_type", "change_type_wrong"))
    if problems:
        raise Invalid(problems=tuple(problems))


def _number(version: ProtocolVersion) -> None:
    """The next number: a major one where the change may be clinical."""
    before = db.session.get(ProtocolVersion, version.supersedes_id) if version.supersedes_id else None
    if before is None:
        return
    minor = version.change_type == ChangeType.EDITORIAL or (
        version.change_type == ChangeType.CORRECTION and not difference(version).is_clinical
    )
    version.major, version.minor = (before.major, before.minor + 1) if minor else (before.major + 1, 0)


def renumber(version: ProtocolVersion) -> None:
    """Called when the content is handed in: a correction that touched a dose becomes a major version."""
    _number(version)


def copy_content(source: ProtocolVersion, target: ProtocolVersion) -> None:
    """Everything that a version consists of, blocks under their keys."""
    rows: list[Any] = [
        Block(version_id=target.id, **{name: getattr(block, name) for name in _BLOCK})
        for block in list_blocks(source.id)
    ]
    rows += [
        Reference(version_id=target.id, position=row.position, **reference_values(row))
        for row in list_references(source.id)
    ]
    rows += [
        ProtocolConcept(version_id=target.id, concept_id=link.concept_id, role=link.role)
        for link in list_concepts(source.id)
    ]
    rows += [
        Rationale(version_id=target.id, name=name, text=text)
        for name, text in list_rationale(source.id).items()
    ]
    db.session.add_all(rows)


_BLOCK: Final = ("block_key", "section", "position", "kind", "data", "source_text", "source_hash")
