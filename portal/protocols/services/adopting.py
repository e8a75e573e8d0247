"""Verbs of an adaptation's owners about news of the parent: take, ignore with a reason, put off."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, NotFound, Problem
from portal.core.notify import notify
from portal.core.permissions import Actor
from portal.extensions import db
from portal.protocols.diff.threeway import Row
from portal.protocols.models import Block, ForkDecision, Protocol, ProtocolVersion
from portal.protocols.policies import check_can_edit
from portal.protocols.queries.forks import Adaptation, find_adaptation, list_adopters
from portal.protocols.queries.lineage import WHOLE
from portal.protocols.queries.versions import find_block, list_blocks, list_references
from portal.protocols.services.content import (
    note_change,
    reference_values,
    refuse_closed,
    refuse_identifiers,
)
from portal.protocols.services.drafts import new_version
from portal.protocols.units import block_hash


@transaction
def take(protocol: Protocol, key: str, *, seen: int, by: Actor, now: datetime) -> ProtocolVersion:
    """The block as the parent has it now replaces the own one, in the open draft or in a new one.

    `seen` is the parent's version that the person looked at; Conflict when there is another by now.
    """
    held, row = _news(protocol, key, seen=seen, by=by)
    version = held.mine
    if version.published_at is not None:
        version = new_version(protocol, by=by, now=now)
    refuse_closed(version, by=by)
    _put(version, row, held.now)
    _decide(held, key, "take", by=by, now=now)
    note_change(version, "parent_taken", by=by, now=now, changes={"block": key, "from": _name(held.now)})
    return version


@transaction
def ignore(protocol: Protocol, key: str, reason: str, *, seen: int, by: Actor, now: datetime) -> None:
    """The adaptation keeps its own text, for a reason that later readers of the draft see."""
    held, _ = _news(protocol, key, seen=seen, by=by)
    _check_reason(reason)
    _decide(held, key, "ignore", reason.strip(), by=by, now=now)
    _note(held, "protocol.parent_ignored", key, by=by, reason=reason.strip())


@transaction
def put_off(protocol: Protocol, key: str, *, seen: int, by: Actor, now: datetime) -> None:
    """Not now: the change stays listed and comes back to the queue after two weeks."""
    held, _ = _news(protocol, key, seen=seen, by=by)
    _decide(held, key, "later", by=by, now=now)
    _note(held, "protocol.parent_put_off", key, by=by)


@transaction
def answer_withdrawal(protocol: Protocol, reason: str, *, by: Actor, now: datetime) -> None:
    """Why the adaptation holds although what it comes from was withdrawn; readers see the answer."""
    held = _adaptation(protocol, by)
    _check_reason(reason)
    gone = [ancestor.version for ancestor in held.ancestors if ancestor.withdrawn]
    if not gone:
        raise Conflict("parent_not_withdrawn")
    for version in gone:
        _decide(held, WHOLE, "ignore", reason.strip(), version=version, by=by, now=now)
    _note(held, "protocol.withdrawal_answered", WHOLE, by=by, reason=reason.strip())


def tell_adopters(version: ProtocolVersion) -> None:
    """Called when a version is public: owners of adaptations that lack something of it hear of it."""
    for owner, protocol in list_adopters(version.protocol_id):
        held = find_adaptation(protocol)
        if held is not None and held.news:
            values = {"parent": version.protocol.public_id, "number": version.number}
            notify(owner, "fork_parent_changed", values | {"public_id": protocol.public_id})


def _adaptation(protocol: Protocol, by: Actor) -> Adaptation:
    held = find_adaptation(protocol)
    if held is None:
        raise NotFound("not_found")
    check_can_edit(by, held.mine)
    return held


def _news(protocol: Protocol, key: str, *, seen: int, by: Actor) -> tuple[Adaptation, Row]:
    held = _adaptation(protocol, by)
    if held.now.id != seen:
        raise Conflict("parent_changed_meanwhile")
    row = next((row for row in held.news if row.key == key), None)
    if row is None:
        raise Conflict("parent_change_decided")
    return held, row


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid("reason_missing", problems=(Problem("reason", "reason_missing"),))
    refuse_identifiers(reason=reason)


def _put(version: ProtocolVersion, row: Row, parent: ProtocolVersion) -> None:
    """Make the block what the parent has: changed, added at the end of its section, or gone."""
    block = find_block(version.id, row.key)
    if row.now is None:
        if block is not None:
            db.session.delete(block)
        return
    data = _with_references(version, row.now.data, parent)
    if block is None:
        block = Block(version_id=version.id, block_key=row.key, revision=0, section="", position=0)
        db.session.add(block)
    if block.section != row.now.section:
        block.position = _end(version.id, row.now.section)
    block.section, block.kind, block.data = row.now.section, row.now.kind, data
    block.source_text, block.revision = row.now.source_text, block.revision + 1
    block.source_hash = block_hash(row.key, block.section, block.kind, data=data, text=block.source_text)


def _end(version_id: int, section: str) -> int:
    with db.session.no_autoflush:
        rows = list_blocks(version_id)
    return max((block.position for block in rows if block.section == section), default=0) + 1


def _with_references(
    version: ProtocolVersion, data: Mapping[str, Any], parent: ProtocolVersion
) -> dict[str, Any]:
    """The data, with the works that it names brought along; a key that means another work here is renamed."""
    with db.session.no_autoflush:
        own = {row.key: row for row in list_references(version.id)}
    names: dict[str, str] = {}
    for work in list_references(parent.id):
        if work.key not in _named(data) or (work.key in own and own[work.key].cite == work.cite):
            continue
        name = work.key if work.key not in own else f"{work.key[:18]}-{parent.protocol.public_id}"
        names[work.key] = name
        if name not in own:
            values = reference_values(work) | {"key": name}
            db.session.add(type(work)(version_id=version.id, position=len(own) + len(names), **values))
    renamed = dict(data)
    if "source" in renamed:
        renamed["source"] = names.get(renamed["source"], renamed["source"])
    if "references" in renamed:
        renamed["references"] = [names.get(key, key) for key in renamed["references"]]
    return renamed


def _named(data: Mapping[str, Any]) -> Sequence[str]:
    return [*([data["source"]] if data.get("source") else []), *data.get("references", [])]


def _decide(
    held: Adaptation,
    key: str,
    decision: str,
    reason: str = "",
    *,
    version: ProtocolVersion | None = None,
    by: Actor,
    now: datetime,
) -> None:
    parent = (version or held.now).id
    db.session.add(
        ForkDecision(
            protocol_id=held.protocol.id, parent_version_id=parent, block_key=key, decision=decision,
            reason=reason, decided_by=by.id, decided_at=now,
        )
    )  # fmt: skip


def _note(held: Adaptation, event: str, key: str, *, by: Actor, reason: str = "") -> None:
    changes = {"block": key, "from": _name(held.now)}
    record(event, by=by, target=("protocol", held.protocol.public_id), changes=changes, reason_text=reason)


def _name(version: ProtocolVersion) -> str:
    return f"{version.protocol.public_id} {version.number}"
