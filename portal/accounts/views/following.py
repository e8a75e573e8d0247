"""The buttons by which a reader follows a thing or stops: `_components/follow.html` puts them on a page."""

from typing import Any

from flask import Flask, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.accounts.queries import find_subscription
from portal.accounts.services import subscriptions
from portal.accounts.views.blueprint import blueprint
from portal.core import web
from portal.core.db import utcnow
from portal.core.web import current_actor, own_path, requires

LONGEST = 60


def init_app(app: Flask) -> None:
    """What the component asks: how the reader follows a thing, if at all."""
    app.jinja_env.globals["is_followed"] = _following


@blueprint.post("/me/follow")
@requires()
def follow() -> Response:
    kind, target = request.form.get("kind", ""), request.form.get("target", "")[:LONGEST]
    rhythm = request.form.get("rhythm", "weekly")
    subscriptions.follow(kind, target, by=current_actor(), now=utcnow(), rhythm=rhythm)
    web.flash_done(_("You follow this now. You can stop at any time."))
    return _back()


@blueprint.post("/me/unfollow")
@requires()
def unfollow() -> Response:
    kind, target = request.form.get("kind", ""), request.form.get("target", "")[:LONGEST]
    subscriptions.unfollow(kind, target, by=current_actor())
    web.flash_done(_("You do not follow this any more."))
    return _back()


def _back() -> Response:
    return redirect(own_path(request.form.get("back"), url_for("accounts.notices")))


def _following(kind: str, target: str) -> Any:
    actor = web.actor_or_none()
    return find_subscription(actor.id, kind, target) if actor else None
