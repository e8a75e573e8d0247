"""The name of a file must not say who is in it."""

import pytest
from factories import make_organisation, make_programme, make_user
from registry_records import row, table

from portal.registry.importer.naming import names_a_person
from portal.registry.importer.refusal import FileRefused
from portal.registry.services.imports import import_file
from portal.registry.services.submitting import Submission

PEOPLE = ["Ivanov Ivan 9990000018.csv", "Ivanov_9990000018.csv", "Иванов Иван Ильич.csv", "09121234567.csv"]
PLAIN = [
    "episodes-2025-03.csv",
    "import-12-to-correct.csv",
    "export_2026-11-24.csv",
    "20261124_1330.csv",
    "a",
]


@pytest.mark.parametrize("name", PEOPLE)
def test_names_of_people_are_refused(app, tmp_path, name):
    assert names_a_person(name)
    organisation = make_organisation("IR")
    programme, clinician = (
        make_programme("IR", organisation=organisation),
        make_user("clinician", organisation=organisation),
    )
    path = tmp_path / name
    path.write_bytes(table([row(1)]))
    with pytest.raises(FileRefused, match="file_name"):
        import_file(Submission(path, programme=programme.code), by=clinician)


@pytest.mark.parametrize("name", PLAIN)
def test_plain_names_are_taken(name):
    assert not names_a_person(name)
