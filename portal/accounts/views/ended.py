"""What answers a form whose token no longer holds: the login session ended, or another began meanwhile."""

from flask import Flask, current_app, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal.accounts.forms import SignInForm
from portal.accounts.security import kept, wiring
from portal.accounts.views.sign_in import sign_in_page
from portal.core import web
from portal.core.db import utcnow
from portal.core.forms import PlainForm

Page = str | Response | tuple[str, int]
STEPS = frozenset({"accounts.sign_in", "accounts.code"})


def init_app(app: Flask) -> None:
    """Called by the factory before the blueprint is mounted."""
    wiring.init_app(app)
    app.register_error_handler(CSRFError, session_ended)


def session_ended(error: CSRFError) -> Page | HTTPException:
    """Ask a visitor to sign in and keep what the form sent; to who is signed in, offer to send it now."""
    if request.method != "POST" or request.path.startswith("/api/"):
        return web.http_error(error)
    if request.endpoint in STEPS:
        along = request.form.get("kept", "") if kept.is_from_own_page() else ""
        return _sign_in(request.args.get("next"), along), 400
    if current_user.is_authenticated or _is_public():
        return _once_more(error)
    sealed = kept.seal(request.path, now=utcnow()) if kept.is_from_own_page() else ""
    return _sign_in(request.path if sealed else web.page_above(request.path), sealed), 400


def _is_public() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "__access__", None) == "public"


def _sign_in(target: str | None, sealed: str) -> str:
    return sign_in_page(SignInForm(formdata=None), target=target, kept=sealed, ended=True)


def _once_more(error: CSRFError) -> Page:
    pairs = kept.answers() if kept.is_from_own_page() else []
    if not pairs:
        return web.error_page(
            error, text=_("This page was open too long. Open it again and repeat the step.")
        )
    title = _("This page was open too long")
    page = render_template(
        "accounts/send_on.html", form=PlainForm(), kept=pairs, target=request.path, title=title
    )
    return page, 400
