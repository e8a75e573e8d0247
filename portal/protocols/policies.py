"""Who may write, review, decide, publish, translate. `check_can_…` raises, `can_…` answers the same question.

People are compared by id and by organisation, never by address.
"""

from collections.abc import Collection
from typing import Final

from portal.core.errors import NotAllowed
from portal.core.permissions import SYSTEM, Actor, Permission, Role, Scope, allowed, check, has_permission
from portal.protocols.dictionary import ChangeType
from portal.protocols.models import (
    FieldReport,
    Protocol,
    ProtocolVersion,
    ReviewAssignment,
    TranslationUnit,
)

CLINICIANS: Final = frozenset({Role.CLINICIAN, Role.CLINICAL_REVIEWER})
DECIDERS: Final = (Permission.SCREEN_PROTOCOL, Permission.PUBLISH_CLINICAL, Permission.PUBLISH_EDITORIAL)

WHY_CLOSED: Final = {
    "invited": "declare_first", "declared": "interests_wait", "expired": "invitation_expired",
    "dismissed": "reviewer_dismissed",
}  # fmt: skip


def is_author(actor: Actor, version: ProtocolVersion) -> bool:
    return actor.id in (version.created_by, version.protocol.owner_id)


def is_close(actor: Actor, protocol: Protocol) -> bool:
    """The owner, or somebody of the owner's organisations."""
    return actor.id == protocol.owner_id or bool(actor.organisation_ids & set(protocol.organisation_ids))


def check_can_author(actor: Actor) -> None:
    if not has_permission(actor, Permission.DRAFT_PROTOCOL):
        raise NotAllowed("permission_missing", permission=str(Permission.DRAFT_PROTOCOL))


def can_author(actor: Actor) -> bool:
    return has_permission(actor, Permission.DRAFT_PROTOCOL)


def check_can_edit(actor: Actor, version: ProtocolVersion) -> None:
    """The author and people of the author's organisation who write protocols."""
    if not can_edit(actor, version):
        raise NotAllowed("not_the_author")


def can_edit(actor: Actor, version: ProtocolVersion) -> bool:
    close = is_author(actor, version) or is_close(actor, version.protocol)
    return close and has_permission(actor, Permission.DRAFT_PROTOCOL)


def check_can_submit(actor: Actor, version: ProtocolVersion) -> None:
    if not can_submit(actor, version):
        raise NotAllowed("not_the_author")


def can_submit(actor: Actor, version: ProtocolVersion) -> bool:
    return is_author(actor, version) and has_permission(actor, Permission.DRAFT_PROTOCOL)


def check_can_see(actor: Actor, version: ProtocolVersion, *, assigned: bool) -> None:
    """Unpublished text: its authors, editors, and who was asked to review it."""
    if not can_see(actor, version, assigned=assigned):
        raise NotAllowed("not_the_author")


def can_see(actor: Actor, version: ProtocolVersion, *, assigned: bool) -> bool:
    return (
        assigned
        or is_author(actor, version)
        or can_edit(actor, version)
        or any(has_permission(actor, permission) for permission in DECIDERS)
    )


def check_can_screen(actor: Actor, version: ProtocolVersion) -> None:
    """An editor without a part in the text: not the author, not of the author's organisation."""
    check(actor, Permission.SCREEN_PROTOCOL)
    if is_author(actor, version) or is_close(actor, version.protocol):
        raise NotAllowed("own_text")


def can_screen(actor: Actor, version: ProtocolVersion) -> bool:
    own = is_author(actor, version) or is_close(actor, version.protocol)
    return has_permission(actor, Permission.SCREEN_PROTOCOL) and not own


def check_can_be_asked(actor: Actor, version: ProtocolVersion) -> None:
    """Whether this person may be a reviewer of the version."""
    if not has_permission(actor, Permission.REVIEW_PROTOCOL):
        raise NotAllowed("not_a_reviewer")
    if is_author(actor, version):
        raise NotAllowed("own_text")
    if is_close(actor, version.protocol):
        raise NotAllowed("same_organisation")
    if not actor.organisation_ids:
        raise NotAllowed("reviewer_without_organisation")


