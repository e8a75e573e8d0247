"""The document that describes the API."""

from flask import Response, current_app

from portal.api.views.answers import as_json
from portal.api.views.blueprint import blueprint
from portal.core import web


@blueprint.get("/api/v1/openapi.json")
@web.public
def document() -> Response:
    """Return the OpenAPI document."""
    return as_json(current_app.extensions["portal.openapi"].to_dict())
