"""What changed between two versions, block by block, and the class that the change cannot fall below."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from portal.protocols.dictionary import WEIGHTY_KINDS, Section
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

    `firm` reasons hold against a chief editor too.
    """

    key: str
    section: str
    what: str
    old: str = ""
    new: str = ""
    reason: str = ""

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
    """Changes of title and summary."""
    return [
        Change(key, key, "changed", old[key], new[key], _text_reason(old[key], new[key]))
        for key in ("title", "summary")
        if old[key] != new[key]
    ]


def compare_main(old: Iterable[str], new: Iterable[str]) -> list[Change]:
    """A change of main concepts is clinical."""
    before, after = set(old), set(new)
    return [Change("concepts", "concepts", "changed", reason="main_concepts")] if before != after else []


def _moved(before: list[str], after: list[str]) -> set[str]:
    return (
        {key for key, other in zip(after, before, strict=True) if key != other} if before != after else set()
    )


def _change(old: Block | None, new: Block | None, *, moved: bool) -> Change | None:
    block = new or old
    assert block is not None  # one of the two is given
    if old and new and old.source_hash == new.source_hash:
        return Change(block.block_key, block.section, "moved") if moved else None
    what = "changed" if old and new else "added" if new else "removed"
    old_text, new_text = (old.source_text if old else ""), (new.source_text if new else "")
    return Change(block.block_key, block.section, what, old_text, new_text, _reason(old, new))


def _reason(old: Block | None, new: Block | None) -> str:
    for block in (old, new):
        if block is not None and block.kind in WEIGHTY_KINDS:
            return str(block.kind)
        if block is not None and block.section in WEIGHTY_SECTIONS:
            return str(block.section)
    return _text_reason(old.source_text if old else "", new.source_text if new else "")


def _text_reason(old: str, new: str) -> str:
    same = numbers(old) == numbers(new) and codes(old) == codes(new) and measures(old) == measures(new)
    return "" if same else "number"