def can_be_asked(actor: Actor, version: ProtocolVersion) -> bool:
    own = is_author(actor, version) or is_close(actor, version.protocol)
    return has_permission(actor, Permission.REVIEW_PROTOCOL) and not own and bool(actor.organisation_ids)


def check_can_review(actor: Actor, version: ProtocolVersion, assignment: ReviewAssignment) -> None:
    """The person who was asked, and who still may be; interests are declared first."""
    check_can_be_asked(actor, version)
    if assignment.reviewer_id != actor.id:
        raise NotAllowed("not_assigned")
    if assignment.state not in ("reading", "submitted"):
        raise NotAllowed(WHY_CLOSED.get(assignment.state, "assignment_closed"))


def can_review(actor: Actor, version: ProtocolVersion, assignment: ReviewAssignment) -> bool:
    own = assignment.reviewer_id == actor.id and assignment.state in ("reading", "submitted")
    return own and can_be_asked(actor, version)


def check_can_publish(actor: Actor, version: ProtocolVersion) -> None:
    """Chief editors publish what is clinical, editors what is not or corrects; never the own text."""
    if is_author(actor, version) or is_close(actor, version.protocol):
        raise NotAllowed("own_text")
    if version.change_type in (ChangeType.EDITORIAL, ChangeType.CORRECTION):
        check(actor, Permission.PUBLISH_EDITORIAL)
    else:
        check(actor, Permission.PUBLISH_CLINICAL, Scope(country=actor.country))


def can_publish(actor: Actor, version: ProtocolVersion) -> bool:
    minor = version.change_type in (ChangeType.EDITORIAL, ChangeType.CORRECTION)
    needed = Permission.PUBLISH_EDITORIAL if minor else Permission.PUBLISH_CLINICAL
    own = is_author(actor, version) or is_close(actor, version.protocol)
    return has_permission(actor, needed) and not own


def check_can_confirm(actor: Actor, version: ProtocolVersion) -> None:
    """A chief editor without a part in the text confirms a correction."""
    if is_author(actor, version) or is_close(actor, version.protocol):
        raise NotAllowed("own_text")
    check(actor, Permission.PUBLISH_CLINICAL, Scope(country=actor.country))


def can_confirm(actor: Actor, version: ProtocolVersion) -> bool:
    own = is_author(actor, version) or is_close(actor, version.protocol)
    return has_permission(actor, Permission.PUBLISH_CLINICAL) and not own


def check_can_override(actor: Actor, version: ProtocolVersion) -> None:
    """A chief editor says that changed digits are years or page numbers."""
    if is_author(actor, version) or is_close(actor, version.protocol):
        raise NotAllowed("own_text")
    check(actor, Permission.PUBLISH_CLINICAL, Scope(country=actor.country))


def can_override(actor: Actor, version: ProtocolVersion) -> bool:
    own = is_author(actor, version) or is_close(actor, version.protocol)
    return has_permission(actor, Permission.PUBLISH_CLINICAL) and not own


def check_can_set_legal(actor: Actor) -> None:
    check(actor, Permission.SET_LEGAL_STATUS)


def can_set_legal(actor: Actor) -> bool:
    return has_permission(actor, Permission.SET_LEGAL_STATUS)


def check_can_translate(actor: Actor) -> None:
    check(actor, Permission.TRANSLATE)


def can_translate(actor: Actor) -> bool:
    return has_permission(actor, Permission.TRANSLATE)


def check_can_approve_unit(
    actor: Actor, unit: TranslationUnit, *, clinical: bool, writers: Collection[int] = ()
) -> None:
    """Nobody approves the own translation; a text of clinical weight needs a clinician.

    `writers`: whoever saved the text since it was approved last. That somebody touched it later frees nobody.
    """
    if actor.id in (unit.translated_by, *writers):
        raise NotAllowed("own_translation")
    if clinical and not actor.role_codes & CLINICIANS:
        raise NotAllowed("clinician_needed")
    if not clinical and not has_permission(actor, Permission.APPROVE_TRANSLATION):
        raise NotAllowed("permission_missing", permission=str(Permission.APPROVE_TRANSLATION))


