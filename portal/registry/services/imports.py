"""Imports: hand in a file, commit a dry run, sweep what was left behind.

A file within the web limits is read and judged, then stored in one transaction. A larger one (command line)
is loaded in chunks under an invisible batch and begins to count in its last transaction; whatever kills the
process leaves rows that nobody reads and that the next import sweeps. Counts and codes enter the audit, never
a value.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from portal.core.audit import record
from portal.core.db import bookkeeping, transaction, utcnow
from portal.core.errors import Invalid, NotFound
from portal.core.permissions import SYSTEM, Actor
from portal.core.workflow import find
from portal.extensions import db
from portal.programmes.models import Programme
from portal.programmes.queries import list_programmes
from portal.registry.importer.closing import adopt, publish, sweep_some, unload
from portal.registry.importer.confirming import carry_confirmations
from portal.registry.importer.loading import Load, add, judged, parts, settle_repeated
from portal.registry.importer.parting import Outcome
from portal.registry.importer.refusal import FileRefused
from portal.registry.importer.source import WEB
from portal.registry.models import BatchState, Episode, ImportBatch, RowStatus
from portal.registry.policies import check_can_submit
from portal.registry.queries import find_batch, find_by_key, list_unfinished
from portal.registry.services.submitting import (
    Submission,
    facts_of,
    find_own_programme,
    own_programmes,
    prepare,
    prepare_again,
)
from portal.registry.services.withdrawing import leave_out_withdrawn
from portal.registry.workflow import IMPORT

DRY, VALID, ALL = "dry", "valid", "all"
MODES: Final = (DRY, VALID, ALL)
LOST_AFTER: Final = timedelta(minutes=10)
DRY_RUN_KEPT: Final = timedelta(days=7)
COUNTED: Final = (
    "submitted",
    "accepted_new",
    "accepted_changed",
    "unchanged",
    "rejected",
    "held",
    "withdrawn",
)


def import_file(
    submission: Submission,
    *,
    mode: str = DRY,
    by: Actor,
    now: datetime | None = None,
    idempotency_key: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> ImportBatch:
    """Read, judge and, unless `mode` is "dry", accept a file. Gives back the import with its counts.

    "valid" accepts the valid rows and keeps the others waiting; "all" accepts all or none. FileRefused when
    the file as a whole cannot be taken; nothing of it is then kept.
    """
    now = now or utcnow()
    _check_mode(mode, submission)
    earlier = find_by_key(idempotency_key) if idempotency_key else None
    if earlier is not None:
        return _own(earlier, by)
    sweep_unfinished(now=now)
    try:
        run = _import_at_once if _is_small(submission) else _import_in_chunks
        return run(submission, mode, by=by, now=now, key=idempotency_key, progress=progress)
    except FileRefused as refusal:
        note_refusal(refusal.code, submission.programme, by=by, kind=str(refusal.values.get("kind", "")))
        raise


@transaction
def commit(batch_id: int, *, mode: str = VALID, by: Actor, now: datetime | None = None) -> ImportBatch:
    """Let the rows of a dry run count. A second call gives back what the first one did."""
    batch = find_batch(batch_id)
    if batch is None:
        raise NotFound("unknown_import")
    programmes = _programmes_of(batch)
    if not programmes or (by is not SYSTEM and batch.organisation_id not in by.organisation_ids):
        raise NotFound("unknown_import")
    for programme in programmes:
        check_can_submit(by, programme)
    if batch.state == BatchState.DONE:
        return batch
    find(IMPORT, batch.state, "publish")
    _adopt(batch)
    _finish(batch, mode, by=by, now=now or utcnow())
    return batch


def sweep_unfinished(*, now: datetime) -> int:
    """Delete rows of imports whose process is gone, and of dry runs that nobody committed in a week."""
    batches = [batch.id for batch in list_unfinished(now - LOST_AFTER, now - DRY_RUN_KEPT)]
    for batch_id in batches:
        sweep(batch_id)
    return len(batches)


def sweep(batch_id: int) -> None:
    """Delete the rows of an import that never counted, a part at a time."""
    while _sweep_part(batch_id):
        pass


@transaction
def note_refusal(code: str, programme: str, *, by: Actor, kind: str = "") -> None:
    """A refused file leaves its reason, and the kind of identifier, in the audit; nothing else of it.

    What was typed as programme is nothing to keep either: only the code of an own one is recorded.
    """
    own = find_own_programme(programme, by)
    target = ("import", own.code if own else "-")
    record("import.refused", by=by, target=target, changes={"code": code, "kind": kind})


def _import_at_once(
    submission: Submission, mode: str, *, by: Actor, now: datetime, key: str | None, progress: Any
) -> ImportBatch:
    """Reading and judging take seconds, in which others must be able to write: they hold no lock."""
    loading, _ = prepare(submission, by=by, now=now)
    outcomes = [judged(chunk, loading) for chunk in parts(loading)]
    return _store_at_once(
        loading, outcomes, submission, mode=mode, by=by, now=now, key=key, progress=progress
    )


@transaction
def _store_at_once(
    loading: Load, outcomes: list[Outcome], submission: Submission, *, mode: str, by: Actor, now: datetime,
    key: str | None, progress: Any,
) -> ImportBatch:  # fmt: skip
    earlier = find_by_key(key) if key else None  # the same file, sent twice at the same moment
    if earlier is not None:
        return _own(earlier, by)
    programmes = own_programmes(submission, by)
    facts = facts_of(programmes, submission.corrects, now)
    if facts != loading.facts:  # somebody wrote meanwhile what a judgement depends on
        loading = prepare_again(loading, facts)
        outcomes = [judged(chunk, loading) for chunk in parts(loading)]
    batch = _new_batch(loading, programmes, mode, by=by, now=now)
    batch.idempotency_key, batch.corrects_id = key, submission.corrects
    db.session.add(batch)
    db.session.flush()
    loading.target.batch_id = batch.id
    for outcome in outcomes:
        add(outcome, loading, db.session.connection())
        _tell(progress, loading)
    settle_repeated(loading, db.session.connection())
    _settle(batch, loading, now)
    _close(batch, mode, by=by, now=now)
    return batch


def _import_in_chunks(
    submission: Submission, mode: str, *, by: Actor, now: datetime, key: str | None, progress: Any
) -> ImportBatch:
    loading, programmes = prepare(submission, by=by, now=now)
    batch_id = _begin(loading, programmes, mode, by=by, now=now, key=key, corrects=submission.corrects)
    loading.target.batch_id = batch_id
    try:
        for chunk in parts(loading):
            _add_chunk(judged(chunk, loading), loading)
            _tell(progress, loading)
        return _end(loading, mode, by=by, now=now)
    except BaseException:
        db.session.rollback()
        sweep(batch_id)
        raise


@transaction
def _begin(
    loading: Load, programmes: Sequence[Programme], mode: str, *, by: Actor, now: datetime, key: str | None,
    corrects: int | None,
) -> int:  # fmt: skip
    batch = _new_batch(loading, programmes, mode, by=by, now=now)
    batch.idempotency_key, batch.corrects_id = key, corrects
    db.session.add(batch)
    db.session.flush()
    record("import.started", by=by, target=batch, changes={"mode": mode}, country=programmes[0].country)
    return batch.id


@bookkeeping
def _add_chunk(outcome: Outcome, loading: Load) -> None:
    add(outcome, loading, db.session.connection())
    touched = {"rows_read": loading.counts.submitted, "touched_at": utcnow()}
    db.session.execute(
        sa.update(ImportBatch).where(ImportBatch.id == loading.target.batch_id).values(**touched)
    )


@transaction
def _end(loading: Load, mode: str, *, by: Actor, now: datetime) -> ImportBatch:
    batch = db.session.get_one(ImportBatch, loading.target.batch_id)
    settle_repeated(loading, db.session.connection())
    _settle(batch, loading, now)
    if mode != DRY:
        _adopt(batch)
    _close(batch, mode, by=by, now=now)
    return batch


def _new_batch(
    loading: Load, programmes: Sequence[Programme], mode: str, *, by: Actor, now: datetime
) -> ImportBatch:
    mark = db.session.scalar(sa.select(sa.func.max(Episode.id))) or 0
    return ImportBatch(
        programme_code=loading.programme_code, organisation_id=programmes[0].organisation_id, made_by=by.id,
        mode=mode, profile=loading.plan.profile, profile_version=loading.plan.profile_version,
        dictionary_version=loading.work.version, header=json.dumps(loading.plan.header, ensure_ascii=False),
        summary=json.dumps({"mark": mark, "programmes": loading.plan.programmes}),
        started_at=now, touched_at=now,
    )  # fmt: skip


def _settle(batch: ImportBatch, loading: Load, now: datetime) -> None:
    """Write what was counted into the batch."""
    for name in COUNTED:
        setattr(batch, name, getattr(loading.counts, name, 0))
    batch.rows_read = loading.counts.submitted
    batch.file_sha256 = loading.source.sha256
    batch.summary = json.dumps(json.loads(batch.summary) | {"normalised": loading.counts.normalised})
    batch.touched_at = now


def _close(batch: ImportBatch, mode: str, *, by: Actor, now: datetime) -> None:
    if mode == DRY:
        batch.state = find(IMPORT, batch.state, "stage").target
        record("import.staged", by=by, target=batch, changes=counts_of(batch))
    else:
        _finish(batch, mode, by=by, now=now)


def _finish(batch: ImportBatch, mode: str, *, by: Actor, now: datetime) -> None:
    """The rows begin to count, or all wait when one of them must."""
    connection = db.session.connection()
    batch.state = find(IMPORT, batch.state, "publish").target
    batch.mode = mode
    leave_out_withdrawn(batch, json.loads(batch.summary)["programmes"])
    if mode == ALL and batch.rejected:
        _hold(batch)
    db.session.flush()
    if batch.accepted_changed:
        carry_confirmations(batch.id, batch.dictionary_version, connection)
    publish(batch.id, connection)
    batch.visible, batch.finished_at = True, now
    record("import.accepted", by=by, target=batch, changes=counts_of(batch))


def _hold(batch: ImportBatch) -> None:
    """All or none: valid rows wait with the others."""
    from portal.registry.services.targets import target_of

    connection = db.session.connection()
    ids = db.session.scalars(sa.select(Episode.id).where(Episode.import_batch_id == batch.id)).all()
    unload(
        ids,
        target_of(batch),
        tuple(json.loads(batch.header)),
        connection,
        status=RowStatus.HELD,
        code="HELD:",
    )
    batch.held, batch.accepted_new, batch.accepted_changed = len(ids), 0, 0


def _adopt(batch: ImportBatch) -> None:
    """Others may have entered the same episodes since the rows were read."""
    db.session.flush()
    summary = json.loads(batch.summary)
    entered = sa.select(Episode.id).where(
        Episode.programme_code.in_(summary["programmes"]), Episode.id > summary["mark"],
        sa.or_(Episode.import_batch_id.is_(None), Episode.import_batch_id != batch.id),
    )  # fmt: skip
    published = sa.select(ImportBatch.id).where(
        ImportBatch.visible, ImportBatch.finished_at >= batch.started_at, ImportBatch.id != batch.id
    )
    if db.session.scalar(entered.limit(1)) is None and db.session.scalar(published.limit(1)) is None:
        return
    changed, dropped = adopt(batch.id, db.session.connection())
    batch.accepted_new -= changed + dropped
    batch.accepted_changed += changed
    batch.unchanged += dropped


@bookkeeping
def _sweep_part(batch_id: int) -> bool:
    more = sweep_some(batch_id, db.session.connection())
    if not more:
        swept = {"state": str(BatchState.SWEPT), "finished_at": utcnow(), "idempotency_key": None}
        db.session.execute(sa.update(ImportBatch).where(ImportBatch.id == batch_id).values(**swept))
    return more


def _programmes_of(batch: ImportBatch) -> Sequence[Programme]:
    codes: Iterable[str] = json.loads(batch.summary)["programmes"]
    return list_programmes(codes=codes)


def _own(batch: ImportBatch, by: Actor) -> ImportBatch:
    if batch.made_by != by.id:
        raise NotFound("unknown_import")
    return batch


def _check_mode(mode: str, submission: Submission) -> None:
    if mode not in MODES:
        raise Invalid("unknown_mode", mode=mode, known=", ".join(MODES))
    if mode == ALL and submission.profile != "template":
        raise Invalid("mode_needs_template")


def _is_small(submission: Submission) -> bool:
    """Small enough for one transaction; what comes through the web always is."""
    if isinstance(submission.data, Path):
        return submission.data.stat().st_size <= WEB.size
    return not isinstance(submission.data, bytes) or len(submission.data) <= WEB.size


def _tell(progress: Callable[[int], None] | None, loading: Load) -> None:
    if progress is not None:
        progress(loading.counts.submitted)


def counts_of(batch: ImportBatch) -> dict[str, int]:
    return {name: getattr(batch, name) for name in COUNTED}
