"""The application factory: extensions, blueprints, languages, answers. Alone in importing views.

Each step imports what it ties: a command that makes no application, such as `--help`, waits for none of it.
"""

import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from flask import Flask, Response, g, redirect, request, url_for
from flask.cli import ScriptInfo
from werkzeug import routing
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.cli import session
from portal.core.errors import DomainError

if TYPE_CHECKING:
    from portal.config import Config
    from portal.core.permissions import Actor

PREFIXED: Final = (
    "accounts",
    "vocabulary",
    "programmes",
    "protocols",
    "collections",
    "instruments",
    "alerts",
    "discussion",
    "registry",
    "releases",
    "dashboards",
    "moderation",
    "pages",
)
UNPREFIXED: Final = ("api",)


class IntegerConverter(routing.IntegerConverter):
    """`<int:...>` up to what every database keeps: a larger number is a page that is not there."""

    regex = "[0-9]{1,10}"

    def __init__(self, map: routing.Map, max: int = 2**31 - 1, **more: Any) -> None:  # noqa: A002 # werkzeug's names
        super().__init__(map, max=max, **more)


class StartRefused(RuntimeError):
    """A setting that would put people at risk."""


def create_app(config: "Config | None" = None) -> Flask:
    from portal.config import from_environment
    from portal.core import observe

    config = config or from_environment()
    refuse_unsafe(config)
    app = Flask("portal", static_url_path="/static")
    app.config.from_mapping(flask_settings(config))
    app.url_map.converters["int"] = IntegerConverter
    app.extensions["portal.config"] = config
    observe.configure()
    load_keys(config)
    _models()
    _extensions(app, config)
    _begin(app)
    _features(app)
    _languages(app)
    _answers(app)
    return app


def refuse_unsafe(config: "Config") -> None:
    """Outside loopback only with TLS or a declared proxy; a demonstration on loopback only."""
    if config.demonstration and not config.loopback:
        raise StartRefused(
            "a demonstration runs on loopback only: set PORTAL_BASE_URL to http://localhost:PORT"
        )
    if not (config.loopback or config.secure):
        raise StartRefused("set an https:// PORTAL_BASE_URL or declare PORTAL_PROXY_HOPS: sign-in needs TLS")
    if config.country_header and not config.proxy_hops:
        raise StartRefused(
            "PORTAL_COUNTRY_HEADER needs PORTAL_PROXY_HOPS: without a proxy visitors write it themselves"
        )


def load_keys(config: "Config") -> None:
    """Keys and the folders of what belongs to them. `portal init` makes the files; a weak key is refused."""
    from portal.extensions import folders, keys

    folders.snapshots, folders.release_keys = config.data_dir / "snapshots", config.keys / "release"

    for name in ("audit", "pepper", "field"):
        path = config.keys / f"{name}.key"
        setattr(keys, name, path.read_bytes() if path.exists() else b"")
        if path.exists():
            refuse_weak(getattr(keys, name), name, testing=config.testing)


def refuse_weak(key: bytes, name: str, *, testing: bool) -> None:
    counting = key in (bytes(range(32)), bytes(range(32, 64)), bytes(32))
    if len(key) < 32 or (counting and not testing):
        raise StartRefused(f"the key {name} is too short or a test key: make a new one with `portal init`")


def flask_settings(config: "Config") -> dict[str, Any]:
    from portal.config import ROOT

    secret = config.keys / "secret.key"
    given = config.secret_key.get_secret_value() if config.secret_key else ""
    prefix = "__Host-" if config.secure else ""
    return {
        "SECRET_KEY": given or (secret.read_text() if secret.exists() else ""),
        "SQLALCHEMY_DATABASE_URI": config.database,
        "SQLALCHEMY_ENGINE_OPTIONS": {"connect_args": {"timeout": 15}} if "sqlite" in config.database else {},
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
        "TESTING": config.testing, "DEMONSTRATION": config.demonstration, "READ_ONLY": config.read_only,
        "BASE_URL": config.base_url, "MAIL_FROM": config.smtp.sender, "SMTP": config.smtp,
        "OUTBOX": str(config.data_dir / "outbox"), "DATA_DIR": str(config.data_dir),
        "MAX_CONTENT_LENGTH": 10 * 2**20, "MAX_FORM_MEMORY_SIZE": 2 * 2**20, "MAX_FORM_PARTS": 1000,
        "SESSION_COOKIE_NAME": f"{prefix}session", "SESSION_COOKIE_SECURE": config.secure,
        "SESSION_COOKIE_HTTPONLY": True, "SESSION_COOKIE_SAMESITE": "Lax", "SESSION_COOKIE_PATH": "/",
        "LANGUAGE_COOKIE": f"{prefix}lang", "WTF_CSRF_TIME_LIMIT": 43200,
        # Our pages tell nobody where a person came from, so no form has a referrer to compare.
        "WTF_CSRF_SSL_STRICT": False, "TEMPLATES_AUTO_RELOAD": False,
        "RATELIMIT_HEADERS_ENABLED": True, "RATELIMIT_ENABLED": not config.testing,
    }  # fmt: skip


