"""Reporting a signal, and answering what the duty editor asks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.accounts.queries import list_holders
from portal.alerts.dictionary import State
from portal.alerts.models import Alert
from portal.alerts.policies import check_can_answer, check_can_signal
from portal.alerts.services.records import check_text, checked
from portal.alerts.services.steps import note, step
from portal.core.db import transaction
from portal.core.notify import notify
from portal.core.permissions import Actor, Role
from portal.extensions import db


@transaction
def report(answers: Mapping[str, Any], remark: str, *, lang: str, by: Actor, now: datetime) -> Alert:
    """Take a signal. The duty editors of the country are told; who reported is shown to nobody.

    Raises Invalid with the field of each unknown code and of each text that tells a price, dose or person.
    """
    check_can_signal(by)
    check_text("note", remark)
    alert = Alert(
        state=State.SIGNAL, country=by.country, record=checked(answers, by.country, today=now.date()),
        source_lang=lang, note=remark, reporter_id=by.id, reported_at=now,
    )  # fmt: skip
    db.session.add(alert)
    db.session.flush()
    tell_editors(alert, "signal")
    note("alert.reported", alert, by=by)
    return alert


@transaction
def answer(alert: Alert, text: str, *, by: Actor, now: datetime) -> None:  # noqa: ARG001 # verbs take the moment
    """Answer the editor's question; the signal waits for triage again."""
    check_can_answer(by, alert)
    check_text("answer", text)
    event = step(alert, "answer")
    alert.answer = text
    tell_editors(alert, "answered")
    note(event, alert, by=by)


def tell_editors(alert: Alert, what: str) -> None:
    for person in list_holders(Role.EDITOR, Role.CHIEF_EDITOR, country=alert.country):
        if person.id != alert.reporter_id:
            notify(person, "alert_task", {"alert": alert.id, "what": what})


def tell_panel(alert: Alert, what: str) -> None:
    for person in list_holders(Role.ALERT_PANEL):
        if person.id != alert.reporter_id:
            notify(person, "alert_task", {"alert": alert.id, "what": what})
