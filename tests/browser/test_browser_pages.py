"""Every page in three languages, judged by axe; every template once in each other setting.

A state is (page, language, width, scheme). `make test` sees each page in three languages at 1280 light and
in one rotating other setting; `make test-all` sees all of them.
"""

from itertools import product

import pytest
from browser import pages
from flask import url_for

LANGUAGES = ("en", "ru", "fa")
OTHERS = [
    ("fa", 390, "light"),
    ("ru", 390, "light"),
    ("fa", 1280, "dark"),
    ("en", 390, "dark"),
    ("ru", 1280, "dark"),
    ("fa", 390, "dark"),
]
ALL = [*product(LANGUAGES, (1280, 390), ("light", "dark")), *product(LANGUAGES, (320,), ("light",))]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NAMES = [page.name for page in pages.PAGES]


def address(page, stage, lang):
    return url_for(page.endpoint, lang=lang, **page.of(stage)) + (f"?{page.query}" if page.query else "")


@pytest.fixture
def judge(app, stage, look, axe, shot):
    """Open one state of a page, keep its picture, return what is wrong."""

    def run(page, lang, width, scheme):
        with app.test_request_context():
            path = address(page, stage, lang)
        opened = look(
            path, width=width, scheme=scheme, status=page.status, who=page.role and stage.person(page.role)
        )
        if page.ready:
            opened.wait_for_selector(page.ready)
        shot(opened, f"{page.name}_{lang}_{width}" + ("_dark" if scheme == "dark" else ""))
        found = axe(opened)
        html = opened.locator("html")
        if (html.get_attribute("lang"), html.get_attribute("dir")) != (
            lang,
            "rtl" if lang == "fa" else "ltr",
        ):
            found.append("wrong lang or dir")
        if opened.locator("h1").count() != 1:
            found.append("not exactly one h1")
        if opened.evaluate(OVERFLOW) > 0:
            found.append("wider than the window")
        return [f"{lang} {width} {scheme}: {fault}" for fault in found]

    return run


@pytest.mark.parametrize("page", pages.PAGES, ids=NAMES)
def test_page_has_no_finding_in_three_languages(judge, page):
    assert [fault for lang in LANGUAGES for fault in judge(page, lang, 1280, "light")] == []


@pytest.mark.parametrize(("index", "page"), list(enumerate(pages.PAGES)), ids=NAMES)
def test_page_has_no_finding_in_another_setting(judge, index, page):
    assert judge(page, *OTHERS[index % len(OTHERS)]) == []


@pytest.mark.slow
@pytest.mark.parametrize("page", pages.PAGES, ids=NAMES)
def test_page_has_no_finding_in_any_setting(judge, page):
    assert [fault for state in ALL for fault in judge(page, *state)] == []


def test_every_page_of_the_product_is_on_the_list(serving):
    shown = {page.endpoint for page in pages.PAGES} | set(pages.WALKED) | set(pages.FILES)
    rules = [
        r for r in serving.app.url_map.iter_rules() if "GET" in (r.methods or ()) and "lang" in r.arguments
    ]
    assert {rule.endpoint for rule in rules} - shown == set()


def test_the_list_names_no_page_that_is_gone(serving):
    listed = {page.endpoint for page in pages.PAGES} | set(pages.WALKED) | set(pages.FILES)
    assert listed - set(serving.app.view_functions) == set()


def test_pictures_have_names_of_their_own():
    assert len(set(NAMES)) == len(NAMES)
