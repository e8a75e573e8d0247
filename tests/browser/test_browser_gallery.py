"""Every component in every setting: no finding of axe, nothing clipped, targets large enough."""

from itertools import product

import pytest
from browser import gallery

LANGUAGES = ("en", "ru", "fa")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """[...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary, textarea')].filter(e => {
  const r = e.getBoundingClientRect();
  return r.width > 1 && (r.width < 24 || r.height < 24) && getComputedStyle(e).display !== 'inline' && !e.closest('label, .radio');
}).map(e => e.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize(("lang", "name"), list(product(LANGUAGES, gallery.PAGES)))
def test_components_have_no_finding_at_1280_light(visit, axe, shot, lang, name):
    page = visit(f"/{lang}/gallery/{name}")
    shot(page, f"gallery_{name}_{lang}_1280")
    assert axe(page) == []


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark"), (390, "dark")])
@pytest.mark.parametrize("name", gallery.PAGES)
def test_components_have_no_finding_in_persian_elsewhere(visit, axe, shot, name, width, scheme):
    page = visit(f"/fa/gallery/{name}", width=width, scheme=scheme)
    shot(page, f"gallery_{name}_fa_{width}_{scheme}")
    assert axe(page) == []


@pytest.mark.parametrize(("lang", "name"), list(product(("ru", "fa"), gallery.PAGES)))
def test_nothing_overflows_and_targets_are_large_at_320(visit, lang, name):
    page = visit(f"/{lang}/gallery/{name}", width=320)
    assert page.evaluate(OVERFLOW) <= 0
    assert page.evaluate(SMALL) == []
