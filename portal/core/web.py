"""Between HTTP and the features: language prefix, permissions on routes, refusals as pages, headers.

Every route names a permission or is marked public; a test walks the URL map.
"""

import functools
import hashlib
import re
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, Final, TypeVar, cast
from urllib.parse import urlsplit

import orjson
from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as Answer

from portal.core import audit, i18n, observe, readers
from portal.core import kept as kept_pages
from portal.core.errors import DomainError
from portal.core.permissions import Actor, Permission, has_permission
from portal.core.sentences import sentence
from portal.extensions import db

View = TypeVar("View", bound=Callable[..., Any])
Made = TypeVar("Made")

CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HSTS: Final = "max-age=31536000; includeSubDomains"
MOST_PAGES: Final = 128
RETRY_SECONDS: Final = 10
PRIVATE: Final = "private, no-store"
PUBLISHED: Final = "public, no-cache"


def bp(name: str, package: str) -> Blueprint:
    """A feature's blueprint; the factory mounts it under the language prefix."""
    return Blueprint(name, package)


def public(view: View) -> View:
    """Mark a route that anybody may call."""
    view.__access__ = "public"  # type: ignore[attr-defined]
    return view


def requires(permission: Permission | None = None) -> Callable[[View], View]:
    """Mark a route that needs a signed-in account, and the permission where one is named."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return ask_to_sign_in("accounts.sign_in")
            if permission and not has_permission(current_actor(), permission):
                abort(403)
            return view(*args, **kwargs)

        guarded.__access__ = permission or "signed-in"  # type: ignore[attr-defined]
        return cast("View", guarded)

    return decorate


def ask_to_sign_in(endpoint: str) -> Response:
    """To a page that asks who one is, and from there back. What a form sent goes along: the browser repeats
    its post (307), and the page keeps it. A lone button is pressed again on its page.
    """
    along = has_typed()
    return cast("Response", redirect(url_for(endpoint, next=_way_back(along=along)), 307 if along else 302))


def has_typed() -> bool:
    """Whether the request is a form with something in it, and without files, which no page can keep."""
    filled = any(value for name, value in request.form.items() if name not in {"csrf_token", "back"})
    return filled and not request.files


def _way_back(*, along: bool) -> str:
    if request.method == "GET":
        return _here()
    return request.path if along else request.form.get("back", "") or page_above(request.path)


def page_above(path: str) -> str:
    """The address itself where a page answers there, else the nearest above it that does."""
    addresses = current_app.url_map.bind("localhost")
    while path.count("/") > 1:
        try:
            addresses.match(path, "GET")
        except RequestRedirect:
            return path
        except HTTPException:
            path = path.rpartition("/")[0]
        else:
            return path
    return url_for("pages.home")


def current_actor() -> Actor:
    """The signed-in user. Only behind `requires`."""
    if not current_user.is_authenticated:
        abort(401)
    return cast("Actor", current_user._get_current_object())  # noqa: SLF001 # services need the object itself


def actor_or_none() -> Actor | None:
    return current_actor() if current_user.is_authenticated else None


def flash_done(text: str) -> None:
    flash(text, "done")


def flash_refused(error: DomainError) -> None:
    flash(sentence(error), "refused")


def get_or_404(thing: Any) -> Any:
    """The thing, or 404: missing and forbidden reads answer alike."""
    if thing is None:
        abort(404)
    return thing


def published(html: str) -> Response:
    """A page that everybody may see: revalidated by ETag, without cookies. Signed-in copies stay private."""
    if current_user.is_authenticated:
        return Response(html, mimetype="text/html")
    body = html.encode()
    return _for_visitors(body, _etag(body))


def published_once(version: str, render: Callable[[], str | Answer]) -> Response:
    """A published page, rendered once for each address and process until its version is another.

    `version` is a hash of what the page shows. People who signed in, visitors with a session (a message may
    wait in it) and addresses with a query are answered anew, and so is what is no page, as a redirect.
    """
    if current_user.is_authenticated or session or request.query_string:
        answer = render()
        return published(answer) if isinstance(answer, str) else cast("Response", answer)
    pages: dict[str, tuple[str, bytes, str]] = current_app.extensions.setdefault("portal.pages", {})
    address = f"{country_told()} {request.url}"
    found = pages.get(address)
    if found is None or found[0] != version:
        answer = render()
        if not isinstance(answer, str):
            return cast("Response", answer)
        body = answer.encode()
        found = version, body, _etag(body)
        if len(pages) >= MOST_PAGES:
            pages.clear()
        pages[address] = found
    return _for_visitors(*found[1:])


def published_until_change(render: Callable[[], str | Answer]) -> Response:
    """A published page about what the audit covers, kept until anything changes or another day begins. It
    has to be the same for all visitors, who get it from `KeptPages` when they ask again.
    """
    version = kept_pages.version_of_all()
    if not current_user.is_authenticated and not session:
        request.environ[kept_pages.KEEP] = (version, request.endpoint or "-")
    return published_once(version, render)


def kept(key: tuple[object, ...], render: Callable[[], str]) -> Markup:
    """A part of a page about what never changes, rendered once a process for each key, language and mount.

    The key must name everything else that the part depends on, above all whose it is: it is handed to whoever
    asks with an equal key. Nothing of the layout, such as a name or a form token, may be in it.
    """
    everything = (key, i18n.current(), request.script_root)
    return _once("portal.parts", everything, lambda: Markup(render()))  # noqa: S704 # a template made it


def _once(store: str, key: Hashable, make: Callable[[], Made]) -> Made:
    made: dict[Hashable, Made] = current_app.extensions.setdefault(store, {})
    found = made.get(key)
    if found is None:
        if len(made) >= MOST_PAGES:
            made.clear()
        found = made[key] = make()
    return found


def _for_visitors(body: bytes, etag: str) -> Response:
    response = Response(body, mimetype="text/html")
    response.headers["Cache-Control"] = PUBLISHED
    response.headers["ETag"] = f'W/"{etag}"'
    if "If-None-Match" in request.headers:
        response.make_conditional(request)
    return response


def _etag(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def alternate(tag: str, *, absolute: bool = False) -> str:
    """The same page in another language, with its query."""
    start = public_address() if absolute else ""
    if not request.endpoint or request.endpoint == "static":
        return start + url_for("pages.home", lang=tag)
    values = dict(request.view_args or {}) | {"lang": tag}
    query: dict[str, Any] = request.args.to_dict(flat=False)
    query = {k: v for k, v in query.items() if k not in values and not k.startswith("_")}
    return start + url_for(request.endpoint, **values, **query)


def error_page(error: HTTPException, *, text: str = "", title: str = "") -> Response:
    """One designed page for every refusal, in the reader's language, with the request's id."""
    code = error.code or 500
    html = render_template(
        "errors/error.html", code=code, text=text, title=title, request_id=observe.request_id.get()
    )
    response = Response(html, status=code, mimetype="text/html")
    response.headers.extend(
        {k: v for k, v in error.get_headers() if k.lower() not in ("content-type", "content-length")}
    )
    return response


def is_machine() -> bool:
    """Whether a program asks: its errors are problem documents, never pages."""
    return request.path == "/api" or request.path.startswith("/api/")


def domain_error_page(error: DomainError) -> Response:
    """A refusal that no view turned into a form error."""
    if is_machine():
        return problem(error.status, HTTP_STATUS_CODES.get(error.status, "Refused"), detail=sentence(error))
    status = HTTPException()
    status.code = error.status
    return error_page(status, text=sentence(error))


@functools.cache
def _manifest() -> dict[str, str]:
    """Names of the hashed files that `portal assets` made, read once a process."""
    path = Path(current_app.static_folder or "") / "vendor" / "manifest.json"
    return orjson.loads(path.read_bytes()) if path.exists() else {}


def asset(name: str) -> str:
    """Address of a static file, for templates; the plain own file where nothing was built."""
    hashed = _manifest().get(name)
    return f"/static/vendor/{hashed}" if hashed else f"/static/{name}"


def secure_headers(response: Response) -> Response:
    """The header table, on every answer."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = HSTS
    if "Cache-Control" not in response.headers or response.headers["Cache-Control"] == "no-cache":
        response.headers["Cache-Control"] = PRIVATE
    return response


