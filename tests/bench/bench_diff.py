"""The difference of two versions of 200 blocks, words included, beside the page of one of them."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import protocol_world
from bench.stage import own_portal
from bench.table import Line
from bench.timing import ROUNDS, Spent, interleaved

from portal.extensions import db
from portal.protocols.diff.words import Words, compare_words
from portal.protocols.models import Block, ProtocolVersion
from portal.protocols.queries.versions import difference, list_blocks
from portal.protocols.services import blocks, drafts
from portal.protocols.services.blocks import BlockText
from portal.protocols.units import block_hash

BLOCKS = 200
SOME = 40
REACH = 1.0
TEXT = (
    "Assess tolerance, other sedatives and pregnancy before anything else; number {n} of the list. "
    "Give ⟦10–20 mg⟧ in the morning and watch the person for 2 hours in a quiet room. "
    "Whoever is drowsy gets nothing more that day, and a physician decides when to go on. "
    "Record the dose, the time and who was present. "
    "Offer counselling to everybody, and speak about naloxone with the family."
)
SECTIONS = ("assessment", "steps", "monitoring", "adverse_events", "resources")


def measure(rounds: int = ROUNDS) -> list[Line]:
    """How long the difference takes as a share of the page, with some and with all blocks changed."""
    with tempfile.TemporaryDirectory() as folder, own_portal(Path(folder)) as app:
        first, some, every = make_versions()
        address = f"/en/p/{first.protocol.public_id}/{first.protocol.slug}?anew"  # kept for nobody
        client = app.test_client()
        assert client.get(address).status_code == 200
        assert (len(changed(some)), len(changed(every))) == (SOME, BLOCKS)
        calls = {
            "page": lambda: client.get(address),
            "some": lambda: changed(some),
            "every": lambda: changed(every),
        }
        spent = interleaved(calls, rounds=rounds)
    return [_line(f"{SOME} of {BLOCKS} changed", spent["some"], spent["page"], REACH),
            _line(f"all {BLOCKS} changed", spent["every"], spent["page"], None)]  # fmt: skip


def _line(what: str, diff: Spent, page: Spent, reach: float | None) -> Line:
    note = f"{1000 * diff.wall:.1f} / {1000 * page.wall:.1f} ms"
    ratio, cpu = diff.wall / page.wall, diff.cpu / page.cpu
    return Line(f"diff of versions, {what} / page of one", ratio, reach, cpu=cpu, note=note)


def changed(version: ProtocolVersion) -> list[Words]:
    """What a compare page needs: the changed blocks, and the changed words in each; nothing is remembered."""
    compare_words.cache_clear()
    return [
        compare_words(change.old, change.new)
        for change in difference(version).changes
        if change.what == "changed" and change.before
    ]


def make_versions() -> tuple[ProtocolVersion, ProtocolVersion, ProtocolVersion]:
    """A published version, and two drafts after it: the second as if it were of another protocol."""
    world = protocol_world.make_world()
    first = protocol_world.make_draft(world)
    said = [BlockText(SECTIONS[n % 5], "text", _text(n)) for n in range(BLOCKS - len(list_blocks(first.id)))]
    blocks.add_blocks(first, said, by=world.author, now=protocol_world.NOW)
    protocol_world.bring_to(world, first, "published")
    some = drafts.new_version(first.protocol, by=world.author, now=protocol_world.NOW)
    drafts.abandon(some, by=world.author, now=protocol_world.NOW)
    every = drafts.new_version(first.protocol, by=world.author, now=protocol_world.NOW)
    _rewrite(list_blocks(some.id)[:SOME])
    _rewrite(list_blocks(every.id))
    db.session.commit()
    return first, some, every


def _text(number: int) -> str:
    return TEXT.format(n=number)


def _rewrite(held: Sequence[Block]) -> None:
    """A word, a dose and an interval differ, in texts of any length."""
    for block in held:
        text = block.source_text.replace("Assess", "Examine", 1).replace("10–20 mg", "10–30 mg")
        block.source_text = f"{text} Again after 4 hours."
        parts: dict[str, Any] = {"data": block.data, "text": block.source_text}
        block.source_hash = block_hash(block.block_key, block.section, block.kind, **parts)
