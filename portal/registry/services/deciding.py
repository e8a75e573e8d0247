"""What a centre decides about a dry run: its valid rows count from now on, or nothing of it is kept.

A clinician of the organisation may. A dry run that corrects another one which nobody has accepted yet takes
that one along, the older first, so that a corrected row never counts before the file it came from.
"""

from datetime import datetime

from portal.core.audit import record
from portal.core.db import transaction, utcnow
from portal.core.errors import InvalidTransition, NotFound
from portal.core.permissions import Actor
from portal.programmes.queries import list_programmes
from portal.registry.models import BatchState, ImportBatch
from portal.registry.policies import check_can_submit
from portal.registry.queries import find_batch, find_own_batch
from portal.registry.services.imports import VALID, commit, counts_of, sweep
from portal.registry.services.targets import target_of


@transaction
def accept(batch_id: int, *, by: Actor, now: datetime | None = None) -> ImportBatch:
    """Let the valid rows of a dry run count, and those of the dry runs that it corrects."""
    batch = _own(batch_id, by)
    for earlier in reversed(waiting_before(batch)):
        commit(earlier.id, mode=VALID, by=by, now=now or utcnow())
    return commit(batch.id, mode=VALID, by=by, now=now or utcnow())


@transaction
def discard(batch_id: int, *, by: Actor) -> None:
    """Delete the rows of a dry run. InvalidTransition once they count."""
    batch = _own(batch_id, by)
    for programme in list_programmes(codes=target_of(batch).programme_codes):
        check_can_submit(by, programme)
    if batch.state != BatchState.STAGED:  # one that loads belongs to the process that loads it
        raise InvalidTransition("wrong_state", state=batch.state, verb="discard")
    record("import.discarded", by=by, target=batch, changes=counts_of(batch))
    sweep(batch.id)


def waiting_before(batch: ImportBatch) -> list[ImportBatch]:
    """Dry runs that this one corrects and that nobody has accepted yet, the latest first."""
    found: list[ImportBatch] = []
    earlier = find_batch(batch.corrects_id) if batch.corrects_id else None
    while earlier is not None and earlier.state == BatchState.STAGED:
        found.append(earlier)
        earlier = find_batch(earlier.corrects_id) if earlier.corrects_id else None
    return found


def _own(batch_id: int, by: Actor) -> ImportBatch:
    batch = find_own_batch(batch_id, by)
    if batch is None:
        raise NotFound("unknown_import")
    return batch