def _extensions(app: Any, config: "Config") -> None:
    from portal.config import ROOT
    from portal.core import db as database
    from portal.core import i18n
    from portal.core.kept import KeptPages
    from portal.extensions import babel, csrf, db, limiter, tie_migrations

    db.init_app(app)
    with app.app_context():
        database.listen(db.engine)
    if _is_flask_command():  # `flask db`; what else migrates ties them itself
        tie_migrations(app, ROOT / "migrations")
    babel.init_app(app, locale_selector=i18n.current)
    csrf.init_app(app)
    limiter.init_app(app)
    app.wsgi_app = KeptPages(app)
    if config.proxy_hops:
        app.wsgi_app = ProxyFix(
            app.wsgi_app, x_for=config.proxy_hops, x_proto=config.proxy_hops, x_host=config.proxy_hops
        )
    _static(app)


def _is_flask_command() -> bool:
    context = click.get_current_context(silent=True)
    return context is not None and context.find_object(ScriptInfo) is not None


def _static(app: Any) -> None:
    """Hashed files are immutable and come pre-compressed; `portal assets` makes them."""
    from whitenoise import WhiteNoise

    vendor = Path(app.static_folder or "") / "vendor"
    if vendor.is_dir():
        noise = WhiteNoise(app.wsgi_app, max_age=0, immutable_file_test=lambda _path, url: "/vendor/" in url)
        noise.add_files(str(vendor), prefix="static/vendor/")
        app.wsgi_app = noise


def _models() -> None:
    """Load every table, so that migrations and a new database know them all."""
    folder = Path(__file__).parent
    found = (*folder.glob("*/models.py"), *folder.glob("*/models/__init__.py"), *folder.glob("*/*/tables.py"))
    for path in sorted(found):
        name = path.parent if path.name == "__init__.py" else path.with_suffix("")
        import_module("portal." + ".".join(name.relative_to(folder).parts))


def _features(app: Flask) -> None:
    for name in (*PREFIXED, *UNPREFIXED):
        module = Path(__file__).parent / name
        if not ((module / "views.py").exists() or (module / "views").is_dir()):
            continue
        views = import_module(f"portal.{name}.views")
        prefix = "/<any(en, ru, fa):lang>" if name in PREFIXED else None
        if hasattr(views, "init_app"):
            views.init_app(app)
        if hasattr(views, "blueprint"):
            app.register_blueprint(views.blueprint, url_prefix=prefix)


def _languages(app: Flask) -> None:
    from portal.core import i18n, web

    @app.url_value_preprocessor
    def take(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        tag = (values or {}).pop("lang", None)
        if tag is None:
            first = request.path.split("/", 2)[1] if "/" in request.path else ""
            tag = first if first in i18n.LOCALES else web.language_of_request()
        g.lang = tag
        i18n.set_current(tag)

    @app.url_defaults
    def give(endpoint: str, values: dict[str, Any]) -> None:
        if "lang" not in values and app.url_map.is_endpoint_expecting(endpoint, "lang"):
            values["lang"] = g.get("lang", i18n.current())

    app.jinja_env.optimized = False  # a folded constant would keep the language of whoever came first
    for name in ("number", "percent", "day", "month", "moment", "tokens", "ltr", "digits", "language_name"):
        short = {"number": "num", "percent": "pct"}.get(name, name)
        app.jinja_env.filters[short] = getattr(i18n, name)
    app.jinja_env.globals.update(
        asset=web.asset,
        span=i18n.span,
        alternate=web.alternate,
        public_address=web.public_address,
        langs=i18n.LOCALES,
        endpoint_exists=app.view_functions.__contains__,
    )
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    from flask import current_app

    from portal.core import i18n, web

    tag = g.get("lang", i18n.current())
    return {
        "lang": tag, "dir": i18n.direction(tag), "actor": web.actor_or_none(),
        "demonstration": current_app.config["DEMONSTRATION"],
    }  # fmt: skip


def _begin(app: Flask) -> None:
    """Before anything that features ask of a request: its id, its fences, and who is answered."""
    from portal.core import readers, web

    @app.before_request
    def begin() -> Response | None:
        g.started = time.monotonic()
        web.begin_request()
        readers.set_current(readers.Reader(web.country_told(), _who_reads))
        return None

    @app.teardown_request
    def end(_fault: BaseException | None) -> None:
        readers.set_current(None)


def _who_reads() -> "Actor | None":
    """Whose token came, or who signed in."""
    from portal.core import web

    return getattr(g.get("token_owner"), "user", None) or web.actor_or_none()


def _answers(app: Flask) -> None:
    from sqlalchemy.exc import OperationalError

    from portal.core import observe, web

    @app.after_request
    def end(response: Response) -> Response:
        observe.log_request(
            method=request.method, endpoint=request.endpoint or "-", status=response.status_code,
            seconds=time.monotonic() - g.get("started", time.monotonic()),
        )  # fmt: skip
        if header := app.extensions["portal.config"].country_header:
            response.vary.add(header)
        return web.secure_headers(response)

    app.register_error_handler(DomainError, web.domain_error_page)
    app.register_error_handler(HTTPException, web.http_error)
    app.register_error_handler(OperationalError, web.database_error)
    app.register_error_handler(Exception, web.unexpected_error)
    app.add_url_rule("/healthz", "healthz", web.public(_health))
    app.add_url_rule("/", "root", web.public(_root))


def _health() -> Response:
    """Tells only whether the portal can answer."""
    from sqlalchemy import text

    from portal.extensions import db

    db.session.execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")


def _root() -> Response:
    from portal.core import web

    response = redirect(url_for("pages.home", lang=web.language_of_request()))
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response  # type: ignore[return-value]


def main() -> None:
    """The console script `portal`."""
    from portal.cli.main import main as run

    run()


session.use(create_app)
