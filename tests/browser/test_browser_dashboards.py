"""Figures in a real browser: the finding comes first, and nothing of a drawing is lost on a phone."""

import itertools

import pytest

LANGUAGES = ("en", "ru", "fa")
PAGES = ("completeness", "retention", "comparison")
SEEN = {390: 844, 1280: 800}  # heights of the windows people have


@pytest.fixture
def reader(visit, stage):
    def look(page, lang, **more):
        return visit(f"/{lang}/outcomes/{page}", who=stage.person("researcher"), **more)

    return look


@pytest.mark.parametrize("width", SEEN)
@pytest.mark.parametrize("page", PAGES)
def test_the_finding_is_seen_before_anybody_scrolls(reader, page, width):
    for lang in LANGUAGES:
        title = reader(page, lang, width=width).locator("figure h2").first.bounding_box()
        assert title["y"] + title["height"] < SEEN[width], lang


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_of_comparisons_stand_on_one_line_of_a_phone(reader, lang):
    boxes = [link.bounding_box() for link in reader("comparison", lang, width=390).locator(".pages a").all()]
    assert len(boxes) == 3
    assert len({box["y"] for box in boxes}) == 1


def test_another_group_is_two_steps_away(reader):
    page = reader("comparison", "en", width=390)
    chosen = page.locator(".groups summary").inner_text()
    page.locator(".groups summary").click()
    other = page.locator(".groups .chip:not([aria-current])").first
    said = other.inner_text()
    other.click()
    assert page.locator(".groups summary").inner_text().strip() != chosen.strip()
    assert said.strip() in page.locator(".groups summary").inner_text()


SIZES = """els => els.filter(e => e.getClientRects().length).map(e => {
  const scale = e.ownerSVGElement.getBoundingClientRect().width / e.ownerSVGElement.viewBox.baseVal.width;
  return parseFloat(getComputedStyle(e).fontSize) * scale; })"""
BOXES = """els => els.filter(e => e.getClientRects().length).map(e => {
  const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; })"""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_a_drawing_without_script_is_readable_on_a_phone(reader, page, lang):
    shown = reader(page, lang, width=390, java_script_enabled=False)
    texts = shown.locator(".plot-static text")
    sizes = texts.evaluate_all(SIZES)
    assert sizes
    assert min(sizes) >= 12
    for left, _top, right, _bottom in texts.evaluate_all(BOXES):
        assert left >= 0
        assert right <= 390


@pytest.mark.parametrize("page", ["retention", "comparison"])
def test_ticks_do_not_touch_the_title_of_their_axis(reader, page):
    shown = reader(page, "en", width=390, java_script_enabled=False)
    plot = shown.locator(".plot-static .at-narrow").first
    ticks = plot.locator(".tick.under").evaluate_all(BOXES)
    (title,) = plot.locator(".axt").evaluate_all(BOXES)
    assert max(bottom for _, _, _, bottom in ticks) <= title[1]
    assert all(first[2] < second[0] for first, second in itertools.pairwise(ticks))


def test_the_drawing_fills_its_place_on_a_phone(reader):
    shown = reader("comparison", "en", width=390)
    plot = shown.locator(".plot").first.bounding_box()
    assert plot["height"] <= 360


HEADS = """els => els.map(e => { const r = document.createRange(); const node = [...e.childNodes].find(n => n.nodeType === 3);
  return node.textContent.trim().split(/\\s+/).every(word => { const at = node.textContent.indexOf(word);
    r.setStart(node, at); r.setEnd(node, at + word.length); return r.getClientRects().length === 1; }); })"""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_headings_of_a_table_keep_their_words_whole(reader, lang):
    page = reader("comparison?country=RU&class=outpatient_psychosocial", lang, java_script_enabled=False)
    heads = page.locator("details.tbl[open]").first.locator("thead th")
    assert heads.count() == 7
    assert all(heads.evaluate_all(HEADS))
