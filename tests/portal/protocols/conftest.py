"""What rules of protocols are tested with: a world of people, a draft, a published version."""

import pytest
from protocol_world import make_draft, make_published, make_world


@pytest.fixture
def world(app):
    return make_world()


@pytest.fixture
def version(world):
    return make_published(world)


@pytest.fixture
def draft(world):
    return make_draft(world)
