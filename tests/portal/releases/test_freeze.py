"""FREEZE takes the first closed episode of consenting people, once in a life, and refuses thin editions."""

import json
import stat
from datetime import date, datetime
from types import SimpleNamespace

import edition_world as world_of
import pytest
import sqlalchemy as sa
from factories import make_user

from analytics import engine
from portal.core.audit import AuditEvent
from portal.core.errors import Conflict, Invalid, InvalidTransition, NotAllowed
from portal.core.permissions import SYSTEM
from portal.extensions import db, folders
from portal.programmes.services import withdraw_consent
from portal.registry.models import Episode, ImportBatch, Snapshot, SnapshotMember
from portal.releases import services
from portal.releases.builder.eligible import find_eligible
from portal.releases.services.freezing import _is_synthetic
from portal.releases.services.store import snapshot_path

NOW, CLOSING = world_of.NOW, world_of.CLOSING


def count(model, *where):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*where))


def test_freeze_writes_file_register_members_key_and_event(world):
    frozen = world_of.freeze(world)
    snapshot = db.session.get_one(Snapshot, frozen.snapshot_id)
    path = snapshot_path("2026H1", frozen.digest)
    assert engine.digest(engine.read_rows(path)) == frozen.digest == snapshot.digest
    assert snapshot.rows == count(SnapshotMember, SnapshotMember.snapshot_id == snapshot.id) == 2038
    assert stat.S_IMODE((folders.release_keys / "2026H1.key").stat().st_mode) == 0o400
    event = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert (event.event, event.object_id, event.hash_after) == ("edition.frozen", "2026H1", frozen.digest)


def test_report_holds_counts_and_checks_but_no_cells(world):
    stored = json.loads(world_of.freeze(world).report)
    assert set(stored) == {"countries", "programmes", "left_out", "merged_levels", "regions"}
    assert sum(stored["countries"].values()) == sum(p["persons"] for p in stored["programmes"]) == 2038


def test_case_mix_keeps_at_most_five_hundred_patterns(world):
    frozen = world_of.freeze(world)
    rows = engine.read_rows(snapshot_path("2026H1", frozen.digest))
    assert len({tuple(row[name] for name in row if name.startswith("cm_")) for row in rows}) <= 500


@pytest.mark.parametrize("name", ["", "2026 H1", "x" * 21, "a/b", "نسخه", "a_b"])
def test_name_has_letters_digits_and_hyphens_only(world, name):
    with pytest.raises(Invalid) as refused:
        world_of.freeze(world, name)
    assert refused.value.code == "edition_name"


def test_freeze_waits_thirty_days_after_closing(world):
    early = datetime.fromisoformat("2026-08-29T23:00:00+00:00")
    with pytest.raises(Invalid) as refused:
        world_of.freeze(world, now=early)
    assert refused.value.values["earliest"] == "2026-08-30"
    assert world_of.freeze(world, now=datetime.fromisoformat("2026-08-30T00:00:00+00:00"))


@pytest.mark.parametrize("role", ["clinician", "researcher", "system_admin", "editor"])
def test_only_administrators_freeze(world, role):
    with pytest.raises(NotAllowed):
        services.freeze("2026H1", CLOSING, by=make_user(role), now=NOW)


def test_too_few_persons_are_refused(app):
    thin = [plan for plan in world_of.plans() if plan.country == "RU"][:5]
    world = world_of.make_world(wanted=tuple(thin))
    with pytest.raises(Conflict) as refused:
        world_of.freeze(world)
    assert refused.value.code == "too_few_persons_in_country"
    assert count(Snapshot) == 0


def test_fewer_than_four_hundred_are_refused(app):
    plans = [world_of.Plan(c, m, 60, f"{c}1") for c, m in (("IR", "M20"), ("RU", "M40")) for _ in range(3)]
    world = world_of.make_world(wanted=tuple(plans))
    with pytest.raises(Conflict) as refused:
        world_of.freeze(world)
    assert (refused.value.code, refused.value.values["found"]) == ("too_few_persons", 360)


def test_country_with_one_dominant_programme_is_refused(app):
    plans = [world_of.Plan("RU", "M40", 80, "RU1") for _ in range(3)]
    plans += [world_of.Plan("IR", "M20", persons, "IR1") for persons in (400, 50, 50)]
    world = world_of.make_world(wanted=tuple(plans))
    with pytest.raises(Conflict) as refused:
        world_of.freeze(world)
    assert (refused.value.code, refused.value.values) == ("region_too_concentrated", {"country": "IR"})


def test_programme_without_consent_is_left_out(world):
    left = world.programmes[0]
    withdraw_consent(left, by=SYSTEM, now=NOW)
    frozen = world_of.freeze(world)
    rows = engine.read_rows(snapshot_path("2026H1", frozen.digest))
    assert left.code not in {row["programme"] for row in rows}


