"""Where a protocol comes from: its parent, the parents of that, and whether one of them was withdrawn."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.extensions import db
from portal.protocols.dictionary import CURRENT, ETD, ONCE_PUBLISHED, State
from portal.protocols.licences import Work
from portal.protocols.models import ForkDecision, ProtocolFork, ProtocolVersion, Rationale

WHOLE = "*"


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A protocol from which this one comes. `withdrawn`: nobody may read it any longer."""

    fork: ProtocolFork
    version: ProtocolVersion
    withdrawn: bool

    @property
    def public_id(self) -> str:
        return self.version.protocol.public_id


def find_fork(protocol_id: int) -> ProtocolFork | None:
    return db.session.get(ProtocolFork, protocol_id)


def list_ancestors(protocol_id: int) -> list[Ancestor]:
    """The parent first, then its parent; empty for a protocol that was not adapted."""
    return list(_ancestors(protocol_id))


def _ancestors(protocol_id: int) -> Iterator[Ancestor]:
    fork = find_fork(protocol_id)
    while fork is not None:
        version = db.session.get_one(ProtocolVersion, fork.parent_version_id)
        yield Ancestor(fork, version, is_withdrawn(version.protocol_id))
        fork = find_fork(version.protocol_id)


def is_withdrawn(protocol_id: int) -> bool:
    """Whether the last version that was public was withdrawn, and none came after it."""
    found = sa.select(ProtocolVersion.state).where(
        ProtocolVersion.protocol_id == protocol_id, ProtocolVersion.state.in_(ONCE_PUBLISHED)
    )
    order = ProtocolVersion.major.desc(), ProtocolVersion.minor.desc()
    states = db.session.scalars(found.order_by(*order)).all()
    return bool(states) and states[0] == State.WITHDRAWN and not set(states) & set(CURRENT)


def list_decisions(protocol_id: int) -> Sequence[ForkDecision]:
    """Decisions about news of the parent, the first first."""
    found = sa.select(ForkDecision).where(ForkDecision.protocol_id == protocol_id)
    return db.session.scalars(found.order_by(ForkDecision.id)).all()


def unanswered_withdrawal(protocol_id: int) -> str:
    """The nearest withdrawn ancestor to which the owners gave no answer; empty when there is none."""
    gone = [ancestor for ancestor in list_ancestors(protocol_id) if ancestor.withdrawn]
    if not gone:
        return ""
    answered = {
        decision.parent_version_id
        for decision in list_decisions(protocol_id)
        if decision.block_key == WHOLE and decision.decision == "ignore"
    }
    return next((one.public_id for one in gone if one.version.id not in answered), "")


def list_parent_works(protocol_id: int) -> list[Work]:
    """Versions of the parent whose text was taken over, as works with a licence."""
    fork = find_fork(protocol_id)
    if fork is None:
        return []
    taken = {d.parent_version_id for d in list_decisions(protocol_id) if d.decision == "take"}
    found = sa.select(ProtocolVersion).where(ProtocolVersion.id.in_({fork.parent_version_id, *taken}))
    return [
        Work(f"{version.protocol.public_id} {version.number}", version.licence, "adapted_text")
        for version in db.session.scalars(found.order_by(ProtocolVersion.id))
    ]


def list_rationale(version_id: int) -> dict[str, str]:
    """Answers of a version by name; every name that has one."""
    return list_rationales([version_id]).get(version_id, {})


def list_rationales(version_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """The same for many versions, by version."""
    found: dict[int, dict[str, str]] = {}
    rows = db.session.scalars(sa.select(Rationale).where(Rationale.version_id.in_(version_ids)))
    for row in rows:
        found.setdefault(row.version_id, {})[row.name] = row.text
    return found


def rationale_fields(answers: Mapping[str, str]) -> dict[str, str]:
    """Answers under the keys that hashes, comparisons and translations know them by."""
    return {f"etd:{name}": answers[name] for name in ETD if name in answers}