def language_of_request() -> str:
    """Language of a page without prefix: the profile, the cookie, the browser, English."""
    chosen = getattr(current_user, "language", None) if current_user.is_authenticated else None
    cookie = request.cookies.get("__Host-lang") or request.cookies.get("lang")
    found = chosen or cookie or request.accept_languages.best_match(list(i18n.LOCALES))
    return found if found in i18n.LOCALES else i18n.DEFAULT


def _here() -> str:
    return request.full_path.rstrip("?")


def own_path(target: str | None, fallback: str) -> str:
    """A redirect target only if it is a relative path of this portal; anything else leads to `fallback`."""
    if not target or not target.startswith("/") or target[1:2] in ("/", "\\"):
        return fallback
    if any(ord(c) < 33 or c == "\\" for c in target) or "%2f%2f" in target.lower() or "%5c" in target.lower():
        return fallback
    return target


def number_asked(name: str) -> int:
    """A whole number of the query that a database can keep; 0 when there is none or anything else."""
    given = request.args.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0


def begin_request() -> None:
    """Give the request an id, refuse foreign hosts, cross-site posts and, in read-only mode, every change."""
    audit.set_request_id(observe.new_request_id())
    if not is_own_host():
        abort(400)
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if current_app.config["READ_ONLY"]:
        abort(503)
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)