def can_approve_unit(
    actor: Actor, unit: TranslationUnit, *, clinical: bool, writers: Collection[int] = ()
) -> bool:
    able = (
        bool(actor.role_codes & CLINICIANS)
        if clinical
        else has_permission(actor, Permission.APPROVE_TRANSLATION)
    )
    return able and actor.id not in (unit.translated_by, *writers)


def check_can_return_unit(actor: Actor, unit: TranslationUnit) -> None:
    """A language reviewer or a clinician sends a text back; never the own one."""
    if unit.translated_by == actor.id:
        raise NotAllowed("own_translation")
    if not can_return_unit(actor, unit):
        raise NotAllowed("permission_missing", permission=str(Permission.APPROVE_TRANSLATION))


def can_return_unit(actor: Actor, unit: TranslationUnit) -> bool:
    able = has_permission(actor, Permission.APPROVE_TRANSLATION) or bool(actor.role_codes & CLINICIANS)
    return able and unit.translated_by != actor.id


def check_can_release_translation(actor: Actor) -> None:
    """A language reviewer or an editor."""
    if not can_release_translation(actor):
        raise NotAllowed("permission_missing", permission=str(Permission.APPROVE_TRANSLATION))


def can_release_translation(actor: Actor) -> bool:
    return has_permission(actor, Permission.APPROVE_TRANSLATION) or has_permission(
        actor, Permission.PUBLISH_EDITORIAL
    )


def check_can_raise_concern(actor: Actor, version: ProtocolVersion, *, flagged: bool) -> None:
    """Any editor, also of the own text: safety first. A moderator only on a safety flag of a clinician."""
    if not can_raise_concern(actor, version, flagged=flagged):
        raise NotAllowed("permission_missing", permission=str(Permission.RAISE_CONCERN))


def can_raise_concern(actor: Actor, version: ProtocolVersion, *, flagged: bool) -> bool:  # noqa: ARG001 # a pair
    edits = has_permission(actor, Permission.SCREEN_PROTOCOL)
    return has_permission(actor, Permission.RAISE_CONCERN) and (edits or flagged)


def check_can_oversee(actor: Actor, version: ProtocolVersion) -> None:
    """A chief editor without a part in the text: ends concerns, retires, withdraws."""
    check(actor, Permission.OVERSEE_PROTOCOL)
    if is_author(actor, version) or is_close(actor, version.protocol):
        raise NotAllowed("own_text")


def can_oversee(actor: Actor, version: ProtocolVersion) -> bool:
    own = is_author(actor, version) or is_close(actor, version.protocol)
    return has_permission(actor, Permission.OVERSEE_PROTOCOL) and not own


def check_can_withdraw_by_order(actor: Actor) -> None:
    """An administrator obeys a legal order; no clinical decision is made by this role."""
    check(actor, Permission.WITHDRAW_BY_ORDER)


def can_withdraw_by_order(actor: Actor) -> bool:
    return has_permission(actor, Permission.WITHDRAW_BY_ORDER)


def check_can_hide(actor: Actor, country: str) -> None:
    """An administrator in the own country, who runs the machine in each: whoever a letter is addressed to."""
    if not can_hide(actor, country):
        raise NotAllowed("permission_missing", permission=str(Permission.HIDE_IN_COUNTRY))


def can_hide(actor: Actor, country: str) -> bool:
    own = allowed(actor, Permission.HIDE_IN_COUNTRY, Scope(country=country))
    return own or has_permission(actor, Permission.HIDE_ANYWHERE)


def check_can_check_currency(actor: Actor, version: ProtocolVersion) -> None:
    """An author or an editor says that nothing had to change."""
    if not can_check_currency(actor, version):
        raise NotAllowed("not_the_author")


def can_check_currency(actor: Actor, version: ProtocolVersion) -> bool:
    return can_edit(actor, version) or has_permission(actor, Permission.SCREEN_PROTOCOL)


def check_can_answer_appeal(actor: Actor, version: ProtocolVersion, *, rejected_in: str) -> None:
    """The chief editor of the country whose editor did not refuse it."""
    check_can_oversee(actor, version)
    if actor.country == rejected_in:
        raise NotAllowed("appeal_other_country")


def can_answer_appeal(actor: Actor, version: ProtocolVersion, *, rejected_in: str) -> bool:
    return can_oversee(actor, version) and actor.country != rejected_in


