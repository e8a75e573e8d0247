"""Which protocols the reader of this request is not shown for legal reasons. Every door asks here.

A protocol is hidden from a reader where it is hidden in the country of the account or in the one that the
request comes from. Who works on it, or holds an office that has to see it, reads it, marked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from portal.core import readers
from portal.core.errors import LegallyClosed
from portal.core.permissions import Actor
from portal.extensions import db
from portal.protocols.dictionary import MAY_READ
from portal.protocols.models import (
    Protocol,
    ProtocolHiding,
    ProtocolVersion,
    ReviewAssignment,
    TranslationUnit,
)
from portal.protocols.rules import has_office_to_read

MOST_LINES: Final = 500


@dataclass(frozen=True, slots=True)
class Standing:
    """A protocol that is hidden in a country of the reader. `reads`: by part or office, and marked."""

    protocol_id: int
    public_id: str
    country: str
    reason_code: str
    hidden_at: datetime
    reads: bool


def find_standing(public_id: str) -> Standing | None:
    """What hides a protocol from the reader, or marks it; what hides it first."""
    found = [one for one in _standing() if one.public_id == public_id]
    return min(found, key=lambda one: one.reads, default=None)


def check_shown(public_id: str) -> None:
    """Raise LegallyClosed where this reader is not shown the protocol."""
    found = find_standing(public_id)
    if found is not None and not found.reads:
        raise LegallyClosed(
            "hidden_by_law", public_id=found.public_id, country=found.country,
            reason_code=found.reason_code, since=found.hidden_at,
        )  # fmt: skip


def check_shown_id(protocol_id: int | None) -> None:
    """The same for what hangs on a protocol and knows only its row; what hangs on none is shown."""
    named = [one.public_id for one in _standing() if one.protocol_id == protocol_id]
    for public_id in named[:1]:
        check_shown(public_id)


def is_shut(public_id: str) -> bool:
    return public_id in shut_numbers()


def shut_numbers() -> frozenset[str]:
    """Public numbers that the reader's lists leave out."""
    return frozenset(one.public_id for one in _standing() if not one.reads)


def shut_ids() -> frozenset[int]:
    return frozenset(one.protocol_id for one in _standing() if not one.reads)


def shown_only(column: Any) -> list[sa.ColumnElement[bool]]:
    """The condition of a list of protocols on a column of `protocol.id`; none where nothing is hidden."""
    return [column.not_in(shut)] if (shut := shut_ids()) else []


def _standing() -> Sequence[Standing]:
    """One query a request, and none where no country is known."""
    reader = readers.current()
    if reader is None or not reader.countries:
        return ()
    if "hidden" not in reader.found:
        reader.found["hidden"] = _list_standing(reader)
    found: Sequence[Standing] = reader.found["hidden"]
    return found


def _list_standing(reader: readers.Reader) -> Sequence[Standing]:
    actor = reader.who()
    office = actor is not None and has_office_to_read(actor)
    part = _takes_part(actor) if actor is not None else sa.false()
    row = ProtocolHiding
    found = (
        sa.select(row.protocol_id, Protocol.public_id, row.country, row.reason_code, row.hidden_at, part)
        .join(Protocol, Protocol.id == row.protocol_id)
        .where(row.lifted_at.is_(None), row.country.in_(reader.countries))
        .order_by(row.id)
    )
    return [
        Standing(r[0], r[1], r[2], r[3], r[4], reads=office or bool(r[5])) for r in db.session.execute(found)
    ]


def _takes_part(actor: Actor) -> sa.ColumnElement[bool]:
    """Who owns it, wrote a version, was asked to review one and declared interests, or translated a text."""
    version, asked, unit = ProtocolVersion, ReviewAssignment, TranslationUnit
    of = version.protocol_id == Protocol.id
    reviews = sa.exists().where(
        of, asked.version_id == version.id, asked.reviewer_id == actor.id, asked.state.in_(MAY_READ),
        asked.answered_at.is_not(None),
    )  # fmt: skip
    return sa.or_(
        Protocol.owner_id == actor.id,
        sa.exists().where(of, version.created_by == actor.id),
        reviews,
        sa.exists().where(unit.protocol_id == Protocol.id, unit.translated_by == actor.id),
    )


def hidden_in(country: str) -> frozenset[str]:
    """Public numbers hidden in a country, for whom a letter goes to: where no request is answered."""
    row = ProtocolHiding
    found = sa.select(Protocol.public_id).join(row, row.protocol_id == Protocol.id)
    return frozenset(db.session.scalars(found.where(row.country == country, row.lifted_at.is_(None))))


def list_countries_hidden_in(protocol_id: int) -> frozenset[str]:
    """Countries in which a protocol is hidden now."""
    found = sa.select(ProtocolHiding.country).where(ProtocolHiding.protocol_id == protocol_id)
    return frozenset(db.session.scalars(found.where(ProtocolHiding.lifted_at.is_(None))))


def find_hiding(hiding_id: int) -> ProtocolHiding | None:
    return db.session.get(ProtocolHiding, hiding_id)


def find_in_force(protocol_id: int, country: str) -> ProtocolHiding | None:
    found = sa.select(ProtocolHiding).where(
        ProtocolHiding.protocol_id == protocol_id, ProtocolHiding.country == country,
        ProtocolHiding.lifted_at.is_(None),
    )  # fmt: skip
    return db.session.scalar(found)


def list_hidings(protocol_id: int | None = None) -> Sequence[ProtocolHiding]:
    """The register, what was hidden last first; of one protocol or of all."""
    found = sa.select(ProtocolHiding)
    if protocol_id is not None:
        found = found.where(ProtocolHiding.protocol_id == protocol_id)
    order = ProtocolHiding.hidden_at.desc(), ProtocolHiding.id.desc()
    return db.session.scalars(found.order_by(*order).limit(MOST_LINES)).all()
