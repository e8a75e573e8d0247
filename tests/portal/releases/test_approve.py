"""APPROVE: one administrator of each country, two people, exactly this content, for 72 hours."""

from datetime import timedelta

import edition_world as world_of
import pytest
from factories import make_user

from analytics.disclosure import parameters
from portal.core.errors import InvalidTransition, NotAllowed
from portal.extensions import db
from portal.registry.models import Snapshot
from portal.releases import queries, services
from portal.releases.policies import (
    can_approve,
    can_build,
    can_freeze,
    can_read_comparisons,
    check_can_build,
    check_can_read_comparisons,
)
from portal.releases.workflow import TRANSITIONS, Standing, check_closing

NOW = world_of.NOW
ROLES = {
    # role: freeze, build, read comparisons
    "member": (False, False, False),
    "clinician": (False, False, True),
    "researcher": (False, False, True),
    "editor": (False, False, False),
    "moderator": (False, False, False),
    "system_admin": (False, False, False),
    "country_admin": (True, True, True),
}


@pytest.fixture
def world(world):
    world_of.freeze(world)
    return world


@pytest.mark.parametrize("role", ROLES)
def test_who_may(app, role):
    person = make_user(role)
    assert (can_freeze(person), can_build(person), can_read_comparisons(person)) == ROLES[role]
    assert can_approve(person, ()) == ROLES[role][0]


def test_refusals_are_raised_as_answered(app):
    with pytest.raises(NotAllowed):
        check_can_build(make_user("researcher"))
    with pytest.raises(NotAllowed):
        check_can_read_comparisons(make_user("editor"))


def test_two_countries_approve(world):
    world_of.approve(world)
    approvals = services.standing_of("2026H1", now=NOW).approvals
    assert {approval.country for approval in approvals} == {"IR", "RU"}
    assert {approval.bound_to for approval in approvals} == {
        services.binding_of(queries.find_freeze("2026H1"))
    }


def test_same_person_does_not_approve_twice(world):
    person = world.administrators["IR"]
    services.approve("2026H1", by=person, now=NOW)
    with pytest.raises(NotAllowed) as refused:
        services.approve("2026H1", by=person, now=NOW + timedelta(hours=1))
    assert refused.value.code == "already_approved_by_you"


def test_same_country_does_not_approve_twice(world):
    services.approve("2026H1", by=world.administrators["IR"], now=NOW)
    with pytest.raises(NotAllowed) as refused:
        services.approve("2026H1", by=make_user("country_admin", country="IR"), now=NOW)
    assert refused.value.code == "already_approved_by_country"


def test_others_do_not_approve(world):
    for role in ("clinician", "chief_editor", "system_admin"):
        with pytest.raises(NotAllowed):
            services.approve("2026H1", by=make_user(role), now=NOW)


def test_nothing_frozen_is_not_approved(world):
    with pytest.raises(InvalidTransition):
        services.approve("2027H1", by=world.administrators["IR"], now=NOW)


def test_published_edition_is_not_approved(published):
    with pytest.raises(InvalidTransition):
        services.approve("2026H1", by=published.administrators["IR"], now=NOW)


def test_approval_runs_out_after_three_days(world):
    world_of.approve(world)
    assert len(services.standing_of("2026H1", now=NOW + timedelta(hours=71, minutes=59)).approvals) == 2
    later = NOW + timedelta(hours=72)
    assert services.standing_of("2026H1", now=later).approvals == ()
    with pytest.raises(InvalidTransition) as refused:
        world_of.build(world, now=later)
    assert (refused.value.code, refused.value.values) == ("approvals_missing", {"countries": "IR, RU"})
    services.approve("2026H1", by=world.administrators["IR"], now=later)


def test_approval_does_not_hold_under_other_parameters(world, monkeypatch):
    monkeypatch.setitem(parameters.PARAMETERS, "sigma", 1)
    with pytest.raises(InvalidTransition) as refused:
        services.approve("2026H1", by=world.administrators["IR"], now=NOW)
    assert refused.value.code == "parameters_changed"


def test_void_snapshot_is_not_approved(world):
    snapshot = db.session.get_one(Snapshot, queries.find_freeze("2026H1").snapshot_id)
    snapshot.void_at, snapshot.void_reason = NOW, "withdrawal"
    db.session.commit()
    with pytest.raises(InvalidTransition) as refused:
        services.approve("2026H1", by=world.administrators["IR"], now=NOW)
    assert refused.value.code == "snapshot_void"


def test_open_freezes_are_listed_until_published(world):
    assert [freeze.edition for freeze in queries.list_freezes()] == ["2026H1"]


def test_every_state_and_verb_is_decided():
    verbs = {row.verb for row in TRANSITIONS}
    leads = {
        (state, verb): [r.target for r in TRANSITIONS if r.verb == verb and state in r.sources]
        for state in ("new", "frozen", "discarded", "expired", "published")
        for verb in verbs
    }
    assert leads == {
        ("new", "freeze"): ["frozen"], ("new", "approve"): [], ("new", "build"): [],
        ("new", "discard"): [], ("new", "expire"): [],
        ("frozen", "freeze"): ["frozen"], ("frozen", "approve"): ["frozen"], ("frozen", "build"): ["published"],
        ("frozen", "discard"): ["discarded"], ("frozen", "expire"): ["expired"],
        ("discarded", "freeze"): ["frozen"], ("discarded", "approve"): [], ("discarded", "build"): [],
        ("discarded", "discard"): [], ("discarded", "expire"): [],
        ("expired", "freeze"): ["frozen"], ("expired", "approve"): [], ("expired", "build"): [],
        ("expired", "discard"): [], ("expired", "expire"): [],
        ("published", "freeze"): [], ("published", "approve"): [], ("published", "build"): [],
        ("published", "discard"): [], ("published", "expire"): [],
    }  # fmt: skip


def test_two_approvals_of_one_person_are_one(world):
    services.approve("2026H1", by=world.administrators["IR"], now=NOW)
    (given,) = services.standing_of("2026H1", now=NOW).approvals
    guard = TRANSITIONS[2].guards[1]
    with pytest.raises(InvalidTransition):
        guard(Standing("frozen", (given,)))


def test_closing_in_the_future_is_too_early(app):
    from portal.core.errors import Invalid

    with pytest.raises(Invalid):
        check_closing(NOW.date() + timedelta(days=10), now=NOW)
