"""The life of a protocol version and of a unit of translation, as tables with guards.

A guard judges a `Standing`: plain facts about one version that the queries collect.
"""

from collections.abc import Iterable
from typing import Final

from portal.core.errors import InvalidTransition
from portal.core.permissions import Permission
from portal.core.workflow import Transition
from portal.protocols.catalogue.following import Following, FollowState
from portal.protocols.catalogue.reports import Reporting, ReportState
from portal.protocols.dictionary import (
    COUNTRIES,
    AssignmentState,
    ChangeType,
    Freshness,
    NoticeState,
    State,
    UnitState,
)
from portal.protocols.rules import Seat, Standing, not_waived

CLINICAL_REVIEWS: Final = 2


def _filled_in(standing: Standing) -> None:
    if standing.entry_problems:
        raise InvalidTransition("not_filled_in", problems=standing.entry_problems)


def _class_fits(standing: Standing) -> None:
    """A changed digit, dose, criterion or measure cannot travel in a minor version."""
    if standing.change_type == ChangeType.EDITORIAL and standing.cannot_be_editorial:
        raise InvalidTransition("cannot_be_minor")


def _interests_declared(standing: Standing) -> None:
    """What the author may gain is known before anybody else reads."""
    if not standing.interests_declared:
        raise InvalidTransition("interests_missing")


def _interests_decided(standing: Standing) -> None:
    if standing.interests_undecided:
        raise InvalidTransition("interests_undecided", count=standing.interests_undecided)


def _appealed(standing: Standing) -> None:
    if not standing.appealed:
        raise InvalidTransition("no_appeal")


def _both_withdraw(standing: Standing) -> None:
    """The chief editors of both countries, or an administrator who obeys a legal order."""
    missing = [country for country in COUNTRIES if country not in standing.withdrawal]
    if missing and not standing.by_order:
        raise InvalidTransition("chief_editors_missing", countries=", ".join(missing))


def _panel_complete(standing: Standing) -> None:
    missing = missing_seats(standing.panel, has_dose=standing.has_dose)
    if missing:
        raise InvalidTransition("panel_incomplete", missing=", ".join(missing))


def _remark_made(standing: Standing) -> None:
    if not standing.comments:
        raise InvalidTransition("comment_needed")


def _musts_answered(standing: Standing) -> None:
    if standing.unanswered_musts:
        raise InvalidTransition("musts_unanswered", count=standing.unanswered_musts)


def _approved(standing: Standing) -> None:
    """Two clinical approvals from two organisations and the dose check, all of the present content."""
    missing = missing_seats(standing.approvals, has_dose=standing.has_dose)
    if missing:
        raise InvalidTransition("approvals_missing_for_content", missing=", ".join(missing))


def _no_open_must(standing: Standing) -> None:
    if standing.open_musts:
        raise InvalidTransition("musts_open", count=standing.open_musts)


def _machine_check(standing: Standing) -> None:
    left = not_waived(standing.problems, exception=standing.exception)
    if left:
        raise InvalidTransition("not_ready_to_publish", problems=tuple(left))


def _both_chief_editors(standing: Standing) -> None:
    """Initial and clinical versions need the chief editors of both countries; others one editor."""
    if standing.change_type not in (ChangeType.INITIAL, ChangeType.CLINICAL):
        return
    missing = [country for country in COUNTRIES if country not in standing.countries]
    if missing:
        raise InvalidTransition("chief_editors_missing", countries=", ".join(missing))


def missing_seats(seats: Iterable[Seat], *, has_dose: bool) -> list[str]:
    """What a panel or a set of approvals lacks, as codes."""
    held = list(seats)
    clinical = [seat for seat in held if seat.kind == "clinical"]
    missing = []
    if len({seat.user_id for seat in clinical}) < CLINICAL_REVIEWS:
        missing.append("clinical")
    elif not _two_organisations(clinical):
        missing.append("organisation")
    if clinical and not any(seat.reads_source for seat in clinical):
        missing.append("language")
    if has_dose and not any(seat.kind == "dose_check" for seat in held):
        missing.append("dose_check")
    return missing


