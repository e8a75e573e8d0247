"""Where an edition stands: what is frozen, which approvals of exactly that still hold, whether it is void."""

import hashlib
from datetime import datetime

from portal.extensions import db
from portal.registry.models import Snapshot
from portal.releases import queries
from portal.releases.models import EditionFreeze
from portal.releases.workflow import FROZEN, NEW, PUBLISHED, Standing


def standing_of(name: str, *, now: datetime) -> Standing:
    """State of an edition with the approvals of its latest freeze that have not expired."""
    if queries.find_edition(name) is not None:
        return Standing(PUBLISHED)
    freeze = queries.find_freeze(name)
    if freeze is None:
        return Standing(NEW)
    snapshot = db.session.get_one(Snapshot, freeze.snapshot_id)
    approvals = queries.list_approvals(name, binding_of(freeze), now=now)
    return Standing(FROZEN, approvals, void=snapshot.void_at is not None)


def binding_of(freeze: EditionFreeze) -> str:
    """What an approval is bound to: any change of content, catalogue or parameters voids it."""
    parts = (freeze.edition, freeze.digest, freeze.catalogue_version, freeze.parameter_hash)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
