"""Home: the search and the doors to both halves."""

from flask import Response, render_template

from portal.alerts.queries import list_public_alerts
from portal.core import web
from portal.core.i18n import current
from portal.pages.views.blueprint import blueprint
from portal.releases.queries import latest_edition


@blueprint.get("/")
@web.public
def home() -> Response:
    warnings = list_public_alerts(current(), limit=2, current=True)
    return web.published(render_template("pages/home.html", edition=latest_edition(), warnings=warnings))
