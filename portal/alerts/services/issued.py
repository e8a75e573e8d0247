"""What happens to a warning that people were told: update, end, retraction, longer validity."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from portal.accounts.queries import list_told
from portal.alerts import queries
from portal.alerts.dictionary import RETRACT_REASONS
from portal.alerts.models import Alert
from portal.alerts.policies import check_can_judge, check_can_sign
from portal.alerts.rules import level_of, record_hash
from portal.alerts.services.judging import (
    VALID_FOR,
    add_signature,
    add_version,
    tell_everybody,
)
from portal.alerts.services.records import checked
from portal.alerts.services.signals import tell_editors, tell_panel
from portal.alerts.services.steps import check_seen, find_standing, note, step
from portal.core import jobs
from portal.core.db import transaction, utcnow
from portal.core.errors import Conflict, Invalid, Problem
from portal.core.permissions import SYSTEM, Actor

TASK: Final = "alerts.expire"
TOLD: Final = ("alert_issued", "alert_updated")

jobs.periodic(jobs.Periodic("alerts-expire", TASK, "hour"))


@transaction
def propose(alert: Alert, answers: Mapping[str, Any], *, seen: int, by: Actor, now: datetime) -> None:
    """Want an update: duty editor or panel. It is told once the other part signs this very content."""
    check_can_sign(by, alert)
    if seen != alert.revision:
        raise Conflict("changed_meanwhile")
    content = checked(answers, alert.country, today=now.date())
    event = step(alert, "propose", content=content)
    alert.pending = content
    add_signature(alert, content, by=by, now=now)
    tell_editors(alert, "update")
    tell_panel(alert, "update")
    note(event, alert, by=by)


@transaction
def sign_update(alert: Alert, *, by: Actor, now: datetime, seen: str = "") -> None:
    """The second signature under an update: it becomes the next version, valid for another thirty days."""
    check_can_sign(by, alert)
    check_seen(alert, seen)
    content = alert.pending
    if content is None:
        raise Conflict("changed_meanwhile")
    add_signature(alert, content, by=by, now=now)
    event = step(alert, "update", content=content)
    before = record_hash(alert.record)
    alert.record, alert.pending, alert.second_due_at = content, None, None
    alert.level = level_of(find_standing(alert).opinions, str(content.get("deaths", "")))
    alert.valid_until = (now + VALID_FOR).date()
    add_version(alert, by=by, now=now)
    tell_everybody(alert, "alert_updated", but=by.id)
    note(event, alert, by=by, hash_before=before, hash_after=record_hash(content))


@transaction
def retract(alert: Alert, reason: str, *, by: Actor, now: datetime) -> None:
    """Take a warning back. Whoever was told of it is told, the page stays and says why."""
    check_can_judge(by, alert)
    if reason not in RETRACT_REASONS:
        raise Invalid(problems=(Problem("reason", "code_unknown"),))
    event = step(alert, "retract")
    alert.retracted_at, alert.retraction_reason, alert.updated_at = now, reason, now
    alert.pending, alert.second_due_at = None, None
    tell_everybody(
        alert, "alert_retracted", but=by.id, besides=list_told(TOLD, "number", str(alert.public_id))
    )
    note(event, alert, by=by, reason_code=reason)


@jobs.task(TASK)
def run(_args: dict[str, Any]) -> None:
    expire_due(by=SYSTEM, now=utcnow())


def expire_due(*, by: Actor, now: datetime) -> int:
    """End what is beyond its last day; returns how many. Each is a transaction of its own."""
    due = queries.list_due(now.date())
    for alert in due:
        _expire(alert, by=by, now=now)
    return len(due)


@transaction
def _expire(alert: Alert, *, by: Actor, now: datetime) -> None:
    event = step(alert, "expire")
    alert.updated_at, alert.pending = now, None
    note(event, alert, by=by)
