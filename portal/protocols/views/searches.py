"""Searches that a person keeps, and the editors' page of what many did not find."""

from typing import Any
from urllib.parse import parse_qs

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.errors import DomainError
from portal.core.forms import PlainForm
from portal.core.permissions import Permission
from portal.core.sentences import register_messages
from portal.core.web import current_actor, requires
from portal.protocols.queries.searches import list_saved, list_unfound
from portal.protocols.services import searches
from portal.protocols.views.blueprint import blueprint
from portal.vocabulary.queries import find_labels

NAMES = (
    "substance", "condition", "intervention", "setting", "population", "evidence", "legal_ru", "legal_ir",
    "language", "origin", "not",
)  # fmt: skip
LONGEST = 200
register_messages(
    {
        "search_empty": _l("Write something to search for, or choose a filter, before saving it."),
        "searches_too_many": _l("You keep 50 searches already. Give one up first."),
    }
)


def note(text: str, found: Any) -> None:
    """Count a search that found nothing or named nothing known. It must never stand in a reader's way."""
    if not text.strip() or (found.total and found.understood_as) or current_app.config["READ_ONLY"]:
        return
    searches.note_quietly(text, i18n.current(), now=utcnow())


@blueprint.get("/protocols/searches")
@requires()
def saved_searches() -> str:
    kept = list_saved(current_actor().id)
    values = {value for row in kept for picked in row.filters.values() for value in picked}
    names = find_labels(values, i18n.current())
    return render_template("protocols/searches.html", kept=kept, names=names, plain=PlainForm())


@blueprint.post("/protocols/searches")
@requires()
def save_search() -> Response:
    """The query of the page that the button stood on, as it stands in its address."""
    given = parse_qs(request.form.get("query", "")[:2000])
    text = " ".join(given.get("q", []))[:LONGEST]
    filters = {name: given[name] for name in NAMES if given.get(name)}
    try:
        searches.save_search(text, filters, by=current_actor(), now=utcnow())
    except DomainError as refusal:
        for problem in getattr(refusal, "problems", ()) or (refusal,):
            web.flash_refused(problem)
    else:
        web.flash_done(_("Saved. You are told when something new answers it."))
    return redirect(url_for("protocols.saved_searches"))


@blueprint.post("/protocols/searches/<int:search_id>/forget")
@requires()
def forget_search(search_id: int) -> Response:
    searches.forget_search(search_id, by=current_actor())
    web.flash_done(_("The search is no longer kept."))
    return redirect(url_for("protocols.saved_searches"))


@blueprint.get("/protocols/unfound")
@requires(Permission.EDIT_VOCABULARY)
def unfound() -> str:
    found = list_unfound(today=utcnow().date())
    return render_template("protocols/unfound.html", found=found)
