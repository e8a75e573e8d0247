"""Reads of the registry. Every read of episodes goes through `visible`: current revisions that count."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.core.audit import AuditEvent
from portal.core.permissions import Actor
from portal.extensions import db
from portal.registry.models import (
    BatchState,
    Episode,
    EpisodeSensitive,
    ImportBatch,
    ImportRow,
    RuleResult,
    Tombstone,
)

VISIBLE_SQL = (
    "replaced_by IS NULL AND (import_batch_id IS NULL"
    " OR import_batch_id IN (SELECT id FROM import_batch WHERE visible))"
)
"""The same as `visible`, for statements on a million rows."""


def visible() -> sa.ColumnElement[bool]:
    """Current revisions whose import, if any, was published to the programme."""
    published = sa.select(ImportBatch.id).where(ImportBatch.visible)
    return sa.and_(
        Episode.replaced_by.is_(None),
        sa.or_(Episode.import_batch_id.is_(None), Episode.import_batch_id.in_(published)),
    )


def list_episodes(
    programme_code: str,
    *,
    before_id: int | None = None,
    limit: int = 50,
    where: sa.ColumnElement[bool] | None = None,
) -> Sequence[Episode]:
    """Episodes of a programme, latest entries first; `before_id` continues a list, `where` narrows it."""
    found = sa.select(Episode).where(Episode.programme_code == programme_code, visible())
    if before_id is not None:
        found = found.where(Episode.id < before_id)
    if where is not None:
        found = found.where(where)
    return db.session.scalars(found.order_by(Episode.id.desc()).limit(limit)).all()


def list_months(programme_code: str) -> Sequence[str]:
    """Months in which the programme admitted somebody."""
    found = sa.select(Episode.admission_month).where(Episode.programme_code == programme_code)
    return db.session.scalars(found.distinct()).all()


def find_episode(number: int, programme_codes: Iterable[str]) -> Episode | None:
    """The current revision of an episode by its lasting number, within these programmes."""
    found = sa.select(Episode).where(
        sa.or_(Episode.id == number, Episode.first_id == number),
        Episode.programme_code.in_(list(programme_codes)),
        visible(),
    )
    episode = db.session.scalar(found)
    return episode if episode is not None and episode.number == number else None


def list_numbered(programme_code: str, numbers: Iterable[int]) -> Sequence[Episode]:
    """Current revisions of these episodes, by their lasting numbers, the latest admission first."""
    number = sa.func.coalesce(Episode.first_id, Episode.id)
    found = sa.select(Episode).where(
        Episode.programme_code == programme_code, number.in_(list(numbers)), visible()
    )
    return db.session.scalars(found.order_by(Episode.admission_month.desc(), Episode.id)).all()


def find_by_case_code(case_code: str, programme_codes: Iterable[str]) -> Episode | None:
    """The current revision of the episode with this case code."""
    found = sa.select(Episode).where(
        Episode.case_code == case_code, Episode.programme_code.in_(list(programme_codes)), visible()
    )
    return db.session.scalar(found)


def find_first(programme_code: str, row_key: bytes) -> Episode | None:
    """The first revision of the episode with this row key."""
    found = sa.select(Episode).where(Episode.row_key == row_key, Episode.programme_code == programme_code)
    return db.session.scalar(found.order_by(Episode.revision).limit(1))


def list_revisions(number: int) -> Sequence[Episode]:
    """Every revision of an episode that counts or counted, latest first."""
    found = sa.select(Episode).where(sa.or_(Episode.id == number, Episode.first_id == number))
    published = sa.select(ImportBatch.id).where(ImportBatch.visible)
    found = found.where(sa.or_(Episode.import_batch_id.is_(None), Episode.import_batch_id.in_(published)))
    return db.session.scalars(found.order_by(Episode.revision.desc(), Episode.id.desc())).all()


def present_revision(number: int) -> int:
    """The number of the present revision of an episode; 0 when there is none."""
    return max((episode.revision for episode in list_revisions(number)), default=0)


def legal_status_of(episode: Episode) -> int | None:
    row = db.session.get(EpisodeSensitive, episode.id)
    return row.legal_status if row else None


def list_rule_results(episode: Episode) -> Sequence[RuleResult]:
    found = sa.select(RuleResult).where(RuleResult.episode_id == episode.id)
    return db.session.scalars(found.order_by(RuleResult.rule)).all()


def count_episodes(programme_code: str, where: sa.ColumnElement[bool] | None = None) -> int:
    found = sa.select(sa.func.count()).select_from(Episode)
    found = found.where(Episode.programme_code == programme_code, visible())
    return db.session.scalar(found if where is None else found.where(where)) or 0


def has_episodes(programme_codes: Iterable[str]) -> bool:
    found = sa.select(Episode.id).where(Episode.programme_code.in_(list(programme_codes)), visible())
    return db.session.scalar(found.limit(1)) is not None


def find_batch(batch_id: int) -> ImportBatch | None:
    return db.session.get(ImportBatch, batch_id)


def find_own_batch(batch_id: int, actor: Actor) -> ImportBatch | None:
    """An import of the actor's own organisations; others do not exist for the actor."""
    batch = db.session.get(ImportBatch, batch_id)
    return batch if batch and batch.organisation_id in actor.organisation_ids else None


