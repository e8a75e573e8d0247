"""A person withdraws: everything that the store knows of them goes, and no file brings them back.

A clinician of the organisation may, for the own programmes. Whether there was anything to delete is not
answered: a stolen account must not learn who is in the store. The audit counts the effect.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Invalid, NotFound, Problem
from portal.core.permissions import Actor
from portal.core.pseudonyms import SHAPE
from portal.extensions import db, keys
from portal.programmes.models import Programme
from portal.programmes.queries import find_own
from portal.registry.importer import withdrawn
from portal.registry.importer.keys import Keyer
from portal.registry.models import (
    BatchState,
    Episode,
    ImportBatch,
    ImportRow,
    Person,
    Snapshot,
    SnapshotMember,
)
from portal.registry.policies import check_can_withdraw
from portal.registry.queries import find_by_case_code, list_tombstones

REASONS: Final = ("asked", "on_behalf", "no_consent", "by_mistake")
TOKEN: Final = re.compile(SHAPE)
CASE_CODE: Final = re.compile(r"[0-9A-Z]{3}-[0-9A-Z]{3}")
WITHDRAWN: Final = "withdrawn"


@transaction
def withdraw(who: str, codes: Sequence[str], reason: str, *, by: Actor, now: datetime) -> None:
    """Delete the person of a pseudonym or case code from these programmes, and refuse their return.

    `who` is the pseudonym of the person or of a case, or the case code of the chart. Invalid names what does
    not look like any of these, or an unknown reason; NotFound a programme that is not the actor's own.
    """
    programmes = [_own(code, by) for code in dict.fromkeys(codes)]
    check_shape(who)
    if reason not in REASONS:
        raise Invalid("code_unknown", problems=(Problem("reason", "code_unknown"),))
    if not programmes:
        raise NotFound("unknown_programme")
    told = [(programme, _withdraw(who, programme, now)) for programme in programmes]
    for programme, effect in told:
        record(
            "person.withdrawn", by=by, target=("programme", programme.id), changes=effect,
            country=programme.country, reason_code=reason,
        )  # fmt: skip


def check_shape(who: str) -> None:
    """Only what a centre's tool made, or the portal itself, may be asked for; nothing else is looked at."""
    if not (TOKEN.fullmatch(who) or CASE_CODE.fullmatch(who)):
        raise Invalid("token_shape", problems=(Problem("who", "token_shape"),))


def leave_out_withdrawn(batch: ImportBatch, codes: Sequence[str]) -> None:
    """Before rows count: drop those whose person withdrew since they were read, and count them as such."""
    marks = list_tombstones(codes)
    if not marks:
        return
    for code in codes:
        keyer = Keyer(keys.pepper, code)
        withdrawn.purge(batch.id, code, marks, keyer=keyer, connection=db.session.connection())
    _recount(batch)


def forget_marked(code: str, marks: Collection[bytes], *, now: datetime) -> int:
    """Delete whoever is marked and there all the same: a restored backup is older than the withdrawal.

    Returns the number of persons. The caller records it.
    """
    keyer, connection = Keyer(keys.pepper, code), db.session.connection()
    persons = withdrawn.find_marked(code, marks, keyer=keyer, connection=connection)
    for some in withdrawn.bunches(sorted(persons)):
        _forget(code, set(some), now)
    return len(persons)


@dataclass(frozen=True, slots=True)
class _Forgotten:
    """What was deleted of some persons."""

    rows: Sequence[Any]
    row_keys: set[bytes]
    waiting: int
    snapshots: int


def _forget(code: str, persons: set[bytes], now: datetime) -> _Forgotten:
    connection = db.session.connection()
    rows = _episodes(code, persons)
    row_keys = {bytes(row.row_key) for row in rows} | _waiting_keys(code, persons)
    voided = _void_snapshots(code, persons, now)
    withdrawn.delete_episodes([row.id for row in rows], connection)
    waiting = withdrawn.delete_waiting(code, persons | row_keys, connection)
    withdrawn.delete_persons(code, persons, connection)
    return _Forgotten(rows, row_keys, waiting, voided)


