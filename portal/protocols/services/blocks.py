"""Verbs on the content of a draft: blocks, dose lines and references."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from portal.core.audit import diff
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, NotFound, Problem
from portal.core.permissions import Actor
from portal.extensions import db
from portal.protocols import licences
from portal.protocols.dictionary import DOSE_UNITS, PER, PHASES, QUOTATIONS, ROUTES, Kind, Section
from portal.protocols.models import Block, ProtocolVersion, Reference
from portal.protocols.models.protocols import new_key
from portal.protocols.queries.versions import find_block, list_blocks, list_references
from portal.protocols.services.content import note_change, refuse_closed, refuse_identifiers
from portal.protocols.units import block_hash, marked
from portal.vocabulary.queries import exists

QUOTE_WORDS: Final = 25
DOSE_FIELDS: Final = frozenset(
    {
        "drug", "medicine", "route", "phase", "dose_min", "dose_max", "unit", "per", "times_min", "times_max",
        "every_min", "every_max", "every_unit", "after_min", "after_max", "step_min", "step_max",
        "ceiling", "ceiling_low", "ceiling_per", "observe_min", "observe_max", "source", "page",
        "source_quote", "quoted", "verify",
    }
)  # fmt: skip
EVERY: Final = ("hour", "day", "week", "month")
_NUMBERS: Final = tuple(sorted(
    name for name in DOSE_FIELDS if name.endswith(("_min", "_max")) or name in ("ceiling", "ceiling_low")
))  # fmt: skip
_RANGES: Final = (
    *((low, low.removesuffix("_min") + "_max") for low in _NUMBERS if low.endswith("_min")),
    ("ceiling_low", "ceiling"),
)
# "At most 20 mg" is a dose; "at most 3 times" alone is shown nowhere, nor is where a ceiling begins.
_NEEDS: Final = (
    *((f"{name}_max", f"{name}_min") for name in ("times", "every", "after", "observe")),
    ("ceiling_low", "ceiling"), ("every_unit", "every_min"),
)  # fmt: skip
_CODES: Final = {"route": ROUTES, "phase": PHASES, "unit": DOSE_UNITS, "per": PER, "ceiling_per": PER,
                 "every_unit": EVERY}  # fmt: skip


@dataclass(frozen=True, slots=True)
class BlockText:
    """What a block says: text in the source language, and data that needs no language."""

    section: str
    kind: str
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReferenceText:
    """A cited work."""

    key: str
    cite: str
    doi: str = ""
    pmid: str = ""
    isbn: str = ""
    url: str = ""
    language: str = "en"
    licence: str = ""
    quotation: str = "cited"
    status: str = "cited"
    status_note: str = ""
    permission: str = ""


def add_block(version: ProtocolVersion, said: BlockText, *, by: Actor, now: datetime) -> Block:
    """Add a block at the end of its section."""
    return add_blocks(version, [said], by=by, now=now)[0]


@transaction
def add_blocks(
    version: ProtocolVersion, texts: Sequence[BlockText], *, by: Actor, now: datetime
) -> list[Block]:
    """Add blocks at the ends of their sections, in the order given."""
    refuse_closed(version, by=by)
    known = {row.key for row in list_references(version.id)}
    last: Counter[str] = Counter()
    for block in list_blocks(version.id):
        last[block.section] = max(last[block.section], block.position)
    added = []
    for said in texts:
        check_block(said, known)
        last[said.section] += 1
        added.append(_new(version, said, key=new_key(), position=last[said.section]))
    db.session.add_all(added)
    keys = [block.block_key for block in added]
    note_change(version, "blocks_added", by=by, now=now, changes={"blocks": keys})
    return added


@transaction
def save_block(
    version: ProtocolVersion, key: str, said: BlockText, *, revision: int, by: Actor, now: datetime
) -> Block:
    """Change a block that was read at `revision`.

    Raises Conflict with both texts when somebody saved it meanwhile: the second editor decides.
    """
    refuse_closed(version, by=by)
    block = _found(version, key)
    if block.revision != revision:
        raise Conflict(
            "block_changed", key=key, mine=said.text, theirs=block.source_text, revision=block.revision
        )
    check_block(said, {row.key for row in list_references(version.id)})
    before = {"section": block.section, "kind": block.kind, "data": dict(block.data)}
    if said.section != block.section:
        block.position = _last(version.id, said.section) + 1
    block.section, block.kind, block.source_text = said.section, said.kind, marked(said.text.strip())
    block.data, block.revision = tidy(said), block.revision + 1
    block.source_hash = _hash(block)
    changed = diff(before, {"section": block.section, "kind": block.kind, "data": block.data}, tuple(before))
    note_change(version, "block_saved", by=by, now=now, changes={"block": key, **changed})
    return block


@transaction
def remove_block(version: ProtocolVersion, key: str, *, by: Actor, now: datetime) -> None:
    """Take a block out of the draft; published versions keep it."""
    refuse_closed(version, by=by)
    block = _found(version, key)
    db.session.delete(block)
    note_change(version, "block_removed", by=by, now=now, changes={"block": key})


@transaction
def move_block(version: ProtocolVersion, key: str, step: int, *, by: Actor, now: datetime) -> None:
    """Move a block up (-1) or down (1) within its section; at the end nothing happens."""
    refuse_closed(version, by=by)
    block = _found(version, key)
    row = [other for other in list_blocks(version.id) if other.section == block.section]
    place = row.index(block) + (1 if step > 0 else -1)
    if 0 <= place < len(row):
        row.remove(block)
        row.insert(place, block)
        for position, other in enumerate(row, 1):
            other.position = position
    note_change(version, "block_moved", by=by, now=now, changes={"block": key})


def add_reference(version: ProtocolVersion, said: ReferenceText, *, by: Actor, now: datetime) -> Reference:
    """Add a cited work under a key that blocks can name."""
    return add_references(version, [said], by=by, now=now)[0]


@transaction
def add_references(
    version: ProtocolVersion, works: Sequence[ReferenceText], *, by: Actor, now: datetime
) -> list[Reference]:
    """Add cited works in the order given."""
    refuse_closed(version, by=by)
    known = {row.key for row in list_references(version.id)}
    added = []
    for said in works:
        _check_reference(said, known)
        known.add(said.key)
        notice = licences.notice_of(said.licence, said.quotation)
        added.append(Reference(version_id=version.id, position=len(known), notice=notice, **asdict(said)))
    db.session.add_all(added)
    keys = [row.key for row in added]
    note_change(version, "references_added", by=by, now=now, changes={"keys": keys})
    return added


@transaction
def remove_reference(version: ProtocolVersion, key: str, *, by: Actor, now: datetime) -> None:
    """Remove a work that no block names."""
    refuse_closed(version, by=by)
    row = next((row for row in list_references(version.id) if row.key == key), None)
    if row is None:
        raise NotFound("not_found")
    if any(key in _named(block.data) for block in list_blocks(version.id)):
        raise Conflict("reference_in_use", key=key)
    db.session.delete(row)
    note_change(version, "reference_removed", by=by, now=now, changes={"key": key})


def check_block(said: BlockText, known: Collection[str]) -> None:
    """Raise Invalid with every fault of a block; `known` are the keys of the version's references."""
    texts = {name: str(said.data.get(name) or "") for name in ("page", "source_quote")}
    refuse_identifiers(body=said.text, **texts)
    problems = []
    if said.section not in set(Section) or said.kind not in set(Kind):
        problems.append(Problem("section", "section_unknown"))
    if said.kind != Kind.DOSE and not said.text.strip():
        problems.append(Problem("text", "text_missing"))
    problems += [
        Problem("references", "reference_unknown", {"key": key})
        for key in _named(said.data)
        if key not in known
    ]
    if said.kind == Kind.DOSE:
        problems += _dose_faults(said.data)
    if problems:
        raise Invalid(problems=tuple(problems))


