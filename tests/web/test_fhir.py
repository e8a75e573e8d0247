"""The FHIR export, judged by models that are not ours, and by our own table of value sets, which those do not check."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from fhir.resources.R4B.plandefinition import PlanDefinition
from interface_world import interface_template, made  # noqa: F401
from protocol_world import CHECKED, NOW, make_published, make_world

from portal.protocols.services import publishing
from portal.protocols.services.publishing import LegalText

CODES = {
    "status": {"draft", "active", "retired", "unknown"},
    "intent": {"proposal", "plan", "directive", "order", "original-order", "reflex-order", "filler-order",
               "instance-order", "option"},
    "groupingBehavior": {"visual-group", "logical-group", "sentence-group"},
    "use": {"usual", "official", "temp", "secondary", "old"},
    "periodUnit": {"s", "min", "h", "d", "wk", "mo", "a"},
    "language": {"en", "ru", "fa", "text/plain"},
}  # fmt: skip
RELATED = {"documentation", "justification", "citation", "predecessor", "successor", "derived-from", "depends-on",
           "composed-of"}  # fmt: skip
KINDS = {"applicability", "start", "stop", "MedicationRequest"}
CODED = {
    "http://terminology.hl7.org/CodeSystem/plan-definition-type": {"order-set", "clinical-protocol", "eca-rule", "workflow-definition"},
    "http://terminology.hl7.org/CodeSystem/usage-context-type": {"gender", "age", "focus", "user", "workflow", "task", "venue", "species", "program"},
    "urn:iso:std:iso:3166": {"IR", "RU"},
}  # fmt: skip


def plan(client, number="PR-0001", lang="en"):
    answer = client.get(f"/api/v1/protocols/{number}/versions/1.0.fhir.json?lang={lang}")
    assert (answer.status_code, answer.mimetype) == (200, "application/fhir+json")
    return answer.json


def walk(node, path=""):
    if isinstance(node, dict):
        for name, value in node.items():
            yield path, name, value, node
            yield from walk(value, f"{path}/{name}")
    elif isinstance(node, list):
        for value in node:
            yield from walk(value, path)


def faults(told):
    """Codes that no required value set knows, and codings of systems that say what they hold."""
    for path, name, value, node in walk(told):
        if name in CODES and isinstance(value, str) and "extension" not in path and value not in CODES[name]:
            yield path, name, value
        if name == "type" and path.endswith("relatedArtifact") and value not in RELATED:
            yield path, name, value
        if name == "kind" and value not in KINDS:
            yield path, name, value
        if name == "system" and value in CODED and node["code"] not in CODED[value]:
            yield path, "code", node["code"]
        if name == "id" and not re.fullmatch(r"[A-Za-z0-9.-]{1,64}", value):
            yield path, name, value


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_19_14_the_fhir_export_validates(made, client, lang):  # noqa: F811
    told = plan(client, lang=lang)
    PlanDefinition.model_validate(told)
    assert list(faults(told)) == []


def test_the_table_of_value_sets_catches_a_wrong_code(made, client):  # noqa: F811
    told = plan(client)
    told["status"] = "actual"
    PlanDefinition.model_validate(told)  # passes there
    assert list(faults(told)) == [("", "status", "actual")]


def test_19_14_a_protocol_prohibited_in_russia_has_no_russian_jurisdiction(made, client):  # noqa: F811
    told = plan(client)
    assert [one["coding"][0]["code"] for one in told["jurisdiction"]] == ["IR"]
    said = {part["url"]: part for part in told["extension"][1]["extension"]}
    assert (said["country"]["valueCode"], said["status"]["valueCode"]) == ("RU", "leg-prohibited")
    assert "RU" not in str(told["jurisdiction"]) + str(told["useContext"])


@pytest.mark.parametrize("status", ["leg-unknown", "leg-not-available", "leg-off-label", "leg-prohibited"])
def test_only_permitted_and_restricted_countries_are_jurisdictions(app, client, status):
    people = make_world()
    version = make_published(people)
    for country in ("IR", "RU"):
        text = LegalText(country, status, checked_on=CHECKED)
        publishing.set_legal_status(version.protocol, text, by=people.editor, now=NOW)
    told = plan(client, version.protocol.public_id)
    assert "jurisdiction" not in told
    PlanDefinition.model_validate(told)


def test_demonstration_is_experimental_everywhere_and_the_real_is_not(made, client):  # noqa: F811
    told = plan(client)
    assert {value for _, name, value, _ in walk(told) if name == "experimental"} == {True}
    assert sum(name == "experimental" for _, name, _, _ in walk(told)) == 1 + len(told["contained"])
    made.protocol.demonstration = False
    from portal.extensions import db

    db.session.commit()
    assert {value for _, name, value, _ in walk(plan(client)) if name == "experimental"} == {False}


def test_every_row_of_the_table_of_the_specification_is_there(made, client):  # noqa: F811
    told = plan(client, lang="fa")
    assert told["url"].endswith("/p/PR-0001")
    assert told["identifier"][0]["value"] == "PR-0001"
    assert (told["version"], told["title"], told["language"]) == ("1.0", "درمان نگهدارنده با متادون", "fa")
    assert told["effectivePeriod"]["start"] == told["approvalDate"] == NOW.date().isoformat()
    assert told["effectivePeriod"]["end"] > date(2026, 11, 24).isoformat()
    assert {one["code"]["code"] for one in told["useContext"]} == {"population", "venue", "focus"}
    assert [one["type"] for one in told["relatedArtifact"]] == ["documentation", "citation"]
    assert [one["title"] for one in told["action"]]
    atc = [c for topic in told["topic"] for c in topic["coding"] if c["system"] == "http://www.whocc.no/atc"]
    assert {"N07BC02"} <= {one["code"] for one in atc}
    line = told["action"][1]["action"][0]
    dose = told["contained"][0]["dosage"][0]
    assert (line["definitionCanonical"], told["contained"][0]["id"]) == ("#dose-1", "dose-1")
    assert dose["doseAndRate"] == [
        {"rateRange": {side: {"value": value, "unit": "mg/day", "system": "http://unitsofmeasure.org", "code": "mg/d"}
                       for side, value in (("low", 10), ("high", 20))}}
    ]  # fmt: skip


def test_a_law_that_nobody_checked_within_a_year_is_not_verified(made, client):  # noqa: F811
    def verified():
        return [
            part["valueBoolean"]
            for law in plan(client)["extension"]
            for part in law["extension"]
            if part["url"] == "verified"
        ]

    assert verified() == [True, True]
    with time_machine.travel(datetime(2027, 12, 1, tzinfo=UTC), tick=False):
        assert verified() == [False, False]


def test_no_figure_of_outcomes_is_in_it(made, client):  # noqa: F811
    told = plan(client)
    assert all("detail" not in str(goal.get("target", [])) for goal in told.get("goal", []))


def test_words_are_in_the_language_asked_for_whatever_the_browser_prefers(made, client):  # noqa: F811
    headers = {"Accept-Language": "ru", "Cookie": "lang=ru"}
    answer = client.get("/api/v1/protocols/PR-0001/versions/1.0.fhir.json?lang=fa", headers=headers)
    told = answer.json
    assert told["contained"][0]["title"].startswith("متادون")
    assert re.search("[а-яё]", answer.text, re.IGNORECASE) is None
    assert "روز" in told["contained"][0]["dosage"][0]["text"]
