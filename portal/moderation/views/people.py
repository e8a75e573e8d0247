"""Keeping a person from posting for some days."""

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.accounts.queries import find_user
from portal.core import web
from portal.core.db import utcnow
from portal.core.permissions import Permission
from portal.core.web import current_actor, get_or_404, requires
from portal.discussion.forms import labels
from portal.discussion.forms.deciding import SanctionForm
from portal.discussion.queries.people import count_sanctions, find_sanction
from portal.discussion.services import sanctions
from portal.moderation.views.blueprint import attempt, blueprint


@blueprint.route("/queue/people/<int:user_id>", methods=["GET", "POST"])
@requires(Permission.SANCTION)
def sanction(user_id: int) -> str | Response | tuple[str, int]:
    person = get_or_404(find_user(user_id))
    form, now = SanctionForm(), utcnow()
    if form.validate_on_submit():
        reason, days, by = form.text("reason"), int(form.days.data), current_actor()
        give, code = sanctions.sanction, form.text("reason_code")
        if attempt(form, lambda: give(person, code, reason, days=days, by=by, now=now)):
            web.flash_done(_("The sanction is in force; the person was told why and may appeal."))
            return redirect(url_for("moderation.discussion"))
    page = render_template(
        "moderation/sanction.html", running=find_sanction(user_id, now=now), labels=labels, form=form,
        person=person, count=count_sanctions([user_id]).get(user_id, 0),
    )  # fmt: skip
    return page, 422 if form.errors else 200
