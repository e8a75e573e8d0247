"""The vocabulary, loaded once a test."""

import pytest

from portal.core.permissions import SYSTEM
from portal.vocabulary import services


@pytest.fixture
def loaded(app):
    services.load_seed(by=SYSTEM)
    return app
