"""What changed between two versions, through the API, and what an adaptation says of its parent."""

import json
import re

import pytest
from fhir.resources.R4B.plandefinition import PlanDefinition
from fork_world import details, make_adopted, publish, publish_next


@pytest.fixture
def adopted(app):
    found = make_adopted()
    publish_next(found, steps="Assess tolerance and ECG.", dose_max="30")
    return found


def get(client, path, **arguments):
    return client.get(f"/api/v1/protocols/PR-0001/versions/{path}", query_string=arguments)


def test_a_changed_dose_is_told_as_data_and_as_clinical(adopted, client):
    answer = get(client, "2.0/diff/1.0").json
    assert (answer["old"], answer["new"], answer["clinical"]) == ("1.0", "2.0", True)
    dose = next(change for change in answer["changes"] if change["section"] == "dosing")
    assert (dose["before"]["dose"]["dose_max"], dose["after"]["dose"]["dose_max"]) == (20, 30)
    assert dose["reason"]


def test_changed_words_are_marked(adopted, client):
    answer = get(client, "2.0/diff/1.0").json
    words = next(change["words"] for change in answer["changes"] if change["section"] == "steps")
    assert (
        "".join(piece["text"] for piece in words if piece["mark"] != "removed") == "Assess tolerance and ECG."
    )
    assert "ECG" in "".join(piece["text"] for piece in words if piece["mark"] == "added")


def test_the_older_version_is_the_old_one_in_whatever_order(adopted, client):
    assert get(client, "1.0/diff/2.0").json == get(client, "2.0/diff/1.0").json


def test_a_version_does_not_differ_from_itself(adopted, client):
    assert get(client, "2.0/diff/2.0").json["changes"] == []


@pytest.mark.parametrize("path", ["2.0/diff/7.0", "7.0/diff/1.0"])
def test_a_version_that_is_not_there_is_not_compared(adopted, client, path):
    assert get(client, path).status_code == 404


def test_an_adaptation_names_its_parent_in_jsonld_and_fhir(adopted, client):
    details(adopted.draft, by=adopted.adopter)
    fork = publish(adopted.world, adopted.draft, by=adopted.adopter)
    number = fork.protocol.public_id
    plan = client.get(f"/api/v1/protocols/{number}/versions/1.0.fhir.json").json
    PlanDefinition.model_validate(plan)
    derived = [one["resource"] for one in plan["relatedArtifact"] if one["type"] == "derived-from"]
    assert [re.sub("^http://[^/]+", "", one) for one in derived] == ["/en/p/PR-0001/v/1.0"]
    page = client.get(f"/en/p/{number}", follow_redirects=True).text
    told = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])
    assert told["@graph"][0]["isBasedOn"] == derived[0]
