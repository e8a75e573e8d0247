"""Reads that are themselves recorded."""

from collections.abc import Sequence

from portal.accounts import queries
from portal.core.audit import AuditEvent, record
from portal.core.db import transaction
from portal.core.permissions import Actor, Permission, Scope, check, has_permission


@transaction
def read_audit(*, by: Actor, before: int | None = None, limit: int = 50) -> Sequence[AuditEvent]:
    """What people of the own country did, newest first; of every country for the system administrator."""
    everywhere = has_permission(by, Permission.READ_AUDIT_ALL)
    if not everywhere:
        check(by, Permission.READ_AUDIT_COUNTRY, Scope(country=by.country))
    events = queries.list_audit_events(None if everywhere else by.country, before=before, limit=limit)
    record("audit.read", by=by, target=("audit_event", before or "latest"))
    return events
