"""What the audit calls events and objects, in the reader's language, and the pages of objects.

The audit itself keeps codes. A code that is missing here is shown as it is; a test looks for such codes.
"""

from typing import Any, Final

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l

from portal.accounts.forms import PROOFINGS
from portal.core.audit import AuditEvent

EVENTS: Final[dict[str, Any]] = {
    "account.approved": _l("Account approved"),
    "account.changed": _l("Personal data changed"),
    "account.code_used": _l("Second factor entered"),
    "account.confirmed": _l("Mail address confirmed"),
    "account.created": _l("Account created"),
    "account.disabled": _l("Account closed"),
    "account.email_changed": _l("Mail address changed"),
    "account.enabled": _l("Account opened again"),
    "account.factor_proposed": _l("Second factor begun"),
    "account.factor_reset": _l("Second factor removed"),
    "account.factor_reset_asked": _l("Removal of a second factor asked for"),
    "account.factor_set": _l("Second factor set up"),
    "account.hash_upgraded": _l("Password stored anew"),
    "account.invited": _l("Invitation sent"),
    "account.logins_ended": _l("Login sessions ended"),
    "account.password_changed": _l("Password changed"),
    "account.password_reset": _l("Password set by a link"),
    "account.recovery_codes_made": _l("Recovery codes made"),
    "account.refused": _l("Account refused"),
    "account.registered": _l("Account asked for"),
    "account.role_confirmed": _l("Role confirmed"),
    "account.role_refused": _l("Role refused"),
    "account.roles_changed": _l("Roles changed"),
    "account.signed_in": _l("Signed in"),
    "account.signed_out": _l("Signed out"),
    "audit.read": _l("Audit read"),
    "declaration.answered": _l("A programme answered to a new version"),
    "declaration.checked": _l("A programme checked how it keeps to the protocol"),
    "declaration.closed": _l("A programme that followed it closed"),
    "declaration.confirmed": _l("A programme follows a version"),
    "declaration.ended": _l("A programme no longer follows a version"),
    "declaration.made": _l("A programme declared that it follows a version"),
    "declaration.moved": _l("A programme moved to another version"),
    "declaration.questioned": _l("Declaration of a programme questioned"),
    "declaration.refused": _l("Declaration of a programme refused"),
    "declaration.settled": _l("Declaration of a programme confirmed again"),
    "declaration.taken_back": _l("Declaration of a programme taken back"),
    "edition.approved": _l("Edition approved"),
    "edition.build_asked": _l("Building of an edition asked for"),
    "edition.discarded": _l("Frozen edition discarded"),
    "edition.expired": _l("Frozen edition expired"),
    "edition.frozen": _l("Edition frozen"),
    "edition.published": _l("Edition published"),
    "episode.admitted": _l("Admission recorded"),
    "episode.corrected": _l("Episode corrected"),
    "episode.discharged": _l("Discharge recorded"),
    "episode.followed_up": _l("Follow-up recorded"),
    "episode.medicated": _l("Medication recorded"),
    "episode.reviewed": _l("Review of an episode recorded"),
    "field_report.accepted": _l("Field report accepted"),
    "field_report.returned": _l("Field report returned"),
    "field_report.saved": _l("Field report written"),
    "field_report.sent": _l("Field report sent"),
    "field_report.withdrawn": _l("Field report withdrawn"),
    "import.accepted": _l("Upload accepted"),
    "import.discarded": _l("Upload discarded"),
    "import.refused": _l("Upload refused"),
    "import.staged": _l("Upload checked"),
    "import.started": _l("Upload begun"),
    "live_figures.viewed": _l("Live figures of a programme read"),
    "organisation.registered": _l("Centre registered"),
    "organisation.renamed": _l("Centre renamed"),
    "organisation.staff_added": _l("Person added to the staff"),
    "organisation.staff_removed": _l("Person taken from the staff"),
    "programme.consent_withdrawn": _l("Consent of a programme withdrawn"),
    "programme.consented": _l("Consent of a programme recorded"),
    "programme.described": _l("Programme described"),
    "programme.registered": _l("Programme registered"),
    "protocol.abandoned": _l("Draft abandoned"),
    "protocol.accepted": _l("Protocol accepted"),
    "protocol.block_moved": _l("Block moved"),
    "protocol.block_removed": _l("Block removed"),
    "protocol.block_saved": _l("Block saved"),
    "protocol.blocks_added": _l("Blocks added"),
    "protocol.changes_requested": _l("Changes to a protocol asked for"),
    "protocol.class_overridden": _l("Kind of a change decided"),
    "protocol.concepts_set": _l("Keywords set"),
    "protocol.confirmed": _l("Protocol confirmed as current"),
    "protocol.created": _l("Protocol begun"),
    "protocol.details_changed": _l("Details of a protocol changed"),
    "protocol.exception_allowed": _l("Exception allowed"),
    "protocol.interests_declared": _l("Interests declared"),
    "protocol.legal_set": _l("Legal status recorded"),
    "protocol.publication_agreed": _l("Publication agreed"),
    "protocol.published": _l("Protocol published"),
    "protocol.reference_removed": _l("Reference removed"),
    "protocol.references_added": _l("References added"),
    "protocol.rejected": _l("Protocol rejected"),
    "protocol.remark_answered": _l("Remark answered"),
    "protocol.remark_settled": _l("Remark settled"),
    "protocol.reopened": _l("Protocol opened again"),
    "protocol.resubmitted": _l("Protocol submitted again"),
    "protocol.returned": _l("Protocol sent back to its author"),
    "protocol.review_declined": _l("Review declined"),
    "protocol.review_started": _l("Review begun"),
    "protocol.reviewed": _l("Review handed in"),
    "protocol.reviewer_asked": _l("Reviewer asked"),
    "protocol.submitted": _l("Protocol submitted"),
    "protocol.superseded": _l("Version replaced by a newer one"),
    "protocol.version_begun": _l("New version begun"),
    "result.viewed": _l("Released result read"),
    "terms.accepted": _l("Terms of use accepted"),
    "translation.approved": _l("Translation approved"),
    "translation.confirmed": _l("Translation confirmed"),
    "translation.published": _l("Translation published"),
    "translation.returned": _l("Translation sent back"),
    "translation.saved": _l("Translation saved"),
    "translation.submitted": _l("Translation submitted"),
    "vocabulary.changed": _l("Vocabulary changed"),
    "vocabulary.loaded": _l("Vocabulary loaded"),
}
OBJECTS: Final[dict[str, Any]] = {
    "audit_event": _l("Audit, from entry"),
    "concept": _l("Concept"),
    "edition": _l("Edition"),
    "episode": _l("Episode"),
    "import": _l("Upload for"),
    "import_batch": _l("Upload"),
    "organisation": _l("Centre"),
    "programme": _l("Programme"),
    "protocol": _l("Protocol"),
    "released_result": _l("Result"),
    "user": _l("Account"),
    "vocabulary": _l("Vocabulary"),
}
# The page of an object and what its address calls the id.
PAGES: Final = {
    "edition": ("releases.edition", "name"),
    "organisation": ("programmes.organisation", "organisation_id"),
    "programme": ("programmes.programme", "programme_id"),
    "user": ("accounts.account", "user_id"),
}


def page_of(event: AuditEvent) -> str | None:
    """Address of the object's page, where it has one."""
    endpoint, name = PAGES.get(event.object_type, ("", ""))
    if endpoint not in current_app.view_functions or (name != "name" and not event.object_id.isdecimal()):
        return None
    return url_for(endpoint, **{name: event.object_id})  # type: ignore[arg-type] # a value of the address


def reason_of(event: AuditEvent) -> Any:
    """The reason that somebody wrote, or the name of the one that was chosen from a list."""
    return event.reason_text or PROOFINGS.get(event.reason_code, "")  # type: ignore[call-overload] # codes are text
