"""Adaptations: three states of their blocks, news of the parent that wait for a decision, children."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from portal.accounts.models import User
from portal.core.permissions import Actor
from portal.extensions import db
from portal.programmes.models import Organisation
from portal.protocols.dictionary import CURRENT, OPEN, READABLE, Section
from portal.protocols.diff.threeway import Row, compare_three
from portal.protocols.models import Block, ForkDecision, Protocol, ProtocolFork, ProtocolVersion
from portal.protocols.queries.hiding import shown_only
from portal.protocols.queries.lineage import WHOLE, Ancestor, find_fork, list_ancestors, list_decisions
from portal.protocols.queries.translations import find_texts
from portal.protocols.queries.versions import find_current, find_open, find_version, list_blocks

LATER: Final = timedelta(days=14)
MOST_CHILDREN: Final = 20
_Digests = dict[str, tuple[str, str]]
_ORDER: Final = {str(section): place for place, section in enumerate(Section)}


@dataclass(frozen=True, slots=True)
class Adaptation:
    """An adaptation beside its parent. `now`: the parent as readers get it, or last got it."""

    protocol: Protocol
    fork: ProtocolFork
    mine: ProtocolVersion
    then: ProtocolVersion
    now: ProtocolVersion
    ancestors: tuple[Ancestor, ...]
    rows: tuple[Row, ...]
    decisions: Mapping[str, ForkDecision]

    @property
    def news(self) -> list[Row]:
        """What the parent changed and nobody decided about yet, put off or not."""
        return [row for row in self.rows if row.is_news]

    @property
    def parent_is_gone(self) -> bool:
        return self.ancestors[0].withdrawn

    @property
    def has_withdrawn_ancestor(self) -> bool:
        return any(ancestor.withdrawn for ancestor in self.ancestors)

    def waiting(self, *, now: datetime) -> list[Row]:
        """News without what was put off a short time ago."""
        return [row for row in self.news if not self._is_put_off(row.key, now)]

    def _is_put_off(self, key: str, now: datetime) -> bool:
        said = self.decisions.get(key)
        is_last = said is not None and said.parent_version_id == self.now.id
        return is_last and said is not None and said.decision == "later" and said.decided_at + LATER > now


@dataclass(frozen=True, slots=True)
class Child:
    """A published adaptation on the page of its parent. `changes`: blocks that differ, by section."""

    public_id: str
    slug: str
    title: str
    lang: str
    number: str
    country: str
    organisation: str
    changes: Mapping[str, int]


def find_adaptation(protocol: Protocol) -> Adaptation | None:
    """The text that is being worked on, else the published one, beside the parent; None for no adaptation."""
    fork = find_fork(protocol.id)
    mine = (find_open(protocol.id) or find_current(protocol.id)) if fork else None
    if fork is None or mine is None:
        return None
    ancestors = list_ancestors(protocol.id)
    then = ancestors[0].version
    now = find_current(then.protocol_id) or _last_readable(then.protocol_id) or then
    said = list_decisions(protocol.id)
    rows = compare_three(
        _decided(said), list_blocks(now.id), list_blocks(mine.id),
        fallback={block.block_key: block for block in list_blocks(then.id)},
    )  # fmt: skip
    latest = {decision.block_key: decision for decision in said}
    return Adaptation(protocol, fork, mine, then, now, tuple(ancestors), tuple(rows), latest)


def _last_readable(protocol_id: int) -> ProtocolVersion | None:
    """What stays readable of a retired parent."""
    found = sa.select(ProtocolVersion).where(
        ProtocolVersion.protocol_id == protocol_id, ProtocolVersion.state.in_(READABLE)
    )
    order = ProtocolVersion.major.desc(), ProtocolVersion.minor.desc()
    return db.session.scalar(found.order_by(*order).limit(1))


def _decided(decisions: Sequence[ForkDecision]) -> dict[str, Block | None]:
    """Blocks as they stood in the last version of the parent about which they were decided."""
    last = {d.block_key: d.parent_version_id for d in decisions if d.decision in ("take", "ignore")}
    rows = db.session.scalars(sa.select(Block).where(Block.version_id.in_(set(last.values()))))
    found = {(row.block_key, row.version_id): row for row in rows} if last else {}
    return {key: found.get((key, version_id)) for key, version_id in last.items()}


def list_own_adaptations(actor: Actor) -> list[Adaptation]:
    """Adaptations that the actor owns and whose parent has another version than the one they began from."""
    begun, now = sa.orm.aliased(ProtocolVersion), sa.orm.aliased(ProtocolVersion)
    found = (
        sa.select(Protocol)
        .join(ProtocolFork, ProtocolFork.protocol_id == Protocol.id)
        .join(begun, begun.id == ProtocolFork.parent_version_id)
        .join(now, sa.and_(now.protocol_id == begun.protocol_id, now.state.in_(CURRENT), now.id != begun.id))
        .where(Protocol.owner_id == actor.id)
        .order_by(Protocol.id)
    )
    held = [find_adaptation(protocol) for protocol in db.session.scalars(found)]
    return [adaptation for adaptation in held if adaptation is not None]


def list_adopters(protocol_id: int) -> list[tuple[User, Protocol]]:
    """Owners of adaptations that are public or being worked on, each with the adaptation."""
    parent = sa.select(ProtocolVersion.id).where(ProtocolVersion.protocol_id == protocol_id)
    alive = sa.exists().where(
        ProtocolVersion.protocol_id == Protocol.id, ProtocolVersion.state.in_((*OPEN, *READABLE))
    )
    found = (
        sa.select(User, Protocol)
        .join(Protocol, Protocol.owner_id == User.id)
        .join(ProtocolFork, ProtocolFork.protocol_id == Protocol.id)
        .where(ProtocolFork.parent_version_id.in_(parent), alive)
        .order_by(Protocol.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(found)]


def list_heirs(protocol_id: int) -> list[User]:
    """Owners of living adaptations, of adaptations of these, and so on; of several, several times."""
    found = list_adopters(protocol_id)
    below = [person for _owner, protocol in found for person in list_heirs(protocol.id)]
    return [owner for owner, _protocol in found] + below


def list_children(version: ProtocolVersion, lang: str) -> list[Child]:
    """Published adaptations, and how many blocks differ from this version; a fixed number of queries."""
    parent = sa.select(ProtocolVersion.id).where(ProtocolVersion.protocol_id == version.protocol_id)
    found = (
        sa.select(ProtocolVersion, ProtocolFork, Organisation.name)
        .join(ProtocolFork, ProtocolFork.protocol_id == ProtocolVersion.protocol_id)
        .outerjoin(Organisation, Organisation.id == ProtocolFork.organisation_id)
        .where(
            ProtocolFork.parent_version_id.in_(parent),
            ProtocolVersion.state.in_(CURRENT),
            *shown_only(ProtocolVersion.protocol_id),
        )
        .order_by(ProtocolVersion.published_at, ProtocolVersion.id)
        .limit(MOST_CHILDREN)
    )
    rows = list(db.session.execute(found))
    if not rows:
        return []
    counts = _differing(version.id, [row[0].id for row in rows])
    titles = find_texts([row[0] for row in rows], ("title",), lang)
    return [
        Child(
            child.protocol.public_id, child.protocol.slug, titles.get((child.id, "title"), child.title),
            lang if (child.id, "title") in titles else child.protocol.source_lang, child.number, fork.country,
            centre or "", counts[child.id],
        )
        for child, fork, centre in rows
    ]  # fmt: skip


def _differing(parent: int, children: Sequence[int]) -> dict[int, dict[str, int]]:
    """Blocks of each child that differ from the parent's or that only one of them has, by section."""
    columns = Block.version_id, Block.block_key, Block.section, Block.source_hash
    held: dict[int, _Digests] = {version: {} for version in (parent, *children)}
    for version, key, section, digest in db.session.execute(
        sa.select(*columns).where(Block.version_id.in_(held))
    ):
        held[version][key] = (section, digest)
    return {child: _by_section(held[parent], held[child]) for child in children}


