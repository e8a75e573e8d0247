"""A patient withdraws between freeze and release: the freeze is void, the next one leaves the patient out."""

import pytest
import sqlalchemy as sa
from edition_world import NOW, approve, build, freeze
from factories import make_user

from portal.core.errors import InvalidTransition
from portal.extensions import db
from portal.programmes.models import Programme
from portal.registry.models import Episode, SnapshotMember
from portal.registry.services.withdrawing import withdraw

CASE = "K7M-4QX"


def take_out_a_member():
    """Somebody of the latest freeze, found by the case code of the chart."""
    member = db.session.scalar(sa.select(SnapshotMember).limit(1))
    episode = db.session.get_one(Episode, member.episode_id)
    episode.case_code, s = CASE, bytes(member.s)
    programme = db.session.scalar(sa.select(Programme).where(Programme.code == member.programme_code))
    db.session.commit()
    clinician = make_user("clinician", organisation=programme.organisation, country=programme.country)
    withdraw(CASE, [programme.code], "asked", by=clinician, now=NOW)
    return s


def members(snapshot_id):
    found = sa.select(SnapshotMember.s).where(SnapshotMember.snapshot_id == snapshot_id)
    return {bytes(s) for s in db.session.scalars(found)}


def test_an_approved_freeze_is_void_and_the_next_one_leaves_the_patient_out(world):
    first = freeze(world)
    before = members(first.snapshot_id)
    approve(world)
    gone = take_out_a_member()
    with pytest.raises(InvalidTransition, match="snapshot_void"):
        build(world)
    second = freeze(world)
    assert second.digest != first.digest
    assert members(second.snapshot_id) == before - {gone}
    with pytest.raises(InvalidTransition, match="approvals_missing"):
        build(world)
    approve(world)
    assert build(world).name == "2026H1"
