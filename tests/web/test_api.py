"""The machine interface: answers, refusals, caching, and the document that describes it."""

import re

import pytest
from edition_fixtures import approved, edition_templates, published, world  # noqa: F401
from search_samples import samples

from portal.core.permissions import SYSTEM
from portal.protocols import search
from portal.vocabulary import services


@pytest.fixture
def indexed(app):
    services.load_seed(by=SYSTEM)
    search.reindex_all(samples())
    return app


def ask(client, **arguments):
    return client.get("/api/v1/search", query_string=arguments)


def test_search_gives_results_and_what_was_understood(indexed, client):
    answer = ask(client, q="Narcan", lang="ru").json
    assert answer["results"][0] == {
        "id": "PR-0002",
        "slug": "overdose-kit",
        "title": "Naloxone in opioid overdose",
        "title_lang": "en",
        "url": "/ru/p/PR-0002/overdose-kit",
    }
    assert [concept["id"] for concept in answer["understood_as"]] == ["int-naloxone"]
    assert "алоксон" in answer["understood_as"][0]["label"]


def test_search_gives_ten_unless_asked_otherwise(indexed, client):
    many = [
        search.Document(
            public_id=f"PR-{n:04d}", slug=f"p{n}", source_lang="en", titles={"en": f"Methadone {n}"}
        )
        for n in range(1, 31)
    ]
    search.reindex_all(many)
    assert len(ask(client, q="methadone").json["results"]) == 10
    assert len(ask(client, q="methadone", limit=25).json["results"]) == 25
    assert ask(client, q="methadone").json["total"] == 30


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"q": ""},
        {"q": "a" * 201},
        {"q": "x", "lang": "de"},
        {"q": "x", "limit": "0"},
        {"q": "x", "limit": "51"},
        {"q": "x", "limit": "many"},
    ],
)
def test_bad_arguments_are_refused_with_their_place(indexed, client, arguments):
    answer = ask(client, **arguments)
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert answer.json["status"] == 422
    assert set(answer.json["errors"]["query"]) <= {"q", "lang", "limit"}


@pytest.mark.parametrize(
    "q", ["\x00", "' OR 1=1 --", "%", "⟦⟧", "\u202e", "؟", "a\u200c" * 50, "#int-mmt", "🙂"]
)
def test_strange_queries_are_answered(indexed, client, q):
    assert ask(client, q=q).status_code == 200


@pytest.mark.parametrize("address", ["/api/v1/nothing", "/api/", "/api/v2/search"])
def test_unknown_address_is_a_problem_document(app, client, address):
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_other_methods_are_named(app, client):
    answer = client.post("/api/v1/search")
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert "GET" in answer.headers["Allow"]


def test_pages_of_people_stay_pages(app, client):
    assert client.get("/en/nothing").mimetype == "text/html"


@pytest.mark.parametrize("address", ["/api/v1/search?q=methadone", "/api/v1/openapi.json"])
def test_visitors_answers_are_revalidated_without_cookies(indexed, client, address):
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in first.headers
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_signed_in_answers_stay_private(indexed, client, sign_in):
    sign_in(client, "researcher")
    assert ask(client, q="methadone").headers["Cache-Control"] == "private, no-store"


def test_without_an_edition_there_is_a_problem_document(app, client):
    answer = client.get("/api/v1/editions/latest")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_latest_edition_is_given_as_displayed(published, client):  # noqa: F811
    answer = client.get("/api/v1/editions/latest").json
    assert set(answer) == {
        "name",
        "closing_on",
        "published_on",
        "synthetic",
        "catalogue_version",
        "parameter_hash",
        "tables",
    }
    assert answer["name"] == "2026H1"
    assert answer["tables"][0]["id"] == "total"
    cells = [cell for table in answer["tables"] for cell in table["cells"]]
    assert all(cell["count"]["value"] is None or cell["count"]["value"] >= 10 for cell in cells)
    assert all(
        cell["count"]["shown"] == f"<{cell['count']['below']}"
        for cell in cells
        if cell["count"]["value"] is None
    )


def methods_of(path):
    return {name: told for name, told in path.items() if name in {"get", "post"}}


def test_document_describes_every_address(app, client):
    document = client.get("/api/v1/openapi.json").json
    assert document["openapi"].startswith("3.1")
    rules = {
        re.sub(r"<(?:[a-z]+:)?([a-z_]+)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
    }
    assert rules == {*document["paths"], "/api/v1/openapi.json"}
    answers = [
        next(iter(asked.values()))["responses"] for asked in map(methods_of, document["paths"].values())
    ]
    assert all({"200", "401", "405", "406", "429"} <= set(answer) for answer in answers)
