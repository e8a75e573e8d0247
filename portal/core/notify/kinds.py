"""Every kind of notice: when it is mailed unless its reader chose otherwise, and where it is shown.

A kind that is about the safety of an account is mailed at once and cannot be switched off. Values of such a
kind may be secret (a link that works once): they travel with the mail and are never kept with the notice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Rhythm(StrEnum):
    """How soon a mail follows; `never` leaves the notice on the site alone."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class Group(StrEnum):
    """Under which heading a reader finds the kind on the page of settings."""

    WORK = "work"
    REVIEWS = "reviews"
    EDITING = "editing"
    TRANSLATION = "translation"
    TEXTS = "texts"
    FOLLOWED = "followed"
    TALK = "talk"
    OUTCOMES = "outcomes"
    ALERTS = "alerts"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table. `site`: shown in the notification centre; `safe`: about the account's safety."""

    key: str
    group: Group
    rhythm: Rhythm = Rhythm.WEEKLY
    site: bool = True
    safe: bool = False


def _rows(group: Group, rhythm: Rhythm, *keys: str) -> tuple[Kind, ...]:
    return tuple(Kind(key, group, rhythm) for key in keys)


def _safety(*keys: str, site: bool) -> tuple[Kind, ...]:
    return tuple(Kind(key, Group.ACCOUNT, Rhythm.AT_ONCE, site=site, safe=True) for key in keys)


KINDS: Final[Sequence[Kind]] = (
    # what waits for the reader
    *_rows(Group.REVIEWS, Rhythm.AT_ONCE, "review_invited"),
    *_rows(Group.WORK, Rhythm.AT_ONCE, "changes_requested"),
    *_rows(Group.TRANSLATION, Rhythm.AT_ONCE, "translation_returned"),
    # the reader's own texts
    *_rows(Group.TEXTS, Rhythm.AT_ONCE, "protocol_accepted", "protocol_rejected", "protocol_published"),
    # what features tell
    *_rows(
        Group.REVIEWS, Rhythm.AT_ONCE, "review_reminder", "review_again", "review_opened",
    ),
    *_rows(
        Group.EDITING, Rhythm.AT_ONCE,
        "review_declined", "interests_declared", "approval_lost", "protocol_submitted",
        "withdrawal_proposed", "appeal_lodged", "field_report_incident", "declaration_made",
        "legal_expiring", "concern_ending", "protocol_hidden", "protocol_shown_again",
    ),
    *_rows(
        Group.TRANSLATION, Rhythm.AT_ONCE,
        "translation_needs_review", "translation_reopened", "translation_stale_clinical",
    ),
    *_rows(
        Group.WORK, Rhythm.AT_ONCE,
        "field_report_returned", "declaration_questioned", "currency_due", "case_follow_up",
        "moderation_urgent",
    ),
    *_rows(
        Group.TEXTS, Rhythm.WEEKLY,
        "protocol_returned", "protocol_abandoned", "review_started", "review_closed", "invitation_expired",
        "draft_resting", "appeal_decided", "version_appeal_decided", "concern_closed", "translation_approved",
        "complaint_decided", "fork_parent_changed",
    ),
    *_rows(
        Group.FOLLOWED, Rhythm.AT_ONCE,
        "version_concern", "version_withdrawn", "followed_concern", "followed_withdrawn",
    ),
    *_rows(
        Group.FOLLOWED, Rhythm.WEEKLY,
        "version_published", "version_retired", "followed_version_changed", "translation_published",
        "legal_changed", "saved_search_found",
    ),
    *_rows(
        Group.TALK, Rhythm.WEEKLY,
        "comment_reply", "comment_mention", "thread_started", "post_accepted", "flag_decided",
    ),
    *_rows(
        Group.TALK, Rhythm.AT_ONCE,
        "post_removed", "sanction_issued",
    ),
    *_rows(
        Group.OUTCOMES, Rhythm.WEEKLY,
        "field_report_accepted", "declaration_confirmed", "declaration_refused", "declaration_ended",
        "outcome_linked", "edition_published",
    ),
    # early warnings
    *_rows(
        Group.ALERTS, Rhythm.AT_ONCE, "alert_issued", "alert_updated", "alert_retracted", "alert_task",
    ),
    # the account, where nothing is at stake
    *_rows(Group.ACCOUNT, Rhythm.AT_ONCE, "role_granted", "role_revoked"),
    *_rows(Group.ACCOUNT, Rhythm.WEEKLY, "audit_head"),
    # safety of the account: shown where the reader can act, mailed always
    *_safety("new_device", "password_changed", "factor_changed", "security", site=True),
    *_safety(
        "approved", "confirm", "email_changed", "email_confirm", "email_known", "invitation", "refused",
        "register_known", "reset", site=False,
    ),
)  # fmt: skip
BY_KEY: Final = {kind.key: kind for kind in KINDS}
DIGEST: Final = "digest"


def kind_of(key: str) -> Kind:
    """The row of a key. An unlisted key is mailed at once, so that nothing is lost in silence."""
    return BY_KEY.get(key) or Kind(key, Group.WORK, Rhythm.AT_ONCE)


def choosable() -> list[Kind]:
    """Kinds whose rhythm and place a reader may choose."""
    return [kind for kind in KINDS if not kind.safe]
