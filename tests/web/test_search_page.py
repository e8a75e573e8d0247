"""The page of results: what was understood and taken out, in which language a title stands, how far it is translated."""

import re

import pytest
from protocol_world import NOW, make_published, make_world, translate
from translation_world import translate_whole

from portal.protocols.queries.lists import find_translations
from portal.protocols.services.releasing import publish_translation, withdraw_translation

LANGUAGES = ("en", "ru", "fa")


@pytest.fixture
def world(app):
    world = make_world()
    world.published = make_published(world)
    return world


def html_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.text


def results(html):
    return html.split('id="results-title"')[1]


def test_a_title_in_the_source_language_says_which(world, client):
    said = {"en": "", "ru": "ещё не переведено, язык:", "fa": "هنوز ترجمه نشده"}
    for lang, words in said.items():
        html = results(html_of(client, f"/{lang}/protocols?q=methadone"))
        assert re.search(r'lang="en"\s+dir="ltr">', html)
        assert words in html
    assert "not yet translated" not in html_of(client, "/en/protocols?q=methadone")


def test_a_hit_says_how_far_it_is_translated_into_the_readers_language(world, client):
    assert "Translation:" not in html_of(client, "/en/protocols")
    translate(world, world.published, "title", "درمان نگهدارنده با متادون")
    assert find_translations(["PR-0001"], "fa")["PR-0001"].state == "in_progress"
    assert 'class="pill active"' in results(html_of(client, "/fa/protocols"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_taken_out_is_named_kept_by_the_filters_and_can_be_meant_again(world, client, lang):
    html = html_of(client, f"/{lang}/protocols?q=methadone&not=sub-methadone")
    assert '<input type="hidden" name="not" value="sub-methadone">' in html
    assert f'href="/{lang}/protocols?q=methadone"' in html


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_slip_of_the_keyboard_is_shown_with_a_way_back(world, client, lang):
    html = html_of(client, f"/{lang}/protocols?q=ьуерфвщту")
    assert "not=sub-methadone" in html
    assert "<b>methadone</b>" in html
    assert "exact=1" in html


def test_a_translation_that_was_withdrawn_is_no_language_of_the_hit(world, client):
    translate_whole(world, world.published)
    publish_translation(world.published, "fa", by=world.language_reviewer, now=NOW)
    assert ">FA</abbr>" in results(html_of(client, "/fa/protocols"))
    withdraw_translation(world.published, "fa", "It was wrong in parts.", by=world.editor, now=NOW)
    html = results(html_of(client, "/fa/protocols"))
    assert ">FA</abbr>" not in html
    assert 'class="pill bad"' in html
