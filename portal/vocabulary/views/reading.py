"""Pages of the vocabulary: the schemes, and the concepts of one. Everybody may read them."""

from flask import Flask, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from portal.core import web
from portal.core.i18n import current
from portal.vocabulary import queries
from portal.vocabulary.forms import SCHEME_NAMES
from portal.vocabulary.policies import can_edit_vocabulary
from portal.vocabulary.views.blueprint import blueprint


def init_app(app: Flask) -> None:
    """Permanent addresses carry no language."""
    app.add_url_rule("/c/<concept_id>", "concept", web.public(permanent))


def permanent(concept_id: str) -> Answer:
    web.get_or_404(queries.exists(concept_id) or None)
    answer = redirect(
        url_for("pages.concept", lang=web.language_of_request(), concept_id=concept_id), code=303
    )
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer


@blueprint.get("/vocabulary")
@web.public
def schemes() -> Response:
    counts = queries.count_by_scheme()
    return web.published(
        render_template("vocabulary/schemes.html", counts=counts, names=SCHEME_NAMES, may_edit=_may_edit())
    )


@blueprint.get("/vocabulary/<scheme>")
@web.public
def scheme(scheme: str) -> Response:
    branches = web.get_or_404(queries.list_tree(scheme, current()) or None)
    title = SCHEME_NAMES[scheme]
    shown = {"branches": branches, "title": title, "scheme": scheme, "may_edit": _may_edit()}
    return web.published(render_template("vocabulary/scheme.html", **shown))


def _may_edit() -> bool:
    actor = web.actor_or_none()
    return actor is not None and can_edit_vocabulary(actor)