def find_by_key(idempotency_key: str) -> ImportBatch | None:
    return db.session.scalar(sa.select(ImportBatch).where(ImportBatch.idempotency_key == idempotency_key))


def count_uploads(user_id: int, since: datetime) -> int:
    """Files that somebody handed in since then: those that were read, and those refused as a whole."""
    read = sa.select(ImportBatch.id).where(ImportBatch.made_by == user_id, ImportBatch.started_at > since)
    refused = sa.select(AuditEvent.seq).where(
        AuditEvent.event == "import.refused", AuditEvent.actor_id == user_id, AuditEvent.at > since
    )
    found = sa.union_all(read, refused).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(found)) or 0


def list_batches(organisation_ids: Iterable[int], *, limit: int = 50) -> Sequence[ImportBatch]:
    """Imports of these organisations, latest first; swept ones left out."""
    found = sa.select(ImportBatch).where(
        ImportBatch.organisation_id.in_(list(organisation_ids)), ImportBatch.state != BatchState.SWEPT
    )
    return db.session.scalars(found.order_by(ImportBatch.id.desc()).limit(limit)).all()


def list_unfinished(touched_before: datetime, staged_before: datetime) -> Sequence[ImportBatch]:
    """Imports whose process is gone, and dry runs that nobody committed."""
    lost = sa.and_(ImportBatch.state == BatchState.LOADING, ImportBatch.touched_at < touched_before)
    stale = sa.and_(ImportBatch.state == BatchState.STAGED, ImportBatch.touched_at < staged_before)
    return db.session.scalars(sa.select(ImportBatch).where(sa.or_(lost, stale))).all()


def list_waiting(batch_id: int, *, limit: int | None = None) -> Sequence[ImportRow]:
    """Rejected and held rows of an import that still wait, by line."""
    found = sa.select(ImportRow).where(ImportRow.import_batch_id == batch_id, ImportRow.resolved_by.is_(None))
    return db.session.scalars(found.order_by(ImportRow.line).limit(limit)).all()


def list_codes(batch_id: int, *, limit: int | None = None) -> Sequence[tuple[int, str]]:
    """(line, codes) of every rejected and held row of an import, corrected meanwhile or not."""
    found = sa.select(ImportRow.line, ImportRow.codes).where(ImportRow.import_batch_id == batch_id)
    return [(line, codes) for line, codes in db.session.execute(found.order_by(ImportRow.line).limit(limit))]


def count_codes(batch_id: int) -> Sequence[tuple[str, int]]:
    """(codes, rows) of an import: rows with the very same faults are counted together."""
    found = sa.select(ImportRow.codes, sa.func.count()).where(ImportRow.import_batch_id == batch_id)
    return [(codes, rows) for codes, rows in db.session.execute(found.group_by(ImportRow.codes))]


