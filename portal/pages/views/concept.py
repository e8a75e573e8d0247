"""The page of a concept: its words from the vocabulary, and the protocols that carry it."""

from typing import Final

from flask import Response, render_template

from portal.alerts.queries import list_current_for
from portal.core import web
from portal.core.i18n import current
from portal.pages.views.blueprint import blueprint
from portal.pages.views.machine import concept_data
from portal.protocols import search
from portal.vocabulary.forms import CODE_SYSTEMS, SCHEME_NAMES
from portal.vocabulary.policies import can_edit_vocabulary
from portal.vocabulary.queries import find_concept_page

FIRST: Final = 10
FACETED: Final = frozenset({"substance", "intervention", "condition", "setting", "population", "evidence"})
"""Schemes by which the list of protocols can be narrowed: their pages lead there."""


@blueprint.get("/c/<concept_id>")
@web.public
def concept(concept_id: str) -> Response:
    page = web.get_or_404(find_concept_page(concept_id, current()))
    actor = web.actor_or_none()
    narrowed = {page.scheme: [page.id]}
    found = None
    if page.scheme in FACETED:
        found = search.query("", lang=current(), filters=narrowed, limit=FIRST, facets=False)
    html = render_template(
        "pages/concept.html",
        page=page,
        found=found,
        names=SCHEME_NAMES,
        systems=CODE_SYSTEMS,
        warnings=list_current_for(current(), concepts=[page.id]),
        jsonld=concept_data(page),
        may_edit=actor is not None and can_edit_vocabulary(actor),
    )
    return web.published(html)
