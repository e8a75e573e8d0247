"""Who follows a version learns at once what became of it: a new major version, a concern, a withdrawal."""

from datetime import datetime, timedelta
from typing import Any

from portal.core.db import transaction
from portal.core.notify import notify
from portal.core.permissions import SYSTEM, Actor
from portal.protocols.catalogue.following import ANSWER_DAYS, IN_FORCE
from portal.protocols.models import ProgrammeProtocol, Protocol, ProtocolVersion
from portal.protocols.queries.following import list_overdue, list_programme_staff, list_standing
from portal.protocols.queries.versions import find_current, list_changed_sections
from portal.protocols.services.following import question
from portal.protocols.services.telling import tell_readers


def tell_new_version(version: ProtocolVersion) -> None:
    """Programmes that follow an earlier major version learn which sections changed. Part of publishing."""
    for row in list_standing(version.protocol_id):
        if row.version.major < version.major:
            sections = list_changed_sections(row.version, version)
            _tell(row, "followed_version_changed", {"new": version.number, "sections": sections})


def tell_concern(version: ProtocolVersion) -> None:
    """A notice of concern stands on the version that they follow."""
    for row in list_standing(version.protocol_id, version.id):
        _tell(row, "followed_concern", {})


def tell_withdrawn(version: ProtocolVersion, *, now: datetime) -> None:
    """The version is withdrawn: who still follows it answers within 30 days."""
    for row in list_standing(version.protocol_id, version.id):
        if row.state in IN_FORCE:
            row.answer_due_on = now.date() + timedelta(days=ANSWER_DAYS)
        _tell(row, "followed_withdrawn", {"days": ANSWER_DAYS})


@transaction
def question_unanswered(*, by: Actor = SYSTEM, now: datetime) -> int:
    """Once a day: declarations of withdrawn versions that nobody answered for become questioned."""
    overdue = list_overdue(today=now.date())
    for row in overdue:
        question(row, "withdrawn_version", "", by=by, now=now)
    return len(overdue)


def tell_law(protocol: Protocol, country: str) -> None:
    """Another legal status holds in a country: its readers, and who works by the protocol there."""
    version, rows = find_current(protocol.id), list_standing(protocol.id)
    there = [row.programme for row in rows if row.programme.country == country]
    if version is not None:
        working = [person for programme in there for person in list_programme_staff(programme)]
        tell_readers(version, "legal_changed", also=working, country=country)


def _tell(row: ProgrammeProtocol, key: str, more: dict[str, Any]) -> None:
    values = {
        "public_id": row.version.protocol.public_id, "number": row.version.number,
        "programme": row.programme.name, "declaration_id": row.id,
    }  # fmt: skip
    for person in list_programme_staff(row.programme):
        notify(person, key, values | more)