def _two_organisations(seats: list[Seat]) -> bool:
    return any(
        first.user_id != second.user_id
        and first.organisations
        and second.organisations
        and not first.organisations & second.organisations
        for first in seats
        for second in seats
    )


S = State
TRANSITIONS: Final = (
    Transition("submit", (S.DRAFT,), S.SUBMITTED, Permission.DRAFT_PROTOCOL,
               (_filled_in, _class_fits, _interests_declared), "protocol.submitted"),
    Transition("return", (S.SUBMITTED,), S.DRAFT, None, (), "protocol.returned"),
    Transition("start_review", (S.SUBMITTED,), S.IN_REVIEW, Permission.SCREEN_PROTOCOL,
               (_panel_complete, _interests_decided),
               "protocol.review_started"),
    Transition("reject", (S.SUBMITTED,), S.REJECTED, Permission.SCREEN_PROTOCOL, (), "protocol.rejected"),
    Transition("request_changes", (S.IN_REVIEW,), S.CHANGES_REQUESTED, None, (_remark_made,),
               "protocol.changes_requested"),
    Transition("resubmit", (S.CHANGES_REQUESTED,), S.SUBMITTED, Permission.DRAFT_PROTOCOL,
               (_filled_in, _class_fits, _musts_answered), "protocol.resubmitted"),
    Transition("accept", (S.IN_REVIEW,), S.ACCEPTED, Permission.SCREEN_PROTOCOL,
               (_class_fits, _approved, _no_open_must, _interests_decided), "protocol.accepted"),
    Transition("publish", (S.ACCEPTED,), S.PUBLISHED, None,
               (_class_fits, _approved, _no_open_must, _machine_check, _both_chief_editors),
               "protocol.published"),
    Transition("edit", (S.ACCEPTED,), S.IN_REVIEW, None, (), "protocol.reopened"),
    Transition("lose_approval", (S.ACCEPTED,), S.IN_REVIEW, None, (), "protocol.reopened"),
    Transition("raise_concern", (S.PUBLISHED,), S.UNDER_CONCERN, Permission.RAISE_CONCERN, (),
               "protocol.concern_raised"),
    Transition("close_concern", (S.UNDER_CONCERN,), S.PUBLISHED, Permission.OVERSEE_PROTOCOL, (),
               "protocol.concern_closed"),
    Transition("expire_concern", (S.UNDER_CONCERN,), S.PUBLISHED, None, (), "protocol.concern_expired"),
    Transition("retire", (S.PUBLISHED, S.UNDER_CONCERN), S.RETIRED, Permission.OVERSEE_PROTOCOL, (),
               "protocol.retired"),
    Transition("withdraw", (S.PUBLISHED, S.UNDER_CONCERN), S.WITHDRAWN, None, (_both_withdraw,),
               "protocol.withdrawn"),
    Transition("grant_appeal", (S.REJECTED,), S.SUBMITTED, Permission.OVERSEE_PROTOCOL, (_appealed,),
               "protocol.appeal_granted"),
    Transition("supersede", (S.PUBLISHED, S.UNDER_CONCERN), S.SUPERSEDED, None, (), "protocol.superseded"),
    Transition("abandon", (S.DRAFT, S.SUBMITTED, S.IN_REVIEW, S.CHANGES_REQUESTED, S.ACCEPTED), S.ABANDONED,
               None, (), "protocol.abandoned"),
)  # fmt: skip

# What stands against a publication besides the chief editors' agreement itself.
BEFORE_AGREEMENT: Final = (
    Transition("agree", (S.ACCEPTED,), S.ACCEPTED, Permission.PUBLISH_CLINICAL,
               (_class_fits, _approved, _no_open_must, _machine_check), "protocol.publication_agreed"),
)  # fmt: skip

