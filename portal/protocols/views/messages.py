"""Sentences for the refusal codes of protocols: what, where, what to do."""

from flask_babel import lazy_gettext as _l

from portal.core.sentences import register_messages

register_messages(
    {
        "already_agreed": _l("The chief editor of your country has agreed already."),
        "another_version_published": _l(
            "Another version was published meanwhile. Begin the next version from it."
        ),
        "answer_missing": _l("Write why you disagree."),
        "approvals_missing_for_content": _l(
            "This content lacks approvals (%(missing)s). A change after a review makes the review void."
        ),
        "approve_with_must": _l(
            "You wrote a remark that must be answered. Recommend a revision, or change the remark."
        ),
        "assignment_closed": _l("This review is closed."),
        "block_changed": _l(
            "Somebody saved this block while you were writing. Both texts are shown: decide and save again."
        ),
        "block_removed_meanwhile": _l(
            "Somebody removed this block while you were writing. What you wrote is in the form below: "
            "save it to add the block again."
        ),
        "block_unknown": _l("The block of this remark does not exist any longer."),
        "blocks_missing": _l("The protocol has no blocks. Add at least one."),
        "cannot_be_minor": _l(
            "The change touches a dose, criterion, measure, evidence, number or unit: it is clinical. "
            "Choose “Clinical change” or “Correction of an error”."
        ),
        "change_type_wrong": _l(
            "Choose a kind of change that fits: only the first version is a first version."
        ),
        "chief_editors_missing": _l("The chief editors of both countries have to agree."),
        "clinician_needed": _l("A text of clinical weight is approved by a clinician."),
        "comment_needed": _l(
            "Write at least one remark on a block, so that the author knows what to change."
        ),
        "concept_missing": _l("A keyword is missing: %(scheme)s. Add it under Keywords, as main subject."),
        "concept_unknown": _l("This keyword is not in the vocabulary."),
        "confirmed_by_other_country": _l("The chief editor of the other country confirms a correction."),
        "content_changed": _l("The content has changed meanwhile. Reload the page and read it again."),
        "content_closed": _l(
            "The content cannot be changed in the present state. "
            "Take the submission back, or begin a new version."
        ),
        "country_unknown": _l("Choose one of the listed countries."),
        "check_in_future": _l("This date lies in the future. Write the day of the check."),
        "declare_first": _l("Declare your interests first; then the text opens."),
        "dose_field_unknown": _l("This dose line holds a value that is not known."),
        "dose_missing": _l("Write an amount, or say that the line cannot be coded."),
        "dose_without_source": _l("A dose line has no source. Choose one of the references."),
        "drug_missing": _l("Choose the drug."),
        "exception_demonstration_only": _l("Only a demonstration protocol can be published by exception."),
        "field_missing": _l("Missing: %(name)s."),
        "identifier_found": _l("This text seems to hold an identifier of a person. Remove it."),
        "licence_irreconcilable": _l(
            "The terms of the works from which text was taken over exclude each other. "
            "Cite one of them instead."
        ),
        "organisation_not_own": _l("Choose one of your own centres, or the whole country."),
        "parent_change_decided": _l("This change was decided about already. Reload the page."),
        "parent_changed_meanwhile": _l(
            "The parent has published another version meanwhile. The page shows it now: decide again."
        ),
        "parent_not_current": _l("A newer version was published. Begin the adaptation from that one."),
        "parent_not_withdrawn": _l("The parent was not withdrawn."),
        "parent_under_concern": _l(
            "An editor has raised a concern about this protocol. It can be adapted once that is settled."
        ),
        "parent_withdrawn": _l("This protocol was withdrawn and cannot be adapted."),
        "parent_withdrawn_unanswered": _l(
            "%(public_id)s, from which this was adapted, was withdrawn. Say why the adaptation still holds."
        ),
        "title_of_parent": _l("Give the adaptation a title of its own."),
        "legal_missing": _l(
            "The legal status is missing: %(country)s. An editor can set it, also as not verified."
        ),
        "licence_conflict": _l(
            "Text taken over from %(key)s needs one of these licences: %(licence)s. "
            "Change the licence of the protocol."
        ),
        "licence_forbids": _l("Text may not be taken over from %(key)s without permission. Cite it instead."),
        "licence_unknown": _l("Choose one of the listed licences."),
        "musts_open": _l("Remarks that must be answered are still open: %(count)s."),
        "musts_unanswered": _l("Answer every remark that must be answered first: %(count)s left."),
        "not_a_reviewer": _l("This person is not a clinical reviewer."),
        "not_assigned": _l("Somebody else was asked for this review."),
        "not_filled_in": _l("Before it can be submitted, something is missing."),
        "not_ready_to_publish": _l("The check before publication found problems."),
        "not_the_author": _l("Only the authors of this protocol can do this."),
        "nothing_published": _l("There is no published version to begin from."),
        "number_missing": _l("Fill in this number too: without it readers would not see the other one."),
        "number_wrong": _l("Write a number above zero."),
        "numbers_differ": _l(
            "Numbers, units, codes or names differ from the source: ⟦%(faults)s⟧. "
            "Correct them, or give the reason."
        ),
        "own_text": _l("Nobody decides about a text of the own organisation. Ask another editor."),
        "own_translation": _l("Nobody approves the own translation. Another person has to."),
        "panel_incomplete": _l(
            "Ask two clinical reviewers of two organisations, of whom one reads the language of the protocol,"
            " and one person to check the doses where there are any."
        ),
        "quote_missing": _l("Write the words of the source."),
        "quote_too_long": _l("Quote at most %(words)s words."),
        "range_reversed": _l("The second number is smaller than the first."),
        "reason_missing": _l("Write the reason."),
        "recommendation_unknown": _l("Choose one of the recommendations."),
        "reference_exists": _l("There is a reference with the key %(key)s already."),
        "reference_in_use": _l("A block names the reference %(key)s. Change the block first."),
        "reference_unknown": _l("There is no reference with the key %(key)s. Add it first."),
        "reviewer_declined": _l("This person declined."),
        "reviewer_without_organisation": _l(
            "This reviewer belongs to no centre. An administrator adds reviewers to their centres."
        ),
        "same_organisation": _l("This person belongs to the author's organisation and cannot review."),
        "section_missing": _l("A section is missing: %(section)s. Add a block to it."),
        "section_unknown": _l("Choose one of the listed sections."),
        "slug_wrong": _l("Use small Latin letters, digits and hyphens only."),
        "source_changed": _l("The source has changed. Save the translation again for the new text."),
        "source_missing": _l("Choose the source of the dose."),
        "source_not_identified": _l(
            "The reference %(key)s has neither DOI, PMID, ISBN nor address. Add one."
        ),
        "status_unknown": _l("Choose one of the listed states."),
        "translation_incomplete": _l(
            "Title, summary, population, contraindications, steps, doses and monitoring need approved texts: "
            "%(count)s missing."
        ),
        "unit_changed": _l(
            "Somebody saved this text while you were writing. Both texts are shown: decide and save again."
        ),
        "unit_missing": _l("Choose the unit."),
        "unit_not_stale": _l("This text is not out of date."),
        "unit_untranslated": _l("There is no translation yet. Save one first."),
        "wrote_it": _l("Who wrote any of this text decides nothing about it. Ask somebody else."),
        "url_wrong": _l("Write an address that begins with https://."),
    }
)
