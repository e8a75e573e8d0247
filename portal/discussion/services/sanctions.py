"""Keeping a person from posting for up to seven days. The person gets the reason, and an appeal."""

from datetime import datetime, timedelta

from portal.accounts.models import User
from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, Problem
from portal.core.permissions import Actor
from portal.discussion import rules
from portal.discussion.models import Sanction
from portal.discussion.policies import check_can_sanction
from portal.discussion.queries.people import find_sanction
from portal.discussion.services.checking import check_text
from portal.discussion.services.telling import tell_of_sanction
from portal.extensions import db


@transaction
def sanction(user: User, reason_code: str, reason: str, *, days: int, by: Actor, now: datetime) -> Sanction:
    """A moderator forbids posting for 1 to 7 days. Raises Conflict while an earlier sanction runs: two in a
    row would be longer than a moderator may decide.
    """
    check_can_sanction(by, user)
    check_text(reason=reason, longest=rules.LONGEST_NOTE)
    if not rules.is_reason(reason_code):
        raise Invalid(problems=(Problem("reason_code", "code_unknown"),))
    if not 1 <= days <= rules.LONGEST_SANCTION_DAYS:
        raise Invalid(problems=(Problem("days", "days_out_of_range", {"max": rules.LONGEST_SANCTION_DAYS}),))
    if find_sanction(user.id, now=now) is not None:
        raise Conflict("sanction_runs")
    made = Sanction(
        user_id=user.id, reason_code=reason_code, reason=reason.strip(), issued_by=by.id, issued_at=now,
        ends_at=now + timedelta(days=days),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    tell_of_sanction(made)
    record(
        "sanction.issued",
        by=by,
        target=made,
        reason_code=reason_code,
        changes={"user": user.id, "days": days},
    )
    return made
