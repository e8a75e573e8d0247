"""What protocols are called: titles for lists that know nothing else of them."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from portal.extensions import db
from portal.protocols.dictionary import CURRENT
from portal.protocols.models import Protocol, ProtocolVersion
from portal.protocols.queries.hiding import shown_only
from portal.protocols.queries.translations import find_texts


@dataclass(frozen=True, slots=True)
class Title:
    """A title and the language that it is in."""

    text: str
    lang: str
    slug: str


def find_titles(public_ids: Collection[str], lang: str) -> dict[str, Title]:
    """Titles of published protocols by public number, in `lang` where there is one, in two queries."""
    found = sa.select(ProtocolVersion).join(Protocol, Protocol.id == ProtocolVersion.protocol_id)
    found = found.where(Protocol.public_id.in_(public_ids), ProtocolVersion.state.in_(CURRENT))
    found = found.where(*shown_only(Protocol.id))
    versions = db.session.scalars(found).all()
    texts = find_texts(versions, ("title",), lang)
    return {v.protocol.public_id: _title(v, texts.get((v.id, "title")), lang) for v in versions}


def _title(version: ProtocolVersion, text: str | None, lang: str) -> Title:
    source = version.protocol.source_lang
    return Title(text or version.title, lang if text else source, version.protocol.slug)
