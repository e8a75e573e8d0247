"""Windows of the browser that stay open between tests which only look at pages.

A window made anew costs a process, its connections and every style, script and font again: more than all
that is judged in it. What a page could leave behind for the next one is taken away.
"""

from collections.abc import Iterable
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

FORGET = """() => {
  const hits = window.cspHits || [];
  try { localStorage.clear(); sessionStorage.clear(); } catch { /* a page without an origin keeps nothing */ }
  return hits;
}"""


def size(width: int) -> ViewportSize:
    return {"width": width, "height": 844 if width < 600 else 900}


def kind(width: int) -> dict[str, bool]:
    """What a window is from the beginning: a phone is touched, and scales its pages."""
    phone = width < 600
    return {"has_touch": phone, "is_mobile": phone and width > 320}


def forget(page: Page) -> list[str]:
    """Take away what the page has stored; what the policy blocked on it."""
    hits: list[str] = page.evaluate(FORGET)
    return hits


class Windows:
    """One window of each kind, made when it is first looked through."""

    def __init__(self, browser: Browser, base: str, scripts: Iterable[str]) -> None:
        self._browser, self._base, self._scripts = browser, base, tuple(scripts)
        self._kept: dict[tuple[bool, ...], tuple[BrowserContext, Page]] = {}

    def open(self, cookies: list[Any], *, width: int = 1280, scheme: Any = "light") -> Page:
        """The window of this width and scheme, with these cookies and no others."""
        kinds = tuple(kind(width).values())
        if kinds not in self._kept:
            self._kept[kinds] = self._make(width)
        context, page = self._kept[kinds]
        context.clear_cookies()
        if cookies:
            context.add_cookies(cookies)
        page.set_viewport_size(size(width))
        page.emulate_media(color_scheme=scheme)
        return page

    def rest(self) -> None:
        """No page asks the server for anything while the next database is put in place."""
        for _, page in self._kept.values():
            if page.url != "about:blank":
                page.goto("about:blank")

    def close(self) -> None:
        for context, _ in self._kept.values():
            context.close()

    def _make(self, width: int) -> tuple[BrowserContext, Page]:
        context = self._browser.new_context(base_url=self._base, viewport=size(width), **kind(width))
        page = context.new_page()
        page.set_default_timeout(10_000)
        for script in self._scripts:
            page.add_init_script(script)
        return context, page
