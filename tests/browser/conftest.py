"""Browser tests: a server thread, Chromium of the machine, axe, pictures. Sockets to 127.0.0.1 only.

Every page opened through `visit` is watched: a violation of the Content-Security-Policy, an error on the
console or a request to another host fails the test that opened it.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import remembered
from browser import gallery
from browser import stage as stages
from browser.day import Day
from browser.days import BY_NAME
from browser.windows import Windows, forget, kind, size
from edition_fixtures import _keep, _swap, edition_templates, world  # noqa: F401 # fixtures
from factories import enter_as
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, sync_playwright
from werkzeug.serving import make_server

from portal.app import create_app, load_keys
from portal.config import Config
from portal.extensions import db

ROOT = Path(__file__).resolve().parents[2]
SCREENS = ROOT / "var" / "screens"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WATCH = """window.cspHits = [];
document.addEventListener('securitypolicyviolation', e => cspHits.push(e.violatedDirective + ' ' + e.blockedURI))"""
NAMES = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1"]))


def missing(what: str) -> None:
    """Elsewhere a skip that says why; in CI a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and CI may not skip browser tests")
    pytest.skip(f"{what} is missing: browser tests are left out")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium; nothing is downloaded."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not path:
        missing("Chromium")
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@dataclass
class Site:
    """The served application and its address."""

    app: Flask
    base: str


def in_one_piece(app: Flask) -> Callable[..., list[bytes]]:
    """The answer read to its end before it is sent.

    A browser that leaves a page drops what it still loads; the server of the tests then forgets to close the
    file it was sending, and the open file fails whichever test runs at that moment.
    """

    def answer(environ: dict[str, Any], start: Any) -> list[bytes]:
        parts = app.wsgi_app(environ, start)
        try:
            return list(parts)
        finally:
            getattr(parts, "close", lambda: None)()

    return answer


