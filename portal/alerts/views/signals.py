"""Reporting: the form of three minutes, the reporter's own signals, answers to the editor."""

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from portal.alerts import queries
from portal.alerts.forms import words
from portal.alerts.forms.editing import AnswerForm, SignalForm
from portal.alerts.policies import can_answer
from portal.alerts.services import signals as verbs
from portal.alerts.views.blueprint import Page, attempt, blueprint, seen_alert
from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.permissions import Permission
from portal.core.web import current_actor, get_or_404, requires
from portal.programmes import catalogue
from portal.vocabulary.queries import list_choices

SIGNAL = Permission.SIGNAL_ALERT


@blueprint.route("/alerts/signals/new", methods=["GET", "POST"])
@requires(SIGNAL)
def new_signal() -> Page:
    form, actor = SignalForm(), current_actor()
    form.offer(list_choices("substance", i18n.current()), _regions(actor.country))
    if form.validate_on_submit() and attempt(
        form,
        lambda: verbs.report(form.answers(), form.text("note"), lang=i18n.current(), by=actor, now=utcnow()),
    ):
        web.flash_done(_("Thank you. The duty editor looks at it within 24 hours."))
        return redirect(url_for("alerts.my_signals"))
    return render_template("alerts/signal.html", form=form), 422 if form.errors else 200


@blueprint.get("/alerts/signals")
@requires(SIGNAL)
def my_signals() -> str:
    mine = queries.list_reported(current_actor())
    named = [(alert, words.title(alert.record, _labels(alert.record))) for alert in mine]
    return render_template("alerts/mine.html", named=named, words=words)


@blueprint.route("/alerts/signals/<int:alert_id>/answer", methods=["GET", "POST"])
@requires(SIGNAL)
def answer_signal(alert_id: int) -> Page:
    alert, form = seen_alert(alert_id), AnswerForm()
    get_or_404(alert if can_answer(current_actor(), alert) else None)
    if form.validate_on_submit() and attempt(
        form, lambda: verbs.answer(alert, form.text("answer"), by=current_actor(), now=utcnow())
    ):
        web.flash_done(_("Your answer is with the duty editor."))
        return redirect(url_for("alerts.my_signals"))
    return render_template("alerts/answer.html", form=form, alert=alert), 422 if form.errors else 200


def _regions(country: str) -> list[tuple[str, str]]:
    return [(d.code, d.label(i18n.current())) for d in catalogue.possible("region", country)]


def _labels(record: dict[str, object]) -> dict[str, str]:
    return queries.labels_of(record, i18n.current())
