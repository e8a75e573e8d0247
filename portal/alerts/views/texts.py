"""The fast lane: short texts of warnings for translators and for the clinicians who approve them."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.alerts import queries
from portal.alerts.dictionary import TEXTS
from portal.alerts.forms import words
from portal.alerts.forms.editing import ShortTextForm
from portal.alerts.models import Alert
from portal.alerts.policies import can_approve_text, can_translate
from portal.alerts.rules import record_hash
from portal.alerts.services import texts as verbs
from portal.alerts.services.texts import LANGUAGES
from portal.alerts.views.blueprint import Page, attempt, blueprint
from portal.core import web
from portal.core.db import utcnow
from portal.core.forms import PlainForm
from portal.core.permissions import Permission, has_permission
from portal.core.web import current_actor, get_or_404, requires


@blueprint.route("/alerts/<number>/texts", methods=["GET", "POST"])
@requires()
def alert_texts(number: str) -> Page:
    """Every short text beside its translations; a translator writes, a clinician approves."""
    alert, actor, form = _alert(number), current_actor(), ShortTextForm()
    if not (can_translate(actor) or has_permission(actor, Permission.SIGNAL_ALERT)):
        abort(403)
    field, lang = request.form.get("field", ""), request.form.get("lang", "")
    verb = verbs.save_text
    if form.validate_on_submit() and attempt(
        form, lambda: verb(alert, field, lang, form.text("wording"), by=actor, now=utcnow())
    ):
        web.flash_done(_("Saved. A clinician approves it before it is shown."))
        return redirect(url_for("alerts.alert_texts", number=number))
    return render_template(
        "alerts/texts.html", **_shown(alert, form, field, lang)
    ), 422 if form.errors else 200


@blueprint.post("/alerts/<number>/texts/<any(message, unknown, advice):field>/<target>/approve")
@requires(Permission.SIGNAL_ALERT)
def approve_text(number: str, field: str, target: str) -> Response:
    alert = _alert(number)
    verbs.approve_text(
        get_or_404(queries.list_texts(alert.id).get((field, target))),
        by=current_actor(), now=utcnow(), seen=request.form.get("seen", ""),
    )  # fmt: skip
    web.flash_done(_("Approved. Readers see it now."))
    return redirect(url_for("alerts.alert_texts", number=number))


def _alert(number: str) -> Alert:
    alert: Alert = get_or_404(queries.find_public(number.upper()))
    return alert


def _shown(alert: Alert, form: ShortTextForm, field: str, lang: str) -> dict[str, Any]:
    held, actor = queries.list_texts(alert.id), current_actor()
    rows = [
        {
            "field": name, "lang": tag, "source": alert.record[name], "text": held.get((name, tag)),
            "is_fresh": _is_fresh(alert, name, held.get((name, tag))),
            "may_approve": (name, tag) in held and can_approve_text(actor, held[name, tag]),
            "failed": form.errors and (name, tag) == (field, lang),
        }
        for name in TEXTS if alert.record.get(name)
        for tag in LANGUAGES if tag != alert.source_lang
    ]  # fmt: skip
    may_write = can_translate(actor)
    return {
        "alert": alert,
        "rows": rows,
        "form": form,
        "words": words,
        "may_write": may_write,
        "plain": PlainForm(),
    }


def _is_fresh(alert: Alert, field: str, text: Any) -> bool:
    return text is not None and text.source_hash == record_hash({"text": alert.record[field]})
