"""Markdown: what an attacker writes arrives inert, what a clinician writes arrives whole."""

import json
import re
import time
from html import unescape

import pytest

from portal.core import richtext
from portal.core.richtext import to_html

HOSTILE = [
    "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](data:text/html,x)", "[x](vbscript:x)",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
    "[x](//evil.example)", "![x](http://evil.example/a.png)", "<a href='x' onclick='y'>z</a>",
    "<math><mglyph><style><img src=x onerror=alert(1)>", "\u202egnp.exe\u202c", "[x](\\\\evil)",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_inert(text):
    html = str(to_html(text))
    assert not any(
        mark in html.lower().replace("&lt;", "")
        for mark in (
            "<script",
            "<img",
            "<svg",
            'href="javascript',
            'href="data',
            'href="vb',
            "style=",
            'href="//',
        )
    )
    assert "\u202e" not in html


def test_shared_vectors_are_inert(shared):
    vectors = json.loads((shared / "data" / "privacy_vectors.json").read_text())["web"]["markdown"]["inputs"]
    assert vectors
    for text in vectors:
        html = str(to_html(text)).lower()
        assert "<script" not in html
        assert 'href="javascript' not in html


def test_clinical_text_keeps_its_structure_and_tokens():
    html = str(to_html("## Steps\n\n1. Give ⟦2–4 mg⟧\n2. **Wait**\n\n| a | b |\n|---|---|\n| 1 | 2 |"))
    for part in (
        "<h2>",
        "<ol>",
        "<strong>Wait</strong>",
        "<table>",
        '<bdi dir="ltr" class="dose">2–4 mg</bdi>',
    ):
        assert part in html


def test_many_open_brackets_do_not_stop_the_page():
    started = time.perf_counter()
    to_html("[" * 40_000)
    assert time.perf_counter() - started < 5


def words_of(nodes):
    """All text of a tree, in order."""
    return "".join(node.get("s", "") or words_of(node.get("c", ())) for node in nodes)


@pytest.mark.parametrize(
    "text",
    [
        "One **two** *three* `four`", "- a\n- b\n\n1. c\n2. d", "> quoted\n\ntext", "| a | b |\n|---|---|\n| 1 | ⟦2–4 mg⟧ |",
        "[x](https://example.org) ⟦COWS ≥ 12⟧", "# Head\n\nText", "    code\n\n---\n\nend",
    ],
)  # fmt: skip
def test_the_tree_holds_the_words_of_the_html(text):
    html = unescape(re.sub(r"<[^>]+>", "", str(richtext.to_html(text))))
    assert "".join(words_of(richtext.to_tree(text)).split()) == "".join(html.split())


def test_marks_become_nodes_of_their_own():
    [paragraph] = richtext.to_tree("Give ⟦2–4 mg⟧ twice")
    assert paragraph["c"] == [
        {"t": "text", "s": "Give "},
        {"t": "dose", "s": "2–4 mg"},
        {"t": "text", "s": " twice"},
    ]


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "//evil.example", "data:text/html,x", "file:///etc/passwd"]
)
def test_the_tree_links_to_no_more_than_the_html(target):
    assert "link" not in str(richtext.to_tree(f"[x]({target})"))
    assert 'href="' not in str(richtext.to_html(f"[x]({target})"))


def test_the_tree_drops_signs_of_direction():
    assert words_of(richtext.to_tree("a\u202eb")) == "ab"