def eligible(world, **changes):
    """How many of one added person's episodes enter, and how many persons are left out and why."""
    programme = world.programmes[0]
    before = find_eligible([programme], CLOSING)
    base = {
        "programme_code": programme.code, "row_key": bytes(32), "person_s": b"\x01" * 32, "has_token": True, "content_hash": bytes(16),
        "dictionary_version": 1, "admission_month": "2025-03", "prior_treatment": 0, "dx_icd10": "F11.2", "modality": "M20",
        "last_contact_day": 50, "discharge_day": 50, "discharge_reason": 31,
    }  # fmt: skip
    world_of.insert([base | changes])
    after = find_eligible([programme], CLOSING)
    reasons = {reason: n - before.left_out[reason] for reason, n in after.left_out.items()}
    return len(after.episodes) - len(before.episodes), {reason for reason, n in reasons.items() if n}


@pytest.mark.parametrize(
    ("changes", "entered", "reasons"),
    [
        ({}, 1, set()),
        ({"admission_month": "2025-12"}, 1, set()),
        ({"admission_month": "2026-01"}, 0, {"window_open"}),
        ({"discharge_reason": 34}, 0, set()),
        ({"has_token": False, "prior_treatment": 0}, 1, set()),
        ({"has_token": False, "prior_treatment": 1}, 0, {"may_count_twice"}),
        ({"has_token": False, "prior_treatment": 3}, 0, {"may_count_twice"}),
        ({"has_token": False, "prior_treatment": 2}, 1, set()),
        ({"has_token": True, "prior_treatment": 1}, 1, set()),
        ({"replaced_by": 1}, 0, set()),
    ],
)
def test_who_is_eligible(world, changes, entered, reasons):
    assert eligible(world, **changes) == (entered, reasons)


def test_first_episode_represents_the_person(world):
    programme = world.programmes[0]
    assert eligible(world, admission_month="2025-06")[0] == 1
    earlier = {
        "programme_code": programme.code, "row_key": b"\x02" * 32, "person_s": b"\x01" * 32, "has_token": True,
        "content_hash": bytes(16), "dictionary_version": 1, "admission_month": "2024-06", "dx_icd10": "F11.2",
        "modality": "M20", "last_contact_day": 9, "discharge_day": 9, "discharge_reason": 32,
    }  # fmt: skip
    db.session.execute(sa.insert(Episode), [earlier])
    db.session.commit()
    found = [e for e in find_eligible([programme], CLOSING).episodes if e["person_s"] == b"\x01" * 32]
    assert [(e["admission_month"], e["last_contact_day"]) for e in found] == [("2024-06", 9)]


def test_rows_of_an_unfinished_import_are_invisible(world):
    batch = ImportBatch(made_by=1, mode="valid", dictionary_version=1, started_at=NOW, touched_at=NOW)
    db.session.add(batch)
    db.session.commit()
    assert eligible(world, import_batch_id=batch.id)[0] == 0


def test_person_of_an_earlier_edition_is_never_frozen_again(published):
    with pytest.raises(Conflict) as refused:
        world_of.freeze(published, "2026H2", closing=date(2026, 8, 1))
    assert refused.value.values["found"] == 0


def test_published_edition_is_not_frozen_again(published):
    with pytest.raises(InvalidTransition):
        world_of.freeze(published)


def test_second_freeze_voids_the_first_and_its_approvals(world):
    first = world_of.freeze(world)
    first_digest = first.digest
    world_of.approve(world)
    world_of.add_people(world, world.programmes[0], world_of.plans()[0], 5)
    second = world_of.freeze(world)
    assert second.digest != first_digest
    assert not snapshot_path("2026H1", first_digest).exists()
    assert services.standing_of("2026H1", now=NOW).approvals == ()
    assert [s.void_reason for s in db.session.scalars(sa.select(Snapshot).order_by(Snapshot.id))] == [
        "frozen again",
        "",
    ]


def test_same_people_give_the_same_digest(world):
    first = world_of.freeze(world).digest
    assert world_of.freeze(world).digest == first
    assert snapshot_path("2026H1", first).exists()


def test_failed_freeze_keeps_the_earlier_one_buildable(world):
    first = world_of.freeze(world)
    world_of.approve(world)
    for programme in world.programmes[:-1]:
        withdraw_consent(programme, by=SYSTEM, now=NOW)
    with pytest.raises(Conflict):
        world_of.freeze(world)
    assert snapshot_path("2026H1", first.digest).exists()
    assert len(services.standing_of("2026H1", now=NOW).approvals) == 2


def test_people_and_inventions_are_never_in_one_edition():
    assert not _is_synthetic([SimpleNamespace(synthetic=False)])
    with pytest.raises(Conflict) as refused:
        _is_synthetic([SimpleNamespace(synthetic=False), SimpleNamespace(synthetic=True)])
    assert refused.value.code == "synthetic_and_real"


def test_levels_are_frozen_with_the_edition(world):
    levels = json.loads(world_of.freeze(world).levels)
    assert levels["region"] == ["IR-1", "IR-2", "RU-1", "RU-2"]
    assert levels["half"][-2:] == ["2025H2", "U"]