def check_can_declare(actor: Actor, organisation_id: int) -> None:
    """A clinician of the centre that runs the programme; the system for the demonstration."""
    if actor is not SYSTEM:
        check(actor, Permission.DECLARE_PROTOCOL, Scope(organisation_id=organisation_id))


def can_declare(actor: Actor, organisation_id: int) -> bool:
    return actor is SYSTEM or allowed(
        actor, Permission.DECLARE_PROTOCOL, Scope(organisation_id=organisation_id)
    )


def check_can_judge_declaration(actor: Actor, country: str, organisation_id: int) -> None:
    """An editor of the programme's country who does not belong to the centre."""
    if organisation_id in actor.organisation_ids:
        raise NotAllowed("own_programme")
    check(actor, Permission.CONFIRM_DECLARATION, Scope(country=country))


def can_judge_declaration(actor: Actor, country: str, organisation_id: int) -> bool:
    own = organisation_id in actor.organisation_ids
    return not own and allowed(actor, Permission.CONFIRM_DECLARATION, Scope(country=country))


def check_can_report(actor: Actor, organisation_id: int) -> None:
    """A clinician reports for the own centre."""
    check(actor, Permission.REPORT_FROM_FIELD, Scope(organisation_id=organisation_id))


def can_report(actor: Actor, organisation_id: int) -> bool:
    return allowed(actor, Permission.REPORT_FROM_FIELD, Scope(organisation_id=organisation_id))


def check_can_judge_report(actor: Actor, report: FieldReport) -> None:
    """An editor of either country, of another centre than the report's."""
    check(actor, Permission.ACCEPT_FIELD_REPORT)
    if report.created_by == actor.id or report.organisation_id in actor.organisation_ids:
        raise NotAllowed("own_report")


def can_judge_report(actor: Actor, report: FieldReport) -> bool:
    own = report.created_by == actor.id or report.organisation_id in actor.organisation_ids
    return has_permission(actor, Permission.ACCEPT_FIELD_REPORT) and not own


def check_can_read_report(actor: Actor | None, report: FieldReport) -> None:
    if not can_read_report(actor, report):
        raise NotAllowed("permission_missing")


def can_read_report(actor: Actor | None, report: FieldReport) -> bool:
    """Accepted reports are public; others are read by their centre and by editors."""
    if report.state == "accepted":
        return True
    return actor is not None and (
        report.organisation_id in actor.organisation_ids
        or has_permission(actor, Permission.ACCEPT_FIELD_REPORT)
    )


def check_can_discuss_unit(actor: Actor) -> None:
    """Translators, their reviewers, clinicians and editors: whom the pages of translation are open to."""
    if not can_discuss_unit(actor):
        raise NotAllowed("permission_missing", permission=str(Permission.TRANSLATE))


def can_discuss_unit(actor: Actor) -> bool:
    offices = (Permission.TRANSLATE, Permission.APPROVE_TRANSLATION, Permission.SCREEN_PROTOCOL)
    return bool(actor.role_codes & CLINICIANS) or any(has_permission(actor, office) for office in offices)


def check_can_complain(actor: Actor) -> None:
    """Everybody with an account; a decision is an editor's."""
    if not can_complain(actor):
        raise NotAllowed("permission_missing", permission=str(Role.MEMBER))


def can_complain(actor: Actor) -> bool:
    return Role.MEMBER in actor.role_codes


def check_can_judge_complaint(actor: Actor) -> None:
    check(actor, Permission.SCREEN_PROTOCOL)


def can_judge_complaint(actor: Actor) -> bool:
    return has_permission(actor, Permission.SCREEN_PROTOCOL)


def check_can_judge_sample(actor: Actor, unit: TranslationUnit, *, clinical: bool) -> None:
    """A second reviewer: whoever could approve the text, and did not."""
    check_can_approve_unit(actor, unit, clinical=clinical)
    if unit.reviewed_by == actor.id:
        raise NotAllowed("own_approval")


def can_judge_sample(actor: Actor, unit: TranslationUnit, *, clinical: bool) -> bool:
    return can_approve_unit(actor, unit, clinical=clinical) and unit.reviewed_by != actor.id
