"""The public register of legal removals: what is hidden where and since when, without what is hidden."""

from flask import Response, current_app, render_template

from portal.core import web
from portal.pages.views.blueprint import blueprint
from portal.protocols.forms import fate_words, labels
from portal.protocols.queries.hiding import list_hidings


@blueprint.get("/legal-removals")
@web.public
def removals() -> Response:
    knows = bool(current_app.extensions["portal.config"].country_header)
    html = render_template(
        "pages/removals.html", rows=list_hidings(), words=fate_words, labels=labels, knows_country=knows
    )
    return web.published(html)
