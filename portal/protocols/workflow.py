"""The life of a protocol version and of a unit of translation, as tables with guards.

A guard judges a `Standing`: plain facts about one version that the queries collect.
"""

from collections.abc import Iterable
from typing import Final

from portal.core.errors import InvalidTransition
from portal.core.permissions import Permission
from portal.core.workflow import Transition
from portal.protocols.dictionary import COUNTRIES, ChangeType, Freshness, State, UnitState
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

U, F = UnitState, Freshness
STALE: Final = (F.STALE_EDITORIAL, F.STALE_CLINICAL)
# An approved text is locked for translators: it goes back to draft when it is stale or an editor reopens it.
# The two `source_` rows describe what a new version does by itself; no verb calls them.
UNIT_TRANSITIONS: Final = (
    Transition("save", ("untranslated", U.DRAFT, *STALE), U.DRAFT, Permission.TRANSLATE,
               event="translation.saved"),
    Transition("submit", (U.DRAFT,), U.NEEDS_REVIEW, Permission.TRANSLATE, event="translation.submitted"),
    Transition("approve", (U.NEEDS_REVIEW,), U.APPROVED, None, event="translation.approved"),
    Transition("return", (U.NEEDS_REVIEW,), U.DRAFT, None, event="translation.returned"),
    Transition("source_reworded", (U.APPROVED,), F.STALE_EDITORIAL, None, event="translation.source_changed"),
    Transition("source_changed", (U.APPROVED, F.STALE_EDITORIAL), F.STALE_CLINICAL, None,
               event="translation.source_changed"),
    Transition("confirm", STALE, U.APPROVED, None, event="translation.confirmed"),
    Transition("reopen", (U.DRAFT, U.NEEDS_REVIEW, U.APPROVED, *STALE), U.DRAFT, Permission.SCREEN_PROTOCOL,
               event="translation.reopened"),
)  # fmt: skip

DIAGRAMS: Final = (
    ("Protocol version", TRANSITIONS, str(S.DRAFT)),
    ("Unit of translation", UNIT_TRANSITIONS, "untranslated"),
)
