"""The desk: signals of the editor's country, what the panel assesses, and the page of one warning at work."""

from collections.abc import Callable
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.alerts import queries
from portal.alerts.dictionary import CONCEPTS, Certainty, State
from portal.alerts.forms import editing, words
from portal.alerts.forms.editing import CloseForm, JudgeForm, MergeForm, QuestionForm, RecordForm, RetractForm
from portal.alerts.models import Alert
from portal.alerts.policies import can_judge, can_sign, can_triage
from portal.alerts.rules import Opinion, certainty_of, changed_fields, level_of
from portal.alerts.services import issued, judging, triage
from portal.alerts.services.steps import find_standing, mark_of
from portal.alerts.views.blueprint import Page, attempt, blueprint, worked_alert
from portal.alerts.views.signals import _labels, _regions
from portal.core import i18n, web
from portal.core.db import utcnow
from portal.core.forms import PlainForm, PortalForm, SelectChoice
from portal.core.permissions import Permission, has_permission
from portal.core.web import current_actor, requires
from portal.vocabulary.queries import list_choices

P = Permission
FIELDS = tuple(words.FIELDS)
MOVES: dict[str, Callable[..., Any]] = {
    "take": triage.take,
    "sign": judging.sign,
    "confirm": judging.confirm,
    "sign_update": issued.sign_update,
}


@blueprint.get("/alerts/desk")
@requires()
def desk() -> str:
    """What waits for the editors of this country or for the panel."""
    actor = current_actor()
    lists = {}
    if has_permission(actor, P.TRIAGE_ALERT):
        lists["triage"] = queries.list_open(actor, panel=False)
    if has_permission(actor, P.ASSESS_ALERT):
        lists["panel"] = queries.list_open(actor, panel=True)
    if not lists:
        abort(403)
    lists |= {"second": queries.list_unconfirmed(), "updates": queries.list_pending()}
    named = {
        name: [(a, words.title(a.record, _labels(a.record))) for a in held] for name, held in lists.items()
    }
    return render_template("alerts/desk.html", named=named, words=words, now=utcnow())


@blueprint.get("/alerts/desk/<int:alert_id>")
@requires()
def work(alert_id: int) -> str:
    return _page(worked_alert(alert_id))


@blueprint.route("/alerts/desk/<int:alert_id>/record", methods=["GET", "POST"])
@requires()
def edit_record(alert_id: int) -> Page:
    """Complete the record before it is issued; afterwards the same form proposes an update."""
    alert, actor = worked_alert(alert_id), current_actor()
    form = RecordForm(data=editing.typed(alert.record))
    _offer(form, alert)
    if form.validate_on_submit():
        typed = request.form.get("seen", "")
        seen = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0
        verb = issued.propose if alert.state == State.ISSUED else triage.edit
        if attempt(form, lambda: verb(alert, form.answers(), seen=seen, by=actor, now=utcnow())):
            return _done(alert_id, _("Saved."))
    page = render_template("alerts/record.html", form=form, alert=alert)
    return page, 422 if form.errors else 200


@blueprint.post("/alerts/desk/<int:alert_id>/<any(ask, close, merge, judge, retract):step>")
@requires()
def decide(alert_id: int, step: str) -> Page:
    alert = worked_alert(alert_id)
    form = _forms(alert)[step]
    if form.validate_on_submit() and attempt(form, _decisions(alert, form)[step]):
        return _done(alert_id, _("Your answer is recorded."))
    return _page(alert, **{step: form}), 422


@blueprint.post("/alerts/desk/<int:alert_id>/<any(take, sign, confirm, sign_update):step>")
@requires()
def move(alert_id: int, step: str) -> Response:
    alert, by, now = worked_alert(alert_id), current_actor(), utcnow()
    MOVES[step](alert, by=by, now=now, seen=request.form.get("seen", ""))
    return _done(alert_id, _("Your answer is recorded."))


def _decisions(alert: Alert, form: PortalForm) -> dict[str, Callable[[], Any]]:
    by, now, seen = current_actor(), utcnow(), request.form.get("seen", "")
    return {
        "ask": lambda: triage.ask(alert, form.text("question"), by=by, now=now),
        "close": lambda: triage.close(alert, form.text("reason"), by=by, now=now),
        "merge": lambda: triage.merge(alert, _other(form), by=by, now=now),
        "judge": lambda: judging.judge(alert, _opinion(form), form.text("seat"), by=by, now=now, seen=seen),
        "retract": lambda: issued.retract(alert, form.text("reason"), by=by, now=now),
    }


def _other(form: PortalForm) -> Alert:
    """One of the offered warnings; the form takes no other."""
    found: Alert = web.get_or_404(queries.find_alert(int(form.text("into"))))
    return found


def _opinion(form: PortalForm) -> Opinion:
    return Opinion(
        int(form.text("severity")), int(form.text("likelihood")), Certainty(form.text("certainty"))
    )


def _forms(alert: Alert) -> dict[str, PortalForm]:
    merge = MergeForm(prefix="")
    others = [(a, words.title(a.record, _labels(a.record))) for a in queries.list_mergeable(alert)]
    mine = [(a, name) for a, name in others if can_triage(current_actor(), a) or a.public_id]
    merge["into"].choices = [SelectChoice(str(a.id), f"{a.public_id or a.id}: {name}") for a, name in mine]
    kinds = {"ask": QuestionForm, "close": CloseForm, "judge": JudgeForm, "retract": RetractForm}
    return {"merge": merge} | {name: kind() for name, kind in kinds.items()}


def _offer(form: RecordForm, alert: Alert) -> None:
    lang = i18n.current()
    form.offer((), _regions(alert.country))
    form.offer_all({name: list_choices(scheme, lang) for name, scheme in CONCEPTS.items()})


def _done(alert_id: int, text: str) -> Response:
    web.flash_done(text)
    return redirect(url_for("alerts.work", alert_id=alert_id))


def _page(alert: Alert, **failed: PortalForm) -> str:
    labels = _labels(alert.record)
    return render_template(
        "alerts/work.html",
        alert=alert,
        words=words,
        lines=words.lines(alert.record, labels, FIELDS),
        title=words.title(alert.record, labels),
        forms={**_forms(alert), **failed},
        failed=next(iter(failed.values()), None),
        opinions=queries.list_opinions(alert),
        plain=PlainForm(),
        changes=_changes(alert, alert.pending or alert.record),
        now=utcnow(),
        mark=mark_of(alert),
        **_standing(alert),
    )


def _standing(alert: Alert) -> dict[str, Any]:
    """What the panel has said, and what this person may still do."""
    standing, actor = find_standing(alert), current_actor()
    signers = find_standing(alert, alert.pending).signers or {}
    deaths = str(alert.record.get("deaths", ""))
    return {
        "level": level_of(standing.opinions, deaths) if standing.opinions else "",
        "certainty": certainty_of(standing.opinions),
        "signers": signers,
        "judged": actor.id in standing.judges,
        "signed": actor.id in signers.values(),
        "may_triage": can_triage(actor, alert),
        "may_judge": can_judge(actor, alert),
        "may_sign": can_sign(actor, alert),
    }


def _changes(alert: Alert, pending: dict[str, Any]) -> list[tuple[Any, str, str]]:
    labels = _labels(alert.record) | _labels(pending)
    return words.changes(alert.record, pending, labels, changed_fields(alert.record, pending))
