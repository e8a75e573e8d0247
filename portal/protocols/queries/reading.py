"""What stands around the page of a version for one reader: the law of their country, and what is newer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from portal.extensions import db
from portal.protocols.dictionary import CURRENT
from portal.protocols.models import Protocol, ProtocolVersion
from portal.protocols.queries.hiding import shown_only
from portal.protocols.queries.lists import Alternative, list_alternatives
from portal.protocols.queries.page import Page
from portal.protocols.queries.versions import list_changed_sections

COUNTRY_OF: Final = {"ru": "RU", "fa": "IR"}
PROHIBITED: Final = "leg-prohibited"


def list_newest(limit: int) -> list[str]:
    """Public numbers of the protocols that were published last."""
    found = (
        sa.select(Protocol.public_id)
        .join(ProtocolVersion, ProtocolVersion.protocol_id == Protocol.id)
        .where(ProtocolVersion.state.in_(CURRENT), *shown_only(Protocol.id))
        .order_by(ProtocolVersion.published_at.desc(), Protocol.id)
        .limit(limit)
    )
    return list(db.session.scalars(found))


@dataclass(frozen=True, slots=True)
class Around:
    """`country` is the reader's, by language; `changed` are sections that a newer version changed."""

    country: str
    prohibited: bool
    alternatives: Sequence[Alternative]
    changed: Sequence[str]


def find_around(page: Page) -> Around:
    """Lawful alternatives where the treatment is prohibited, changed sections where the version is old."""
    country = COUNTRY_OF.get(page.lang, "")
    own = page.legal.get(country)
    prohibited = own is not None and own.status == PROHIBITED
    newer = page.current if page.current is not None and not page.is_current else None
    return Around(
        country=country,
        prohibited=prohibited,
        alternatives=list_alternatives(page, country) if prohibited else [],
        changed=list_changed_sections(page.version, newer) if newer else [],
    )
