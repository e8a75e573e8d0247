"""Declarations and field reports on the stage of pages: one of each kind in each state that has a page."""

from datetime import UTC, datetime
from typing import Any

from factories import make_programme, make_user
from following_world import FIVE, found

from portal.accounts.models import User
from portal.core.permissions import SYSTEM
from portal.extensions import db
from portal.programmes.models import Programme
from portal.programmes.services import give_consent
from portal.protocols.models import ProtocolVersion
from portal.protocols.queries.versions import list_blocks
from portal.protocols.services import following, reports
from portal.protocols.services.following import Declared

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def make(programme: Programme, version: ProtocolVersion, people: dict[str, int]) -> dict[str, Any]:
    """Ids for the addresses; the programme of `named` agreed to be named."""
    clinician, editor = (db.session.get_one(User, people[role]) for role in ("clinician", "editor"))
    dose = next(block.block_key for block in list_blocks(version.id) if block.kind == "dose")
    other = make_programme("IR", modality="M21", synthetic=programme.synthetic)
    give_consent(other, NOW.date(), named_publicly=True, by=SYSTEM, now=NOW)
    neighbour = make_user("clinician", organisation=other.organisation)
    change = [(dose, "شروع با ۲۰ تا ۴۵ میلی‌گرم")]
    said = {m: Declared(m, "2026Q4", FIVE, local_changes=change, lang="fa") for m in ("M20", "M21")}
    held = following.declare(other, version, said["M21"], by=neighbour, now=NOW)
    row = following.declare(programme, version, said["M20"], by=clinician, now=NOW)
    following.confirm(row, by=editor, now=NOW)
    centre = programme.organisation
    report = reports.file_report(
        centre, version, found(changes=change, barriers=("staff",)), by=clinician, now=NOW
    )
    reports.accept_report(report, by=editor, now=NOW)
    later = found(from_quarter="2026Q4", to_quarter="2026Q4")
    waiting = reports.file_report(centre, version, later, by=clinician, now=NOW)
    again = reports.file_report(
        centre, version, found(from_quarter="2025Q3", to_quarter="2025Q4"), by=clinician, now=NOW
    )
    reports.return_report(again, "لطفاً بگویید چند نفر شروع کردند.", by=editor, now=NOW)
    return {
        "returned_report": again.id, "declared": held.id, "declaration": row.id, "report": report.id, "held_report": waiting.id, "named": other.id,
    }  # fmt: skip