@pytest.fixture(scope="session")
def serving(config: Config, prepared: Any) -> Iterator[Site]:
    """The application with the gallery of components, on a free port of 127.0.0.1."""
    app = create_app(config)
    app.register_blueprint(gallery.blueprint, url_prefix="/<any(en, ru, fa):lang>/gallery")
    server = make_server("127.0.0.1", 0, in_one_piece(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(app, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()
    _let_go(app)


@pytest.fixture
def site(app: Flask, serving: Site) -> Site:
    """The server on the database of this test. `app` has just put a fresh copy in place."""
    _let_go(serving.app)
    return serving


@pytest.fixture(scope="session")
def stage_template(edition_templates: Any, prepared: Any, folder: Path) -> tuple[Path, stages.Stage]:  # noqa: F811
    """A published edition, protocols and people of every role, made once."""
    load_keys(prepared[0].extensions["portal.config"])  # a test may have left keys of its own
    with prepared[0].app_context():
        _swap(folder, edition_templates[2])
        made = stages.make(prepared[0])
        return _keep(folder, "stage"), made


@pytest.fixture
def stage(stage_template: Any, app: Flask, folder: Path, serving: Site) -> stages.Stage:
    """The world of the pages, as this test's database."""
    kept, made = stage_template
    _swap(folder, kept)
    _let_go(serving.app)
    return made


@pytest.fixture
def registered(world: Any, serving: Site) -> Any:  # noqa: F811
    """Consenting programmes and their people, nothing frozen, as this test's database."""
    _let_go(serving.app)
    return world


def _let_go(app: Flask) -> None:
    remembered.forget_pages(app)
    with app.app_context():
        db.engine.dispose()


@dataclass
class Watch:
    """What went wrong on the pages of one test."""

    base: str
    pages: list[Page] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def add(self, page: Page) -> None:
        self.pages.append(page)
        page.on("console", self.console)
        page.on("pageerror", self.script)
        page.on("request", self.request)

    def leave(self, page: Page) -> None:
        """Another test watches the page from here on."""
        page.remove_listener("console", self.console)
        page.remove_listener("pageerror", self.script)
        page.remove_listener("request", self.request)

    def script(self, error: Error) -> None:
        self.found.append(f"script: {error}")

    def console(self, message: ConsoleMessage) -> None:
        """A refused page is reported by the browser too; the test that asked for it judges that."""
        refused = message.text.startswith("Failed to load resource") and "/static/" not in str(
            message.location
        )
        refused = refused or any(text in message.text for text in self.forgiven)
        if message.type == "error" and not refused:
            self.found.append(f"console: {message.text}")

    def request(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.found.append(f"foreign request: {request.url}")

    def all(self) -> list[str]:
        hits = [
            hit
            for page in self.pages
            if not page.is_closed()
            for hit in page.evaluate("window.cspHits || []")
        ]
        return self.found + [f"policy: {hit}" for hit in hits]


Visit = Callable[..., Page]


def arrive(page: Page, path: str, status: int) -> None:
    """Open the address and wait for its fonts."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == status, f"{path}: {answer.status}"
    page.evaluate("document.fonts.ready.then(() => true)")


def login_of(site: Site, person: Any) -> Any:
    """The cookie of an open login session, both factors proven, terms of use accepted."""
    client = site.app.test_client()
    enter_as(client, person)
    name = site.app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    return {"name": name, "value": cookie.value, "url": site.base}


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """`visit(path, width=, scheme=, status=, …)` opens a page in a context of its own and waits for its fonts.

    `visit.forgive(text)` lets an error on the console pass that the test provokes.
    """
    contexts, watch = [], Watch(site.base)

    def open_page(
        path: str,
        *,
        width: int = 1280,
        scheme: str = "light",
        status: int = 200,
        who: Any = None,
        **more: Any,
    ) -> Page:
        context = browser.new_context(
            viewport=size(width), color_scheme=scheme, base_url=site.base, **kind(width), **more
        )
        contexts.append(context)
        if who is not None:
            context.add_cookies([login_of(site, who)])
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.add_init_script(WATCH)
        watch.add(page)
        arrive(page, path, status)
        return page

    open_page.forgive = watch.forgiven.append  # type: ignore[attr-defined]
    yield open_page
    found = watch.all()
    for context in contexts:
        context.close()
    assert found == []


@pytest.fixture(scope="session")
def windows(browser: Browser, serving: Site, axe_source: str) -> Iterator[Windows]:
    kept = Windows(browser, serving.base, (WATCH,))
    yield kept
    kept.close()


@pytest.fixture
def look(windows: Windows, site: Site) -> Iterator[Visit]:
    """`visit` for a test that only looks: the window, and what it has loaded of styles and fonts, stays for the next.

    One page is open at a time; a look at another takes its place.
    """
    watch = Watch(site.base)
    opened: list[Page] = []

    def leave() -> None:
        while opened:
            page = opened.pop()
            watch.found.extend(f"policy: {hit}" for hit in forget(page))
            watch.leave(page)

    def open_page(path: str, *, status: int = 200, who: Any = None, **setting: Any) -> Page:
        leave()
        page = windows.open([login_of(site, who)] if who is not None else [], **setting)
        opened.append(page)
        watch.add(page)
        arrive(page, path, status)
        return page

    yield open_page
    leave()
    windows.rest()
    assert watch.found == []


@pytest.fixture
def page(visit: Visit) -> Page:
    """One English page at 1280 px to walk from."""
    return visit("/en/gallery/form")


@pytest.fixture(scope="session")
def axe_source() -> str:
    if not AXE.exists():
        missing("axe-core (npm ci)")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def axe(axe_source: str) -> Callable[[Page], list[str]]:
    """Findings of axe on a page: rule, and the first element that breaks it."""

    def run(page: Page) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(axe_source)
        result = page.evaluate(f"axe.run(document, {{runOnly: {TAGS}, resultTypes: ['violations']}})")
        return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in result["violations"]]

    return run


@pytest.fixture
def shot() -> Callable[[Page, str], None]:
    """Keep a picture in var/screens when PORTAL_TEST_SHOTS=1."""

    def keep(page: Page, name: str) -> None:
        if os.environ.get("PORTAL_TEST_SHOTS") == "1":
            SCREENS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SCREENS / f"{name}.png", full_page=True)

    return keep


@pytest.fixture
def day(
    visit: Visit, axe: Callable[[Page], list[str]], shot: Callable[[Page, str], None]
) -> Callable[..., Day]:
    """`with day(name, who):` a person's journey from the front page, signed in unless `who` is left out."""

    def begin(name: str, who: Any = None) -> Day:
        journey = BY_NAME[name]
        page = visit(f"/{journey.lang}/", who=who, width=journey.width)
        return Day(page, journey, axe=axe, shot=shot)

    return begin