def tidy(said: BlockText) -> dict[str, Any]:
    """Data without empty values, so that equal content has equal hashes."""
    return {name: value for name, value in said.data.items() if value not in (None, "", [], {})}


def _dose_faults(data: Mapping[str, Any]) -> list[Problem]:
    problems = [Problem(name, "dose_field_unknown") for name in data if name not in DOSE_FIELDS]
    if not data.get("source"):
        problems.append(Problem("source", "source_missing"))
    problems += _dose_drug(data)
    for name, values in _CODES.items():
        given = data.get(name)
        if any(code not in (None, "", *values) for code in (given if isinstance(given, list) else [given])):
            problems.append(Problem(name, "code_unknown"))
    if len(str(data.get("source_quote") or "").split()) > QUOTE_WORDS:
        problems.append(Problem("source_quote", "quote_too_long", {"words": QUOTE_WORDS}))
    return problems + _dose_numbers(data)


def _dose_drug(data: Mapping[str, Any]) -> list[Problem]:
    drug = data.get("drug")
    if drug and not exists(drug):
        return [Problem("drug", "concept_unknown", {"concept": drug})]
    if not (drug or data.get("medicine") or data.get("quoted")):
        return [Problem("drug", "drug_missing")]
    return []


def _dose_numbers(data: Mapping[str, Any]) -> list[Problem]:
    """Numbers are positive, ranges run upwards, an amount has its unit; a quoted line has words instead."""
    problems = [
        Problem(name, "number_wrong")
        for name in _NUMBERS
        if data.get(name) is not None and not (isinstance(data[name], int | float) and data[name] > 0)
    ]
    if not problems:
        problems += _ranges(data)
    return problems + _dose_amount(data)


