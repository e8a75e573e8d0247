"""What the life of a version after its publication means for the machine interfaces."""

import feedparser
from fate_world import CONCERN, HARM, later
from fhir.resources.R4B.plandefinition import PlanDefinition
from protocol_world import NOW

from portal.protocols.services import concerns, currency, endings
from portal.protocols.services.concerns import Reason

HERE = "/api/v1/protocols/PR-0001"


def titles(client, lang="en"):
    feed = feedparser.parse(client.get(f"/{lang}/feeds/all.atom").data)
    assert feed.bozo == 0
    return [entry.title for entry in feed.entries]


def test_19_8_the_feed_carries_the_notice_of_a_retirement(world, version, client):
    endings.retire(version, Reason("outdated", "Evidence has moved on."), by=world.chiefs[0], now=later(1))
    assert "is retired. Do not begin with it" in titles(client)[0]
    answer = client.get(HERE).json
    assert answer["state"] == "retired"
    plan = client.get(f"{HERE}/versions/1.0.fhir.json").json
    PlanDefinition.model_validate(plan)
    assert plan["status"] == "retired"


def test_19_8_a_withdrawn_version_is_gone_from_api_oai_and_feeds(world, version, client):
    notice = endings.propose_withdrawal(version, HARM, by=world.chiefs[0], now=later(1))
    assert client.get(HERE).status_code == 200
    endings.confirm_withdrawal(notice, by=world.chiefs[1], now=later(2))
    for path in (
        HERE,
        f"{HERE}/versions/1.0",
        f"{HERE}/versions/1.0.fhir.json",
        f"{HERE}/versions/1.0.jsonld",
    ):
        answer = client.get(path)
        assert (answer.status_code, "Assess tolerance" in answer.text) == (410, False)
    assert client.get("/api/v1/protocols").json["protocols"] == []
    assert client.get("/api/v1/search?q=methadone").json["results"] == []
    harvested = client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc").text
    assert 'status="deleted"' in harvested
    assert "Daily methadone" not in harvested
    feed = client.get("/en/feeds/all.atom").text
    assert "is withdrawn. Do not use it" in feed
    assert "Daily methadone" not in feed


def test_a_concern_and_its_end_are_entries(world, version, client):
    notice = concerns.raise_concern(version, CONCERN, by=world.editor, now=NOW)
    assert "Read the notice before use" in titles(client)[0]
    concerns.close_concern(notice, "The dose is right.", by=world.chiefs[0], now=later(2))
    assert "is settled" in titles(client)[0]


def test_a_check_without_change_is_the_last_review(world, version, client):
    currency.confirm_currency(version, by=world.author, now=later(90))
    plan = client.get(f"{HERE}/versions/1.0.fhir.json").json
    assert plan["lastReviewDate"] == later(90).date().isoformat() > plan["approvalDate"]
    node = client.get(f"{HERE}/versions/1.0.jsonld").json["@graph"][0]
    assert node["lastReviewed"] == plan["lastReviewDate"]
