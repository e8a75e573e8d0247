"""The generated registry, made once."""

import pytest

from portal.cli.demo.generator import generate


@pytest.fixture(scope="session")
def registries():
    return generate()
