"""APPROVE: one administrator of each country binds the edition to exactly what was frozen."""

from datetime import datetime

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict
from portal.core.permissions import Actor
from portal.core.workflow import check
from portal.extensions import db
from portal.releases import queries
from portal.releases.models import EditionApproval
from portal.releases.policies import check_can_approve
from portal.releases.services.freezing import refuse_changed
from portal.releases.services.standing import binding_of, standing_of
from portal.releases.workflow import TRANSITIONS, check_name, expiry

__all__ = ["approve", "binding_of"]


@transaction
def approve(name: str, *, by: Actor, now: datetime, seen: str | None = None) -> EditionApproval:
    """Approve a frozen edition as administrator of one's own country, for 72 hours.

    The caller has asked for password and second factor within the last five minutes; `seen` is what the
    person had before the eyes (`binding_of`). Raises NotAllowed for a second approval by the same person or
    country, InvalidTransition when nothing is frozen, or it is void, Conflict when it was frozen again.
    """
    check_name(name)
    standing = standing_of(name, now=now)
    check_can_approve(by, standing.approvals)
    check(TRANSITIONS, standing, "approve")
    frozen = queries.find_freeze(name)
    assert frozen is not None  # the state says so
    refuse_changed(frozen)
    if seen is not None and seen != binding_of(frozen):
        raise Conflict("frozen_again")
    approval = EditionApproval(
        edition=name, country=by.country, bound_to=binding_of(frozen), approved_by=by.id, approved_at=now,
        expires_at=expiry(now),
    )  # fmt: skip
    db.session.add(approval)
    record(
        "edition.approved", by=by, target=("edition", name), acting_role="country_admin",
        hash_after=approval.bound_to,
    )  # fmt: skip
    return approval
