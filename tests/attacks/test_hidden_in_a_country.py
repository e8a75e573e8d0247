"""Attacks on what is hidden in a country: every address of the portal, asked by its readers in every form."""

import io
import itertools
import re
import zipfile
from typing import Any

import pytest
from alert_world import make_desk, make_issued
from collection_world import make_public
from discussion_world import thread_of
from factories import make_user
from fork_world import details, make_adopted, publish
from hiding_world import FROM_IRAN, FROM_RUSSIA, HEADER, Named, hide, proxied
from pdf_reading import text_of
from protocol_world import NOW
from werkzeug.routing import Rule
from werkzeug.routing.converters import NumberConverter

from portal.protocols.services import hiding

# A block, the summary, and the title in an address: links that lead there.
WORDS = (
    "Observe the person for 2 hours after the dose.",
    "Daily methadone.",
    "PR-0001/methadone-maintenance",
)
TITLE = re.compile("Methadone maintenance(?! treatment)")  # a concept is called nearly the same
SHUT = {"pages.protocol", "pages.protocol_version", "pages.without_slug", "permanent", "pages.block",
        "pages.protocol_copy", "pages.offline_protocol", "protocols.history", "protocols.field_reports",
        "protocols.field_report", "protocols.compare_versions", "protocols.compare_with_parent"}  # fmt: skip
SAYING = {"pages.protocol", "pages.protocol_version", "pages.without_slug", "pages.block", "pages.protocol_copy",
          "pages.offline_protocol", "pages.offline_protocols", "pages.concept", "protocols.list_protocols",
          "alerts.alert", "api_v1.protocols", "api_v1.protocol", "api_v1.version",
          "collections.collection", "api_v1.collection"}  # fmt: skip
QUERIES = (
    "/en/protocols?q=methadone", "/en/protocols?q=observe+the+person&exact=1", "/fa/protocols?substance=sub-methadone",
    "/en/protocols?from=0", "/en/offline.zip?p=PR-0001", "/en/offline.zip?p=PR-0001&p=PR-0002",
    "/en/discussion?protocol=PR-0001", "/en/discussion/new?protocol=PR-0001",
    "/en/discussion/cases/new?protocol=PR-0001", "/en/p/PR-0001/compare?old=1.0&new=1.0",
    "/en/feeds/concept.atom?id=sub-methadone", "/en/feeds/concept.atom?concept=sub-methadone",
    "/en/feeds/country.atom?country=IR", "/en/feeds/collection.atom?id=CO-0001", "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc",
    "/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:PR-0001/1.0",
    "/api/v1/protocols?q=methadone", "/api/v1/search?q=methadone", "/api/v1/changes?concept=sub-methadone",
    "/api/v1/protocols/PR-0001?lang=fa", "/api/v1/protocols/pr-0001", "/en/p/pr-0001/v/1.0", "/p/pr-0001",
)  # fmt: skip


@pytest.fixture
def named(app):
    return Named()


@pytest.fixture
def addresses(app, named):
    """Every address that answers a GET, filled with the hidden protocol and what hangs on it."""
    alert = make_issued(make_desk(), protocols=["PR-0001"])
    make_public(named.followers.world, named.version)
    numbers = {
        "thread_id": thread_of(named.post).id, "post_id": named.post.id, "report_id": named.report.id,
        "declaration_id": named.declaration.id, "programme_id": named.followers.programme.id,
        "version_id": named.version.id, "alert_id": alert.id,
    }  # fmt: skip
    texts = {
        "public_id": "PR-0001", "slug": "methadone-maintenance", "number": "1.0", "other": "1.0", "major": 1,
        "minor": 0, "key": key_of(named.version), "concept_id": "sub-methadone", "scheme": "substance",
        "name": "2026-1", "token": "x", "code": "x", "filename": "css/site.css", "due": 90, "version": 1,
    }  # fmt: skip
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint != "static"
    ]
    made = {rule.rule: filled(rule, numbers | texts, alert.public_id) for rule in rules}
    return {rule.endpoint: list(itertools.chain(*(made[r.rule] for r in rules if r.endpoint == rule.endpoint)))
            for rule in rules}  # fmt: skip


def key_of(version: Any) -> str:
    from portal.protocols.queries.versions import list_blocks

    return next(b.block_key for b in list_blocks(version.id) if b.source_text == WORDS[0])


def filled(rule: Rule, values: dict[str, Any], alert: str) -> list[str]:
    """The addresses of a rule; a choice of words gives one for each."""
    if rule.endpoint.startswith("alerts."):
        values = values | {"number": alert}
    if "collection" in rule.endpoint:
        values = values | {"public_id": "CO-0001"}
    choices = {
        name: sorted(getattr(converter, "items", ())) or [fitting(converter, values.get(name, 1))]
        for name, converter in rule._converters.items()  # what the rule itself was made of
    }
    choices |= {"lang": ["en", "fa"]} if "lang" in choices else {}
    found = []
    for picked in itertools.product(*choices.values()):
        built = rule.build(dict(zip(choices, picked, strict=True)))
        found += [built[1]] if built else []
    assert found, rule
    return found


def fitting(converter: Any, value: Any) -> Any:
    """A number where only a number stands."""
    return value if not isinstance(converter, NumberConverter) or isinstance(value, int) else 1


