"""The page of a concept names the protocols that carry it and leads to the list narrowed by it."""

import re

import pytest
from protocol_world import make_draft, make_published

LANGUAGES = {"en": "ltr", "ru": "ltr", "fa": "rtl"}


def block(client, path):
    page = client.get(path).text
    found = re.search(r'<section aria-labelledby="protocols-title">.*?</section>', page, re.DOTALL)
    return found[0] if found else ""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_concept_page_lists_its_protocols_with_the_language_of_untranslated_titles(client, world, lang):
    make_published(world)
    shown = block(client, f"/{lang}/c/int-mmt")
    assert f'href="/{lang}/p/PR-0001/methadone-maintenance"' in shown
    assert 'lang="en"' in shown
    assert (shown.count('class="none"') == 1) == (lang != "en")
    called = {"en": "English", "ru": "английский", "fa": "انگلیسی"}[lang]
    assert (called in shown) == (lang != "en")


def test_count_is_that_of_the_list_it_leads_to(client, world):
    for _ in range(12):
        make_published(world)
    shown = block(client, "/en/c/int-mmt")
    assert "12 protocols carry" in shown
    assert shown.count("<li>") == 10
    link = re.search(r'href="(/en/protocols\?[^"]+)"', shown)[1]
    assert link == "/en/protocols?intervention=int-mmt"
    assert "12 protocols" in client.get(link).text


def test_a_broader_concept_carries_the_protocols_of_narrower_ones(client, world):
    make_published(world)
    assert "1 protocol carries" in block(client, "/en/c/sub-opioids")


def test_drafts_are_not_listed(client, world):
    make_draft(world)
    assert "No published protocol carries it yet" in block(client, "/en/c/int-mmt")


def test_a_concept_by_which_the_list_cannot_be_narrowed_has_no_such_part(client, world):
    assert block(client, "/en/c/leg-permitted") == ""


def test_persian_count_is_in_persian_digits(client, world):
    make_published(world)
    make_published(world)
    assert re.search("[۲]", block(client, "/fa/c/int-mmt"))
