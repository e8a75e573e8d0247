"""One step of a warning: judge it by the table of transitions, take it once, record it."""

from typing import Any

import sqlalchemy as sa

from portal.alerts.dictionary import Certainty
from portal.alerts.models import Alert
from portal.alerts.queries import list_opinions, list_signatures
from portal.alerts.rules import Opinion, record_hash
from portal.alerts.workflow import TRANSITIONS, Standing
from portal.core import audit
from portal.core.errors import Conflict
from portal.core.permissions import Actor
from portal.core.workflow import check
from portal.extensions import db


def find_standing(alert: Alert, record: dict[str, Any] | None = None) -> Standing:
    """Who judged and signed exactly this content; without `record` the present one."""
    content = alert.record if record is None else record
    opinions = list_opinions(alert)
    return Standing(
        state=alert.state,
        record=content,
        opinions=[Opinion(o.severity, o.likelihood, Certainty(o.certainty)) for o in opinions],
        judges=frozenset(o.judge_id for o in opinions),
        seats=frozenset(o.seat for o in opinions),
        signers={row.part: row.signer_id for row in list_signatures(alert, record_hash(content))},
    )


def step(alert: Alert, verb: str, *, content: dict[str, Any] | None = None) -> str:
    """Move the warning; of two people at once one gets a Conflict. Returns the event to record."""
    row = check(TRANSITIONS, find_standing(alert, content), verb)
    mine = sa.update(Alert).where(Alert.id == alert.id, Alert.revision == alert.revision)
    moved = mine.values(state=row.target, revision=Alert.revision + 1).returning(Alert.id)
    if db.session.execute(moved.execution_options(synchronize_session=False)).first() is None:
        raise Conflict("changed_meanwhile")
    db.session.refresh(alert)
    return row.event


def mark_of(alert: Alert) -> str:
    """Says exactly which content a page showed: what is told, and the update that waits."""
    return record_hash({"record": alert.record, "pending": alert.pending})[:16]


def check_seen(alert: Alert, seen: str) -> None:
    """Nobody judges or signs what came after the page was opened. No `seen`: no page was open."""
    if seen and seen != mark_of(alert):
        raise Conflict("changed_meanwhile")


def note(event: str, alert: Alert, *, by: Actor, **details: Any) -> None:
    """Record a step. Answers of people never enter the audit, only their names and codes."""
    audit.record(event, by=by, target=alert, country=alert.country, **details)
