"""OAI-PMH 2.0, harvested by a client that is not ours over loopback, and every refusal of the protocol."""

import threading
import xml.etree.ElementTree as ET

import pytest
from interface_world import interface_template, made  # noqa: F401
from pytest_socket import enable_socket, socket_allow_hosts
from werkzeug.serving import make_server

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
IDENTIFIER = "oai:treatment-exchange:PR-0001/1.0"


@pytest.fixture
def served(app):
    """The application on a port of loopback."""
    enable_socket()
    socket_allow_hosts(["127.0.0.1"])
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def ask(client, **arguments):
    answer = client.get("/oai", query_string=arguments)
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    return ET.fromstring(answer.data)


def fault(tree):
    return tree.find(f"{OAI}error").get("code")


def test_a_foreign_harvester_takes_everything(made, served):  # noqa: F811
    from oaipmh_scythe import Scythe
    from oaipmh_scythe.exceptions import NoRecordsMatch

    with Scythe(f"{served}/oai") as harvester:
        identify = harvester.identify()
        assert (identify.deletedRecord, identify.protocolVersion) == ("persistent", "2.0")
        assert "lang:fa" in [one.setSpec for one in harvester.list_sets()]
        records = list(harvester.list_records(metadata_prefix="oai_dc"))
        assert [record.header.identifier for record in records] == [IDENTIFIER]
        assert "درمان نگهدارنده با متادون" in records[0].metadata["title"]
        one = harvester.get_record(identifier=IDENTIFIER, metadata_prefix="oai_dc")
        assert one.header.identifier == IDENTIFIER
        with pytest.raises(NoRecordsMatch):
            list(harvester.list_identifiers(metadata_prefix="oai_dc", set_="country:IR"))


def test_titles_and_descriptions_say_their_language(made, client):  # noqa: F811
    tree = ask(client, verb="GetRecord", metadataPrefix="oai_dc", identifier=IDENTIFIER)
    for name in ("title", "description"):
        found = {one.get(LANG): one.text for one in tree.iter(f"{DC}{name}")}
        assert set(found) == {"en", "ru", "fa"}, name


def test_long_lists_come_in_pages_and_end(app, client, monkeypatch):
    from protocol_world import make_published, make_world

    from portal.api.oai import protocol

    monkeypatch.setattr(protocol, "BATCH", 2)
    people = make_world()
    for _ in range(3):
        make_published(people)
    first = ask(client, verb="ListRecords", metadataPrefix="oai_dc")
    token = first.find(f".//{OAI}resumptionToken").text
    last = ask(client, verb="ListRecords", resumptionToken=token)
    found = [one.text for tree in (first, last) for one in tree.iter(f"{OAI}identifier")]
    assert found == [f"oai:treatment-exchange:PR-000{n}/1.0" for n in (1, 2, 3)]
    assert last.find(f".//{OAI}resumptionToken").text is None
    assert (
        fault(ask(client, verb="ListRecords", resumptionToken=token, metadataPrefix="oai_dc"))
        == "badArgument"
    )


def test_a_withdrawn_version_is_a_deleted_record_without_its_content(made, client):  # noqa: F811
    from portal.extensions import db

    made.state = "withdrawn"
    db.session.commit()
    for verb in ("ListRecords", "GetRecord"):
        more = {"identifier": IDENTIFIER} if verb == "GetRecord" else {}
        tree = ask(client, verb=verb, metadataPrefix="oai_dc", **more)
        assert tree.find(f".//{OAI}header").get("status") == "deleted"
        assert tree.find(f".//{OAI}metadata") is None
        assert b"Methadone" not in ET.tostring(tree)


def test_drafts_are_not_harvested(app, client):
    from protocol_world import make_draft, make_world

    make_draft(make_world())
    assert fault(ask(client, verb="ListRecords", metadataPrefix="oai_dc")) == "noRecordsMatch"


REFUSED = {
    "badVerb": [{}, {"verb": "Nothing"}, {"verb": "GetMetadata"}, {"verb": ""}],
    "badArgument": [
        {"verb": "ListRecords"}, {"verb": "GetRecord", "identifier": "x"}, {"verb": "Identify", "x": "1"},
        {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "yesterday"},
        {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-01-01", "until": "2026-01-02T00:00:00Z"},
        {"verb": "ListRecords", "metadataPrefix": ["oai_dc", "oai_dc"]}, {"verb": ["Identify", "Identify"]},
        {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "\x00"},
    ],
    "cannotDisseminateFormat": [
        {"verb": "ListRecords", "metadataPrefix": "marc"}, {"verb": "ListIdentifiers", "metadataPrefix": "marc"},
        {"verb": "GetRecord", "metadataPrefix": "marc", "identifier": IDENTIFIER},
    ],
    "idDoesNotExist": [
        {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:treatment-exchange:PR-0001/9.9"},
        {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "x"},
        {"verb": "ListMetadataFormats", "identifier": "x"},
    ],
    "noRecordsMatch": [
        {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "nothing"},
        {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "concept:none"},
        {"verb": "ListRecords", "metadataPrefix": "oai_dc", "until": "2000-01-01"},
    ],
    "badResumptionToken": [
        {"verb": "ListRecords", "resumptionToken": token}
        for token in ("x", "", "cursor=5", "cursor=-1&metadataPrefix=oai_dc", "cursor=1&metadataPrefix=oai_dc&x=1",
                      "cursor=1&metadataPrefix=oai_dc&from_=soon", "cursor=99999999999&metadataPrefix=oai_dc")
    ],
}  # fmt: skip


@pytest.mark.parametrize(("code", "arguments"), [(c, a) for c, many in REFUSED.items() for a in many])
def test_every_refusal_has_its_code(made, client, code, arguments):  # noqa: F811
    assert fault(ask(client, **arguments)) == code


def test_post_is_answered_like_get(made, client):  # noqa: F811
    answer = client.post(
        "/oai", data={"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", "set": "lang:en"}
    )
    assert IDENTIFIER.encode() in answer.data
    client.get("/oai?verb=Identify")
    assert (
        fault(ET.fromstring(client.post("/oai?verb=Identify", data={"verb": "Identify"}).data))
        == "badArgument"
    )


def test_span_of_time_is_kept_to(made, client):  # noqa: F811
    day = made.changed_at.date().isoformat()
    within = ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc", **{"from": day})
    assert within.find(f".//{OAI}identifier").text == IDENTIFIER
    later = ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc", **{"from": "2100-01-01"})
    assert fault(later) == "noRecordsMatch"
