"""An administrator closes a programme: what follows is said before, and it is not undone."""

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from portal.accounts.security.guard import fresh
from portal.core import web
from portal.core.db import utcnow
from portal.core.permissions import Permission
from portal.core.web import current_actor, get_or_404, requires
from portal.programmes.forms import ClosingForm
from portal.programmes.models import Programme
from portal.programmes.queries import find_in_country
from portal.protocols.catalogue.following import STANDING
from portal.protocols.queries.following import list_declarations
from portal.protocols.services import closing
from portal.protocols.views.blueprint import Page, attempt, blueprint


@blueprint.route("/programmes/<int:programme_id>/close", methods=["GET", "POST"])
@requires(Permission.MANAGE_PROGRAMMES)
@fresh
def close_programme(programme_id: int) -> Page:
    programme: Programme = get_or_404(find_in_country(programme_id, current_actor().country))
    form, verb = ClosingForm(), closing.close_programme
    if form.validate_on_submit():
        on: Any = form.closed_on.data
        if attempt(form, lambda: verb(programme, on, by=current_actor(), now=utcnow())):
            web.flash_done(_("The programme is closed."))
            return redirect(url_for("programmes.programme", programme_id=programme_id))
    standing = [row for row in list_declarations(programme_id) if row.state in STANDING]
    page = render_template("protocols/close_programme.html", form=form, programme=programme, rows=standing)
    return page, 422 if form.errors else 200
