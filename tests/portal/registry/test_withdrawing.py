"""A patient withdraws: nothing of them is left, nothing brings them back, nobody learns whether they were there."""

import json

import pytest
import sqlalchemy as sa
from factories import make_organisation, make_programme, make_user
from registry_records import DISCHARGED, row, table, token

from portal.core.audit import AuditEvent, verify
from portal.core.db import utcnow
from portal.core.errors import Invalid, NotAllowed, NotFound
from portal.extensions import db, keys
from portal.registry import queries
from portal.registry.importer import withdrawn
from portal.registry.importer.keys import Keyer
from portal.registry.models import (
    Episode,
    EpisodeSensitive,
    ImportBatch,
    ImportRow,
    Person,
    RuleResult,
    Snapshot,
    SnapshotMember,
    Tombstone,
)
from portal.registry.services.episodes import record_admission
from portal.registry.services.imports import ALL, DRY, VALID, commit, counts_of, import_file
from portal.registry.services.submitting import Submission
from portal.registry.services.withdrawing import REASONS, forget_marked, withdraw

WHO = token(1, "person")


@pytest.fixture
def centre(app):
    return make_organisation("IR")


@pytest.fixture
def programme(centre):
    return make_programme("IR", organisation=centre)


@pytest.fixture
def clinician(centre):
    return make_user("clinician", organisation=centre)


@pytest.fixture
def submit(programme, clinician):
    def run(rows, mode=VALID, **more):
        submission = Submission(table(rows), programme=programme.code, **more)
        return import_file(submission, mode=mode, by=clinician)

    return run


@pytest.fixture
def take_out(programme, clinician):
    def run(who=WHO, reason="asked", by=clinician, codes=None):
        withdraw(who, codes or [programme.code], reason, by=by, now=utcnow())

    return run


def count(model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def last_event():
    return db.session.scalar(sa.select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1))


def is_whole(batch):
    counts = counts_of(batch)
    return counts["submitted"] == batch.accepted + batch.rejected + batch.ignored


def test_every_revision_and_what_hangs_on_it_goes_and_others_stay(submit, take_out, programme):
    submit([row(1), row(2)])
    submit([row(1, **DISCHARGED)])  # a second revision of the first
    submit([row(3, person_token=WHO, admission_month="2024-01", **DISCHARGED)])
    take_out()
    left = db.session.scalars(sa.select(Episode)).all()
    assert [bytes(e.row_key) for e in left] == [Keyer(keys.pepper, programme.code).s(token(2))]
    assert count(Person) == count(EpisodeSensitive) == 1
    assert not db.session.scalars(
        sa.select(RuleResult.episode_id).where(RuleResult.episode_id != left[0].id)
    ).all()
    assert verify() is None


def test_the_effect_is_counted_in_the_audit_which_names_nobody(submit, take_out, programme, clinician):
    submit([row(1), row(2), row(1, source_key=token(9), sex=7)])
    take_out(reason="on_behalf")
    event = last_event()
    assert (event.event, event.reason_code, event.actor_id) == ("person.withdrawn", "on_behalf", clinician.id)
    assert (event.object_type, event.object_id) == ("programme", str(programme.id))
    assert json.loads(event.changes) == {"episodes": 1, "waiting": 1, "snapshots": 0}
    assert WHO not in str([getattr(event, name) for name in ("changes", "object_id", "reason_text")])


@pytest.mark.parametrize("again", [{}, {"person_token": ""}, {"source_key": token(7)}, {"sex": 9}])
def test_no_file_brings_the_patient_back(submit, take_out, again):
    """By the pseudonym, by the key of the case alone, under a new case, or with a fault in the row."""
    submit([row(1)])
    take_out()
    batch = submit([row(1, **again), row(5)])
    assert (batch.accepted, batch.withdrawn, batch.rejected) == (1, 1, 0)
    assert is_whole(batch)
    assert count(ImportRow) == 0
    assert count(Episode) == 1


