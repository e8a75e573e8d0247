"""Checks that a published version still holds: "checked on, no change needed"."""

from datetime import datetime

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import InvalidTransition
from portal.core.permissions import Actor
from portal.extensions import db
from portal.protocols.dictionary import CURRENT, REVIEW_MONTHS, REVIEW_MONTHS_WITH_DOSE, Kind
from portal.protocols.models import CurrencyCheck, ProtocolVersion
from portal.protocols.policies import check_can_check_currency
from portal.protocols.queries.versions import list_blocks
from portal.protocols.rules import add_months
from portal.protocols.services.content import refuse_identifiers


@transaction
def confirm_currency(
    version: ProtocolVersion, note: str = "", *, lang: str = "en", by: Actor, now: datetime
) -> CurrencyCheck:
    """An author or editor looked and nothing had to change; the next check is due in one or two years."""
    check_can_check_currency(by, version)
    if version.state not in CURRENT:
        raise InvalidTransition("wrong_state", state=version.state, verb="confirm_currency")
    refuse_identifiers(note=note)
    has_dose = any(block.kind == Kind.DOSE for block in list_blocks(version.id))
    months = REVIEW_MONTHS_WITH_DOSE if has_dose else REVIEW_MONTHS
    check = CurrencyCheck(
        version_id=version.id, checked_on=now.date(), checked_by=by.id, note=note.strip(), lang=lang,
        next_due_on=add_months(now.date(), months), recorded_at=now,
    )  # fmt: skip
    db.session.add(check)
    record("protocol.currency_checked", by=by, target=("protocol", version.protocol.public_id),
           changes={"version": version.number}, hash_after=version.content_hash)  # fmt: skip
    return check
