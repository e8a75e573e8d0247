"""A new episode: the admission form, and what it answers."""

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import web
from portal.core.db import utcnow
from portal.core.i18n import this_month
from portal.core.permissions import Permission
from portal.core.web import current_actor, requires
from portal.programmes.models import Programme
from portal.registry.dictionary import CURRENT, load
from portal.registry.forms.entry import EntryForm, admission_parts, make_form
from portal.registry.models import Episode
from portal.registry.services.episodes import record_admission
from portal.registry.views.blueprint import blueprint
from portal.registry.views.entry import (
    asked_of,
    attempt,
    confirmed,
    has_key,
    own_programme,
    page_values,
    refresh_key,
    status_of,
)

Page = str | Response | tuple[str, int]


@blueprint.route("/programme/<code>/episodes/new", methods=["GET", "POST"])
@requires(Permission.SUBMIT_OUTCOMES)
def admit(code: str) -> Page:
    programme = own_programme(code)
    form = make_form(admission_parts(), asked_of(programme), _defaults(programme))
    if form.validate_on_submit() and has_key(form):
        made = attempt(form, load(CURRENT), lambda: _record(form, programme))
        if made is not None:
            web.flash_done(_("The episode is entered."))
            return redirect(url_for("registry.episode", number=made.number, entered=1))
    refresh_key(form, anew=status_of(form) == 409)
    values = page_values(form, programme=programme, title=_("Enter a new patient's episode"))
    return render_template("registry/admission.html", **values), status_of(form)


def _record(form: EntryForm, programme: Programme) -> Episode:
    episode, _code = record_admission(
        form.answers, programme_id=programme.id, by=current_actor(), now=utcnow(),
        confirmations=confirmed(), form_key=str(form.send_key.data),
    )  # fmt: skip
    return episode


def _defaults(programme: Programme) -> dict[str, Any]:
    """The present month, and the treatment where the programme gives only one."""
    modalities = programme.modality_codes
    return {"admission_month": this_month(utcnow())} | (
        {"modality": modalities[0]} if len(modalities) == 1 else {}
    )