def test_rows_that_wait_go_and_cannot_be_corrected(submit, take_out):
    first = submit([row(1, sex=7), row(2, sex=7)])
    take_out()
    assert [bytes(r.row_key) for r in db.session.scalars(sa.select(ImportRow))] != []
    assert count(ImportRow) == 1
    batch = submit([row(1)], corrects=first.id)
    assert (batch.withdrawn, batch.accepted) == (1, 0)


@pytest.mark.parametrize("mode", [VALID, ALL])
def test_a_dry_run_does_not_bring_the_patient_back(submit, take_out, clinician, mode):
    batch = submit([row(1), row(2)], mode=DRY)
    take_out()
    assert (batch.accepted, batch.withdrawn) == (1, 1)
    commit(batch.id, mode=mode, by=clinician)
    assert count(Episode) == 1
    assert is_whole(batch)
    assert verify() is None


def test_rows_that_were_loaded_before_but_marked_after_do_not_count(submit, take_out, clinician, programme):
    """A large file: its process read the marks before the withdrawal and loaded the row after it."""
    batch = submit([row(1), row(2)], mode=DRY)
    keyer = Keyer(keys.pepper, programme.code)
    take_out(
        token(40, "person")
    )  # somebody else; then the marks of the first, as that process would miss them
    mark = keyer.tombstone(keyer.s(WHO).hex())
    db.session.add(Tombstone(programme_code=programme.code, t=mark))
    db.session.commit()
    commit(batch.id, by=clinician)
    assert (batch.accepted, batch.withdrawn) == (1, 1)
    assert is_whole(batch)
    assert count(Episode) == 1


def test_an_episode_entered_by_hand_is_withdrawn_by_its_case_code(take_out, programme, clinician):
    values = {k: v for k, v in row(1).items() if k not in ("source_key", "person_token")}
    _, code = record_admission(values, programme_id=programme.id, by=clinician, confirmations={})
    take_out(code)
    assert count(Episode) == count(Person) == 0


def test_the_pseudonym_of_a_case_names_its_patient(submit, take_out):
    submit([row(1), row(2, person_token=WHO, admission_month="2024-01", **DISCHARGED)])
    take_out(token(1))
    assert count(Episode) == 0
    assert submit([row(8, person_token="", source_key=token(2))]).withdrawn == 1


def test_other_programmes_keep_the_patient_unless_they_are_named(
    submit, take_out, centre, clinician, programme
):
    other = make_programme("IR", organisation=centre)
    submit([row(1)])
    import_file(Submission(table([row(1)]), programme=other.code), mode=VALID, by=clinician)
    take_out()
    assert [e.programme_code for e in db.session.scalars(sa.select(Episode))] == [other.code]
    take_out(codes=[programme.code, other.code])
    assert count(Episode) == 0


def test_known_new_and_withdrawn_are_answered_alike(submit, take_out):
    submit([row(1)])
    assert take_out() is take_out() is take_out(token(99, "person")) is None
    assert json.loads(last_event().changes)["episodes"] == 0
    assert submit([row(99)]).withdrawn == 1


def test_who_is_not_of_the_centre_withdraws_nobody(submit, take_out, programme):
    submit([row(1)])
    for stranger in (
        make_user("clinician", organisation=make_organisation("IR")),
        make_user("country_admin"),
    ):
        with pytest.raises(NotFound):
            take_out(by=stranger)
    with pytest.raises(NotAllowed):
        take_out(
            by=make_user(
                "translator", organisation=db.session.get_one(type(programme), programme.id).organisation
            )
        )
    assert count(Episode) == 1
    assert count(Tombstone) == 0


@pytest.mark.parametrize(
    "who", ["9990000018", "Иванов", "", "A" * 26, token(1)[:25], token(1) + "2", "K7M4QX"]
)
def test_only_a_pseudonym_or_a_case_code_is_looked_for(take_out, who):
    with pytest.raises(Invalid, match="token_shape"):
        take_out(who)


