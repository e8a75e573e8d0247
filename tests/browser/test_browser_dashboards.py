"""Figures in a real browser: the finding comes first, and nothing of a drawing is lost on a phone."""

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
