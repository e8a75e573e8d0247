"""Reads of released rows, of freezes and their approvals. Never reaches the registry.

Whatever leaves here as a result is a `Released` value: made at the door, stored, read back unchanged.
"""

import functools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from analytics.disclosure import Released, restore, restore_table
from analytics.disclosure.shown import Shown, ShownTable
from portal.extensions import db
from portal.releases import catalogue
from portal.releases.models import (
    Edition,
    EditionApproval,
    EditionFreeze,
    EditionLedger,
    EditionProgramme,
    GateVerdict,
    ReleasedCell,
    ReleasedResult,
)

ReleasedResults = Released[Shown]
_LATEST_HASH: Final = sa.select(Edition.edition_hash).order_by(Edition.number.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class ApprovedResult:
    """One result of an edition for approved readers; `id` names it in the log of views."""

    id: int
    kind: str
    country: str
    klass: str
    outcome: str
    method: str
    released: Released[Any]


@dataclass(frozen=True, slots=True)
class ShownProgramme:
    """Code of a programme in an edition; `named` when it agreed to be shown by name."""

    programme_id: int
    code: str
    named: bool


def latest_edition(*, synthetic: bool | None = None) -> Edition | None:
    """The edition published last."""
    found = sa.select(Edition).order_by(Edition.number.desc()).limit(1)
    if synthetic is not None:
        found = found.where(Edition.synthetic == synthetic)
    return db.session.scalar(found)


def latest_hash() -> str | None:
    """Hash of all released rows of the edition published last: what tells pages of editions apart.

    Asked by every visitor of a page that is ready: a bare connection takes half the time of a session.
    """
    with db.engine.connect() as connection:
        found: str | None = connection.execute(_LATEST_HASH).scalar()
    return found


def hash_in_session() -> str | None:
    """As `latest_hash`, of the edition that everything else read by this request belongs to."""
    found: str | None = db.session.connection().execute(_LATEST_HASH).scalar()
    return found


def find_edition(name: str) -> Edition | None:
    return db.session.get(Edition, name)


def list_editions() -> Sequence[Edition]:
    """Published editions, newest first."""
    return db.session.scalars(sa.select(Edition).order_by(Edition.number.desc())).all()


def public_tables(edition: Edition) -> dict[str, Released[ShownTable]]:
    """The public tables of an edition by id, in catalogue order, as they are displayed."""
    stored: dict[str, dict[str, int]] = {}
    rows = sa.select(ReleasedCell).where(ReleasedCell.edition == edition.name)
    for row in db.session.scalars(rows.order_by(ReleasedCell.position)):
        stored.setdefault(row.table_id, {})[row.cell] = row.noisy
    total = stored[catalogue.TOTAL][catalogue.ALL]
    return {table_id: restore_table(table_id, noisy, total) for table_id, noisy in stored.items()}


def approved_results(
    edition: Edition, kind: str | None = None, *, country: str | None = None, klass: str | None = None
) -> list[ApprovedResult]:
    """Results for approved readers: `curves`, `points`, `completion`, `comparison`, `completeness`."""
    wanted = {"kind": kind, "country": country, "klass": klass}
    found = sa.select(ReleasedResult).where(ReleasedResult.edition == edition.name)
    for name, value in wanted.items():
        if value is not None:
            found = found.where(getattr(ReleasedResult, name) == value)
    return [_result(row) for row in db.session.scalars(found.order_by(ReleasedResult.id))]


def result_groups(edition: Edition, kinds: Sequence[str]) -> list[tuple[str, str]]:
    """Country and class of every group that has a result of these kinds."""
    found = sa.select(ReleasedResult.country, ReleasedResult.klass).where(
        ReleasedResult.edition == edition.name, ReleasedResult.kind.in_(kinds)
    )
    return [(country, klass) for country, klass in db.session.execute(found.distinct())]


def count_results(edition: Edition) -> int:
    found = sa.select(sa.func.count()).select_from(ReleasedResult)
    return db.session.scalar(found.where(ReleasedResult.edition == edition.name)) or 0


def gate_verdicts(edition: Edition) -> Sequence[GateVerdict]:
    """Verdicts of the publication gate, by programme, class and outcome."""
    found = sa.select(GateVerdict).where(GateVerdict.edition == edition.name)
    order = (GateVerdict.programme_id, GateVerdict.klass, GateVerdict.outcome)
    return db.session.scalars(found.order_by(*order)).all()


def programmes_in(edition: Edition) -> list[ShownProgramme]:
    """Programmes of an edition in the order of their codes."""
    found = sa.select(EditionProgramme).where(EditionProgramme.edition == edition.name)
    rows = db.session.scalars(found.order_by(EditionProgramme.code))
    return [ShownProgramme(row.programme_id, row.code, row.named) for row in rows]


def programme_code_in(edition: Edition, programme_id: int) -> str | None:
    """The code under which a programme appears in an edition, None when it is not in it."""
    row = db.session.get(EditionProgramme, (edition.name, programme_id))
    return row.code if row else None


def codes_in(edition: str, programme_ids: Collection[int]) -> frozenset[str]:
    """The codes of some programmes in an edition; those that are not in it have none."""
    found = sa.select(EditionProgramme.code).where(
        EditionProgramme.edition == edition, EditionProgramme.programme_id.in_(programme_ids)
    )
    return frozenset(db.session.scalars(found)) if programme_ids else frozenset()


def find_freeze(name: str) -> EditionFreeze | None:
    """The latest freeze of an edition."""
    found = sa.select(EditionFreeze).where(EditionFreeze.edition == name)
    return db.session.scalar(found.order_by(EditionFreeze.id.desc()).limit(1))


def list_freezes() -> list[EditionFreeze]:
    """The latest freeze of each edition that is not published, newest first."""
    latest = sa.select(sa.func.max(EditionFreeze.id)).group_by(EditionFreeze.edition)
    found = sa.select(EditionFreeze).where(EditionFreeze.id.in_(latest))
    open_ = found.where(EditionFreeze.edition.not_in(sa.select(Edition.name)))
    return list(db.session.scalars(open_.order_by(EditionFreeze.id.desc())))


def list_approvals(name: str, bound_to: str, *, now: datetime) -> tuple[EditionApproval, ...]:
    """Approvals of exactly this content that have not expired."""
    found = sa.select(EditionApproval).where(
        EditionApproval.edition == name,
        EditionApproval.bound_to == bound_to,
        EditionApproval.expires_at > now,
    )
    return tuple(db.session.scalars(found.order_by(EditionApproval.id)))


def list_ledger() -> Sequence[EditionLedger]:
    return db.session.scalars(sa.select(EditionLedger).order_by(EditionLedger.edition)).all()


def _result(row: ReleasedResult) -> ApprovedResult:
    released = _restored(row.kind, row.payload, row.sha256)
    return ApprovedResult(row.id, row.kind, row.country, row.klass, row.outcome, row.method, released)


@functools.lru_cache(maxsize=256)
def _restored(kind: str, payload: str, sha256: str) -> Released[Any]:
    """What was released never changes: the same text is checked against its hash and read once a process."""
    return restore(kind, payload.encode(), sha256)
