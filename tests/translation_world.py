"""Translations at a state, for tests: a protocol translated whole, and the version after it."""

from datetime import datetime
from typing import Any

from protocol_world import NOW, World, bring_to, translate

from portal.protocols.models import ProtocolVersion
from portal.protocols.queries.translations import list_sources
from portal.protocols.queries.versions import list_blocks
from portal.protocols.services import blocks, drafts, publishing
from portal.protocols.services.blocks import BlockText
from portal.protocols.services.drafts import Details

PERSIAN = {
    "title": "درمان نگهدارنده با متادون", "summary": "متادون روزانه.",
    "population": "بزرگسالان دارای وابستگی به مواد افیونی.", "contraindications": "خواب‌آلودگی هنگام دریافت دوز.",
    "dosing": "تحمل کم یا نامشخص.", "monitoring": "خواب‌آلودگی پیش از هر دوز.",
}  # fmt: skip
STEPS = ("تحمل را ارزیابی کنید.", "فرد را ۲ ساعت پس از دوز زیر نظر بگیرید.")


def key_of(version: ProtocolVersion, section: str, place: int = 0) -> str:
    return [block.block_key for block in list_blocks(version.id) if block.section == section][place]


def translate_whole(world: World, version: ProtocolVersion) -> None:
    """Everything that a publication of the Persian translation needs."""
    steps = iter(STEPS)
    for unit in list_sources([version])[version.id]:
        text = next(steps) if unit.name == "steps" else PERSIAN.get(unit.name)
        if text:
            translate(world, version, unit.key, text)


def next_accepted(
    world: World,
    version: ProtocolVersion,
    kind: str,
    *,
    section: str = "steps",
    text: str = "Assess the tolerance.",
    data: dict[str, Any] | None = None,
) -> ProtocolVersion:
    """The next version with one block changed, accepted."""
    draft = drafts.new_version(version.protocol, by=world.author, now=NOW)
    said = Details(draft.title, draft.summary, "Next.", draft.licence, kind, NOW.date())
    drafts.change_details(draft, said, by=world.author, now=NOW)
    block = next(b for b in list_blocks(draft.id) if b.section == section)
    changed = BlockText(section, block.kind, text or block.source_text, block.data | (data or {}))
    blocks.save_block(draft, block.block_key, changed, revision=1, by=world.author, now=NOW)
    return bring_to(world, draft, "accepted")


def publish(world: World, version: ProtocolVersion, *, now: datetime = NOW) -> ProtocolVersion:
    """By one editor, or by the chief editors of both countries."""
    people = world.chiefs if version.change_type == "clinical" else (world.editor,)
    for person in people:
        publishing.publish(version, by=person, now=now)
    return version
