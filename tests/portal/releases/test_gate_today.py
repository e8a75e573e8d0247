"""The gate that a programme sees on its own page is the gate of the edition: one rule, the same verdicts."""

import pytest
import sqlalchemy as sa
from edition_world import CLOSING

from portal.extensions import db
from portal.registry.quality.reading import read_material
from portal.registry.quality.standing import standings
from portal.releases.models import GateVerdict


@pytest.fixture
def stored(published):
    """Failing indicators of the edition by programme, class and outcome."""
    found = db.session.scalars(sa.select(GateVerdict)).all()
    return {(each.programme_id, each.klass, each.outcome): each.indicators for each in found}


def test_every_programme_sees_today_what_the_edition_decides(published, stored):
    world = published[0] if isinstance(published, tuple) else published
    seen = {}
    for programme in world.programmes:
        material = read_material(programme, CLOSING)
        seen |= {
            (programme.id, each.klass.value, each.outcome): each.failing
            for each in standings(material, programme.country)
        }
    assert {key: seen[key] for key in stored} == stored
    assert any(stored.values())
    assert not all(stored.values())
