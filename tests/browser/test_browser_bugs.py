"""Bugs that must stay away, seen in a real browser (numbers of the interface specification)."""

import json
import re

import pytest

LANGUAGES = ("en", "ru", "fa")
BOXES = "els => els.map(e => { const r = e.getBoundingClientRect(); return [r.left, r.right, r.height]; })"
FONTS = {"en": {"golos-text-latin"}, "ru": {"golos-text-latin", "golos-text-cyrillic"}}


def test_numbers_line_up_at_the_right_in_persian(visit):
    page = visit("/fa/gallery/figures?open=1")
    boxes = page.locator("#t1 tbody tr td:nth-child(2)").evaluate_all(
        "cells => cells.map(c => { const r = document.createRange(); r.selectNodeContents(c); return Math.round(r.getBoundingClientRect().right); })"
    )
    assert len(boxes) == 24
    assert len(set(boxes)) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_dose_never_breaks_over_two_lines(visit, lang):
    page = visit(f"/{lang}/gallery/protocol", width=320)
    heights = [height for _, _, height in page.locator("bdi.dose").evaluate_all(BOXES)]
    assert heights
    assert max(heights) < 40


def test_a_dose_keeps_its_order_in_persian(visit):
    page = visit("/fa/gallery/protocol")
    dose = page.locator("#doses bdi.dose").first
    edges = dose.evaluate("""e => [0, 2].map(i => { const r = document.createRange(); r.setStart(e.firstChild, i);
      r.setEnd(e.firstChild, i + 1); return r.getBoundingClientRect().left; })""")
    assert dose.text_content() == "2–4 mg"
    assert edges[0] < edges[1]


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_switcher_pulls_no_font_of_another_script(visit, lang):
    page = visit(f"/{lang}/gallery/empty")
    names = page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
    asked = {re.sub(r"-wght.*", "", n.rsplit("/", 1)[1]) for n in names if "woff2" in n}
    assert asked == FONTS[lang]


def test_the_page_of_persian_loads_its_own_script(visit):
    page = visit("/fa/gallery/empty")
    names = page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
    assert any("vazirmatn-arabic" in n for n in names)
    assert not any("cyrillic" in n for n in names)


def test_the_file_box_speaks_the_language_of_the_page(visit):
    page = visit("/fa/gallery/form")
    box = page.locator(".filebox")
    native = box.locator("input").evaluate("e => e.getBoundingClientRect().width")
    assert native <= 1
    box.locator("input").set_input_files({"name": "بیماران.csv", "mimeType": "text/csv", "buffer": b"a"})
    assert box.locator("bdi").text_content() == "بیماران.csv"


def test_without_script_the_file_box_shows_the_native_control(visit):
    page = visit("/ru/gallery/form", java_script_enabled=False)
    assert page.locator(".filebox input").bounding_box()["width"] > 100


def test_the_error_summary_is_focused_and_says_of_each_field_what_the_field_says(visit):
    page = visit("/fa/gallery/form")
    assert page.evaluate("document.activeElement.className") == "errsum"
    summary = page.locator(".errsum a").all_text_contents()
    fields = [
        re.sub(r"\s+", " ", t).strip().removeprefix("Error:").removeprefix("خطا:").strip()
        for t in page.locator(".err").all_text_contents()
    ]
    assert len(summary) == len(fields) > 1
    for line, fault in zip(summary, fields, strict=True):
        label, _, rest = line.strip().rpartition(fault)
        assert (bool(label), rest) == (True, ""), line
    assert page.title().split()[0] in {"Error:", "خطا:"}


def test_following_an_error_puts_the_cursor_into_its_field(visit):
    page = visit("/en/gallery/form")
    page.locator(".errsum a").nth(1).click()
    assert page.evaluate("document.activeElement.id") == "dose"


def test_typed_text_is_still_there_after_an_error(visit):
    page = visit("/fa/gallery/form")
    assert [page.input_value("#start"), page.input_value("#start-year"), page.input_value("#dose")] == [
        "۵",
        "۱۴۰۶",
        "64",
    ]


def test_a_programme_name_cannot_become_markup(visit):
    page = visit("/en/gallery/protocol")
    assert page.locator(".tl-by bdi").text_content() == '<b>&"'


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_demonstration_mark_is_printed(visit, lang):
    page = visit(f"/{lang}/gallery/figures")
    page.emulate_media(media="print")
    assert page.locator(".demo").is_visible()
    assert not page.locator(".mainnav").is_visible()


def test_absolute_alternates_name_every_language_and_the_default(visit, site):
    page = visit("/ru/gallery/list?q=1")
    links = page.locator("link[rel=alternate][hreflang]").evaluate_all(
        "els => els.map(e => [e.hreflang, e.getAttribute('href')])"
    )
    assert {tag for tag, _ in links} == {"en", "ru", "fa", "x-default"}
    assert all(href.startswith(site.base) for _, href in links)
    assert dict(links)["fa"] == f"{site.base}/fa/gallery/list?q=1"


def test_the_switcher_keeps_page_and_query(visit):
    page = visit("/ru/gallery/list?q=1")
    page.locator(".langs a[hreflang=fa]").click()
    assert page.url.endswith("/fa/gallery/list?q=1")


def test_the_skip_link_leads_to_the_content(visit):
    page = visit("/en/gallery/list")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_facets_are_closed_on_phones_and_open_on_desks(visit):
    assert visit("/en/gallery/list").locator(".facets").get_attribute("open") is not None
    assert visit("/en/gallery/list", width=390).locator(".facets").get_attribute("open") is None


def test_stacked_tables_keep_their_roles_on_phones(visit):
    page = visit("/ru/gallery/protocol", width=390)
    assert page.get_by_role("table").count() == 1
    assert page.get_by_role("cell").count() == 10
    assert page.locator("#doses td").first.evaluate("e => getComputedStyle(e).display") == "flow-root"


def test_errors_are_pages_in_the_language_of_the_reader(visit, axe):
    for code in (400, 403, 404, 409, 413, 422, 429, 500, 503):
        page = visit(f"/fa/gallery/error/{code}")
        assert page.locator("h1").count() == 1
        assert "7f3a91c2" in page.locator("main").text_content()
        assert axe(page) == []


def test_a_missing_page_has_a_next_step(visit):
    page = visit("/ru/gallery/nowhere", status=404)
    assert page.locator("main a.btn-primary").get_attribute("href") == "/ru/"


def test_forced_colours_keep_shapes_and_the_current_item(visit, shot):
    page = visit("/en/gallery/protocol", forced_colors="active")
    shot(page, "gallery_protocol_en_forced")
    filled = page.locator(".dots i.on").first.evaluate("e => getComputedStyle(e).backgroundColor")
    empty = page.locator(".dots i:not(.on)").first.evaluate("e => getComputedStyle(e).backgroundColor")
    assert filled != empty


def test_the_json_of_a_figure_cannot_close_its_block(visit):
    page = visit("/fa/gallery/figures")
    text = page.locator("#f1-data").text_content()
    assert "<" not in text
    assert json.loads(text)["data"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [1280, 390])
def test_words_of_a_drawing_stay_inside_its_figure(visit, lang, width):
    page = visit(f"/{lang}/gallery/figures", width=width)
    outside = page.locator(".svgplot text").evaluate_all("""texts => texts.filter(t => {
      const word = t.getBoundingClientRect(), box = t.closest('.fig').getBoundingClientRect();
      return word.width && (word.left < box.left || word.right > box.right);
    }).map(t => t.textContent)""")
    assert outside == []
