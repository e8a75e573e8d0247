"""The table of notices: every kind has words in three languages, and everything that is told has a row."""

import re

import pytest
from notice_world import VALUES, text_of

from portal.accounts.views.notice_words import GROUP_NAMES, KIND_NAMES
from portal.config import ROOT
from portal.core.notify import compose, words
from portal.core.notify.kinds import BY_KEY, KINDS, Group, choosable

TEMPLATES = ROOT / "portal" / "templates" / "email"
CALL = re.compile(r'\bnotify\([^"\n()]*?"(\w+)"[,)]')
FOLLOWERS = re.compile(r'tell_followers\(.*?\), "(\w+)"')
PLACEHOLDER = re.compile(r"%\(|\{\{|\{%|⟦|⟧|None(?! of)|Undefined")


def in_words(key, language):
    letter = compose("a@example.org", language, key, VALUES)
    return letter["Subject"], text_of(letter)


def test_no_key_stands_twice():
    assert len(BY_KEY) == len(KINDS)


def test_every_template_is_a_kind_and_every_kind_has_a_template():
    written = {path.stem for path in TEMPLATES.glob("[!_]*.txt")} - {"digest"}
    assert written == set(BY_KEY)


def test_every_kind_that_can_be_chosen_has_a_name_and_a_heading():
    assert {kind.key for kind in choosable()} - set(KIND_NAMES) == set()
    assert set(GROUP_NAMES) == set(Group)


def test_what_is_told_anywhere_in_the_product_is_in_the_table():
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "portal").rglob("services/**/*.py")]
    told = {key for text in sources for key in CALL.findall(text)}
    assert told
    assert told - set(BY_KEY) == set()


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
@pytest.mark.parametrize("key", [*sorted(BY_KEY), "digest"])
def test_every_notification_of_the_table_has_words_in_three_languages(app, key, language):
    subject, body = in_words(key, language)
    assert subject.strip()
    assert len(body.split("\n--\n")[0].strip("\u2066\u2067\u2069 \n")) > 10
    assert not PLACEHOLDER.search(subject + body)


@pytest.mark.parametrize("language", ["ru", "fa"])
@pytest.mark.parametrize("key", [*sorted(BY_KEY), "digest"])
def test_no_notification_speaks_english_to_a_reader_of_another_language(app, key, language):
    text = re.sub(r"http://\S+|PR-0001|a1b2c3\S+|Treatment Exchange", "", " ".join(in_words(key, language)))
    assert re.findall(r"[A-Za-z]{4,}", text) == []


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
@pytest.mark.parametrize("key", sorted(kind.key for kind in KINDS if kind.site))
def test_no_notice_of_the_centre_ends_in_a_colon_without_what_it_announces(app, key, language):
    lines = words(key, VALUES, language).lines  # as the centre shows them: without addresses
    assert not [line for line in lines[-1:] if line.rstrip().endswith((":", "："))]


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
@pytest.mark.parametrize("key", sorted(BY_KEY))
def test_a_letter_is_text_and_html_that_follow_nobody(app, key, language):
    letter = compose("a@example.org", language, key, VALUES)
    html = letter.get_body(("html",)).get_content()
    assert letter.get_content_type() == "multipart/alternative"
    assert f'lang="{language}" dir="{"rtl" if language == "fa" else "ltr"}"' in html
    assert not re.search(r"<img|<script|style|src=|@import", html)
    assert letter["Content-Language"] == language
