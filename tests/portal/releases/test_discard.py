"""DISCARD and the end of a freeze: one edition at a time, and nothing of it left when nobody publishes it."""

from datetime import date, timedelta

import edition_world as world_of
import pytest
import sqlalchemy as sa
import time_machine
from factories import make_user

from portal.core import jobs
from portal.core.audit import AuditEvent
from portal.core.errors import Conflict, InvalidTransition, NotAllowed, NotFound
from portal.core.permissions import SYSTEM
from portal.extensions import db, folders
from portal.registry.models import Snapshot, SnapshotMember
from portal.releases import queries, services
from portal.releases.services.discarding import clear_expired
from portal.releases.services.store import snapshot_path

NOW = world_of.NOW
WEEK = timedelta(days=7)


@pytest.fixture
def world(world):
    world_of.freeze(world)
    return world


def state(name="2026H1", *, now=NOW):
    return services.standing_of(name, now=now).state


def left_of(name="2026H1"):
    """Snapshot, key and members that are left of an edition."""
    frozen = queries.find_freeze(name)
    members = sa.select(sa.func.count()).select_from(SnapshotMember)
    return (
        snapshot_path(name, frozen.digest).exists(),
        (folders.release_keys / f"{name}.key").exists(),
        db.session.scalar(members.where(SnapshotMember.snapshot_id == frozen.snapshot_id)) > 0,
    )


def events(name):
    found = sa.select(sa.func.count()).select_from(AuditEvent)
    return db.session.scalar(found.where(AuditEvent.event == name))


def test_a_second_name_is_refused_and_names_the_open_one(world):
    for country in ("IR", "RU"):
        with pytest.raises(Conflict) as refused:
            services.freeze("2026H2", date(2026, 6, 30), by=world.administrators[country], now=NOW)
        assert (refused.value.code, refused.value.values) == ("freeze_open", {"edition": "2026H1"})
    assert not (folders.release_keys / "2026H2.key").exists()


def test_the_same_name_is_frozen_again(world):
    assert world_of.freeze(world, closing=date(2026, 6, 30))


@pytest.mark.parametrize("country", ["IR", "RU"])
def test_either_country_gives_up_and_nothing_is_left(world, country):
    assert left_of() == (True, True, True)
    services.discard("2026H1", by=world.administrators[country], now=NOW)
    assert (state(), left_of(), events("edition.discarded")) == ("discarded", (False, False, False), 1)
    snapshot = db.session.get_one(Snapshot, queries.find_freeze("2026H1").snapshot_id)
    assert (snapshot.void_at, snapshot.void_reason) == (NOW, "discarded")
    assert services.open_freezes(now=NOW) == []


@pytest.mark.parametrize("role", ["clinician", "researcher", "system_admin", "editor"])
def test_others_give_nothing_up(world, role):
    with pytest.raises(NotAllowed):
        services.discard("2026H1", by=make_user(role), now=NOW)
    assert (state(), left_of()) == ("frozen", (True, True, True))


def test_what_is_not_frozen_is_not_given_up(world):
    services.discard("2026H1", by=world.administrators["IR"], now=NOW)
    for name in ("2026H1", "2027H1"):
        with pytest.raises(InvalidTransition):
            services.discard(name, by=world.administrators["IR"], now=NOW)


def test_a_published_edition_is_not_given_up(published):
    with pytest.raises(InvalidTransition):
        services.discard("2026H1", by=published.administrators["IR"], now=NOW)
    assert left_of()[0]


def test_given_up_is_neither_approved_nor_built(world):
    world_of.approve(world)
    services.discard("2026H1", by=world.administrators["IR"], now=NOW)
    with pytest.raises(InvalidTransition):
        world_of.build(world)
    with pytest.raises(InvalidTransition):
        services.approve("2026H1", by=world.administrators["IR"], now=NOW)


def test_approvals_of_what_was_given_up_never_hold_again(world):
    """The same people frozen again have the same digest: the old approvals are void all the same."""
    first = queries.find_freeze("2026H1").digest
    world_of.approve(world)
    services.discard("2026H1", by=world.administrators["IR"], now=NOW + timedelta(minutes=1))
    later = NOW + timedelta(minutes=2)
    assert world_of.freeze(world, now=later).digest == first
    assert services.standing_of("2026H1", now=later).approvals == ()
    assert left_of() == (True, True, True)
    world_of.approve(world, now=later)
    assert world_of.build(world, now=later)


def test_another_name_follows(world):
    services.discard("2026H1", by=world.administrators["IR"], now=NOW)
    assert world_of.freeze(world, "2026H2")
    assert [frozen.edition for frozen in services.open_freezes(now=NOW)] == ["2026H2"]


def test_a_freeze_runs_out_after_a_week(world):
    before = NOW + WEEK - timedelta(seconds=1)
    world_of.approve(world, now=before)
    assert (state(now=before), state(now=NOW + WEEK)) == ("frozen", "expired")
    with pytest.raises(InvalidTransition):
        world_of.build(world, now=NOW + WEEK)
    with pytest.raises(InvalidTransition):
        services.approve("2026H1", by=world.administrators["IR"], now=NOW + WEEK)


def test_the_job_clears_what_ran_out(world):
    assert jobs.run_until_idle(["release"], now=NOW + WEEK - timedelta(seconds=1)) == 0
    assert left_of() == (True, True, True)
    with time_machine.travel(NOW + WEEK, tick=True):
        assert jobs.run_until_idle(["release"]) == 1
        assert (left_of(), events("edition.expired")) == ((False, False, False), 1)
        services.expire({"by": world.administrators["IR"].id})
    assert events("edition.expired") == 1
    entry = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.event == "edition.expired")).one()
    assert entry.actor_id == world.administrators["IR"].id


def test_the_job_of_an_account_that_is_gone_does_nothing(world):
    with pytest.raises(NotFound):
        services.expire({"by": 10**6})


def test_the_next_freeze_clears_what_ran_out(world):
    assert world_of.freeze(world, "2026H2", now=NOW + WEEK)
    assert (left_of(), events("edition.expired")) == ((False, False, False), 1)
    assert left_of("2026H2") == (True, True, True)


def test_what_ran_out_is_frozen_again_under_its_name_without_old_approvals(world):
    world_of.approve(world, now=NOW + WEEK - timedelta(hours=1))
    later = NOW + WEEK + timedelta(hours=1)
    world_of.freeze(world, now=later)
    assert services.standing_of("2026H1", now=later).approvals == ()
    assert left_of() == (True, True, True)
    later += timedelta(minutes=1)
    world_of.approve(world, now=later)
    assert world_of.build(world, now=later)


def test_leftovers_of_a_machine_that_stopped_go_with_the_next_clearing(world):
    services.discard("2026H1", by=world.administrators["IR"], now=NOW)
    path = snapshot_path("2026H1", queries.find_freeze("2026H1").digest)
    path.write_bytes(b"left")
    clear_expired(by=SYSTEM, now=NOW)
    assert not path.exists()


def test_a_published_edition_never_runs_out(published):
    clear_expired(by=SYSTEM, now=NOW + 10 * WEEK)
    assert (state(now=NOW + 10 * WEEK), events("edition.expired")) == ("published", 0)
    assert left_of()[0]
