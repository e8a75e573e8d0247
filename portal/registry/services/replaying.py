"""After a restore: whoever withdrew since the backup was made is forgotten again, in one transaction."""

from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa

from portal.accounts.policies import check_can_restore
from portal.core.audit import record
from portal.core.db import transaction
from portal.core.permissions import Actor
from portal.extensions import db, keys
from portal.registry.importer.keys import mark_of
from portal.registry.models import Person, Tombstone
from portal.registry.queries import list_all_tombstones
from portal.registry.services.forgetting import forget

Row = tuple[str, bytes, bytes]  # programme code, tombstone, mark of the person


def tombstones() -> list[Row]:
    """Everybody who withdrew, as a restore needs it."""
    return list_all_tombstones()


@transaction
def replay(rows: Iterable[Row], *, digest: str, by: Actor, second: Actor) -> int:
    """Set the tombstones that the backup lacks and forget their people. Returns how many were there.

    `digest` is the SHA-256 of the backup: both names are recorded for bringing back just this one.
    """
    check_can_restore(by, second)
    marks: dict[str, set[bytes]] = defaultdict(set)
    for programme_code, t, mark in rows:
        marks[programme_code].add(mark)
        if db.session.get(Tombstone, (programme_code, t)) is None:
            db.session.add(Tombstone(programme_code=programme_code, t=t, mark=mark))
    db.session.flush()
    forgotten = sum(_forget_marked(code, marked) for code, marked in marks.items())
    changes = {"forgotten": forgotten, "second": second.id}
    record("system.restored", by=by, target=("backup", digest[:16]), changes=changes, hash_after=digest)
    return forgotten


def _forget_marked(programme_code: str, marks: set[bytes]) -> int:
    """The mark is made of S: a person is recognised among those who are there, and from nothing else."""
    present = db.session.scalars(sa.select(Person.s).where(Person.programme_code == programme_code))
    gone = [s for s in present if mark_of(keys.pepper, s) in marks]
    for s in gone:
        forget(programme_code, s)
    return len(gone)
