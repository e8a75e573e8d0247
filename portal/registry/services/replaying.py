"""After a restore: whoever withdrew since the backup was made is forgotten again, in one transaction."""

from collections import defaultdict
from collections.abc import Iterable

from portal.accounts.policies import check_can_restore
from portal.core.audit import record
from portal.core.db import transaction, utcnow
from portal.core.permissions import Actor
from portal.extensions import db
from portal.registry.importer import withdrawn
from portal.registry.queries import list_all_tombstones
from portal.registry.services.withdrawing import forget_marked

Row = tuple[str, bytes]  # programme code, mark of a key that the store held, or may be sent


def tombstones() -> list[Row]:
    """Marks of everybody who withdrew, as a restore needs them."""
    return list_all_tombstones()


@transaction
def replay(rows: Iterable[Row], *, digest: str, by: Actor, second: Actor) -> int:
    """Set the tombstones that the backup lacks and forget their people. Returns how many were there.

    `digest` is the SHA-256 of the backup: both people are recorded for bringing back just this one.
    """
    check_can_restore(by, second)
    marks: dict[str, set[bytes]] = defaultdict(set)
    for code, mark in rows:
        marks[code].add(mark)
    for code, of_programme in marks.items():
        withdrawn.add_marks(code, of_programme, db.session.connection())
    now = utcnow()
    forgotten = sum(forget_marked(code, of_programme, now=now) for code, of_programme in marks.items())
    changes = {"forgotten": forgotten, "second": second.id}
    record("system.restored", by=by, target=("backup", digest[:16]), changes=changes, hash_after=digest)
    return forgotten
