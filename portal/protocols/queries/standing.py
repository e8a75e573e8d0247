"""What several protocols have come to: for lists that somebody made, in which a protocol may be withdrawn."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from portal.extensions import db
from portal.protocols.dictionary import CURRENT, HEAD, State
from portal.protocols.models import ProtocolVersion
from portal.protocols.queries.hiding import shown_only
from portal.protocols.queries.translations import find_texts


@dataclass(frozen=True, slots=True)
class Head:
    """The last version that was public, with its title in the language asked for or else the source's."""

    version: ProtocolVersion
    title: str
    lang: str

    @property
    def public_id(self) -> str:
        return self.version.protocol.public_id

    @property
    def slug(self) -> str:
        return self.version.protocol.slug

    @property
    def state(self) -> str:
        return self.version.state

    @property
    def is_current(self) -> bool:
        return self.version.state in CURRENT

    @property
    def is_withdrawn(self) -> bool:
        return self.version.state == State.WITHDRAWN


def find_heads(protocol_ids: Collection[int], lang: str) -> dict[int, Head]:
    """By protocol, in a fixed number of queries. What was never published, or the reader is not shown for
    legal reasons, is missing.
    """
    found = sa.select(ProtocolVersion).where(
        ProtocolVersion.protocol_id.in_(protocol_ids), ProtocolVersion.state.in_(HEAD),
        *shown_only(ProtocolVersion.protocol_id),
    )  # fmt: skip
    last = {v.protocol_id: v for v in db.session.scalars(found.order_by(ProtocolVersion.id))}
    texts = find_texts(list(last.values()), ("title",), lang)
    return {held: _head(version, texts.get((version.id, "title")), lang) for held, version in last.items()}


def _head(version: ProtocolVersion, text: str | None, lang: str) -> Head:
    return Head(version, text or version.title, lang if text else version.protocol.source_lang)
