"""What waits for whom: counts and ages from the features below."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from portal.accounts import queries as accounts
from portal.accounts.policies import can_confirm_role
from portal.alerts import queries as alerts
from portal.core.permissions import Actor, Permission, has_permission
from portal.programmes.queries import list_own as list_own_programmes
from portal.protocols.dictionary import State
from portal.protocols.queries import work
from portal.registry import queries as registry
from portal.registry import workflow
from portal.registry.policies import can_read_rows
from portal.releases import queries as releases
from portal.releases.policies import can_approve
from portal.releases.services.standing import binding_of, open_freezes


@dataclass(frozen=True, slots=True)
class Waiting:
    """One queue: its kind, how many wait, how long the oldest has waited if known, where to work on it.

    `about` names the programme where a person works for several.
    """

    kind: str
    count: int
    oldest: timedelta | None
    endpoint: str
    values: dict[str, str] = field(default_factory=dict)
    about: str = ""


def list_waiting(actor: Actor, *, now: datetime) -> list[Waiting]:
    """What a person's roles ask of the person; queues with nothing in them are left out."""
    sources = (_administration, _editions, _desk, _reviews, _own_texts, _translations, _alerts, _outcomes)
    return [queue for source in sources for queue in source(actor, now) if queue.count]


def _administration(actor: Actor, now: datetime) -> Iterator[Waiting]:
    if has_permission(actor, Permission.APPROVE_ACCOUNT):
        people = [user.confirmed_at for user in accounts.list_waiting(actor.country)]
        asked = [r.asked_at for r in accounts.list_role_requests(now=now) if can_confirm_role(actor, r)]
        yield _queue("accounts", people, now, "accounts.admin")
        yield _queue("role_requests", asked, now, "accounts.admin")


def _editions(actor: Actor, now: datetime) -> Iterator[Waiting]:
    if has_permission(actor, Permission.APPROVE_EDITION):
        asked = [
            freeze.frozen_at
            for freeze in open_freezes(now=now)
            if can_approve(actor, releases.list_approvals(freeze.edition, binding_of(freeze), now=now))
        ]
        yield _queue("editions", asked, now, "releases.editions")


def _desk(actor: Actor, now: datetime) -> Iterator[Waiting]:
    if has_permission(actor, Permission.SCREEN_PROTOCOL):
        waiting = [version.submitted_at for version in work.list_queue()]
        yield _queue("desk", waiting, now, "protocols.desk")


def _reviews(actor: Actor, now: datetime) -> Iterator[Waiting]:
    if has_permission(actor, Permission.REVIEW_PROTOCOL):
        tasks = [task.assignment for task in work.list_tasks(actor)]
        waiting = [task.assigned_at for task in tasks if task.state in ("invited", "reading")]
        yield _queue("reviews", waiting, now, "protocols.my_reviews")


def _own_texts(actor: Actor, now: datetime) -> Iterator[Waiting]:
    if has_permission(actor, Permission.DRAFT_PROTOCOL):
        own = [v for v in work.list_own(actor) if v.state == State.CHANGES_REQUESTED]
        yield _queue("changes", [version.changed_at for version in own], now, "protocols.my_work")


def _translations(actor: Actor, now: datetime) -> Iterator[Waiting]:
    if has_permission(actor, Permission.APPROVE_TRANSLATION):
        yield _queue("translations", work.list_units_waiting(), now, "protocols.matrix")


def _alerts(actor: Actor, now: datetime) -> Iterator[Waiting]:
    if has_permission(actor, Permission.TRIAGE_ALERT):
        signals = [alert.reported_at for alert in alerts.list_open(actor, panel=False)]
        yield _queue("signals", signals, now, "alerts.desk")
    if has_permission(actor, Permission.ASSESS_ALERT):
        judged = [alert.reported_at for alert in alerts.list_open(actor, panel=True)]
        yield _queue("assessments", judged, now, "alerts.desk")
    if has_permission(actor, Permission.SIGNAL_ALERT):
        asked = [alert.reported_at for alert in alerts.list_reported(actor) if alert.state == "asked"]
        yield _queue("questions", asked, now, "alerts.my_signals")


def _outcomes(actor: Actor, now: datetime) -> Iterator[Waiting]:
    """Rows of files to correct, and people to see again, of the programmes that the person works for."""
    programmes = [p for p in list_own_programmes(actor) if can_read_rows(actor, p)]
    if programmes:
        rows = registry.count_waiting(actor.organisation_ids)
        yield Waiting("rows", rows, None, "registry.imports")
    today = now.date()
    for programme in programmes:
        due = {
            "review": workflow.where_review_due(today),
            "follow_up": workflow.where_follow_up_due(today, registry.list_months(programme.code)),
        }
        for shown, where in due.items():
            count = registry.count_episodes(programme.code, where)
            values = {"programme": programme.code, "show": shown}
            yield Waiting(f"{shown}_due", count, None, "registry.my_programme", values, programme.name)


def _queue(kind: str, since: Iterable[datetime | None], now: datetime, endpoint: str) -> Waiting:
    """A queue of things that each wait since a moment; a moment that nobody noted does not age it."""
    waiting = list(since)
    known = [moment for moment in waiting if moment is not None]
    oldest = max(now - min(known), timedelta()) if known else None
    return Waiting(kind, len(waiting), oldest, endpoint)
