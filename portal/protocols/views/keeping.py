"""Long forms while they are written: kept on the server as one types, and thrown away on demand."""

from typing import Any

from flask import abort, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core.db import utcnow
from portal.core.errors import Invalid
from portal.core.web import current_actor, own_path, requires
from portal.protocols.services import keeping
from portal.protocols.views.blueprint import blueprint


@blueprint.put("/protocols/kept/<place>")
@requires()
def keep_form(place: str) -> Any:
    """Takes what draft.js sends."""
    fields = request.get_json()
    if not _is_form(fields):
        abort(400)
    try:
        keeping.keep(place, fields, by=current_actor(), now=utcnow())
    except Invalid:
        return jsonify(saved=False), 422
    return jsonify(saved=True)


def _is_form(fields: Any) -> bool:
    return isinstance(fields, dict) and all(
        isinstance(texts, list) and all(isinstance(text, str) for text in texts) for texts in fields.values()
    )


@blueprint.post("/protocols/kept/<place>/discard")
@requires()
def discard_form(place: str) -> Response:
    keeping.forget(place, by=current_actor())
    back = own_path(request.form.get("back"), url_for("protocols.my_work"))
    return redirect(back)
