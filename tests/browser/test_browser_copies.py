"""The reader's page on paper and what hangs on it, as a browser prints and shows it."""

import re
import zipfile

import pytest
from pdf_reading import reader_of, text_of
from protocol_world import bring_to, make_draft, make_world

LANGUAGES = ("en", "ru", "fa")
VERSION = "/p/PR-0001/v/1.0"
LONG = "A" + 60 * " longer text of a sample, so that the page needs several sheets"


@pytest.fixture
def protocol(app, site):
    from protocol_world import NOW

    from portal.protocols.services import blocks
    from portal.protocols.services.blocks import BlockText

    world = make_world()
    draft = make_draft(world, demonstration=True)
    more = [BlockText("implementation", "text", LONG) for _ in range(4)]
    blocks.add_blocks(draft, more, by=world.author, now=NOW)
    bring_to(world, draft, "published")


def printed(page):
    return page.pdf(prefer_css_page_size=True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sheet_names_the_version_and_its_address(visit, protocol, lang):
    sheets = text_of(printed(visit(f"/{lang}{VERSION}")))
    assert len(sheets) > 1
    for text in sheets:
        assert f"{VERSION}" in text
        assert "/p/PR-0001" in text.replace(VERSION, "")


def test_paper_is_a4_without_navigation_and_buttons(visit, protocol):
    document = printed(visit(f"/en{VERSION}"))
    width, height = reader_of(document).pages[0].mediabox[2:]
    assert (round(width), round(height)) == (595, 842)
    text = " ".join(text_of(document))
    for gone in (
        "Sign in",
        "Save for offline reading",
        "Cite this version",
        "Skip to the content",
        "On this page",
    ):
        assert gone not in text


def test_the_day_of_printing_is_written_by_the_browser(visit, protocol):
    page = visit(f"/ru{VERSION}")
    assert not page.locator(".printed").is_visible()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert re.search(r"Printed: \d|Распечатано: \d{1,2} ", page.locator(".printed").inner_text())


def test_a_sample_says_so_on_every_sheet_of_its_page(visit, protocol):
    """The mark of the sheet comes with the strip that a demonstration shows."""
    page = visit(f"/en{VERSION}")
    page.evaluate(
        "document.querySelector('.top').append(Object.assign(document.createElement('p'), {className: 'demo'}))"
    )
    assert all("DEMONSTRATION" in text for text in text_of(printed(page)))


def test_a_row_of_doses_never_breaks_over_two_sheets(visit, protocol):
    page = visit(f"/fa{VERSION}")
    page.emulate_media(media="print")
    assert (
        page.locator("#doses tbody tr").first.evaluate("row => getComputedStyle(row).breakInside") == "avoid"
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_citations_open_by_keyboard_and_pass_axe(visit, protocol, axe, lang):
    page = visit(f"/{lang}{VERSION}", width=390)
    page.locator(".keep summary").focus()
    page.keyboard.press("Enter")
    assert page.locator(".keep .cited").count() == 3
    assert page.locator(".keep .cited").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert axe(page) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_saved_copy_reads_from_a_folder_without_a_line(
    visit, protocol, browser, axe_source, tmp_path, lang
):
    page = visit(f"/{lang}{VERSION}")
    with page.expect_download() as download:
        page.locator("a[href$='offline.zip']").click()
    with zipfile.ZipFile(download.value.path()) as held:
        held.extractall(tmp_path)
    context = browser.new_context(offline=True, viewport={"width": 390, "height": 844})
    saved = context.new_page()
    saved.goto((tmp_path / "index.html").as_uri())
    saved.get_by_role("link").first.click()
    assert saved.locator("h1").inner_text()
    assert saved.evaluate("document.documentElement.scrollWidth") <= 390
    assert saved.locator("bdi.dose").first.is_visible()
    assert saved.evaluate("getComputedStyle(document.querySelector('.strip')).textAlign") == "center"
    saved.evaluate(axe_source)
    found = saved.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag22aa'], resultTypes: ['violations']})"
    )
    context.close()
    assert [v["id"] + ": " + v["nodes"][0]["html"][:100] for v in found["violations"]] == []
