"""A version through the API: what its reader sees, in each language, and the lists that lead to it."""

import pytest
from interface_world import interface_template, made  # noqa: F401
from protocol_world import make_draft, make_published, make_world
from sample_world import samples, samples_template  # noqa: F401
from sqlalchemy import event

from portal.extensions import db


@pytest.fixture
def people(app):
    return make_world()


def get(client, path, **arguments):
    return client.get(f"/api/v1/{path}", query_string=arguments)


def test_current_version_comes_block_by_block(made, client):  # noqa: F811
    answer = get(client, f"protocols/{made.protocol.public_id}").json
    assert (answer["id"], answer["version"], answer["state"]) == (made.protocol.public_id, "1.0", "published")
    assert [section["id"] for section in answer["sections"]][:2] == ["population", "contraindications"]
    dose = next(b for s in answer["sections"] if s["id"] == "dosing" for b in s["blocks"])["dose"]
    assert (dose["dose_min"], dose["dose_max"], dose["unit"], dose["per"]) == (10, 20, "mg", "day")
    assert dose["route"] == ["oral"]
    assert {row["country"]: row["status"] for row in answer["legal"]} == {
        "IR": "leg-restricted", "RU": "leg-prohibited",
    }  # fmt: skip


def test_untranslated_block_comes_in_its_source_language_and_says_so(made, client):  # noqa: F811
    answer = get(client, f"protocols/{made.protocol.public_id}", lang="fa").json
    steps = next(s["blocks"] for s in answer["sections"] if s["id"] == "steps")
    states = [(b["text"]["lang"], b["text"]["dir"], b["text"]["state"]) for b in steps]
    assert states == [("fa", "rtl", "translated"), ("en", "ltr", "not_translated")]
    assert answer["translated"]["fitting"] == 3


def test_unknown_language_is_refused_by_name(made, client):  # noqa: F811
    answer = get(client, f"protocols/{made.protocol.public_id}", lang="de")
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.json["errors"]["query"]["lang"] == ["Must be one of: en, ru, fa."]


def test_list_narrows_by_facets_and_pages_by_cursor(people, client):
    for _ in range(3):
        make_published(people)
    first = get(client, "protocols", substance="sub-methadone", limit=2).json
    assert (first["total"], len(first["protocols"])) == (3, 2)
    assert first["facets"]["legal_ru"][0]["value"] == "leg-prohibited"
    make_published(people)  # a publication meanwhile moves nothing to another page
    rest = get(client, "protocols", substance="sub-methadone", limit=2, cursor=first["next_cursor"]).json
    assert [p["id"] for p in first["protocols"] + rest["protocols"]] == ["PR-0003", "PR-0002", "PR-0001"]
    assert rest["next_cursor"] is None
    assert get(client, "protocols", substance="sub-opium").json["total"] == 0


@pytest.mark.parametrize("cursor", ["x", "AAAA", "W10", "bnVsbA", "é", "WyJhIiwxXQ"])
def test_strange_cursor_is_a_faulty_argument(made, client, cursor):  # noqa: F811
    for path in ("protocols", "concepts", "changes"):
        answer = get(client, path, cursor=cursor)
        assert (answer.status_code, list(answer.json["errors"]["query"])) == (422, ["cursor"])


def test_cursor_of_another_list_is_refused(people, client):
    for _ in range(2):
        make_published(people)
    cursor = get(client, "protocols", limit=1).json["next_cursor"]
    assert get(client, "protocols", limit=1, substance="sub-opium", cursor=cursor).status_code == 422


def test_versions_and_history(made, client):  # noqa: F811
    number = made.protocol.public_id
    versions = get(client, f"protocols/{number}/versions").json["versions"]
    assert [(v["version"], v["change_note"]["text"]) for v in versions] == [("1.0", "First version.")]
    assert get(client, f"protocols/{number}/versions/1.0").json["version"] == "1.0"
    assert get(client, f"protocols/{number}/versions/9.9").status_code == 404
    events = [change["event"] for change in get(client, f"protocols/{number}/history").json["changes"]]
    assert events == ["protocol.published"]