def words_of(answer):
    """Everything that an answer says, whatever its form, and where it leads."""
    if answer.mimetype == "application/pdf":
        return " ".join(text_of(answer.data))
    if answer.data.startswith(b"PK"):
        packed = zipfile.ZipFile(io.BytesIO(answer.data))
        return "".join(packed.read(name).decode() for name in packed.namelist())
    return answer.text + answer.headers.get("Location", "")


def says(client, path, **headers):
    told = " ".join(words_of(client.get(path, headers=headers)).split())
    if WORDS[2] in path:  # an answer repeats the address that was asked
        told = told.replace(WORDS[2], "")
    return [words for words in WORDS if words in told] + (
        [] if "codebook" in path else TITLE.findall(told)  # there it is a treatment's name
    )


def every(addresses):
    return [*itertools.chain(*addresses.values()), *QUERIES]


def test_before_it_is_hidden_the_addresses_do_say_it(app, client, addresses):
    with proxied(app):
        saying = {
            name for name, paths in addresses.items() if any(says(client, p, **FROM_RUSSIA) for p in paths)
        }
    assert saying >= SAYING


def test_no_address_says_a_word_to_a_visitor_from_there(app, client, named, addresses):
    hide(named.version)
    with proxied(app):
        for path in every(addresses):
            assert says(client, path, **FROM_RUSSIA) == [], path


@pytest.mark.parametrize(
    "roles", [("member",), ("clinician", "translator", "language_reviewer", "researcher")]
)
def test_no_address_says_a_word_to_an_account_of_the_country(client, sign_in, named, addresses, roles):
    hide(named.version)
    sign_in(client, *roles, country="RU")
    for path in every(addresses):
        assert says(client, path) == [], path


def test_every_address_of_the_protocol_says_451_and_who_blocks(app, client, named, addresses):
    hide(named.version)
    with proxied(app):
        for name in SHUT - {"protocols.compare_with_parent"}:
            for path in addresses[name]:
                answer = client.get(path, headers=FROM_RUSSIA)
                assert answer.status_code == 451, path
                assert answer.headers["Link"] == '<http://localhost/>; rel="blocked-by"'
                assert answer.headers["Cache-Control"] == "private, no-store"
                assert "ETag" not in answer.headers


def test_programs_get_451_as_a_problem(app, client, named, addresses):
    hide(named.version)
    resources = [name for name in addresses if name.startswith("api_v1.") and "PR-0001" in addresses[name][0]]
    assert len(resources) > 10
    with proxied(app):
        for path in itertools.chain(*(addresses[name] for name in resources)):
            answer = client.get(path, headers=FROM_RUSSIA)
            assert (answer.status_code, answer.mimetype) == (451, "application/problem+json"), path
            assert "blocked-by" in answer.headers["Link"]
            assert answer.json["register"].endswith("/en/legal-removals")


def test_the_other_country_and_unknown_visitors_read_on(app, client, named, addresses):
    hide(named.version)
    with proxied(app):
        for headers in (FROM_IRAN, {}, {HEADER: "DE"}):
            for path in (
                "/en/p/PR-0001/methadone-maintenance",
                "/en/p/PR-0001/v/1.0.md",
                "/en/protocols?q=methadone",
            ):
                assert says(client, path, **headers), (path, headers)


def test_an_old_copy_is_not_confirmed_to_whoever_holds_it(app, client, named):
    paths = ("/en/p/PR-0001/methadone-maintenance", "/en/p/PR-0001/v/1.0.md", "/api/v1/protocols/PR-0001")
    with proxied(app):
        tags = {path: client.get(path, headers=FROM_RUSSIA).headers["ETag"] for path in paths}
        hide(named.version)
        for path, tag in tags.items():
            answer = client.get(path, headers=FROM_RUSSIA | {"If-None-Match": tag})
            assert answer.status_code == 451, path


def test_kept_pages_are_kept_by_country(app, client, named):
    """The page of one country is not handed to another, in either direction, whoever asked first."""
    path = "/en/p/PR-0001/methadone-maintenance"
    row = hide(named.version)
    with proxied(app):
        for _turn in range(2):
            assert client.get(path, headers=FROM_IRAN).status_code == 200
            assert client.get(path, headers=FROM_RUSSIA).status_code == 451
            assert client.get(path).status_code == 200
        assert HEADER in client.get(path, headers=FROM_IRAN).headers["Vary"]
        hiding.lift(row, by=make_user("country_admin", country="RU"), now=NOW)
        assert client.get(path, headers=FROM_RUSSIA).status_code == 200


def test_a_header_that_nobody_declared_is_not_believed(client, named):
    hide(named.version)
    assert client.get("/en/p/PR-0001/v/1.0", headers=FROM_RUSSIA).status_code == 200


def test_what_a_visitor_writes_before_the_proxy_does_not_count(app, client, named):
    hide(named.version)
    with proxied(app):
        for said, status in (("DE, RU", 451), ("IR,ru", 451), ("RU, DE", 200), ("Russia", 200)):
            answer = client.get("/en/p/PR-0001/v/1.0", headers={HEADER: said})
            assert answer.status_code == status, said


def test_a_child_does_not_read_its_hidden_parent_out(app, client, sign_in):
    adopted = make_adopted()
    details(adopted.draft, by=adopted.adopter, change_type="initial")
    child = publish(adopted.world, adopted.draft, by=adopted.adopter).protocol
    hide(adopted.parent)
    with proxied(app):
        assert client.get(f"/en/p/{child.public_id}/v/1.0/parent", headers=FROM_RUSSIA).status_code == 451
