"""What pages of protocols are tested with: a world of people, a draft in it, and its author at the browser."""

import pytest
from protocol_world import make_draft, make_published, make_world


@pytest.fixture
def world(app):
    return make_world()


@pytest.fixture
def draft(world):
    return make_draft(world)


@pytest.fixture
def version(world):
    return make_published(world)


@pytest.fixture
def author(client, sign_in, world):
    sign_in(client, user=world.author)
    return client
