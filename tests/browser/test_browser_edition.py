"""An edition in the browser: frozen in Persian, approved in Russian and Persian, built, and led to its figures."""

from datetime import timedelta

import pytest
from edition_fixtures import world  # noqa: F401 # a fixture

from portal.core import jobs
from portal.core.db import utcnow

NAME = "2026H1"
MAIN = "main form:not([role]) button.btn-primary"


@pytest.fixture
def registered(world, site):  # noqa: F811
    """The world as the database of the served application."""
    return world


def judge(page, axe, path):
    """Axe at 1280 px and no sideways scrolling on a phone, in each language."""
    for lang in ("en", "ru", "fa"):
        page.goto(f"/{lang}{path}")
        assert axe(page) == [], (lang, path)
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (lang, path)
        page.set_viewport_size({"width": 1280, "height": 900})


def freeze(page):
    page.goto("/fa/editions")
    page.fill("#name", NAME)
    page.fill("#closing_on", (utcnow().date() - timedelta(days=31)).isoformat())
    page.click(MAIN)
    page.wait_for_url(f"**/fa/editions/{NAME}")


def approve(page, lang):
    page.goto(f"/{lang}/editions/{NAME}/approve")
    page.click(MAIN)
    page.wait_for_url(f"**/{lang}/editions/{NAME}")


def test_two_administrators_bring_an_edition_out(registered, visit, axe):
    iran = visit("/fa/editions", who=registered.administrators["IR"])
    russia = visit("/ru/editions", who=registered.administrators["RU"])
    judge(iran, axe, "/editions")
    freeze(iran)
    for path in (f"/editions/{NAME}", f"/editions/{NAME}/approve", f"/editions/{NAME}/freeze"):
        judge(russia, axe, path)
    approve(russia, "ru")
    judge(russia, axe, f"/editions/{NAME}")
    approve(iran, "fa")
    iran.goto(f"/en/editions/{NAME}")
    iran.dblclick(MAIN)
    iran.wait_for_selector("progress")
    assert axe(iran) == []
    assert jobs.run_until_idle(["release"]) == 1
    iran.wait_for_selector("a.btn-primary[href='/en/outcomes']", timeout=20_000)
    judge(iran, axe, f"/editions/{NAME}")
    judge(iran, axe, "/editions")


def test_the_whole_digest_opens_by_keyboard(registered, visit):
    page = visit("/en/editions", who=registered.administrators["IR"])
    freeze(page)
    page.goto(f"/en/editions/{NAME}")
    assert not page.is_visible("details dl")
    page.focus("main details summary")
    page.keyboard.press("Enter")
    assert len(page.inner_text("details dd >> nth=0").strip()) == 64
    assert page.evaluate("getComputedStyle(document.querySelector('details bdi')).direction") == "ltr"
