"""The files of a version under its address of the API: the same that its page offers."""

import json

import bibtexparser
import pytest
from interface_world import interface_template, made  # noqa: F401

KINDS = {
    "bib": "application/x-bibtex", "ris": "application/x-research-info-systems",
    "csl.json": "application/vnd.citationstyles.csl+json", "md": "text/markdown", "pdf": "application/pdf",
    "jsonld": "application/ld+json", "fhir.json": "application/fhir+json",
}  # fmt: skip
HERE = "/api/v1/protocols/PR-0001/versions/1.0"


@pytest.mark.parametrize("ending", KINDS)
def test_every_ending_of_the_specification_is_an_address(made, client, ending):  # noqa: F811
    answer = client.get(f"{HERE}.{ending}?lang=fa")
    assert (answer.status_code, answer.mimetype) == (200, KINDS[ending])
    assert answer.headers["Cache-Control"] == "public, no-cache"
    again = client.get(f"{HERE}.{ending}?lang=fa", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(HERE).json["links"][ending].endswith(f"{HERE}.{ending}?lang=en")


@pytest.mark.parametrize("ending", ["bib", "ris", "csl.json", "md"])
def test_the_file_is_the_one_that_the_page_offers(made, client, ending):  # noqa: F811
    assert client.get(f"{HERE}.{ending}?lang=ru").data == client.get(f"/ru/p/PR-0001/v/1.0.{ending}").data


def test_citations_are_read_by_others(made, client):  # noqa: F811
    library = bibtexparser.parse_string(client.get(f"{HERE}.bib?lang=fa").text)
    assert (library.failed_blocks, len(library.entries)) == ([], 1)
    assert json.loads(client.get(f"{HERE}.csl.json").text)[0]["title"].startswith("Methadone maintenance")


def test_an_ending_of_nothing_is_no_address(made, client):  # noqa: F811
    answer = client.get(f"{HERE}.docx")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize("ending", KINDS)
def test_no_file_outlives_a_withdrawn_version(made, client, ending):  # noqa: F811
    from portal.extensions import db

    first = client.get(f"{HERE}.{ending}")
    made.state = "withdrawn"
    db.session.commit()
    answer = client.get(f"{HERE}.{ending}", headers={"If-None-Match": first.headers["ETag"]})
    assert (answer.status_code, answer.mimetype) == (410, "application/problem+json")
