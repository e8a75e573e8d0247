"""The vocabulary: concepts with labels in three languages, codes and neighbours."""

from typing import Any

from flask import Response, url_for

from portal.api.schemas.lists import ConceptAnswer, ConceptsAnswer, NarrowerAnswer
from portal.api.schemas.requests import ConceptsArguments, LanguageArguments, next_cursor
from portal.api.views.answers import address, as_json
from portal.api.views.blueprint import may_answer, resources
from portal.api.views.paging import place_number
from portal.core import web
from portal.protocols import search
from portal.vocabulary.queries import ConceptPage, find_concept_page, find_labels, list_concepts

Arguments = dict[str, Any]


@resources.route("/concepts")
@resources.arguments(ConceptsArguments, location="query")
@resources.response(200, ConceptsAnswer)
@may_answer()
@web.public
def concepts(arguments: Arguments) -> Response:
    """List concepts, of one scheme or of all."""
    scheme, limit = arguments["scheme"], arguments["limit"]
    place = place_number(arguments["cursor"], scheme)
    rows = [row for row in list_concepts() if not scheme or row[1] == scheme]
    shown = rows[place : place + limit]
    labels = find_labels([concept for concept, _, _ in shown], arguments["lang"])
    told = [
        {"id": concept, "scheme": held, "broader": above, "label": labels.get(concept, concept)}
        for concept, held, above in shown
    ]
    further = next_cursor(scheme, place + limit) if place + limit < len(rows) else None
    return as_json(ConceptsAnswer().dump({"concepts": told, "next_cursor": further}))


@resources.route("/concepts/<concept:concept_id>")
@resources.arguments(LanguageArguments, location="query")
@resources.response(200, ConceptAnswer)
@may_answer(404)
@web.public
def concept(arguments: Arguments, concept_id: str) -> Response:
    """Return a concept."""
    page, lang = _page(concept_id, arguments["lang"]), arguments["lang"]
    found = search.query("", lang=lang, filters={page.scheme: [page.id]}, limit=1, facets=False)
    told = {name: getattr(page, name) for name in ("id", "scheme", "labels", "codes", "replaced_by")}
    near = {"broader": page.broader, "narrower": page.narrower, "protocols": found.total}
    url = address(url_for("pages.concept", concept_id=page.id, lang=lang))
    return as_json(ConceptAnswer().dump(told | near | {"label": page.labels.get(lang, page.id), "url": url}))


@resources.route("/concepts/<concept:concept_id>/narrower")
@resources.arguments(LanguageArguments, location="query")
@resources.response(200, NarrowerAnswer)
@may_answer(404)
@web.public
def narrower(arguments: Arguments, concept_id: str) -> Response:
    """List the concepts right below one."""
    page = _page(concept_id, arguments["lang"])
    return as_json(NarrowerAnswer().dump({"concepts": page.narrower}))


def _page(concept_id: str, lang: str) -> ConceptPage:
    page: ConceptPage = web.get_or_404(find_concept_page(concept_id, lang))
    return page
