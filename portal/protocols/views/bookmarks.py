"""Saved protocols: the button on the page of a protocol, and a person's own list."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.errors import Conflict
from portal.core.forms import PlainForm
from portal.core.sentences import register_messages
from portal.core.web import current_actor, own_path, requires
from portal.protocols.forms import labels
from portal.protocols.queries.bookmarks import list_saved_protocols
from portal.protocols.services import bookmarks
from portal.protocols.views.blueprint import blueprint, seen_protocol

register_messages(
    {"bookmarks_too_many": _l("You have saved 200 protocols already. Take one from the list first.")}
)


@blueprint.get("/protocols/saved")
@requires()
def saved_protocols() -> str:
    kept = list_saved_protocols(current_actor().id, i18n.current())
    return render_template("protocols/saved.html", kept=kept, labels=labels, plain=PlainForm())


@blueprint.post("/protocols/<public_id>/saved")
@requires()
def save_protocol(public_id: str) -> Response:
    try:
        bookmarks.save_protocol(seen_protocol(public_id), by=current_actor(), now=utcnow())
    except Conflict as refusal:
        web.flash_refused(refusal)
    else:
        web.flash_done(_("The protocol stands in your saved protocols, in this version."))
    return _back()


@blueprint.post("/protocols/<public_id>/saved/forget")
@requires()
def forget_protocol(public_id: str) -> Response:
    bookmarks.forget_protocol(seen_protocol(public_id), by=current_actor())
    web.flash_done(_("The protocol is no longer in your saved protocols."))
    return _back()


def _back() -> Response:
    return redirect(own_path(request.form.get("back"), url_for("protocols.saved_protocols")))