def _by_section(parent: _Digests, child: _Digests) -> dict[str, int]:
    differing = [key for key in {**child, **parent} if child.get(key) != parent.get(key)]
    counts = Counter((child.get(key) or parent[key])[0] for key in differing)
    return dict(sorted(counts.items(), key=lambda item: _ORDER[item[0]]))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a protocol comes from, for its readers. `now`: what the parent shows them today, if anything."""

    ancestors: tuple[Ancestor, ...]
    now: ProtocolVersion | None
    organisation: str
    answer: str

    @property
    def parent(self) -> Ancestor:
        return self.ancestors[0]

    @property
    def fork(self) -> ProtocolFork:
        return self.parent.fork

    @property
    def withdrawn(self) -> list[Ancestor]:
        return [ancestor for ancestor in self.ancestors if ancestor.withdrawn]


def find_origin(version: ProtocolVersion) -> Origin | None:
    """The ancestors of a version's protocol; None where it was not adapted."""
    ancestors = tuple(list_ancestors(version.protocol_id))
    if not ancestors:
        return None
    centre = db.session.get(Organisation, ancestors[0].fork.organisation_id or 0)
    answers = [d.reason for d in list_decisions(version.protocol_id) if d.block_key == WHOLE]
    now = find_current(ancestors[0].version.protocol_id)
    return Origin(ancestors, now, centre.name if centre else "", answers[-1] if answers else "")


def find_parent(version: ProtocolVersion) -> ProtocolVersion | None:
    """The version from which the protocol of this version was adapted."""
    fork = find_fork(version.protocol_id)
    return find_version(fork.parent_version_id) if fork else None


def find_offered(protocol: Protocol) -> ProtocolVersion | None:
    """The version that an adaptation of a protocol begins from: what readers get, or what they got last."""
    return find_current(protocol.id) or _last_readable(protocol.id)
