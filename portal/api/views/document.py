"""The document that describes the API."""

from typing import Any

from flask import Response, current_app, redirect, url_for

from portal.api.views.answers import as_json
from portal.api.views.blueprint import blueprint
from portal.core import web


@blueprint.get("/api")
@web.public
def landing() -> Any:
    """People who try the address itself are told what there is."""
    response = redirect(url_for("pages.interfaces", lang=web.language_of_request()))
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


@blueprint.get("/api/v1/openapi.json")
@web.public
def document() -> Response:
    """Return the OpenAPI document."""
    return as_json(current_app.extensions["portal.openapi"].to_dict())
