"""A component whose style has a sheet of its own is drawn only on pages that link the sheet."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "portal" / "templates"
PAGES = sorted(p for p in TEMPLATES.rglob("*.html") if '{% extends "base.html" %}' in p.read_text("utf-8"))
NEEDED = {
    "css/search.css": re.compile(
        r'\{\{ search_row\(|call \w*facet\w*\(|class="(?:hero|bigsearch|reshead|hit|sort)\b'
    ),
    "css/figures.css": re.compile(r'\{\{ (?:kpis|counts|stepper)\(|class="(?:kpis)\b'),
}


def whole(path, linked=""):
    """A template with what it includes, and the heads of macros that link sheets."""
    text = path.read_text("utf-8")
    if "chart_head()" in text:
        linked = (TEMPLATES / "_components" / "figure.html").read_text("utf-8").split("{% endmacro %}")[0]
    parts = re.findall(r'{% include "([^"]+)"', text)
    return text + linked + "".join(whole(TEMPLATES / part) for part in parts)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.relative_to(TEMPLATES).as_posix())
def test_a_page_links_the_sheets_of_what_it_draws(path):
    text = whole(path)
    assert [sheet for sheet, drawn in NEEDED.items() if drawn.search(text) and sheet not in text] == []
