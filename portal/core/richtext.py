"""Markdown of protocols: as sanitised HTML, and as a tree of nodes for what is no HTML (PDF).

Raw HTML is off; the sanitiser allows only the tags of protocol text, and the tree knows no others.
"""

import functools
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

TAGS: Final = {
    *("p", "br", "strong", "em", "ul", "ol", "li", "h2", "h3", "h4", "blockquote", "code", "pre"),
    *("table", "thead", "tbody", "tr", "th", "td", "a", "hr", "sup", "sub", "bdi"),
}
ATTRIBUTES: Final = {"a": {"href"}, "bdi": {"dir", "class"}}
LIMIT: Final = 200_000
BIDI: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
SCHEMES: Final = {"http", "https", "mailto"}
Node = dict[str, Any]
_TOKEN: Final = re.compile("⟦([^⟦⟧<>]*)⟧")
_markdown: Final = MarkdownIt("commonmark", {"html": False}).enable("table")


@functools.lru_cache(maxsize=2048)
def to_html(text: str) -> Markup:
    """Render protocol text. Direction controls are dropped; ⟦tokens⟧ become left-to-right islands."""
    plain = BIDI.sub("", text[:LIMIT])
    raw = _markdown.render(plain)
    with_tokens = _TOKEN.sub(r'<bdi dir="ltr" class="dose">\1</bdi>', raw)
    return Markup(  # noqa: S704 # nh3 has just cleaned it
        nh3.clean(
            with_tokens,
            tags=TAGS,
            attributes=ATTRIBUTES,
            url_schemes=SCHEMES,
            link_rel="noopener noreferrer nofollow ugc",
            attribute_filter=_own_links,
        )
    )


def _own_links(tag: str, attribute: str, value: str) -> str | None:
    """Protocol-relative addresses lead to a foreign host without looking so."""
    if tag == "a" and attribute == "href" and value.startswith(("//", "/\\", "\\")):
        return None
    return value


@functools.lru_cache(maxsize=2048)
def to_tree(text: str) -> tuple[Node, ...]:
    """The same text as nodes: `{"t": kind, "c": children}` or `{"t": "text" | "dose" | "code", "s": text}`.

    Kinds of blocks: p, h, ul, ol, li, quote, pre, table (of row, of cell), rule; inside them strong, em, link
    (with "url"), br. Callers share the nodes and change none.
    """
    return tuple(_nodes(SyntaxTreeNode(_markdown.parse(BIDI.sub("", text[:LIMIT]))).children))


def to_nodes(text: str) -> list[Node]:
    """A line without Markdown, its ⟦tokens⟧ as nodes."""
    parts = _TOKEN.split(text)
    return [{"t": "dose" if i % 2 else "text", "s": part} for i, part in enumerate(parts) if part]


def _nodes(found: Iterable[SyntaxTreeNode]) -> list[Node]:
    return [node for each in found for node in _NODES.get(each.type, _held)(each)]


def _held(node: SyntaxTreeNode) -> list[Node]:
    return _nodes(node.children)


def _around(kind: str) -> Callable[[SyntaxTreeNode], list[Node]]:
    return lambda node: [{"t": kind, "c": _nodes(node.children)}]


def _link(node: SyntaxTreeNode) -> list[Node]:
    """A link; what the HTML would not link to stays as text."""
    url, held = str(node.attrs.get("href", "")), _nodes(node.children)
    if url.partition(":")[0].lower() not in SCHEMES or _own_links("a", "href", url) is None:
        return held
    return [{"t": "link", "url": url, "c": held}]


_NODES: Final[dict[str, Callable[[SyntaxTreeNode], list[Node]]]] = {
    "text": lambda node: to_nodes(node.content),
    "softbreak": lambda _node: [{"t": "text", "s": " "}],
    "hardbreak": lambda _node: [{"t": "br"}],
    "code_inline": lambda node: [{"t": "code", "s": node.content}],
    "code_block": lambda node: [{"t": "pre", "s": node.content.rstrip("\n")}],
    "fence": lambda node: [{"t": "pre", "s": node.content.rstrip("\n")}],
    "hr": lambda _node: [{"t": "rule"}],
    "image": lambda _node: [],
    "link": _link,
    "paragraph": _around("p"),
    "heading": _around("h"),
    "bullet_list": _around("ul"),
    "ordered_list": _around("ol"),
    "list_item": _around("li"),
    "blockquote": _around("quote"),
    "table": _around("table"),
    "tr": _around("row"),
    "th": _around("cell"),
    "td": _around("cell"),
    "strong": _around("strong"),
    "em": _around("em"),
}
