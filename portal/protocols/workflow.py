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
from portal.protocols.dictionary import COUNTRIES, ChangeType, State, UnitState
from portal.protocols.rules import Seat, Standing, not_waived

CLINICAL_REVIEWS: Final = 2


def _filled_in(standing: Standing) -> None:
    if standing.entry_problems:
        raise InvalidTransition("not_filled_in", problems=standing.entry_problems)


def _class_fits(standing: Standing) -> None:
    """A changed digit, dose, criterion or measure cannot travel in a minor version."""
    if standing.change_type == ChangeType.EDITORIAL and standing.cannot_be_editorial:
        raise InvalidTransition("cannot_be_minor")


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
    Transition("submit", (S.DRAFT,), S.SUBMITTED, Permission.DRAFT_PROTOCOL, (_filled_in, _class_fits),
               "protocol.submitted"),
    Transition("return", (S.SUBMITTED,), S.DRAFT, None, (), "protocol.returned"),
    Transition("start_review", (S.SUBMITTED,), S.IN_REVIEW, Permission.SCREEN_PROTOCOL, (_panel_complete,),
               "protocol.review_started"),
    Transition("reject", (S.SUBMITTED,), S.REJECTED, Permission.SCREEN_PROTOCOL, (), "protocol.rejected"),
    Transition("request_changes", (S.IN_REVIEW,), S.CHANGES_REQUESTED, None, (_remark_made,),
               "protocol.changes_requested"),
    Transition("resubmit", (S.CHANGES_REQUESTED,), S.SUBMITTED, Permission.DRAFT_PROTOCOL,
               (_filled_in, _class_fits, _musts_answered), "protocol.resubmitted"),
    Transition("accept", (S.IN_REVIEW,), S.ACCEPTED, Permission.SCREEN_PROTOCOL,
               (_class_fits, _approved, _no_open_must), "protocol.accepted"),
    Transition("publish", (S.ACCEPTED,), S.PUBLISHED, None,
               (_class_fits, _approved, _no_open_must, _machine_check, _both_chief_editors),
               "protocol.published"),
    Transition("edit", (S.ACCEPTED,), S.IN_REVIEW, None, (), "protocol.reopened"),
    Transition("supersede", (S.PUBLISHED, S.UNDER_CONCERN), S.SUPERSEDED, None, (), "protocol.superseded"),
    Transition("abandon", (S.DRAFT, S.SUBMITTED, S.IN_REVIEW, S.CHANGES_REQUESTED, S.ACCEPTED), S.ABANDONED,
               None, (), "protocol.abandoned"),
)  # fmt: skip

# What stands against a publication besides the chief editors' agreement itself.
BEFORE_AGREEMENT: Final = (
    Transition("agree", (S.ACCEPTED,), S.ACCEPTED, Permission.PUBLISH_CLINICAL,
               (_class_fits, _approved, _no_open_must, _machine_check), "protocol.publication_agreed"),
)  # fmt: skip

U = UnitState
UNIT_TRANSITIONS: Final = (
    Transition("save", ("untranslated", U.DRAFT, U.APPROVED), U.DRAFT, Permission.TRANSLATE,
               event="translation.saved"),
    Transition("submit", (U.DRAFT,), U.NEEDS_REVIEW, Permission.TRANSLATE, event="translation.submitted"),
    Transition("approve", (U.NEEDS_REVIEW,), U.APPROVED, None, event="translation.approved"),
    Transition("return", (U.NEEDS_REVIEW,), U.DRAFT, None, event="translation.returned"),
    Transition("confirm", (U.APPROVED,), U.APPROVED, None, event="translation.confirmed"),
)  # fmt: skip


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
               (_readable, _not_back_dated, _offered, _lawful, _self_checked), "declaration.made"),
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
    ("Unit of translation", UNIT_TRANSITIONS, "untranslated"),
    ("Declaration of a programme", FOLLOWING_TRANSITIONS, "undeclared"),
    ("Field report", REPORT_TRANSITIONS, str(R.DRAFT)),
)