def country_told() -> str:
    return readers.told_in(request.environ, current_app.extensions["portal.config"].country_header)


def is_own_host() -> bool:
    """A host as it is set up, with its port; loopback under any port, for tunnels and tests."""
    config = current_app.extensions["portal.config"]
    own = (urlsplit(config.base_url).netloc, *config.trusted_hosts)
    name = re.sub(r":[0-9]+$", "", request.host)
    return request.host in own or name in ("localhost", "127.0.0.1", "[::1]")


def public_address() -> str:
    """Where this portal is found: as the request says, unless that host is not ours and never repeated."""
    address = request.host_url if is_own_host() else current_app.config["BASE_URL"]
    return str(address).rstrip("/")


def http_error(error: HTTPException) -> Response | HTTPException:
    """Redirects and ready answers pass; the machine interface answers in its own form."""
    if error.response is not None or (error.code or 500) < 400:
        return error
    if is_machine():
        return _api_problem(error)
    return error_page(error)


def _api_problem(error: HTTPException) -> Response:
    """Keep what was wrong with which argument, and headers such as `Allow`."""
    names = {"messages": "errors", "detail": "detail", "left": "left"}
    told = {names[n]: value for n, value in (getattr(error, "data", None) or {}).items() if n in names}
    answer = problem(error.code or 500, error.name, **{"detail": error.description or error.name} | told)
    own = ("content-type", "content-length")
    answer.headers.extend({name: value for name, value in error.get_headers() if name.lower() not in own})
    return answer


def database_error(error: OperationalError) -> Response:
    """A lock that others held too long is no fault: nothing was written, and the same step works soon."""
    if "locked" not in str(error.orig):
        return unexpected_error(error)
    db.session.rollback()
    observe.LOGGER.warning("the database stayed locked")
    busy = ServiceUnavailable(retry_after=RETRY_SECONDS)
    if is_machine():
        return _api_problem(busy)
    return error_page(
        busy,
        title=_("Too much is being saved at this moment"),
        text=_("Nothing was saved from this step. Go back, wait a few seconds and send it again."),
    )


def unexpected_error(error: Exception) -> Response:
    """A fault of ours: logged by kind and place, answered without detail."""
    observe.LOGGER.error("unexpected fault", exc_info=error)
    if current_app.testing and current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    if is_machine():
        return problem(500, "Internal Server Error")
    return error_page(InternalServerError())


def problem(status: int, title: str, **more: Any) -> Response:
    """RFC 9457 answer of the machine interface."""
    told = {"type": "about:blank", "status": status, "title": title, **more}
    body = orjson.dumps(told, option=orjson.OPT_NON_STR_KEYS)
    return Response(body, status=status, mimetype="application/problem+json")
