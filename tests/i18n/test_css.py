"""One stylesheet serves both directions, and nothing that the Content-Security-Policy would block."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "portal"
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
PHYSICAL = re.compile(
    r"(?<![-\w])(?:(?:margin|padding|border|inset)-(?:left|right|top|bottom)|left|right|top|bottom|border-(?:top|bottom)-(?:left|right)-radius)[\w-]*\s*:"
    r"|(?<![-\w])(?:text-align|float|clear)\s*:\s*(?:left|right)"
    r"|(?<![-\w])(?:min-|max-)?(?:width|height)\s*:"
)
ALLOWED = {"text-align: right"}  # .data .r: units line up in both directions
QUERIES = re.compile(r"@(?:media|container)[^{]*\{")
INLINE = re.compile(
    r"\sstyle\s*=|\son[a-z]+\s*=|<style|<script(?![^>]*(?:src=|application/(?:ld\+)?json))|https?://|javascript:|\|\s*safe\b",
    re.IGNORECASE,
)
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
LOOSE = re.compile(
    r"\binnerHTML\b|\beval\(|new Function|document\.write|https?://(?!www\.w3\.org/2000/svg)|localStorage|sessionStorage"
)


def physical(css: str) -> list[str]:
    css = QUERIES.sub("", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    return [m[0] for m in PHYSICAL.finditer(css) if m[0] not in ALLOWED]


def inline(html: str) -> list[str]:
    return [m[0].strip() for m in INLINE.finditer(COMMENT.sub("", html))]


@pytest.mark.parametrize("path", STYLES, ids=lambda p: p.name)
def test_styles_are_logical(path):
    assert physical(path.read_text(encoding="utf-8")) == []


def test_the_only_physical_rule_is_the_column_of_numbers():
    text = "".join(p.read_text(encoding="utf-8") for p in STYLES)
    assert len(re.findall("text-align: right", text)) == 1
    assert re.search(r"\.data \.r \{ text-align: right", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_templates_hold_no_inline_code_and_no_outside_address(path):
    assert inline(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.name)
def test_scripts_evaluate_nothing_and_store_nothing(path):
    assert LOOSE.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "css",
    [
        "a{margin-left:1px}", "a{ left : 0 }", "a{text-align:left}", "a{border-top-right-radius:2px}", "a{float:right}",
        "a{padding-top:0}", "a{width:3px}", "a{max-height: 2px}", "a{b:c;text-align:right}",
    ],
)  # fmt: skip
def test_the_guard_bites_on_styles(css):
    assert physical(css)


def test_the_guard_lets_logical_styles_pass():
    assert not physical(
        "a{margin-inline:1px;border-start-end-radius:2px;inline-size:1px} @media (max-width:40rem){a{color:red}}"
    )


@pytest.mark.parametrize(
    "html",
    [
        '<p style="x">', "<script>x</script>", '<a onclick="x">', "<style>a{}</style>", '<a href="https://example.org">',
        '<a href="javascript:x">', "{{ text|safe }}", "{{ text | safe }}",
    ],
)  # fmt: skip
def test_the_guard_bites_on_templates(html):
    assert inline(html)


def test_the_guard_lets_data_and_own_scripts_pass():
    assert not inline(
        '<script type="application/json" id="x">{}</script><script src="/static/x.js" defer></script>'
    )
