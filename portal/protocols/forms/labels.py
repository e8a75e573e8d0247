"""Names of the codes of protocols in the reader's language."""

from collections.abc import Iterable
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from portal.core.forms import SelectChoice
from portal.protocols.forms import fate_words

FIELDS: Final = {
    "title": _l("Title"),
    "summary": _l("Summary"),
    "change_note": _l("What is new in this version"),
    "legal": _l("Note on the law"),
    "evidence_searched_on": _l("Date of the last search for evidence"),
    "concepts": _l("Keywords"),
    "reason": _l("Reason"),
    "fork_reason": _l("Why it was adapted"),
    "etd:problem": _l("The problem here"),
    "etd:benefits": _l("Benefits here"),
    "etd:harms": _l("Harms here"),
    "etd:values": _l("What people here value"),
    "etd:resources": _l("Resources here"),
    "etd:equity": _l("Equity"),
    "etd:acceptability": _l("Acceptability"),
    "etd:feasibility": _l("Feasibility"),
}
SECTIONS: Final = {
    "population": _l("Who it is for"),
    "substances": _l("Substances and diagnoses"),
    "setting": _l("Setting"),
    "contraindications": _l("Contraindications and cautions"),
    "assessment": _l("Assessment"),
    "steps": _l("Steps of treatment"),
    "dosing": _l("Doses"),
    "monitoring": _l("Monitoring"),
    "adverse_events": _l("Adverse events and emergencies"),
    "special_populations": _l("Special populations"),
    "psychosocial": _l("Psychosocial part"),
    "duration": _l("Duration and ending"),
    "resources": _l("Resources and training"),
    "evidence": _l("Evidence"),
    "implementation": _l("Advice on implementation"),
}
KINDS: Final = {
    "text": _l("Text"),
    "step": _l("Step"),
    "list": _l("List"),
    "dose": _l("Dose line"),
    "criterion": _l("Criterion"),
    "measure": _l("Measure to follow"),
    "resource": _l("Resource"),
    "evidence": _l("Statement of evidence"),
}
STATES: Final = {
    "draft": lazy_pgettext("protocol", "draft"),
    "submitted": lazy_pgettext("protocol", "submitted"),
    "in_review": lazy_pgettext("protocol", "in review"),
    "changes_requested": lazy_pgettext("protocol", "changes requested"),
    "accepted": lazy_pgettext("protocol", "accepted"),
    "published": lazy_pgettext("protocol", "published"),
    "under_concern": lazy_pgettext("protocol", "under concern"),
    "superseded": lazy_pgettext("protocol", "replaced by a newer version"),
    "retired": lazy_pgettext("protocol", "retired"),
    "withdrawn": lazy_pgettext("protocol", "withdrawn"),
    "rejected": lazy_pgettext("protocol", "rejected"),
    "abandoned": lazy_pgettext("protocol", "given up"),
}
STATE_PILLS: Final = {
    "draft": "idle",
    "submitted": "active",
    "in_review": "active",
    "changes_requested": "warn",
    "accepted": "active",
    "published": "done",
    "under_concern": "bad",
    "superseded": "off",
    "retired": "off",
    "withdrawn": "bad",
    "rejected": "bad",
    "abandoned": "off",
}
CHANGE_TYPES: Final = {
    "initial": _l("First version"),
    "clinical": _l("Clinical change"),
    "editorial": _l("Editorial change"),
    "correction": _l("Correction of an error"),
}
REVIEW_KINDS: Final = {"clinical": _l("Clinical review"), "dose_check": _l("Check of the doses")}
ASSIGNMENT_STATES: Final = {
    "invited": _l("asked, no answer yet"),
    "declared": _l("declared interests, waits for the editor"),
    "reading": _l("reading"),
    "submitted": _l("review handed in"),
    "declined": lazy_pgettext("review", "declined"),
    "expired": _l("did not answer within a week"),
    "dismissed": _l("not needed any longer"),
    "closed": _l("closed"),
}
RECOMMENDATIONS: Final = {"approve": _l("Publish as it is"), "revise": _l("Revise first")}
SEVERITIES: Final = {
    "must": _l("must be answered"),
    "should": _l("should be considered"),
    "note": _l("for information"),
}
REMARK_STATES: Final = {
    "open": lazy_pgettext("remark", "open"),
    "addressed": lazy_pgettext("remark", "answered"),
    "disputed": lazy_pgettext("remark", "disputed"),
    "resolved": lazy_pgettext("remark", "settled"),
}
UNIT_STATES: Final = {
    "untranslated": lazy_pgettext("translation", "not translated"),
    "draft": lazy_pgettext("translation", "draft"),
    "needs_review": lazy_pgettext("translation", "waits for review"),
    "approved": lazy_pgettext("translation", "approved"),
}
UNIT_PILLS: Final = {"untranslated": "idle", "draft": "active", "needs_review": "warn", "approved": "done"}
# Beside a text on the readers' page; a person's translation is the rule and carries no mark.
ORIGIN_MARKS: Final = {
    "memory": _l("from translation memory"),
    "machine_edited": _l("by machine, edited by a person"),
}
# Before a number of texts: “Translated by people: 12”.
ORIGIN_COUNTS: Final = {
    "human": _l("Translated by people"),
    "memory": _l("From translation memory"),
    "machine_edited": _l("By machine, edited by people"),
}
FRESHNESS: Final = {
    "stale_clinical": _l("The source changed clinically: do not use the old text."),
    "stale_editorial": _l("The wording of the source changed."),
}
TRANSLATION_STATES: Final = {
    "source": lazy_pgettext("translation", "source"),
    "not_started": lazy_pgettext("translation", "not begun"),
    "in_progress": lazy_pgettext("translation", "in progress"),
    "in_review": lazy_pgettext("translation", "in review"),
    "approved": lazy_pgettext("translation", "all approved"),
    "published": lazy_pgettext("translation", "published"),
    "partly_stale": lazy_pgettext("translation", "partly out of date"),
    "withdrawn": lazy_pgettext("translation", "withdrawn"),
}
TRANSLATION_PILLS: Final = {
    "source": "off",
    "not_started": "idle",
    "in_progress": "active",
    "in_review": "active",
    "approved": "done",
    "published": "done",
    "partly_stale": "warn",
    "withdrawn": "bad",
}
ROUTES: Final = {
    "oral": _l("by mouth"),
    "sublingual": _l("under the tongue"),
    "intravenous": _l("intravenous"),
    "intramuscular": _l("intramuscular"),
    "subcutaneous": _l("subcutaneous"),
    "intranasal": _l("into the nose"),
    "implant": _l("implant"),
    "parenteral": _l("by injection"),
    "psychosocial": _l("in sessions"),
}
PHASES: Final = {
    "start": _l("Start"),
    "day_1": _l("Day 1"),
    "day_2": _l("Day 2"),
    "titration": _l("Titration"),
    "maintenance": _l("Maintenance"),
    "withdrawal": lazy_pgettext("phase", "Withdrawal"),
    "taper": _l("Tapering"),
    "rescue": _l("Emergency"),
    "course": _l("Course"),
}
PER: Final = {
    "dose": _l("single dose"),
    "day": _l("day"),
    "week": _l("week"),
    "month": _l("month"),
    "course": _l("course"),
}
EVERY: Final = {"hour": _l("hours"), "day": _l("days"), "week": _l("weeks"), "month": _l("months")}
SCHEMES: Final = {
    "substance": _l("Substance"),
    "condition": _l("Condition"),
    "intervention": _l("Intervention"),
    "setting": _l("Setting"),
    "population": _l("Population"),
    "outcome": _l("Outcome"),
    "instrument": _l("Instrument"),
    "complication": _l("Complication"),
}
ROLES: Final = {
    "main": _l("main subject"),
    "secondary": _l("also about this"),
    "excluded": _l("not about this"),
}
COUNTRIES: Final = {"IR": _l("Iran"), "RU": _l("Russia")}
SOURCE_STATES: Final = {
    "partly": _l("only part of the statement is in the cited text"),
    "to_verify": _l("to verify in the primary document"),
}
LICENCES: Final = {
    "CC-BY-4.0": "CC BY 4.0",
    "CC-BY-SA-4.0": "CC BY-SA 4.0",
    "CC-BY-NC-SA-4.0": "CC BY-NC-SA 4.0",
    "CC0-1.0": "CC0 1.0",
}
SOURCE_LICENCES: Final = {
    "": _l("not known"),
    **LICENCES,
    "CC-BY-3.0-IGO": "CC BY 3.0 IGO",
    "CC-BY-SA-3.0-IGO": "CC BY-SA 3.0 IGO",
    "CC-BY-NC-SA-3.0-IGO": "CC BY-NC-SA 3.0 IGO",
    "CC-BY-NC-4.0": "CC BY-NC 4.0",
    "CC-BY-ND-4.0": "CC BY-ND 4.0",
    "CC-BY-NC-ND-4.0": "CC BY-NC-ND 4.0",
    "public-domain": _l("public domain"),
    "all-rights-reserved": _l("all rights reserved"),
}
UN_NOTICE: Final = _l(
    "This translation was not created by the United Nations or the World Health Organization (WHO). They are "
    "not responsible for the content or accuracy of this translation. The original edition shall be the "
    "binding and authentic edition."
)
FORK_DECISIONS: Final = {
    "take": _l("taken"),
    "ignore": _l("not taken"),
    "later": _l("put off"),
}
# Bars of the certainty of evidence.
GRADES: Final = {"ev-high": 4, "ev-moderate": 3, "ev-low": 2, "ev-very-low": 1}
EVENTS: Final = fate_words.EVENTS | {
    "declaration.made": _l("A programme declared that it follows a version"),
    "declaration.confirmed": _l("A programme follows a version"),
    "declaration.refused": _l("Declaration of a programme refused"),
    "declaration.taken_back": _l("Declaration of a programme taken back"),
    "declaration.moved": _l("A programme moved to another version"),
    "declaration.ended": _l("A programme no longer follows a version"),
    "declaration.closed": _l("A programme that followed it closed"),
    "declaration.questioned": _l("Declaration of a programme questioned"),
    "declaration.settled": _l("Declaration of a programme confirmed again"),
    "declaration.checked": _l("A programme checked how it keeps to the protocol"),
    "declaration.answered": _l("A programme answered to a new version"),
    "field_report.saved": _l("Field report written"),
    "field_report.sent": _l("Field report sent"),
    "field_report.accepted": _l("Field report accepted"),
    "field_report.returned": _l("Field report returned"),
    "field_report.withdrawn": _l("Field report withdrawn"),
    "protocol.created": _l("Protocol begun"),
    "protocol.version_begun": _l("Next version begun"),
    "protocol.submitted": _l("Submitted"),
    "protocol.resubmitted": _l("Submitted again"),
    "protocol.returned": _l("Returned to its author"),
    "protocol.review_started": _l("Review begun"),
    "protocol.reviewer_asked": _l("One more reviewer asked"),
    "protocol.interests_declared": _l("Interests declared: none"),
    "protocol.reviewed": _l("Review handed in"),
    "protocol.changes_requested": _l("Changes requested"),
    "protocol.remark_answered": _l("Remark answered"),
    "protocol.remark_settled": _l("Remark settled"),
    "protocol.accepted": _l("Accepted"),
    "protocol.rejected": _l("Rejected"),
    "protocol.exception_allowed": _l("Exception for a demonstration protocol"),
    "protocol.class_overridden": _l("Changed digits accepted as editorial"),
    "protocol.publication_agreed": _l("A chief editor agreed to publish"),
    "protocol.published": lazy_pgettext("event", "Published"),
    "protocol.superseded": _l("Replaced by a newer version"),
    "protocol.confirmed": _l("Correction confirmed by the other country"),
    "protocol.abandoned": _l("Given up"),
    "protocol.legal_set": _l("Legal status checked"),
    "protocol.details_changed": _l("Details changed"),
    "protocol.concepts_set": _l("Keywords set"),
    "protocol.blocks_added": _l("Blocks added"),
    "protocol.block_saved": _l("Block changed"),
    "protocol.block_removed": _l("Block removed"),
    "protocol.block_moved": _l("Block moved"),
    "protocol.references_added": _l("References added"),
    "protocol.reference_removed": _l("Reference removed"),
    "protocol.adapted": _l("Begun as an adaptation"),
    "protocol.rationale_saved": _l("Reasons of the adaptation changed"),
    "protocol.parent_taken": _l("Change of the parent taken over"),
    "protocol.parent_ignored": _l("Change of the parent not taken over"),
    "protocol.parent_put_off": _l("Change of the parent put off"),
    "protocol.withdrawal_answered": _l("Withdrawal of the parent answered"),
    "translation.saved": _l("Translation saved"),
    "translation.submitted": _l("Translation handed in"),
    "translation.approved": _l("Translation approved"),
    "translation.returned": _l("Translation sent back"),
    "translation.confirmed": _l("Translation confirmed as still right"),
    "translation.published": _l("Translation published"),
    "translation.withdrawn": _l("Translation withdrawn"),
    "translation.reopened": _l("Translation sent back to draft by an editor"),
    "translation.source_changed": _l("Translations left behind by a new version"),
    "translation.release_planned": _l("Translation to be released together with the source"),
    "translation.release_unplanned": _l("Translation to be released by itself"),
    "translation.complained": _l("A mistake in a translation reported"),
    "translation.complaint_accepted": _l("Report of a mistake accepted"),
    "translation.complaint_dismissed": _l("Report of a mistake dismissed"),
    "translation.commented": _l("Remark on a translation"),
    "translation.comment_settled": _l("Remark on a translation settled"),
    "translation.sample_judged": _l("Translation reviewed a second time"),
}


def choices(names: dict[str, Any], *, empty: Any = None) -> list[SelectChoice]:
    """Choices of a form's list, with a first line for no answer where one is given."""
    return listed(names.items(), empty=empty)


def listed(pairs: Iterable[tuple[str, Any]], *, empty: Any = None) -> list[SelectChoice]:
    """The same from pairs of code and name."""
    first = [SelectChoice("", empty)] if empty is not None else []
    return [*first, *(SelectChoice(code, name) for code, name in pairs)]


def grouped(groups: Iterable[tuple[Any, Iterable[tuple[str, Any]]]], *, empty: Any) -> list[SelectChoice]:
    """A long list under headings, so that typing the first letters of a name leads to it."""
    return listed((), empty=empty) + [
        SelectChoice(code, name, optgroup=str(heading)) for heading, pairs in groups for code, name in pairs
    ]
