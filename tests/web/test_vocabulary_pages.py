"""Pages of the vocabulary, as a visitor sees them in three languages."""

import re

import pytest

from portal.core.permissions import SYSTEM
from portal.vocabulary import queries, services

LABELS = {
    "en": "Methadone maintenance treatment",
    "ru": "Поддерживающая терапия метадоном",
    "fa": "درمان نگهدارنده با متادون",
}


@pytest.fixture
def loaded(app):
    services.load_seed(by=SYSTEM)
    return app


@pytest.mark.parametrize(("lang", "label"), LABELS.items())
def test_concept_page_has_its_preferred_label_as_heading(loaded, client, lang, label):
    page = client.get(f"/{lang}/c/int-mmt").text
    assert label in re.search(r"<h1>.*?</h1>", page, re.DOTALL)[0]
    assert all(other in page for other in LABELS.values())


def test_hidden_synonyms_are_never_displayed(loaded, client):
    for concept, hidden in {
        "sub-heroin": "smack",
        "sub-methamphetamine": "crank",
        "cond-sud": "drug abuse",
    }.items():
        for lang in LABELS:
            assert hidden not in client.get(f"/{lang}/c/{concept}").text.lower()


def test_codes_broader_and_narrower_concepts_are_shown(loaded, client):
    page = client.get("/ru/c/sub-opium").text
    assert "A07DA02" in page
    assert '/ru/c/sub-opioids"' in page
    assert '/ru/c/sub-opium-residue"' in page


def test_permanent_address_leads_to_the_readers_language(loaded, client):
    answer = client.get("/c/int-mmt", headers={"Accept-Language": "fa"})
    assert (answer.status_code, answer.location) == (303, "/fa/c/int-mmt")


@pytest.mark.parametrize("address", ["/c/nothing", "/en/c/nothing", "/en/vocabulary/nothing"])
def test_unknown_concept_is_not_found(loaded, client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_every_scheme_is_browsed_to_every_concept(loaded, client, lang):
    home = client.get(f"/{lang}/vocabulary").text
    shown = set()
    for scheme in queries.count_by_scheme():
        assert f"/{lang}/vocabulary/{scheme}" in home
        shown |= set(re.findall(r'/c/([a-z0-9-]+)"', client.get(f"/{lang}/vocabulary/{scheme}").text))
    assert len(shown) == 313


def test_visitors_page_is_revalidated_without_cookies(loaded, client):
    first = client.get("/en/c/int-mmt")
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in first.headers
    again = client.get("/en/c/int-mmt", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
