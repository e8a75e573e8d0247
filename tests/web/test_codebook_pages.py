"""The codebook: for anybody, in three languages, without script; the same as files for programs."""

import csv
import io
import re

import pytest

from portal.registry.dictionary import LANGUAGES, load, versions
from portal.registry.exports.codebook import chapters

BOOK = load(2)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("version", versions())
def test_every_question_and_code_is_on_the_page(client, language, version):
    answer = client.get(f"/{language}/codebook/{version}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, no-cache"
    text = answer.get_data(as_text=True)
    for chapter in chapters(version):
        assert f'id="{chapter.base}"' in text
        assert all(entry.names[0] in text for entry in chapter.entries)
    for name, codes in load(version).lists.items():
        assert f'id="list-{name.replace("_", "-")}"' in text
        assert all(str(code) in text for code in codes.codes)


def test_every_link_of_the_page_leads_somewhere_on_it(client):
    text = client.get("/fa/codebook/2").get_data(as_text=True)
    anchors = set(re.findall(r'href="#([^"]+)"', text))
    assert anchors
    assert anchors <= set(re.findall(r'id="([^"]+)"', text))
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_the_present_version_has_an_address_without_a_number(client):
    text = client.get("/en/codebook").get_data(as_text=True)
    assert "New records follow this version." in text
    assert client.get("/en/codebook/9").status_code == 404
    assert client.get("/en/codebook/9/schema.json").status_code == 404


def test_what_is_unverified_wears_a_badge(client):
    text = client.get("/en/codebook/2").get_data(as_text=True)
    licensing = text.split("licensing_body</bdi>")[1].split("</tr>")[0]
    assert "to be verified" in licensing
    assert "top.threshold" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_the_codebook_explains_every_column(client, language):
    answer = client.get(f"/{language}/codebook/2/codebook.csv")
    assert answer.mimetype == "text/csv"
    head, *rows = csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")))
    assert {row[0] for row in rows} == set(BOOK.index)
    assert all(len(row) == len(head) and row[1] and row[5] for row in rows)


@pytest.mark.parametrize("version", versions())
def test_the_schema_describes_every_column_to_programs(client, version):
    book = load(version)
    schema = client.get(f"/ru/codebook/{version}/schema.json").get_json()
    assert schema["$schema"].startswith("https://datapackage.org/profiles/2.0/")
    fields = {field["name"]: field for field in schema["fields"]}
    assert set(fields) == set(book.index)
    assert len(fields) == len(schema["fields"])
    assert schema["primaryKey"] == ["source_key"]
    kinds = {"integer", "string", "number", "yearmonth"}
    for name, field in fields.items():
        variable = book[name]
        assert field["type"] in kinds
        assert field["title"] == variable.label.ru
        if variable.codes:
            assert field["constraints"]["enum"] == [c["value"] for c in field["categories"]]
            assert (field["type"] == "string") == isinstance(field["categories"][0]["value"], str)
        assert "" in [m["value"] for m in field["missingValues"]]


def test_days_before_admission_are_days_in_the_schema(client):
    fields = {f["name"]: f for f in client.get("/en/codebook/2/schema.json").get_json()["fields"]}
    assert [m["value"] for m in fields["start_day"]["missingValues"]] == [""]
    assert fields["start_day"]["constraints"] == {"minimum": -14, "maximum": 14}
    assert "-4" in [m["value"] for m in fields["pregnant"]["missingValues"]]
    assert "-4" not in [m["value"] for m in fields["sex"]["missingValues"]]
    assert fields["modality_dose"]["constraints"]["maximum"] == 400
    assert "required" not in fields["age_band"]["constraints"]  # the age itself may be sent instead
