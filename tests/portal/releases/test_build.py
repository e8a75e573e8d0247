"""BUILD publishes once, whole or not at all, byte for byte the same after any death, and forgets its key."""

from datetime import timedelta

import edition_world as world_of
import pytest
import sqlalchemy as sa
from factories import make_user

from analytics import engine
from portal.core.audit import AuditEvent, verify
from portal.core.errors import Conflict, InvalidTransition, NotAllowed
from portal.core.permissions import SYSTEM
from portal.extensions import db, folders
from portal.programmes.services import withdraw_consent
from portal.registry.models import Person, Snapshot
from portal.releases import catalogue, models, queries, services
from portal.releases.services import building, faults
from portal.releases.services.store import snapshot_path

NOW = world_of.NOW
KEY = "2026H1.key"


def released_rows():
    """Every published row but the moment of publication."""
    rows = []
    for model in models.PUBLISHED:
        columns = [c for c in model.__table__.columns if c.name not in {"published_at", "id"}]
        order = list(model.__table__.primary_key.columns)
        rows += [tuple(row) for row in db.session.execute(sa.select(*columns).order_by(*order))]
    return rows


class Killed(BaseException):
    """The process is gone: nothing catches this."""


def die():
    raise Killed


def test_build_publishes_tables_results_verdicts_codes_and_ledger(published):
    edition = queries.latest_edition()
    assert (edition.name, edition.number, edition.synthetic) == ("2026H1", 1, True)
    assert list(queries.public_tables(edition)) == [table.id for table in catalogue.TABLES]
    assert {r.kind for r in queries.approved_results(edition)} == {
        "completeness",
        "curves",
        "points",
        "completion",
        "comparison",
    }
    assert len(queries.programmes_in(edition)) == len(published.programmes)
    assert [round(row.rho, 4) for row in queries.list_ledger()] == [0.4444]
    assert len(edition.edition_hash) == 64


def test_every_person_of_the_snapshot_is_marked(published):
    marked = db.session.scalar(
        sa.select(sa.func.count()).select_from(Person).where(Person.edition == "2026H1")
    )
    assert marked == 2038


def test_key_is_gone_after_the_commit(approved):
    world_of.build(approved)
    assert not (folders.release_keys / KEY).exists()


def test_publication_is_in_the_audit_with_the_hash_of_all_rows(published):
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.event == "edition.published")).one()
    assert event.hash_after == queries.latest_edition().edition_hash
    assert verify() is None


@pytest.mark.parametrize("point", faults.POINTS)
def test_killed_build_leaves_nothing_and_repeats_byte_for_byte(approved, published_rows, monkeypatch, point):
    monkeypatch.setitem(faults.planted, point, die)
    with pytest.raises(Killed):
        world_of.build(approved)
    db.session.rollback()
    done = point == "after_commit"
    assert (queries.find_edition("2026H1") is not None) == done
    assert (
        db.session.scalar(sa.select(sa.func.count()).select_from(Person).where(Person.edition.is_not(None)))
        > 0
    ) == done
    monkeypatch.delitem(faults.planted, point)
    if done:
        with pytest.raises(InvalidTransition):
            world_of.build(approved)
    else:
        world_of.build(approved)
    assert released_rows() == published_rows
    assert not (folders.release_keys / KEY).exists()


@pytest.fixture
def published_rows(edition_templates, app, folder, approved):
    """What an undisturbed build of the same approval publishes."""
    from edition_fixtures import _swap

    _swap(folder, edition_templates[2])
    rows = released_rows()
    _swap(folder, edition_templates[1])
    approved.administrators = world_of.recall(app).administrators
    return rows


def test_second_publication_is_refused_by_the_verb_and_by_the_database(published):
    with pytest.raises(InvalidTransition):
        world_of.build(published)
    edition = queries.latest_edition()
    values = {c.name: getattr(edition, c.name) for c in models.Edition.__table__.columns}
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.insert(models.Edition).values(**values))
    db.session.rollback()


@pytest.mark.parametrize("model", models.IMMUTABLE, ids=lambda model: model.__tablename__)
def test_released_rows_are_never_changed_or_deleted(published, model):
    column = next(c for c in model.__table__.columns if not c.primary_key and not c.foreign_keys)
    with pytest.raises(sa.exc.DatabaseError, match="immutable"):
        db.session.execute(sa.update(model.__table__).values({column.name: column}))
    db.session.rollback()
    with pytest.raises(sa.exc.DatabaseError, match="immutable"):
        db.session.execute(sa.delete(model.__table__))
    db.session.rollback()


def test_person_is_in_one_edition_for_life(published):
    with pytest.raises(sa.exc.DatabaseError, match="set once"):
        db.session.execute(sa.update(Person).values(edition="2027H1"))
    db.session.rollback()


def test_trigger_texts_cover_every_table_on_both_databases():
    for dialect in ("sqlite", "postgresql"):
        text = "\n".join(models.TRIGGERS[dialect])
        for model in models.IMMUTABLE:
            assert f"BEFORE UPDATE ON {model.__tablename__}" in text
            assert f"BEFORE DELETE ON {model.__tablename__}" in text


def test_only_administrators_build(approved):
    with pytest.raises(NotAllowed):
        services.build("2026H1", by=make_user("researcher"), now=NOW)


