"""The duty editor's part before the panel: ask, complete, merge, close, hand on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.accounts.queries import find_user
from portal.alerts.dictionary import CLOSE_REASONS
from portal.alerts.models import Alert
from portal.alerts.policies import check_can_triage
from portal.alerts.services.records import check_text, checked
from portal.alerts.services.signals import tell_panel
from portal.alerts.services.steps import check_seen, note, step
from portal.core.db import transaction
from portal.core.errors import Conflict, Invalid, Problem
from portal.core.notify import notify
from portal.core.permissions import Actor


@transaction
def ask(alert: Alert, question: str, *, by: Actor, now: datetime) -> None:  # noqa: ARG001 # verbs take the moment
    """Ask the reporter for more."""
    check_can_triage(by, alert)
    check_text("question", question)
    event = step(alert, "ask")
    alert.question, alert.answer = question, ""
    tell_reporter(alert, "asked")
    note(event, alert, by=by)


@transaction
def edit(alert: Alert, answers: Mapping[str, Any], *, seen: int, by: Actor, now: datetime) -> None:
    """Complete the record. Judgements and signatures held for the old content and are void."""
    check_can_triage(by, alert)
    if seen != alert.revision:
        raise Conflict("changed_meanwhile")
    content = checked(answers, alert.country, today=now.date())
    event = step(alert, "edit", content=content)
    alert.record = content
    note(event, alert, by=by)


@transaction
def close(alert: Alert, reason: str, *, by: Actor, now: datetime) -> None:  # noqa: ARG001 # verbs take the moment
    """End a signal without a warning; the reporter reads why."""
    check_can_triage(by, alert)
    if reason not in CLOSE_REASONS:
        raise Invalid(problems=(Problem("reason", "code_unknown"),))
    event = step(alert, "close")
    alert.close_reason = reason
    tell_reporter(alert, "closed")
    note(event, alert, by=by, reason_code=reason)


@transaction
def merge(alert: Alert, into: Alert, *, by: Actor, now: datetime) -> None:  # noqa: ARG001 # verbs take the moment
    """A duplicate: what it adds is in the editor's hands, and the reporter is told where it went."""
    check_can_triage(by, alert)
    if into.id == alert.id or into.merged_into_id is not None:
        raise Invalid(problems=(Problem("into", "code_unknown"),))
    event = step(alert, "merge")
    alert.merged_into_id = into.id
    tell_reporter(alert, "merged")
    note(event, alert, by=by, changes={"into": into.id})


@transaction
def take(alert: Alert, *, by: Actor, now: datetime, seen: str = "") -> None:  # noqa: ARG001 # verbs take the moment
    """Hand the signal to the panel."""
    check_can_triage(by, alert)
    check_seen(alert, seen)
    event = step(alert, "take")
    tell_panel(alert, "assess")
    note(event, alert, by=by)


def tell_reporter(alert: Alert, what: str) -> None:
    person = find_user(alert.reporter_id)
    if person is not None and person.active:
        notify(person, "alert_task", {"alert": alert.id, "what": what})
