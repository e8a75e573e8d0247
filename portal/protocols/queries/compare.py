"""Two states of a protocol as pages, and what differs between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.protocols.dictionary import READABLE
from portal.protocols.models import Protocol, ProtocolVersion
from portal.protocols.queries.forks import Adaptation, find_parent
from portal.protocols.queries.hiding import check_shown, is_shut
from portal.protocols.queries.page import Page, ShownBlock, page_of, source_page
from portal.protocols.queries.versions import (
    Difference,
    difference_between,
    find_numbered,
    find_version,
    list_blocks,
)

Number = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two pages in one language. `unchanged`: how many blocks both have alike."""

    old: Page
    new: Page
    difference: Difference
    unchanged: int

    @property
    def across(self) -> bool:
        """Whether an adaptation is compared with its parent."""
        return self.old.protocol.id != self.new.protocol.id


@dataclass(frozen=True, slots=True)
class ThreePages:
    """The pages beside which an adaptation is shown: the parent as taken, the parent now, the own text."""

    then: Page
    now: Page
    mine: Page


def find_pair(protocol: Protocol, new: Number, old: Number) -> tuple[ProtocolVersion, ProtocolVersion] | None:
    """Two versions that readers may read, the older first; None where one of them is not there."""
    first, second = find_numbered(protocol.id, *old), find_numbered(protocol.id, *new)
    if first is None or second is None or {first.state, second.state} - set(READABLE):
        return None
    return first, second


def compare_public(old: ProtocolVersion, new: ProtocolVersion, lang: str, *, today: date) -> Compared:
    """As a reader of this language sees both."""
    return _compared(page_of(old, lang, today=today), page_of(new, lang, today=today))


def compare_draft(version: ProtocolVersion, reader: str, *, today: date) -> Compared | None:
    """A version beside the one before it, or beside the parent that it was adapted from, if any."""
    before = find_version(version.supersedes_id) if version.supersedes_id else find_parent(version)
    if before is None or is_shut(before.protocol.public_id):
        return None
    return _compared(source_page(before, reader, today=today), source_page(version, reader, today=today))


def compare_adaptation(held: Adaptation, reader: str, *, today: date) -> ThreePages:
    """The three pages in their source language; names of codes are the reader's.

    Raises LegallyClosed where the parent is hidden from the reader.
    """
    check_shown(held.then.protocol.public_id)
    then, now, mine = (source_page(v, reader, today=today) for v in (held.then, held.now, held.mine))
    return ThreePages(then, now, mine)


def _compared(old: Page, new: Page) -> Compared:
    found = difference_between(old.version, new.version)
    touched = {change.key for change in found.changes}
    same = sum(block.block_key not in touched for block in list_blocks(new.version.id))
    return Compared(old, new, found, same)


def blocks_of(page: Page) -> Mapping[str, ShownBlock]:
    """Blocks of a page by their keys."""
    return {block.key: block for held in page.sections.values() for block in held}
