"""The published trials released once, copied for each test that reads them."""

import pytest
from edition_fixtures import _keep, _swap, start_empty

from . import trial_world


@pytest.fixture(scope="session")
def trial_template(prepared, folder, truth, tmp_path_factory):
    """A database with the published edition of the trials, and what was made on the way."""
    application, template = prepared
    with application.app_context():
        start_empty(folder, template)
        run = trial_world.runner(application)
        made = trial_world.make_trial_world(run, truth, tmp_path_factory.mktemp("files"))
        return _keep(folder, "trials"), made


@pytest.fixture
def trials(trial_template, app, folder):
    """The published edition of the trials."""
    kept, made = trial_template
    _swap(folder, kept)
    return made
