"""What waits for whom: counts and ages from the features below."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from portal.accounts import queries as accounts
from portal.accounts.policies import can_confirm_role
from portal.alerts import queries as alerts
from portal.core.permissions import Actor, Permission, has_permission
from portal.discussion.queries.mine import list_asked
from portal.discussion.queries.queue import list_marks
from portal.programmes.queries import list_own as list_own_programmes
from portal.protocols.dictionary import ASKED, State
from portal.protocols.queries import complaints, following, reports, translation_work, work
from portal.protocols.queries.forks import list_own_adaptations
from portal.protocols.services.overseen import list_overseen
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
    return [queue for source in SOURCES for queue in source(actor, now) if queue.count]


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


def _notices(actor: Actor, now: datetime) -> Iterator[Waiting]:
    """What only chief editors decide: appeals, corrections to confirm, withdrawals and concerns."""
    if has_permission(actor, Permission.OVERSEE_PROTOCOL):
        yield _queue("notices", list_overseen(actor), now, "protocols.overseen")


def _reviews(actor: Actor, now: datetime) -> Iterator[Waiting]:
    if has_permission(actor, Permission.REVIEW_PROTOCOL):
        tasks = [task.assignment for task in work.list_tasks(actor)]
        waiting = [task.assigned_at for task in tasks if task.state in ASKED]
        yield _queue("reviews", waiting, now, "protocols.my_reviews")


def _own_texts(actor: Actor, now: datetime) -> Iterator[Waiting]:
    if has_permission(actor, Permission.DRAFT_PROTOCOL):
        own = [v for v in work.list_own(actor) if v.state == State.CHANGES_REQUESTED]
        yield _queue("changes", [version.changed_at for version in own], now, "protocols.my_work")


def _adaptations(actor: Actor, now: datetime) -> Iterator[Waiting]:
    """Changes of parents about which the owner of an adaptation decides."""
    if has_permission(actor, Permission.DRAFT_PROTOCOL):
        for held in list_own_adaptations(actor):
            count = len(held.waiting(now=now))
            since = now - held.now.published_at if held.now.published_at else None
            values = {"public_id": held.protocol.public_id}
            yield Waiting("adaptations", count, since, "protocols.parent_changes", values, held.mine.title)


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


def _following(actor: Actor, now: datetime) -> Iterator[Waiting]:
    """Declarations and field reports: to decide for editors, to answer for the programme's clinicians."""
    declared = [row.declared_at for row in following.list_waiting(actor)]
    yield _queue("declarations", declared, now, "protocols.declarations")
    held = [report.sent_at for report in reports.list_held(actor)]
    yield _queue("field_reports", held, now, "protocols.field_report_queue")
    returned = [report.changed_at for report in reports.list_returned(actor)]
    yield _queue("reports_returned", returned, now, "protocols.my_field_reports")
    asked = [row.version.published_at for row in following.list_to_answer(actor)]
    yield _queue("new_versions", asked, now, "protocols.following_list")


def _translated(actor: Actor, now: datetime) -> Iterator[Waiting]:
    """Texts that came back, mistakes that readers report, and approved texts to look at again."""
    page = "protocols.translation_work"
    if has_permission(actor, Permission.TRANSLATE):
        yield _queue("translations_back", translation_work.list_returned_since(actor), now, page)
    if has_permission(actor, Permission.SCREEN_PROTOCOL):
        yield _queue("complaints", complaints.list_complained_since(), now, page)
    if has_permission(actor, Permission.APPROVE_TRANSLATION):
        yield _queue("samples", translation_work.list_samples_since(actor), now, page)


def _discussion(actor: Actor, now: datetime) -> Iterator[Waiting]:
    """Moderators judge for both countries; who asked about a case says what became of it."""
    if has_permission(actor, Permission.MODERATE):
        yield _queue("moderation", [mark.since for mark in list_marks()], now, "moderation.discussion")
    yield _queue("own_cases", list_asked(actor), now, "discussion.mine")


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


SOURCES: Final = (
    _administration, _editions, _desk, _notices, _reviews, _own_texts, _adaptations, _translations,
    _translated, _following, _alerts, _discussion, _outcomes,
)  # fmt: skip
