"""Markdown to sanitised HTML. Raw HTML is off; the sanitiser allows only the tags of protocol text."""

import functools
import re
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS: Final = {
    *("p", "br", "strong", "em", "ul", "ol", "li", "h2", "h3", "h4", "blockquote", "code", "pre"),
    *("table", "thead", "tbody", "tr", "th", "td", "a", "hr", "sup", "sub", "bdi"),
}
ATTRIBUTES: Final = {"a": {"href"}, "bdi": {"dir", "class"}}
LIMIT: Final = 200_000
BIDI: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_markdown: Final = MarkdownIt("commonmark", {"html": False}).enable("table")


@functools.lru_cache(maxsize=2048)
def to_html(text: str) -> Markup:
    """Render protocol text. Direction controls are dropped; ⟦tokens⟧ become left-to-right islands."""
    plain = BIDI.sub("", text[:LIMIT])
    raw = _markdown.render(plain)
    with_tokens = re.sub("⟦([^⟦⟧<>]*)⟧", r'<bdi dir="ltr" class="dose">\1</bdi>', raw)
    return Markup(  # noqa: S704 # nh3 has just cleaned it
        nh3.clean(
            with_tokens,
            tags=TAGS,
            attributes=ATTRIBUTES,
            url_schemes={"http", "https", "mailto"},
            link_rel="noopener noreferrer nofollow ugc",
            attribute_filter=_own_links,
        )
    )


def _own_links(tag: str, attribute: str, value: str) -> str | None:
    """Protocol-relative addresses lead to a foreign host without looking so."""
    if tag == "a" and attribute == "href" and value.startswith(("//", "/\\", "\\")):
        return None
    return value
