"""Search across the three languages."""

from typing import Any

from flask import Response

from portal.api.schemas.lists import SearchAnswer
from portal.api.schemas.requests import SearchArguments
from portal.api.views.answers import as_json
from portal.api.views.blueprint import may_answer, resources
from portal.core import web
from portal.protocols import search as engine


@resources.route("/search")
@resources.arguments(SearchArguments, location="query")
@resources.response(200, SearchAnswer)
@may_answer()
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
    return as_json(SearchAnswer().dump(answer | {"corrected_from": found.corrected_from}))