def test_build_needs_both_approvals(world):
    world_of.freeze(world)
    services.approve("2026H1", by=world.administrators["RU"], now=NOW)
    with pytest.raises(InvalidTransition) as refused:
        world_of.build(world)
    assert refused.value.values == {"countries": "IR"}


def test_build_of_nothing_frozen_is_refused(app):
    with pytest.raises(InvalidTransition):
        services.build("2026H1", by=make_user("country_admin"), now=NOW)


def test_void_snapshot_is_not_built(approved):
    snapshot = db.session.scalars(sa.select(Snapshot)).one()
    snapshot.void_at, snapshot.void_reason = NOW, "withdrawal"
    db.session.commit()
    with pytest.raises(InvalidTransition) as refused:
        world_of.build(approved)
    assert refused.value.code == "snapshot_void"


def test_snapshot_voided_while_computing_is_not_published(approved, monkeypatch):
    def withdraw():
        snapshot = db.session.scalars(sa.select(Snapshot)).one()
        snapshot.void_at, snapshot.void_reason = NOW, "withdrawal"
        db.session.commit()

    monkeypatch.setitem(faults.planted, "after_compute", withdraw)
    with pytest.raises(InvalidTransition):
        world_of.build(approved)
    assert queries.latest_edition() is None


def test_person_who_disappeared_stops_the_publication(approved, monkeypatch):
    def vanish():
        first = db.session.scalars(sa.select(Person)).first()
        db.session.execute(
            sa.delete(Person).where(Person.programme_code == first.programme_code, Person.s == first.s)
        )
        db.session.commit()

    monkeypatch.setitem(faults.planted, "after_compute", vanish)
    with pytest.raises(Conflict) as refused:
        world_of.build(approved)
    assert refused.value.code == "persons_changed"
    assert queries.latest_edition() is None


def test_withdrawn_consent_stops_the_build(approved):
    withdraw_consent(approved.programmes[0], by=SYSTEM, now=NOW)
    with pytest.raises(Conflict) as refused:
        world_of.build(approved)
    assert refused.value.code == "consent_withdrawn"


def test_changed_snapshot_file_is_not_built(approved):
    frozen = queries.find_freeze("2026H1")
    path = snapshot_path("2026H1", frozen.digest)
    whole = path.read_bytes()
    rows = engine.read_rows(path)
    levels = {
        name: sorted({str(row[name]) for row in rows if row[name] is not None})
        for name in rows[0]
        if isinstance(rows[0][name], str) and name != "s"
    }
    numbers = tuple(name for name in rows[0] if isinstance(rows[0][name], int))
    texts = {
        name: levels.get(name) or sorted({str(r[name]) for r in rows if r[name] is not None})
        for name in rows[0]
        if name not in {*numbers, "s"}
    }
    engine.write_snapshot(rows[1:], path, engine.Layout(texts, numbers, ("s",), ("programme", "los")))
    try:
        with pytest.raises(Conflict) as refused:
            world_of.build(approved)
        assert refused.value.code == "snapshot_changed"
    finally:
        path.chmod(0o600)
        path.write_bytes(whole)


def test_lost_key_is_said(approved):
    (folders.release_keys / KEY).unlink()
    with pytest.raises(Conflict) as refused:
        world_of.build(approved)
    assert refused.value.code == "release_key_missing"


def test_unknown_fault_point_is_a_programmers_mistake():
    with pytest.raises(AssertionError):
        faults.fault("nowhere")


def test_codes_are_handed_out_without_regard_to_size_or_registration(published):
    edition = queries.latest_edition()
    codes = [
        queries.programme_code_in(edition, programme.id)
        for programme in published.programmes
        if programme.country == "IR"
    ]
    assert sorted(codes) == [f"IR-{n:02d}" for n in range(1, len(codes) + 1)]
    assert codes != sorted(codes)
    assert queries.programme_code_in(edition, 99999) is None
    assert not any(shown.named for shown in queries.programmes_in(edition))


def test_only_programmes_of_one_class_and_country_are_compared(published):
    edition = queries.latest_edition()
    countries = {shown.code: shown.code[:2] for shown in queries.programmes_in(edition)}
    for result in queries.approved_results(edition):
        assert {countries[row.programme] for row in result.released.value.programmes} <= {result.country}


def test_planted_programme_is_found_and_the_small_and_the_closed_one_say_why(published):
    edition = queries.latest_edition()
    (funnel,) = [
        r
        for r in queries.approved_results(edition, "comparison", country="IR", klass="agonist")
        if r.outcome == "RET-F-180"
    ]
    rows = {row.programme: row for row in funnel.released.value.programmes}
    code = {name: queries.programme_code_in(edition, published.programmes[name].id) for name in (2, 16, 18)}
    assert (rows[code[2]].outside, rows[code[2]].side) == (0.998, "above")
    assert rows[code[16]].withheld == "P1"
    assert rows[code[18]].withheld == "gate"
    verdicts = {(v.programme_id, v.outcome): v.indicators for v in queries.gate_verdicts(edition)}
    assert verdicts[published.programmes[18].id, "RET-F-180"] == ("DQ11",)


def test_approvals_that_ran_out_while_computing_do_not_publish(approved, monkeypatch):
    real = building.standing_of
    calls = []

    def later(name, *, now):
        calls.append(name)
        return real(name, now=now + timedelta(hours=73) if len(calls) > 1 else now)

    monkeypatch.setattr(building, "standing_of", later)
    with pytest.raises(InvalidTransition):
        world_of.build(approved)
    assert queries.latest_edition() is None
