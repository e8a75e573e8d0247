"""Home: the search and the doors to both halves."""

from flask import Response, render_template

from portal.core import web
from portal.pages.views.blueprint import blueprint
from portal.releases.queries import latest_edition


@blueprint.get("/")
@web.public
def home() -> Response:
    return web.published(render_template("pages/home.html", edition=latest_edition()))