def test_a_reason_is_one_of_the_list(take_out):
    with pytest.raises(Invalid, match="code_unknown"):
        take_out(reason="Иванов просил")
    assert "asked" in REASONS


def test_an_open_snapshot_is_void_and_a_published_one_stays(submit, take_out, programme, clinician):
    submit([row(1), row(2)])
    who = Keyer(keys.pepper, programme.code).s(WHO)
    episode = db.session.scalars(sa.select(Episode).where(Episode.person_s == who)).one()
    person = db.session.get_one(Person, (programme.code, episode.person_s))
    person.edition = "2026H1"
    db.session.commit()
    for edition in ("2026H1", "2026H2"):
        snapshot = Snapshot(
            edition=edition, closing_on=utcnow().date(), digest=edition, file_sha256="", rows=1,
            frozen_at=utcnow(), frozen_by=clinician.id,
        )  # fmt: skip
        db.session.add(snapshot)
        db.session.flush()
        db.session.add(
            SnapshotMember(
                snapshot_id=snapshot.id,
                programme_code=programme.code,
                s=episode.person_s,
                episode_id=episode.id,
            )
        )
    db.session.commit()
    take_out()
    told = {
        s.edition: (s.void_at is not None, s.void_reason) for s in db.session.scalars(sa.select(Snapshot))
    }
    assert told == {"2026H1": (False, ""), "2026H2": (True, "withdrawn")}
    assert count(SnapshotMember) == 0
    assert json.loads(last_event().changes)["snapshots"] == 1


def test_nothing_of_the_patient_is_left_in_any_table(submit, take_out, programme):
    submit([row(1, sex=7), row(3, person_token=WHO, **DISCHARGED)])
    keyer = Keyer(keys.pepper, programme.code)
    held = [keyer.s(WHO), keyer.s(token(1)), keyer.s(token(3))]
    take_out()
    assert dump_holds(held) == []
    assert queries.list_tombstones([programme.code])


def dump_holds(values):
    """Columns of the whole database that hold one of these values."""
    every = [column for one in db.metadata.sorted_tables for column in one.columns]
    binary = [column for column in every if isinstance(column.type, sa.LargeBinary)]
    return [
        str(column) for column in binary
        if db.session.scalar(sa.select(sa.func.count()).select_from(column.table).where(column.in_(values)))
    ]  # fmt: skip


def test_a_batch_that_is_done_keeps_its_own_sums(submit, take_out):
    batch = submit([row(1), row(2)])
    take_out()
    db.session.expire_all()
    assert (batch.accepted, batch.withdrawn) == (2, 0)
    assert is_whole(db.session.get_one(ImportBatch, batch.id))


def test_a_restore_forgets_whoever_has_nothing_but_rows_that_wait(submit, programme):
    submit([row(1, sex=77), row(2, sex=77)])
    assert count(ImportRow) == 2
    mark = Keyer(keys.pepper, programme.code).tombstone(Keyer(keys.pepper, programme.code).s(WHO).hex())
    assert forget_marked(programme.code, {mark}, now=utcnow()) == 1
    assert count(ImportRow) == 1


def test_more_persons_than_one_statement_names_are_forgotten(submit, programme, monkeypatch):
    monkeypatch.setattr(withdrawn, "BUNCH", 2)
    submit([row(n) for n in range(7)] + [row(8, sex=7)])
    keyer = Keyer(keys.pepper, programme.code)
    gone = [keyer.s(token(n, "person")) for n in (0, 1, 2, 3, 4, 8)]
    marks = {withdrawn.mark_of(keyer, key) for key in gone}
    withdrawn.add_marks(programme.code, marks, db.session.connection())
    withdrawn.add_marks(programme.code, marks, db.session.connection())
    assert forget_marked(programme.code, marks, now=utcnow()) == 6
    assert (count(Tombstone), count(Episode), count(Person), count(ImportRow)) == (6, 2, 2, 0)
