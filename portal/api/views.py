"""Version 1 of the API: search, the latest edition, and the document that describes them. Reading is open."""

import hashlib
from typing import Any

import orjson
from flask import Flask, Response, abort, current_app, request
from flask_smorest import Blueprint

from portal.api.openapi import PROBLEM, register
from portal.api.schemas import LatestEdition, Problem, SearchAnswer, SearchArguments
from portal.core import web
from portal.protocols import search as engine
from portal.releases import queries as releases

blueprint = web.bp("api", __name__)
resources = Blueprint("api_v1", __name__, url_prefix="/api/v1", description="Read what is published")


def init_app(app: Flask) -> None:
    """Mount the resources; the document is made once, when they are known."""
    api = register(app, resources)
    app.extensions["portal.openapi"] = api.spec


@resources.route("/search")
@resources.arguments(SearchArguments, location="query")
@resources.response(200, SearchAnswer)
@resources.alt_response(405, "METHOD_NOT_ALLOWED")
@web.public
def search(arguments: dict[str, Any]) -> Response:
    """Find protocols across languages."""
    lang = arguments["lang"]
    found = engine.query(arguments["q"], lang=lang, limit=arguments["limit"], facets=False)
    results = [
        {
            "id": hit.public_id,
            "slug": hit.slug,
            "title": hit.title.text,
            "title_lang": hit.title.lang,
            "url": f"/{lang}/p/{hit.public_id}/{hit.slug}",
        }
        for hit in found.results
    ]
    understood = [{"id": each.id, "label": each.label} for each in found.understood_as]
    answer = {"results": results, "understood_as": understood, "total": found.total}
    return _answer(SearchAnswer().dump(answer | {"corrected_from": found.corrected_from}))


@resources.route("/editions/latest")
@resources.response(200, LatestEdition)
@resources.alt_response(404, schema=Problem, content_type=PROBLEM, description="Nothing is published yet")
@resources.alt_response(405, "METHOD_NOT_ALLOWED")
@web.public
def latest_edition() -> Response:
    """Return the public tables of the latest edition, as displayed."""
    edition = releases.latest_edition()
    if edition is None:
        abort(404)
    tables = [released.value for released in releases.public_tables(edition).values()]
    about = ("name", "closing_on", "synthetic", "catalogue_version", "parameter_hash")
    answer = {name: getattr(edition, name) for name in about}
    published = {"published_on": edition.published_at.date(), "tables": tables}
    return _answer(LatestEdition().dump(answer | published))


@blueprint.get("/api/v1/openapi.json")
@web.public
def document() -> Response:
    """Return the OpenAPI document."""
    return _answer(current_app.extensions["portal.openapi"].to_dict())


def _answer(content: Any) -> Response:
    """JSON that anybody may have: revalidated by ETag, without cookies; signed-in answers stay private."""
    body = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    response = Response(body, mimetype="application/json")
    if web.actor_or_none() is None:
        response.headers["Cache-Control"] = web.PUBLISHED
        response.set_etag(hashlib.sha256(body).hexdigest()[:32])
        response.make_conditional(request)
    return response
