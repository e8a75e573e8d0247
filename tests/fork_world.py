"""Adaptations for tests: a published parent, somebody of another centre who adapts it, the next version there."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from factories import make_organisation, make_user
from protocol_world import CHECKED, NOW, World, bring_to, make_published, make_world

from portal.extensions import db
from portal.protocols.models import Protocol, ProtocolVersion
from portal.protocols.queries.versions import list_blocks
from portal.protocols.services import blocks, drafts, forks, publishing
from portal.protocols.services.blocks import BlockText
from portal.protocols.services.drafts import Details
from portal.protocols.services.forks import NewAdaptation
from portal.protocols.services.interests import Interests, declare_as_author
from portal.protocols.services.publishing import LegalText

WHY = "Our centres have no physician on duty at night."


@dataclass
class Adopted:
    """A parent and the draft of its adaptation."""

    world: World
    adopter: Any
    parent: ProtocolVersion
    draft: ProtocolVersion

    @property
    def fork(self) -> Protocol:
        return self.draft.protocol


def make_adopted(**more: Any) -> Adopted:
    world = make_world()
    parent = make_published(world, **more)
    adopter = make_user("clinician", organisation=make_organisation("IR", name="Centre of the adopter"))
    return Adopted(world, adopter, parent, adapt(parent, adopter))


def adapt(parent: ProtocolVersion, adopter: Any, **more: Any) -> ProtocolVersion:
    values = {"title": "Methadone maintenance in small centres", "reason": WHY, "country": "IR"} | more
    return forks.adapt(parent, NewAdaptation(**values), by=adopter, now=NOW)


def details(version: ProtocolVersion, *, by: Any, **more: Any) -> None:
    values = {
        "title": version.title, "summary": version.summary, "change_note": "What is new.",
        "licence": version.licence, "change_type": version.change_type, "evidence_searched_on": date(2026, 9, 1),
    } | more  # fmt: skip
    drafts.change_details(version, Details(**values), by=by, now=NOW)


def block_of(version: ProtocolVersion, section: str, place: int = 0) -> Any:
    return [block for block in list_blocks(version.id) if block.section == section][place]


def save(
    version: ProtocolVersion, section: str, *, by: Any, text: str = "", place: int = 0, **data: Any
) -> Any:
    """Change a block of a draft; `data` replaces values of its data."""
    block = block_of(version, section, place)
    said = BlockText(block.section, block.kind, text or block.source_text, {**block.data, **data})
    return blocks.save_block(version, block.block_key, said, revision=block.revision, by=by, now=NOW)


def publish(world: World, version: ProtocolVersion, *, by: Any) -> ProtocolVersion:
    """Everything from the draft to the public page."""
    for country, status in (("IR", "leg-restricted"), ("RU", "leg-prohibited")):
        said = LegalText(country, status, checked_on=CHECKED)
        publishing.set_legal_status(version.protocol, said, by=world.editor, now=NOW)
    declare_as_author(version, Interests(), by=by, now=NOW)
    author, world.author = world.author, by
    try:
        return bring_to(world, version, "published")
    finally:
        world.author = author


def publish_next(adopted: Adopted, **texts: str) -> ProtocolVersion:
    """The next version of the parent, with other texts in these sections; a dose is `dose_max`."""
    world = adopted.world
    version = drafts.new_version(adopted.parent.protocol, by=world.author, now=NOW)
    dose = texts.pop("dose_max", None)
    for section, text in texts.items():
        save(version, section, by=world.author, text=text)
    if dose:
        save(version, "dosing", by=world.author, dose_max=int(dose))
    details(version, by=world.author, change_type="clinical")
    return publish(world, version, by=world.author)


def set_state(version: ProtocolVersion, state: str) -> None:
    """A state that verbs of editors reach."""
    db.session.execute(sa.update(ProtocolVersion).where(ProtocolVersion.id == version.id).values(state=state))
    db.session.commit()
