"""BUILD: compute from the snapshot, then insert everything in one transaction, then destroy the key.

A killed build leaves nothing and repeats byte for byte: the noise is keyed by the edition's key and the
snapshot's digest, and the key lives until the commit.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from analytics import engine
from analytics.disclosure.parameters import SIGMA
from analytics.outcomes import DEFINITIONS_VERSION
from portal.core.audit import record
from portal.core.db import transaction
from portal.core.errors import Conflict
from portal.core.permissions import Actor
from portal.core.workflow import check
from portal.extensions import db
from portal.programmes.queries import list_programmes
from portal.registry.models import Person, SnapshotMember
from portal.releases import catalogue, queries
from portal.releases.builder.carried import carried_from
from portal.releases.builder.results import Computed, Source, compute, noise_of
from portal.releases.models import (
    Edition,
    EditionFreeze,
    EditionLedger,
    EditionProgramme,
    GateVerdict,
    ReleasedCell,
    ReleasedResult,
)
from portal.releases.policies import check_can_build
from portal.releases.services.coding import code_of, codes_in_edition
from portal.releases.services.faults import fault
from portal.releases.services.freezing import refuse_changed
from portal.releases.services.standing import standing_of
from portal.releases.services.store import destroy_key, read_key, snapshot_path
from portal.releases.services.telling import tell_published
from portal.releases.workflow import TRANSITIONS, check_name

_TAKEN_OVER: Final = ("closing_on", "synthetic", "digest", "catalogue_version", "parameter_hash", "levels")


def build(name: str, *, by: Actor, now: datetime) -> Edition:
    """Compute, release and publish an edition that both countries approved.

    Everything is computed first; one transaction only inserts. Raises InvalidTransition without both
    approvals or when published, Conflict when the snapshot, the consents or the key do not hold any more.
    """
    check_can_build(by)
    check_name(name)
    if queries.find_edition(name) is not None:
        destroy_key(name)  # a build that was killed after its commit left it
    check(TRANSITIONS, standing_of(name, now=now), "build")
    frozen = queries.find_freeze(name)
    assert frozen is not None  # the state says so
    refuse_changed(frozen)
    fault("before_compute")
    computed = _compute(frozen, read_key(name))
    fault("after_compute")
    edition = _publish(frozen.id, computed, by=by, now=now)
    fault("after_commit")
    destroy_key(name)
    return edition


def _compute(frozen: EditionFreeze, key: bytes) -> Computed:
    path = snapshot_path(frozen.edition, frozen.digest)
    rows = engine.read_rows(path)
    if engine.digest(rows) != frozen.digest:
        raise Conflict("snapshot_changed", name=frozen.edition)
    levels: catalogue.Levels = json.loads(frozen.levels)
    source = Source(frozen.edition, frozen.digest, levels, path, _earlier(synthetic=frozen.synthetic))
    noise = noise_of(key, source)
    codes = codes_in_edition((str(row["programme"]) for row in rows), noise, synthetic=frozen.synthetic)
    last = queries.latest_edition(synthetic=frozen.synthetic)
    return compute(source, noise, codes, carried_from(last, codes, name_of=code_of))


def _earlier(*, synthetic: bool) -> tuple[Path, ...]:
    """Snapshots of published editions: results of programmes pool all released persons."""
    editions = [edition for edition in queries.list_editions() if edition.synthetic == synthetic]
    return tuple(snapshot_path(edition.name, edition.digest) for edition in reversed(editions))


@transaction
def _publish(freeze_id: int, computed: Computed, *, by: Actor, now: datetime) -> Edition:
    frozen = db.session.get_one(EditionFreeze, freeze_id)
    name = frozen.edition
    check(TRANSITIONS, standing_of(name, now=now), "build")
    number = (db.session.scalar(sa.select(sa.func.max(Edition.number))) or 0) + 1
    edition = Edition(
        name=name, number=number, freeze_id=frozen.id, edition_hash=computed.edition_hash, published_by=by.id,
        published_at=now, **{field: getattr(frozen, field) for field in _TAKEN_OVER},
    )  # fmt: skip
    db.session.add(edition)
    tables = len(catalogue.TABLES)
    ledger = EditionLedger(edition=name, tables=tables, sigma=SIGMA, rho=tables / (2 * SIGMA * SIGMA))
    db.session.flush()
    db.session.add(ledger)
    fault("after_edition")
    _insert_results(name, computed)
    fault("after_results")
    _mark_persons(frozen)
    fault("after_persons")
    tell_published(edition, by=by)
    changes = {"tables": tables, "results": len(computed.results), "rho": ledger.rho}
    record("edition.published", by=by, target=edition, changes=changes, hash_after=edition.edition_hash)
    return edition


def _insert_results(name: str, computed: Computed) -> None:
    programmes = {programme.code: programme for programme in list_programmes(codes=computed.codes)}
    db.session.add_all(
        EditionProgramme(edition=name, programme_id=p.id, code=computed.codes[code], named=p.named_publicly)
        for code, p in programmes.items()
    )
    cells = [
        (table_id, cell, noisy)
        for table_id, released in computed.tables.items()
        for cell, noisy in released.noisy.items()
    ]
    db.session.add_all(
        ReleasedCell(edition=name, table_id=table_id, cell=cell, position=position, noisy=noisy)
        for position, (table_id, cell, noisy) in enumerate(cells)
    )
    db.session.add_all(
        ReleasedResult(
            edition=name, kind=r.kind, country=r.country, klass=r.klass, outcome=r.outcome, method=r.method,
            payload=r.released.to_json().decode(), sha256=r.released.sha256,
            definitions_version=DEFINITIONS_VERSION,
        )
        for r in computed.results
    )  # fmt: skip
    db.session.add_all(
        GateVerdict(
            edition=name, programme_id=programmes[v.programme].id, klass=klass, outcome=v.outcome,
            is_open=v.is_open, failing=" ".join(v.failing),
        )
        for klass, v in computed.verdicts
    )  # fmt: skip
    db.session.flush()


def _mark_persons(frozen: EditionFreeze) -> None:
    """Every member of the snapshot is in this edition for life; somebody missing means a withdrawal."""
    member = (
        sa.select(sa.literal(1))
        .where(
            SnapshotMember.snapshot_id == frozen.snapshot_id,
            SnapshotMember.programme_code == Person.programme_code,
            SnapshotMember.s == Person.s,
        )
        .correlate(Person)
    )
    marked = db.session.execute(
        sa.update(Person)
        .where(sa.exists(member), Person.edition.is_(None))
        .values(edition=frozen.edition)
        .execution_options(synchronize_session=False)
    )
    members = sa.select(sa.func.count()).select_from(SnapshotMember)
    wanted = db.session.scalar(members.where(SnapshotMember.snapshot_id == frozen.snapshot_id))
    if marked.rowcount != wanted:  # type: ignore[attr-defined] # an update has a row count
        raise Conflict("persons_changed", found=marked.rowcount, needed=wanted)  # type: ignore[attr-defined]
