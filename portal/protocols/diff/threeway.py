"""Three states of the blocks of an adaptation: the parent as it was taken, the parent now, the own text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from portal.protocols.diff.blocks import Block, reason_of

What = Literal["same", "added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Row:
    """One block in three states, None where a state has none. `then` is the parent that was decided about."""

    key: str
    then: Block | None
    now: Block | None
    mine: Block | None

    @property
    def parent(self) -> What:
        """What the parent did since."""
        return _what(self.then, self.now)

    @property
    def own(self) -> What:
        """What the adaptation did itself."""
        return _what(self.then, self.mine)

    @property
    def is_taken(self) -> bool:
        """The adaptation says already what the parent says now."""
        return _hash(self.now) == _hash(self.mine)

    @property
    def is_news(self) -> bool:
        """The parent changed something that the adaptation does not have."""
        return self.parent != "same" and not self.is_taken

    @property
    def is_conflict(self) -> bool:
        """Both changed it, each in another way."""
        return self.is_news and self.own != "same"

    @property
    def reason(self) -> str:
        """Why what the parent did, or else the own change, is clinical."""
        return reason_of(self.then, self.now if self.is_news else self.mine)

    @property
    def section(self) -> str:
        block = self.mine or self.now or self.then
        return block.section if block else ""


def compare_three(
    then: Mapping[str, Block | None],
    now: Sequence[Block],
    mine: Sequence[Block],
    *,
    fallback: Mapping[str, Block],
) -> list[Row]:
    """Rows in the order of the own text, then what only the parent has.

    `then` holds blocks that were decided about later than the adaptation began; `fallback` the blocks at the
    beginning.
    """
    current = {block.block_key: block for block in now}
    own = {block.block_key: block for block in mine}
    keys = dict.fromkeys([*own, *current, *fallback])
    return [
        Row(key, then[key] if key in then else fallback.get(key), current.get(key), own.get(key))
        for key in keys
    ]


def _what(old: Block | None, new: Block | None) -> What:
    if _hash(old) == _hash(new):
        return "same"
    return "added" if old is None else "removed" if new is None else "changed"


def _hash(block: Block | None) -> str:
    return block.source_hash if block is not None else ""