A = AssignmentState
ASSIGNMENT_TRANSITIONS: Final = (
    Transition("declare", (A.INVITED,), A.READING, Permission.REVIEW_PROTOCOL,
               event="protocol.interests_declared"),
    Transition("declare_conflict", (A.INVITED, A.READING, A.SUBMITTED, A.CLOSED), A.DECLARED,
               Permission.REVIEW_PROTOCOL, event="protocol.conflict_declared"),
    Transition("let_read", (A.DECLARED,), A.READING, Permission.SCREEN_PROTOCOL,
               event="protocol.interests_decided"),
    Transition("exclude", (A.DECLARED,), A.DISMISSED, Permission.SCREEN_PROTOCOL,
               event="protocol.interests_decided"),
    Transition("decline", (A.INVITED, A.DECLARED, A.READING), A.DECLINED, Permission.REVIEW_PROTOCOL,
               event="protocol.review_declined"),
    Transition("expire", (A.INVITED,), A.EXPIRED, event="protocol.invitation_expired"),
    Transition("resume", (A.SUBMITTED, A.CLOSED), A.READING, event="protocol.reopened"),
    Transition("ask_again", (A.EXPIRED, A.DISMISSED, A.CLOSED), A.INVITED, Permission.SCREEN_PROTOCOL,
               event="protocol.reviewer_asked"),
    Transition("submit", (A.READING, A.SUBMITTED), A.SUBMITTED, Permission.REVIEW_PROTOCOL,
               event="protocol.reviewed"),
    Transition("withdraw_approval", (A.SUBMITTED, A.CLOSED), A.READING, Permission.REVIEW_PROTOCOL,
               event="protocol.approval_withdrawn"),
    Transition("dismiss", (A.INVITED, A.DECLARED, A.READING), A.DISMISSED, Permission.SCREEN_PROTOCOL,
               event="protocol.reviewer_dismissed"),
    Transition("close", (A.INVITED, A.DECLARED, A.READING), A.CLOSED, event="protocol.accepted"),
)  # fmt: skip

N = NoticeState
NOTICE_TRANSITIONS: Final = (
    Transition("propose", ("none",), N.PROPOSED, Permission.OVERSEE_PROTOCOL,
               event="protocol.withdrawal_proposed"),
    Transition("issue", ("none", N.PROPOSED), N.IN_FORCE, event="protocol.concern_raised"),
    Transition("drop", (N.PROPOSED,), N.DROPPED, Permission.OVERSEE_PROTOCOL,
               event="protocol.withdrawal_dropped"),
    Transition("renew", (N.IN_FORCE,), N.IN_FORCE, Permission.OVERSEE_PROTOCOL,
               event="protocol.concern_renewed"),
    Transition("close", (N.IN_FORCE,), N.CLOSED, event="protocol.concern_closed"),
    Transition("expire", (N.IN_FORCE,), N.EXPIRED, event="protocol.concern_expired"),
)  # fmt: skip

U = UnitState
EDITORIAL, CLINICAL = Freshness.STALE_EDITORIAL, Freshness.STALE_CLINICAL
STALE: Final = (EDITORIAL, CLINICAL)
# An approved text is locked for translators: it goes back to draft when it is stale or an editor reopens it.
# The two `source_` rows describe what a new version does by itself; no verb calls them.
UNIT_TRANSITIONS: Final = (
    Transition("save", ("untranslated", U.DRAFT, *STALE), U.DRAFT, Permission.TRANSLATE,
               event="translation.saved"),
    Transition("submit", (U.DRAFT,), U.NEEDS_REVIEW, Permission.TRANSLATE, event="translation.submitted"),
    Transition("approve", (U.NEEDS_REVIEW,), U.APPROVED, None, event="translation.approved"),
    Transition("return", (U.NEEDS_REVIEW,), U.DRAFT, None, event="translation.returned"),
    Transition("source_reworded", (U.APPROVED,), EDITORIAL, None, event="translation.source_changed"),
    Transition("source_changed", (U.APPROVED, EDITORIAL), CLINICAL, None,
               event="translation.source_changed"),
    Transition("confirm", STALE, U.APPROVED, None, event="translation.confirmed"),
    Transition("reopen", (U.DRAFT, U.NEEDS_REVIEW, U.APPROVED, *STALE), U.DRAFT, Permission.SCREEN_PROTOCOL,
               event="translation.reopened"),
)  # fmt: skip


