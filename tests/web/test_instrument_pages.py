"""Pages of outcome instruments: the licence register as everybody reads it, and what is known of each."""

import pytest

from analytics.instruments.register import load_register
from portal.instruments import text

LANGUAGES = ("en", "ru", "fa")
REGISTER = load_register()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_register_lists_every_instrument_with_its_licence_and_decision(client, lang):
    page = client.get(f"/{lang}/instruments").text
    for entry in REGISTER:
        for words in (entry.title, entry.measures, entry.licence):
            assert str(words[lang]).replace("'", "&#39;") in page, entry.id


@pytest.mark.parametrize("entry", REGISTER, ids=lambda entry: entry.id)
def test_every_instrument_has_its_page_in_three_languages(client, entry):
    for lang in LANGUAGES:
        page = client.get(f"/{lang}/instruments/{entry.id}")
        assert page.status_code == 200
        assert str(text.DECISIONS[entry.decision][0]) is not None
        assert page.text.count("<h1") == 1


def test_a_reliable_change_says_what_it_comes_from_and_that_nobody_verified_it(client):
    page = client.get("/en/instruments/phq-9").text
    for words in ("7.94", "6.25, 0.79", "Dadfar", "not verified"):
        assert words in page
    assert "nobody is called changed" in client.get("/en/instruments/cows").text


def test_what_was_not_checked_in_its_source_wears_a_badge(client):
    page = client.get("/en/instruments/sds").text
    assert "have not been checked in their source" in page
    assert "have not been checked in their source" not in client.get("/en/instruments/gad-7").text


def test_no_score_is_compared_across_languages(client):
    assert "measurement invariance is not established" in client.get("/en/instruments/audit").text


def test_what_is_not_taken_shows_neither_scores_nor_wording(client):
    page = client.get("/en/instruments/eq-5d").text
    assert 'id="scores"' not in page
    assert "EuroQol" in page
    assert client.get("/en/instruments/nowhere").status_code == 404


def test_every_word_of_the_definitions_is_known():
    for entry in REGISTER:
        for rule in entry.definition.scores if entry.definition else ():
            assert text.score_name(rule.id)
            for band in rule.bands:
                assert text.band_name(band)
                assert text.holds_for(band.where)
        assert all(version.status in text.STATUSES for version in entry.versions)
