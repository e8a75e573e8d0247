"""What threads are about: protocols under their titles in the reader's language."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from portal.extensions import db
from portal.protocols.dictionary import CURRENT, State
from portal.protocols.models import ProtocolVersion
from portal.protocols.queries.hiding import shown_only
from portal.protocols.queries.translations import find_texts

LAST: tuple[str, ...] = (*CURRENT, State.RETIRED, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Subject:
    """A protocol as a thread names it. `lang` is the language of the title."""

    public_id: str
    slug: str
    title: str
    lang: str
    state: str

    @property
    def is_current(self) -> bool:
        return self.state in CURRENT


def find_subjects(protocol_ids: Collection[int], lang: str) -> dict[int, Subject]:
    """Two queries however many protocols; the last one that readers got, also when it was withdrawn."""
    if not protocol_ids:
        return {}
    found = sa.select(ProtocolVersion).where(
        ProtocolVersion.protocol_id.in_(protocol_ids),
        ProtocolVersion.state.in_(LAST),
        *shown_only(ProtocolVersion.protocol_id),
    )
    order = ProtocolVersion.major, ProtocolVersion.minor
    versions = {v.protocol_id: v for v in db.session.scalars(found.order_by(*order))}
    titles = find_texts(list(versions.values()), ("title",), lang)
    return {
        key: Subject(
            v.protocol.public_id, v.protocol.slug, titles.get((v.id, "title"), v.title),
            lang if (v.id, "title") in titles else v.protocol.source_lang, v.state,
        )
        for key, v in versions.items()
    }  # fmt: skip