def _still_open(following: Following) -> None:
    if following.is_closed:
        raise InvalidTransition("programme_closed")


def _readable(following: Following) -> None:
    if not following.is_published:
        raise InvalidTransition("version_not_followable")


def _not_back_dated(following: Following) -> None:
    """Else the outcome could choose the protocol."""
    if following.from_quarter < following.earliest:
        raise InvalidTransition("back_dated", quarter=following.earliest)


def _offered(following: Following) -> None:
    if not following.offers_modality:
        raise InvalidTransition("modality_not_offered")


def _lawful(following: Following) -> None:
    if following.prohibited is not None:
        country, drug = following.prohibited
        raise InvalidTransition(
            "drug_prohibited" if drug else "protocol_prohibited", country=country, drug=drug
        )


def _self_checked(following: Following) -> None:
    if not following.has_check:
        raise InvalidTransition("fidelity_missing")


def _report_complete(reporting: Reporting) -> None:
    if not reporting.is_complete:
        raise InvalidTransition("report_incomplete")


F = FollowState
FOLLOWING_TRANSITIONS: Final = (
    Transition("declare", ("undeclared",), F.DECLARED, Permission.DECLARE_PROTOCOL,
               (_still_open, _readable, _not_back_dated, _offered, _lawful, _self_checked),
               "declaration.made"),
    Transition("confirm", (F.DECLARED,), F.CONFIRMED, Permission.CONFIRM_DECLARATION, (_self_checked,),
               "declaration.confirmed"),
    Transition("refuse", (F.DECLARED,), F.REFUSED, Permission.CONFIRM_DECLARATION, (),
               "declaration.refused"),
    Transition("take_back", (F.DECLARED,), F.ENDED, Permission.DECLARE_PROTOCOL, (),
               "declaration.taken_back"),
    Transition("move", (F.CONFIRMED, F.QUESTIONED), F.ENDED, Permission.DECLARE_PROTOCOL, (),
               "declaration.moved"),
    Transition("end", (F.CONFIRMED, F.QUESTIONED), F.ENDED, None, (), "declaration.ended"),
    Transition("close", (F.DECLARED, F.CONFIRMED, F.QUESTIONED), F.ENDED, None, (), "declaration.closed"),
    Transition("question", (F.CONFIRMED,), F.QUESTIONED, None, (), "declaration.questioned"),
    Transition("settle", (F.QUESTIONED,), F.CONFIRMED, Permission.CONFIRM_DECLARATION, (),
               "declaration.settled"),
)  # fmt: skip

R = ReportState
REPORT_TRANSITIONS: Final = (
    Transition("change", (R.DRAFT, R.RETURNED), R.DRAFT, Permission.REPORT_FROM_FIELD, (),
               "field_report.saved"),
    Transition("send", (R.DRAFT, R.RETURNED), R.HELD, Permission.REPORT_FROM_FIELD, (_report_complete,),
               "field_report.sent"),
    Transition("accept", (R.HELD,), R.ACCEPTED, Permission.ACCEPT_FIELD_REPORT, (), "field_report.accepted"),
    Transition("return", (R.HELD,), R.RETURNED, Permission.ACCEPT_FIELD_REPORT, (), "field_report.returned"),
    Transition("withdraw", (R.DRAFT, R.HELD, R.RETURNED, R.ACCEPTED), R.WITHDRAWN,
               Permission.REPORT_FROM_FIELD, (), "field_report.withdrawn"),
)  # fmt: skip

DIAGRAMS: Final = (
    ("Protocol version", TRANSITIONS, str(S.DRAFT)),
    ("Review assignment", ASSIGNMENT_TRANSITIONS, str(A.INVITED)),
    ("Notice on a version", NOTICE_TRANSITIONS, "none"),
    ("Unit of translation", UNIT_TRANSITIONS, "untranslated"),
    ("Declaration of a programme", FOLLOWING_TRANSITIONS, "undeclared"),
    ("Field report", REPORT_TRANSITIONS, str(R.DRAFT)),
)
