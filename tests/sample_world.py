"""The twelve samples of the demonstration, published in three languages: loaded once, copied for each test."""

import shutil

import pytest
from factories import make_organisation, make_user
from protocol_world import NOW

from portal.app import load_keys
from portal.core.permissions import Role
from portal.extensions import db
from portal.protocols.services.seed import load_seed

PARTS = (
    Role.CLINICIAN, Role.CLINICAL_REVIEWER, Role.EDITOR, Role.CHIEF_EDITOR, Role.TRANSLATOR,
    Role.LANGUAGE_REVIEWER,
)  # fmt: skip
NUMBERS = tuple(f"PR-{number:04d}" for number in range(1, 13))
LANGUAGES = ("en", "ru", "fa")


def make_people():
    """One account for each role and country; clinicians work somewhere, reviewers do not yet."""
    people = {(role, country): make_user(role, country=country) for role in PARTS for country in ("IR", "RU")}
    for country in ("IR", "RU"):
        author = make_user("clinician", country=country, organisation=make_organisation(country))
        people[Role.CLINICIAN, country] = author
    return people


@pytest.fixture(scope="session")
def samples_template(prepared, folder):
    application, template = prepared
    load_keys(application.extensions["portal.config"])  # a test may have left keys of its own
    with application.app_context():
        _put(template, folder)
        load_seed(people=make_people(), now=NOW)
        db.session.commit()
        _close()
        shutil.copy(folder / "portal.db", folder / "samples.db")
    return folder / "samples.db"


@pytest.fixture
def samples(app, samples_template, folder):
    """The numbers of the samples, in a fresh copy."""
    _put(samples_template, folder)
    return NUMBERS


def _close():
    db.session.remove()
    db.engine.dispose()


def _put(source, folder):
    _close()
    for end in ("", "-wal", "-shm"):
        (folder / f"portal.db{end}").unlink(missing_ok=True)
    shutil.copy(source, folder / "portal.db")
