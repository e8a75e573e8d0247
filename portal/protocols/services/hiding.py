"""An administrator hides a protocol from the readers of a country for a legal reason, and shows it again.

The text stays as it is, in every other country and for who works on it. Withdrawal, which ends a version for
everybody, is another verb.
"""

from dataclasses import dataclass
from datetime import datetime

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, Problem
from portal.core.permissions import Actor
from portal.extensions import db
from portal.protocols.dictionary import COUNTRIES, HIDING_REASONS, State
from portal.protocols.models import Protocol, ProtocolHiding, ProtocolVersion
from portal.protocols.policies import check_can_hide
from portal.protocols.queries.hiding import find_in_force
from portal.protocols.queries.versions import find_head
from portal.protocols.services.content import refuse_identifiers
from portal.protocols.services.telling import tell_staff

LONGEST_REFERENCE = 200


@dataclass(frozen=True, slots=True)
class Letter:
    """What the hiding rests on: a code that reads in every language, and what the paper is filed under."""

    code: str
    reference: str


@transaction
def hide(protocol: Protocol, country: str, letter: Letter, *, by: Actor, now: datetime) -> ProtocolHiding:
    """Readers of the country are shown the reason in place of the protocol, from this moment.

    Raises NotAllowed for who does not answer for the country, Conflict where nothing is shown or it is hidden
    already, Invalid without a known reason and a reference that names nobody.
    """
    check_can_hide(by, country)
    _check(country, letter)
    version = _shown(protocol)
    if find_in_force(protocol.id, country) is not None:
        raise Conflict("hidden_already")
    hiding = ProtocolHiding(
        protocol=protocol, country=country, reason_code=letter.code, reference=letter.reference.strip(),
        hidden_by=by.id, hidden_at=now,
    )  # fmt: skip
    db.session.add(hiding)
    tell_staff(version, "protocol_hidden", country=country)
    _note("protocol.hidden", hiding, by=by)
    return hiding


@transaction
def lift(hiding: ProtocolHiding, *, by: Actor, now: datetime) -> None:
    """Readers of the country get the protocol again. The register keeps both days. Raises Conflict twice."""
    check_can_hide(by, hiding.country)
    if hiding.lifted_at is not None:
        raise Conflict("hiding_lifted")
    hiding.lifted_at, hiding.lifted_by = now, by.id
    version = find_head(hiding.protocol_id)
    assert version is not None  # only what was published is hidden, and that is never deleted
    tell_staff(version, "protocol_shown_again", country=hiding.country)
    _note("protocol.shown_again", hiding, by=by)


def _check(country: str, letter: Letter) -> None:
    problems = []
    if country not in COUNTRIES:
        problems.append(Problem("country", "country_unknown"))
    if letter.code not in HIDING_REASONS:
        problems.append(Problem("code", "code_unknown"))
    if not 0 < len(letter.reference.strip()) <= LONGEST_REFERENCE:
        problems.append(Problem("reference", "reference_needed"))
    if problems:
        raise Invalid(problems=tuple(problems))
    refuse_identifiers(reference=letter.reference)


def _shown(protocol: Protocol) -> ProtocolVersion:
    version = find_head(protocol.id)
    if version is None or version.state == State.WITHDRAWN:
        raise Conflict("nothing_to_hide")
    return version


def _note(event: str, hiding: ProtocolHiding, *, by: Actor) -> None:
    record(
        event, by=by, target=("protocol", hiding.protocol.public_id), country=hiding.country,
        reason_code=hiding.reason_code, reason_text=hiding.reference, changes={"country": hiding.country},
    )  # fmt: skip
