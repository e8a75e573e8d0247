"""Acceptance of the versioned terms of use, before the first comparison."""

from datetime import datetime

from portal.accounts.models import TERMS_VERSION, TermsAcceptance, User
from portal.accounts.queries import find_acceptance, has_acceptance
from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict
from portal.core.permissions import Actor
from portal.extensions import db


@transaction
def accept_terms(user: User, version: str, *, by: Actor, now: datetime) -> None:
    """Record that the acting person accepted this version; an outdated page is refused."""
    if version != TERMS_VERSION or user.id != by.id:
        raise Conflict("terms_outdated")
    if find_acceptance(user.id, version) is None:
        db.session.add(TermsAcceptance(user_id=user.id, version=version, accepted_at=now))
    record("terms.accepted", by=by, target=user, changes={"version": version})


def has_accepted_terms(user: Actor) -> bool:
    """Whether the present version is accepted."""
    return has_acceptance(user.id, TERMS_VERSION)
