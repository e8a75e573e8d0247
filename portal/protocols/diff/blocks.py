"""What changed between two versions, block by block, and the class that the change cannot fall below."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from portal.protocols.dictionary import WEIGHTY_KINDS, Section
from portal.protocols.diff.words import compare_words
from portal.protocols.units import codes, measures, numbers

WEIGHTY_SECTIONS = frozenset({Section.POPULATION, Section.CONTRAINDICATIONS, Section.MONITORING})


class Block(Protocol):
    """The part of a block that is compared."""

    @property
    def block_key(self) -> str: ...
    @property
    def section(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def data(self) -> dict[str, Any]: ...
    @property
    def source_text(self) -> str: ...
    @property
    def source_hash(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Change:
    """One block (or field) that differs. `reason` says why it is clinical; empty when it is not.

    `firm` reasons hold against a chief editor too. `before` and `after` are the blocks themselves: None where
    there was or is none, and for fields.
    """

    key: str
    section: str
    what: str
    old: str = ""
    new: str = ""
    reason: str = ""
    before: Block | None = None
    after: Block | None = None

    @property
    def is_clinical(self) -> bool:
        return bool(self.reason)

    @property
    def is_firm(self) -> bool:
        return self.reason not in ("", "number")


def compare(old: Sequence[Block], new: Sequence[Block]) -> list[Change]:
    """Changes in the order of the new version, removed blocks last."""
    before = {block.block_key: block for block in old}
    after = {block.block_key: block for block in new}
    order = [block.block_key for block in old if block.block_key in after]
    moved = _moved(order, [block.block_key for block in new if block.block_key in before])
    changes = [_change(before.get(block.block_key), block, moved=block.block_key in moved) for block in new]
    changes += [_change(block, None, moved=False) for block in old if block.block_key not in after]
    return [change for change in changes if change is not None]


def compare_fields(old: Mapping[str, str], new: Mapping[str, str]) -> list[Change]:
    """Changes of texts that have a name instead of a key (title, summary, reasons of an adaptation)."""
    return [
        Change(name, name, "changed", was, now, _text_reason(was, now))
        for name in {**new, **old}
        if (was := old.get(name, "")) != (now := new.get(name, ""))
    ]


def compare_main(old: Iterable[str], new: Iterable[str]) -> list[Change]:
    """A change of main concepts is clinical."""
    before, after = set(old), set(new)
    return [Change("concepts", "concepts", "changed", reason="main_concepts")] if before != after else []


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The fewest keys that have to be moved to get one order from the other."""
    if before == after:
        return set()
    place = {key: number for number, key in enumerate(before)}
    stay = {after[number] for number in _rising([place[key] for key in after])}
    return set(after) - stay


def _rising(places: Sequence[int]) -> list[int]:
    """Positions of a longest rising run of different numbers."""
    tops: list[int] = []
    ends: list[int] = []
    earlier: list[int] = []
    for number, place in enumerate(places):
        at = bisect_left(tops, place)
        earlier.append(ends[at - 1] if at else -1)
        tops[at : at + 1], ends[at : at + 1] = [place], [number]
    run = [ends[-1]] if ends else []
    while run and earlier[run[-1]] >= 0:
        run.append(earlier[run[-1]])
    return run


def _change(old: Block | None, new: Block | None, *, moved: bool) -> Change | None:
    block = new or old
    assert block is not None  # one of the two is given
    if old and new and old.source_hash == new.source_hash:
        return Change(block.block_key, block.section, "moved", before=old, after=new) if moved else None
    what = "changed" if old and new else "added" if new else "removed"
    old_text, new_text = (old.source_text if old else ""), (new.source_text if new else "")
    return Change(block.block_key, block.section, what, old_text, new_text, reason_of(old, new), old, new)


def reason_of(old: Block | None, new: Block | None) -> str:
    """Why the change from one to the other is clinical; empty when it is not."""
    for block in (old, new):
        if block is not None and block.kind in WEIGHTY_KINDS:
            return str(block.kind)
        if block is not None and block.section in WEIGHTY_SECTIONS:
            return str(block.section)
    return _text_reason(old.source_text if old else "", new.source_text if new else "")


def _text_reason(old: str, new: str) -> str:
    """A number, code or unit that is not on both sides of what was reworded."""
    was, now = compare_words(old, new).differing
    same = numbers(was) == numbers(now) and codes(was) == codes(now) and measures(was) == measures(now)
    return "" if same else "number"
