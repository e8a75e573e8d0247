"""Published pages handed out before the application is asked: the same bytes and headers, without routing,
hooks and session, which take three times as long as the rest.

Only what a view said may be kept, for visitors who send neither cookie nor query, and only while nothing
that the audit covers has changed since.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from flask import Flask
from werkzeug.wsgi import ClosingIterator

from portal.core import audit, observe, readers
from portal.core.db import utcnow

KEEP: Final = "portal.keep"  # what a view sets in the environment: the version of its page and its endpoint
MOST_PAGES: Final = 64
# Whoever sends one of these may get another answer.
PERSONAL: Final = (
    "HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE",
)  # fmt: skip

Environ = dict[str, Any]
Begin = Callable[..., Any]
Address = tuple[str, ...]


class Kept(NamedTuple):
    """An answer as it left, with the version of what it shows."""

    version: str
    endpoint: str
    status: str
    headers: list[tuple[str, str]]
    body: bytes


def version_of_all() -> str:
    """Names the present state of everything that the audit covers, on the present day."""
    return f"{utcnow().date()} {audit.find_last_change()}"


class KeptPages:
    """Stands around an application. Each process keeps its own pages."""

    def __init__(self, app: Flask) -> None:
        self._app, self._inner = app, app.wsgi_app
        self._pages: dict[Address, Kept] = {}

    def __call__(self, environ: Environ, begin: Begin) -> Iterable[bytes]:
        address = _address(environ, self._app.extensions["portal.config"].country_header)
        if address is None:
            return self._inner(environ, begin)
        page, started = self._pages.get(address), time.monotonic()
        if page is not None and page.version == self._version():
            begin(page.status, list(page.headers))
            observe.log_kept(page.endpoint, page.status, time.monotonic() - started)
            return [page.body]
        return self._asked(address, environ, begin)

    def _version(self) -> str:
        with self._app.app_context():
            return version_of_all()

    def _asked(self, address: Address, environ: Environ, begin: Begin) -> Iterable[bytes]:
        told: list[tuple[str, list[tuple[str, str]]]] = []

        def listen(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            told.append((status, list(headers)))
            return begin(status, headers, *more)

        answer = self._inner(environ, listen)
        if KEEP not in environ or not told or not _may_be_kept(*told[-1]):
            return answer
        body, (version, endpoint), (status, sent) = b"".join(answer), environ[KEEP], told[-1]
        self._keep(address, Kept(version, endpoint, status, sent, body))
        return ClosingIterator([body], getattr(answer, "close", None))

    def _keep(self, address: Address, page: Kept) -> None:
        if len(self._pages) >= MOST_PAGES:
            self._pages.clear()
        self._pages[address] = page


def _address(environ: Environ, country_header: str) -> Address | None:
    """What an answer depends on where nobody is known; None where somebody may be. A country sees less."""
    if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING"):
        return None
    if any(name in environ for name in PERSONAL):
        return None
    names = ("wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME", "PATH_INFO")
    told = readers.told_in(environ, country_header)
    return (told, *(str(environ.get(name, "")) for name in names))


def _may_be_kept(status: str, headers: list[tuple[str, str]]) -> bool:
    return status == "200 OK" and not any(name.lower() == "set-cookie" for name, _value in headers)