def _ranges(data: Mapping[str, Any]) -> list[Problem]:
    """A range runs upwards, and no number stands where no reader would be shown it."""
    reversed_ = [
        Problem(high, "range_reversed")
        for low, high in _RANGES
        if data.get(low) and data.get(high) and data[high] < data[low]
    ]
    return reversed_ + [
        Problem(missing, "number_missing") for other, missing in _NEEDS if _alone(data, other, missing)
    ]


def _alone(data: Mapping[str, Any], given: str, missing: str) -> bool:
    return bool(data.get(given)) and not data.get(missing)


def _dose_amount(data: Mapping[str, Any]) -> list[Problem]:
    amount = any(data.get(name) for name in ("dose_min", "dose_max", "ceiling", "step_min", "step_max"))
    problems = []
    if data.get("quoted") and not data.get("source_quote"):
        problems.append(Problem("source_quote", "quote_missing"))
    if not (data.get("quoted") or amount):
        problems.append(Problem("dose_min", "dose_missing"))
    if amount and not data.get("unit"):
        problems.append(Problem("unit", "unit_missing"))
    if data.get("every_min") and not data.get("every_unit"):
        problems.append(Problem("every_unit", "unit_missing"))
    return problems


def _check_reference(said: ReferenceText, known: set[str]) -> None:
    refuse_identifiers(**asdict(said))
    problems = []
    if not said.key.strip() or not said.cite.strip():
        problems.append(Problem("key" if said.cite.strip() else "cite", "text_missing"))
    if said.key in known:
        problems.append(Problem("key", "reference_exists", {"key": said.key}))
    if said.quotation not in QUOTATIONS:
        problems.append(Problem("quotation", "code_unknown"))
    if said.licence not in licences.KNOWN:
        problems.append(Problem("licence", "code_unknown"))
    if said.url and not said.url.startswith(("https://", "http://")):
        problems.append(Problem("url", "url_wrong"))
    if problems:
        raise Invalid(problems=tuple(problems))


def _named(data: Mapping[str, Any]) -> list[str]:
    return [*([data["source"]] if data.get("source") else []), *data.get("references", [])]


def _found(version: ProtocolVersion, key: str) -> Block:
    block = find_block(version.id, key)
    if block is None:
        raise NotFound("not_found")
    return block


def _last(version_id: int, section: str) -> int:
    return max((block.position for block in list_blocks(version_id) if block.section == section), default=0)


def _new(version: ProtocolVersion, said: BlockText, *, key: str, position: int) -> Block:
    block = Block(
        version_id=version.id, block_key=key, section=said.section, position=position, kind=said.kind,
        data=tidy(said), source_text=marked(said.text.strip()),
    )  # fmt: skip
    block.source_hash = _hash(block)
    return block


def _hash(block: Block) -> str:
    return block_hash(block.block_key, block.section, block.kind, data=block.data, text=block.source_text)