def test_draft_is_not_there(people, client):
    number = make_draft(people).protocol.public_id
    for path in ("", "/versions", "/versions/1.0", "/history", "/versions/1.0.jsonld"):
        assert get(client, f"protocols/{number}{path}").status_code == 404
    assert get(client, "changes").json["changes"] == []


def test_concepts_with_what_is_narrower(made, client):  # noqa: F811
    listed = get(client, "concepts", scheme="substance", lang="ru").json["concepts"]
    assert "sub-methadone" in [concept["id"] for concept in listed]
    one = get(client, "concepts/sub-methadone", lang="ru").json
    assert (one["label"], one["codes"]["atc"], one["protocols"]) == ("Метадон", ["N07BC02"], 1)
    below = get(client, "concepts/sub-opioids/narrower").json["concepts"]
    assert "sub-opium" in [concept["id"] for concept in below]


def test_changes_follow_a_concept_and_what_is_narrower(made, client):  # noqa: F811
    assert [c["protocol"] for c in get(client, "changes", concept="sub-opioids").json["changes"]] == [
        "PR-0001"
    ]
    assert get(client, "changes", concept="sub-opium").json["changes"] == []
    assert get(client, "changes", concept="sub-nothing").status_code == 404


ADDRESSES = ("protocols", "protocols/PR-0001", "protocols/PR-0001/versions", "protocols/PR-0001/versions/1.0",
             "protocols/PR-0001/history", "concepts", "concepts/sub-methadone", "concepts/sub-opioids/narrower",
             "changes", "openapi.json", "protocols/PR-0001/versions/1.0.jsonld",
             "protocols/PR-0001/versions/1.0.fhir.json")  # fmt: skip


@pytest.mark.parametrize("path", ADDRESSES)
def test_everything_is_revalidated_and_answers_head(made, client, path):  # noqa: F811
    first = get(client, path)
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "public, no-cache")
    assert "Set-Cookie" not in first.headers
    again = client.get(f"/api/v1/{path}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    head = client.head(f"/api/v1/{path}")
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", first.headers["ETag"])


def test_other_form_than_offered_is_406(made, client):  # noqa: F811
    answer = client.get("/api/v1/protocols", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (406, "application/problem+json")
    assert "application/json" in answer.json["detail"]
    kind = client.get(
        "/api/v1/protocols/PR-0001/versions/1.0.fhir.json", headers={"Accept": "application/json"}
    )
    assert kind.mimetype == "application/fhir+json"


def test_a_withdrawn_version_is_gone_and_says_what_is_left(made, client):  # noqa: F811
    made.state = "withdrawn"
    db.session.commit()
    for path in ("", "/versions/1.0", "/versions/1.0.jsonld", "/versions/1.0.fhir.json"):
        answer = get(client, f"protocols/PR-0001{path}")
        assert (answer.status_code, answer.mimetype) == (410, "application/problem+json")
        left = answer.json["left"]
        assert (left["title"], left["version"]) == ("Methadone maintenance", "1.0")
        assert "Assess tolerance" not in answer.text
    assert get(client, "protocols/PR-0001/versions").json["versions"][0]["state"] == "withdrawn"


def _queries(client, path, **arguments):
    counted = []
    listener = lambda *_args: counted.append(1)  # noqa: E731 # counts and nothing else
    event.listen(db.engine, "before_cursor_execute", listener)
    try:
        assert get(client, path, **arguments).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", listener)
    return len(counted)


@pytest.mark.parametrize("path", ["protocols", "changes"])
def test_a_list_takes_as_many_queries_however_long_it_is(people, client, path):
    make_published(people)
    get(client, path)  # what is kept in memory is loaded
    one = _queries(client, path)
    for _ in range(3):
        make_published(people)
    assert _queries(client, path) == one


def test_a_version_takes_as_many_queries_however_many_blocks_it_has(samples, client):  # noqa: F811
    get(client, "protocols/PR-0012")
    counts = {_queries(client, f"protocols/{number}", lang="fa") for number in samples}
    assert len(counts) == 1
