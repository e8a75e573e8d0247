"""An account hands in thirty files an hour by the pages, and no more."""

from datetime import timedelta

import pytest
from factories import make_organisation, make_programme, make_user
from registry_records import row, table

from portal.core.db import utcnow
from portal.registry.importer.refusal import FileRefused
from portal.registry.importer.source import COMMAND_LINE, WEB
from portal.registry.services import quota
from portal.registry.services.imports import import_file
from portal.registry.services.quota import TooManyUploads
from portal.registry.services.submitting import Submission

NOW = utcnow()


@pytest.fixture
def submit(app, monkeypatch, request):
    """Three files an hour."""
    synthetic = getattr(request, "param", False)
    monkeypatch.setattr(quota, "UPLOADS", 3)
    centre = make_organisation("IR")
    people = {name: make_user("clinician", organisation=centre) for name in ("one", "another")}
    programme = make_programme("IR", organisation=centre, synthetic=synthetic)

    def run(data=None, *, by="one", limits=WEB, now=NOW):
        data = table([row(1)]) if data is None else data
        submission = Submission(data, programme=programme.code, limits=limits)
        return import_file(submission, by=people[by], now=now)

    return run


def test_the_fourth_file_of_an_hour_is_not_read(submit):
    submit()
    submit()
    with pytest.raises(FileRefused):
        submit(b"zz\n1\n")
    with pytest.raises(TooManyUploads):
        submit(b"zz\n1\n")
    assert submit(by="another").id
    assert submit(now=NOW + timedelta(hours=1, minutes=1)).id


def test_the_command_line_is_not_stopped(submit):
    assert [bool(submit(limits=COMMAND_LINE).id) for _ in range(5)] == [True] * 5


@pytest.mark.parametrize("submit", [True], indirect=True)
def test_the_demonstration_is_not_stopped(submit):
    assert [bool(submit().id) for _ in range(5)] == [True] * 5
