"""What waits for whom: counts, ages and deadlines from the features below."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from portal.accounts import queries as accounts
from portal.accounts.policies import can_confirm_role
from portal.accounts.rules import SECOND_WITHIN
from portal.alerts import queries as alerts
from portal.alerts.models import Alert
from portal.alerts.policies import can_sign
from portal.alerts.rules import record_hash
from portal.core.permissions import Actor, Permission, has_permission
from portal.discussion.dictionary import Waits
from portal.discussion.queries.mine import list_asked
from portal.discussion.queries.queue import list_marks
from portal.discussion.rules import due
from portal.moderation.queries.waiting import Waiting, in_order, queue
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


def list_waiting(actor: Actor, *, now: datetime) -> Sequence[Waiting]:
    """What a person's roles ask, the most urgent first; queues with nothing in them are left out."""
    return in_order(held for source in SOURCES for held in source(actor, now) if held.count)


def _administration(actor: Actor, now: datetime) -> Iterator[Waiting]:
    if has_permission(actor, Permission.APPROVE_ACCOUNT):
        people = [user.confirmed_at for user in accounts.list_waiting(actor.country)]
        asked = [r.asked_at for r in accounts.list_role_requests(now=now) if can_confirm_role(actor, r)]
        yield queue("accounts", people, now, "accounts.admin")
        yield queue("role_requests", asked, now, "accounts.admin", ends=[at + SECOND_WITHIN for at in asked])


def _editions(actor: Actor, now: datetime) -> Iterator[Waiting]:
    if has_permission(actor, Permission.APPROVE_EDITION):
        given = {f: releases.list_approvals(f.edition, binding_of(f), now=now) for f in open_freezes(now=now)}
        asked = {freeze: approvals for freeze, approvals in given.items() if can_approve(actor, approvals)}
        ends = [approval.expires_at for approvals in asked.values() for approval in approvals]
        yield queue("editions", [freeze.frozen_at for freeze in asked], now, "releases.editions", ends=ends)


def _desk(actor: Actor, now: datetime) -> Iterator[Waiting]:
    if has_permission(actor, Permission.SCREEN_PROTOCOL):
        waiting = [version.submitted_at for version in work.list_queue()]
        yield queue("desk", waiting, now, "protocols.desk")


def _notices(actor: Actor, now: datetime) -> Iterator[Waiting]:
    """What only chief editors decide: appeals, corrections to confirm, withdrawals and concerns."""
    if has_permission(actor, Permission.OVERSEE_PROTOCOL):
        yield queue("notices", list_overseen(actor), now, "protocols.overseen")


def _reviews(actor: Actor, now: datetime) -> Iterator[Waiting]:
    if has_permission(actor, Permission.REVIEW_PROTOCOL):
        tasks = [task.assignment for task in work.list_tasks(actor) if task.assignment.state in ASKED]
        waiting, ends = [task.assigned_at for task in tasks], [task.due_on for task in tasks]
        yield queue("reviews", waiting, now, "protocols.my_reviews", ends=ends)


def _own_texts(actor: Actor, now: datetime) -> Iterator[Waiting]:
    if has_permission(actor, Permission.DRAFT_PROTOCOL):
        own = [v for v in work.list_own(actor) if v.state == State.CHANGES_REQUESTED]
        yield queue("changes", [version.changed_at for version in own], now, "protocols.my_work")


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
        yield queue("translations", work.list_units_waiting(), now, "protocols.matrix")


def _alerts(actor: Actor, now: datetime) -> Iterator[Waiting]:
    if has_permission(actor, Permission.TRIAGE_ALERT):
        signals = [alert.reported_at for alert in alerts.list_open(actor, panel=False)]
        yield queue("signals", signals, now, "alerts.desk")
    if has_permission(actor, Permission.ASSESS_ALERT):
        judged = [alert.reported_at for alert in alerts.list_open(actor, panel=True)]
        yield queue("assessments", judged, now, "alerts.desk")
    lone = [alert for alert in alerts.list_unconfirmed() if _can_sign_too(actor, alert)]
    issued, ends = [alert.issued_at for alert in lone], [alert.second_due_at for alert in lone]
    yield queue("second_signatures", issued, now, "alerts.desk", ends=ends)
    if has_permission(actor, Permission.SIGNAL_ALERT):
        asked = [alert.reported_at for alert in alerts.list_reported(actor) if alert.state == "asked"]
        yield queue("questions", asked, now, "alerts.my_signals")


def _can_sign_too(actor: Actor, alert: Alert) -> bool:
    """Whether this person may be the second under a warning that one person issued alone."""
    first = record_hash(alerts.list_versions(alert.id)[0].record)
    signed = {signature.signer_id for signature in alerts.list_signatures(alert, first)}
    return can_sign(actor, alert) and actor.id not in signed


def _following(actor: Actor, now: datetime) -> Iterator[Waiting]:
    """Declarations and field reports: to decide for editors, to answer for the programme's clinicians."""
    declared = [row.declared_at for row in following.list_waiting(actor)]
    yield queue("declarations", declared, now, "protocols.declarations")
    held = [report.sent_at for report in reports.list_held(actor)]
    yield queue("field_reports", held, now, "protocols.field_report_queue")
    returned = [report.changed_at for report in reports.list_returned(actor)]
    yield queue("reports_returned", returned, now, "protocols.my_field_reports")
    rows = following.list_to_answer(actor)
    asked, ends = [row.version.published_at for row in rows], [row.answer_due_on for row in rows]
    yield queue("new_versions", asked, now, "protocols.following_list", ends=ends)


def _translated(actor: Actor, now: datetime) -> Iterator[Waiting]:
    """Texts that came back, mistakes that readers report, and approved texts to look at again."""
    page = "protocols.translation_work"
    if has_permission(actor, Permission.TRANSLATE):
        yield queue("translations_back", translation_work.list_returned_since(actor), now, page)
    if has_permission(actor, Permission.SCREEN_PROTOCOL):
        yield queue("complaints", complaints.list_complained_since(), now, page)
    if has_permission(actor, Permission.APPROVE_TRANSLATION):
        yield queue("samples", translation_work.list_samples_since(actor), now, page)


def _discussion(actor: Actor, now: datetime) -> Iterator[Waiting]:
    """Moderators judge for both countries; who asked about a case says what became of it."""
    if has_permission(actor, Permission.MODERATE):
        marks = list_marks()
        since, ends = [mark.since for mark in marks], [mark.due_at for mark in marks]
        yield queue("moderation", since, now, "moderation.discussion", ends=ends)
    asked = list_asked(actor)
    yield queue("own_cases", asked, now, "discussion.mine", ends=[due(Waits.FOLLOW_UP, at) for at in asked])


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


SOURCES: Final = (
    _administration, _editions, _desk, _notices, _reviews, _own_texts, _adaptations, _translations,
    _translated, _following, _alerts, _discussion, _outcomes,
)  # fmt: skip