def _own(code: str, by: Actor) -> Programme:
    programme = find_own(code, by)
    if programme is None:
        raise NotFound("unknown_programme")
    check_can_withdraw(by, programme)
    return programme


def _withdraw(who: str, programme: Programme, now: datetime) -> dict[str, Any]:
    keyer, code = Keyer(keys.pepper, programme.code), programme.code
    persons = _persons(who, code, keyer)
    gone = _forget(code, persons, now)
    marks = {withdrawn.mark_of(keyer, key) for key in persons | gone.row_keys}
    pseudonym = {keyer.tombstone(who)} if TOKEN.fullmatch(who) else set()
    withdrawn.add_marks(code, marks | pseudonym, db.session.connection())
    _recount_staged({row.import_batch_id for row in gone.rows} - {None})
    episodes = len({row.first_id or row.id for row in gone.rows})
    return {"episodes": episodes, "waiting": gone.waiting, "snapshots": gone.snapshots}


def _persons(who: str, code: str, keyer: Keyer) -> set[bytes]:
    """Keys of the person: the pseudonym's own, and that of whoever has the case of this name."""
    if CASE_CODE.fullmatch(who):
        episode = find_by_case_code(who, [code])
        return {bytes(episode.person_s)} if episode else set()
    s = keyer.s(who)
    of_case = sa.select(Episode.person_s).where(Episode.programme_code == code, Episode.row_key == s)
    waiting = sa.select(ImportRow.person_s).where(ImportRow.programme_code == code, ImportRow.row_key == s)
    found = (*db.session.scalars(of_case), *db.session.scalars(waiting))
    return {s, *(bytes(key) for key in found if key is not None)}


def _episodes(code: str, persons: set[bytes]) -> Sequence[Any]:
    """Every revision of every episode of the person, whether it counts or waits in an import."""
    wanted = sa.select(Episode.id, Episode.first_id, Episode.row_key, Episode.import_batch_id)
    found = wanted.where(Episode.programme_code == code, Episode.person_s.in_(persons))
    return db.session.execute(found).all()


def _waiting_keys(code: str, persons: set[bytes]) -> set[bytes]:
    found = sa.select(ImportRow.row_key).where(
        ImportRow.programme_code == code, ImportRow.person_s.in_(persons), ImportRow.row_key.is_not(None)
    )
    return {bytes(key) for key in db.session.scalars(found) if key is not None}


def _void_snapshots(code: str, persons: set[bytes], now: datetime) -> int:
    """A frozen edition that nobody published yet must be frozen anew. What is published stays."""
    published = (
        sa.select(Person.edition)
        .where(
            Person.programme_code == code, Person.s == SnapshotMember.s, Person.edition == Snapshot.edition
        )
        .correlate(Snapshot, SnapshotMember)
    )
    held = sa.select(Snapshot).join(SnapshotMember, Snapshot.id == SnapshotMember.snapshot_id)
    held = held.where(SnapshotMember.programme_code == code, SnapshotMember.s.in_(persons))
    found = db.session.scalars(held.where(Snapshot.void_at.is_(None), ~published.exists())).all()
    for snapshot in found:
        snapshot.void_at, snapshot.void_reason = now, WITHDRAWN
    return len(found)


def _recount_staged(batches: set[Any]) -> None:
    waiting = sa.select(ImportBatch).where(
        ImportBatch.id.in_(batches), ImportBatch.state == BatchState.STAGED
    )
    for batch in db.session.scalars(waiting):
        _recount(batch)


def _recount(batch: ImportBatch) -> None:
    """Rows that are gone from an import count as withdrawn: the sums of its report still hold."""
    left = sa.select(sa.func.count()).select_from(Episode).where(Episode.import_batch_id == batch.id)
    changed = db.session.scalar(left.where(Episode.first_id.is_not(None))) or 0
    new = db.session.scalar(left.where(Episode.first_id.is_(None))) or 0
    gone = batch.accepted - changed - new
    batch.accepted_new, batch.accepted_changed, batch.withdrawn = new, changed, batch.withdrawn + gone
