"""A single block by its own address: in the newest version that has it, and the versions that wrote it."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.extensions import db
from portal.protocols.dictionary import READABLE
from portal.protocols.models import Block, Protocol, ProtocolVersion
from portal.protocols.queries.compare import blocks_of
from portal.protocols.queries.page import Page, ShownBlock, page_of
from portal.protocols.queries.versions import find_current


@dataclass(frozen=True, slots=True)
class OneBlock:
    """`changed_in`: numbers of the versions in which it became what it was, the newest first."""

    page: Page
    block: ShownBlock
    changed_in: tuple[str, ...]

    @property
    def is_current(self) -> bool:
        return self.page.is_current


def find_one(protocol: Protocol, key: str, lang: str, *, today: date) -> OneBlock | None:
    """The block as readers get it; None where no version that they may read has it."""
    found = (
        sa.select(ProtocolVersion, Block.source_hash)
        .join(Block, Block.version_id == ProtocolVersion.id)
        .where(
            ProtocolVersion.protocol_id == protocol.id,
            ProtocolVersion.state.in_(READABLE),
            Block.block_key == key,
        )
        .order_by(ProtocolVersion.major, ProtocolVersion.minor)
    )
    rows = list(db.session.execute(found))
    if not rows:
        return None
    page = page_of(rows[-1][0], lang, today=today, current=find_current(protocol.id))
    changed = [
        version.number
        for place, (version, digest) in enumerate(rows)
        if place == 0 or rows[place - 1][1] != digest
    ]
    return OneBlock(page, blocks_of(page)[key], tuple(reversed(changed)))
