"""OAI-PMH 2.0 at /oai: everything that was public, for libraries and catalogues."""

from flask import Response, current_app, request

from portal.api.oai.protocol import answer
from portal.api.oai.repository import About, Repository
from portal.api.views.answers import in_language
from portal.api.views.blueprint import blueprint
from portal.core import i18n, web
from portal.protocols.forms.labels import COUNTRIES
from portal.vocabulary.queries import find_labels


@blueprint.route("/oai", methods=["GET", "POST"])
@web.public
def oai() -> Response:
    """Answers differ in their date alone, so nothing is kept of them."""
    about = About(web.public_address(), current_app.config["MAIL_FROM"], _set_name)
    with in_language("en"):
        body = answer(Repository(about), [*request.values.lists()])
    response = Response(body, content_type="text/xml; charset=utf-8")
    response.headers["Cache-Control"] = web.PUBLISHED
    return response


def _set_name(kind: str, value: str) -> str:
    if kind == "lang":
        return i18n.language_name(value)
    if kind == "country":
        return str(COUNTRIES[value])
    return find_labels([value], "en").get(value, value)
