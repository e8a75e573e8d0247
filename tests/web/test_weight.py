"""What a first visit over a weak line has to carry: budgets of the interface, in bytes after gzip."""

import gzip
import re

import pytest
from protocol_world import make_published, make_world

from portal.cli.assets import STATIC, compact
from portal.core import web

LANGUAGES = ("en", "ru", "fa")
PLACES = ("", "sign-in", "register", "outcomes", "vocabulary")
HTML, CSS, JS = 10_000, 6_000, 5_000


@pytest.fixture
def plain(app, monkeypatch):
    """Pages that name the plain own files, so that their sizes can be read."""
    monkeypatch.setattr(web, "_manifest", dict)


def packed(path):
    data = (STATIC / path).read_bytes()
    return len(gzip.compress(compact(data) if path.endswith(".css") else data, 9))


def sheets(html, *, printed):
    """Style sheets of a page: those of the screen, or what a browser fetches last and for paper alone."""
    found = re.findall(r'<link rel="stylesheet"[^>]*href="/static/([^"]+)"([^>]*)>', html)
    return [path for path, more in found if ('media="print"' in more) == printed]


def weights(html):
    styles = sheets(html, printed=False)
    scripts = re.findall(r'<script src="/static/([^"]+)"', html)
    return len(gzip.compress(html.encode(), 9)), sum(map(packed, styles)), sum(map(packed, scripts))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("place", PLACES)
def test_a_page_without_charts_stays_within_its_budget(plain, client, lang, place):
    page = client.get(f"/{lang}/{place}")
    assert page.status_code == 200
    html, css, js = weights(page.text)
    assert (html <= HTML, css <= CSS, js <= JS) == (True, True, True), (html, css, js)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_reader_s_page_stays_within_the_budget_of_styles_and_scripts(plain, client, lang):
    number = make_published(make_world()).protocol.public_id
    page = client.get(f"/{lang}/p/{number}", follow_redirects=True).text
    _html, css, js = weights(page)
    assert (css <= CSS, js <= JS) == (True, True), (css, js)
    assert sum(map(packed, sheets(page, printed=True))) <= 1_000


def test_own_scripts_are_small_one_by_one_and_together():
    sizes = [packed(f"js/{path.name}") for path in (STATIC / "js").glob("*.js")]
    assert max(sizes) <= JS / 2
    assert sum(sizes) <= 2.5 * JS


@pytest.mark.parametrize("lang", LANGUAGES)
def test_only_the_face_of_the_own_script_is_preloaded(plain, client, lang):
    face = {"en": "golos-text-latin", "ru": "golos-text-cyrillic", "fa": "vazirmatn-arabic"}[lang]
    preloaded = re.findall(
        r'<link rel="preload" href="/static/fonts/([^"]+)"', client.get(f"/{lang}/sign-in").text
    )
    assert preloaded == [f"{face}-wght-normal.woff2"]