def count_warnings(batch_id: int) -> Sequence[tuple[str, str, int]]:
    """(rule, severity, rows) of the accepted rows of an import, the commonest first."""
    rows = sa.func.count()
    found = (
        sa.select(RuleResult.rule, RuleResult.severity, rows)
        .join(Episode, Episode.id == RuleResult.episode_id)
        .where(Episode.import_batch_id == batch_id)
        .group_by(RuleResult.rule, RuleResult.severity)
        .order_by(rows.desc(), RuleResult.rule)
    )
    return [(rule, severity, count) for rule, severity, count in db.session.execute(found)]


def count_waiting_in(batch_id: int) -> int:
    """Rows of one import that wait for correction."""
    found = sa.select(sa.func.count()).select_from(ImportRow)
    waiting = found.where(ImportRow.import_batch_id == batch_id, ImportRow.resolved_by.is_(None))
    return db.session.scalar(waiting) or 0


def count_waiting(organisation_ids: Iterable[int]) -> int:
    """Rows of these organisations that wait for correction."""
    found = (
        sa.select(sa.func.count())
        .select_from(ImportRow)
        .join(ImportBatch, ImportBatch.id == ImportRow.import_batch_id)
        .where(ImportBatch.organisation_id.in_(list(organisation_ids)), ImportRow.resolved_by.is_(None))
        .where(ImportBatch.state == BatchState.DONE)
    )
    return db.session.scalar(found) or 0


def corrected_rows(batch_id: int) -> dict[int, tuple[bytes, bytes, str]]:
    """Row key, person and programme of each waiting row, by its line."""
    return {
        row.line: (row.row_key, row.person_s or row.row_key, row.programme_code or "")
        for row in list_waiting(batch_id)
        if row.row_key is not None
    }


def list_warnings(batch_id: int, *, limit: int | None = None) -> Sequence[tuple[int, str, str]]:
    """(line, rule, severity) of the accepted rows of an import."""
    found = (
        sa.select(Episode.line, RuleResult.rule, RuleResult.severity)
        .join(RuleResult, RuleResult.episode_id == Episode.id)
        .where(Episode.import_batch_id == batch_id)
        .order_by(Episode.line, RuleResult.rule)
        .limit(limit)
    )
    return [(line or 0, rule, severity) for line, rule, severity in db.session.execute(found)]


def list_tombstones(programme_codes: Iterable[str]) -> frozenset[bytes]:
    """Marks of people who withdrew from these programmes."""
    found = sa.select(Tombstone.t).where(Tombstone.programme_code.in_(list(programme_codes)))
    return frozenset(db.session.scalars(found))


def list_all_tombstones() -> list[tuple[str, bytes]]:
    """(programme code, mark) of everybody who withdrew."""
    found = sa.select(Tombstone.programme_code, Tombstone.t).order_by(Tombstone.programme_code, Tombstone.t)
    return [(code, bytes(t)) for code, t in db.session.execute(found)]


def open_persons(programme_codes: Iterable[str]) -> list[tuple[bytes, bytes, str]]:
    """(person, row key, admission month) of open episodes of people with a token."""
    found = sa.select(Episode.person_s, Episode.row_key, Episode.admission_month).where(
        Episode.programme_code.in_(list(programme_codes)),
        Episode.has_token,
        Episode.discharge_day.is_(None),
        visible(),
    )
    return [(s, key, month) for s, key, month in db.session.execute(found)]


def values_of(episode: Episode) -> dict[str, Any]:
    """Every answer of an episode by the dictionary's names, as it is written, sensitive ones included."""
    from portal.registry.dictionary import load
    from portal.registry.rules.coding import shown

    apart = db.session.get(EpisodeSensitive, episode.id)
    owners = {False: episode, True: apart}
    return {
        v.name: shown(v, getattr(owners[v.sensitive], v.name, None))
        for v in load(episode.dictionary_version).answers
    }
