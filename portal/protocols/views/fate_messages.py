"""Sentences for the refusals around interests, reviewers, notices and appeals."""

from flask_babel import lazy_gettext as _l

from portal.core.sentences import register_messages

register_messages(
    {
        "another_open": _l(
            "Another version of this protocol is open. Only one can be: give it up or publish it first."
        ),
        "appeal_answered": _l("This appeal has been answered already."),
        "appeal_other_country": _l("The chief editor of the other country answers an appeal."),
        "appeal_too_late": _l("An appeal is possible once, within 30 days of the refusal."),
        "head_withdrawn": _l("This protocol is withdrawn. Begin a new protocol instead of a next version."),
        "hidden_already": _l("It is hidden in this country already."),
        "hidden_by_law": _l("This protocol is not shown in your country for legal reasons."),
        "hiding_lifted": _l("It is shown again already."),
        "interests_decided_already": _l(
            "Another editor has decided on these interests already. Reload the page."
        ),
        "interests_missing": _l("Declare your interests first; then the version can be submitted."),
        "interests_undecided": _l("Declared interests wait for an editor's decision: %(count)s."),
        "interests_wait": _l("You declared interests. The text opens when an editor has decided."),
        "invitation_expired": _l(
            "This invitation has run out, because a week passed. The editor can ask you again."
        ),
        "no_appeal": _l("The author has not appealed."),
        "nothing_approved": _l("You have no approval of the present content that could be taken back."),
        "nothing_to_hide": _l("Readers are shown no version of it, so there is nothing to hide."),
        "notice_closed": _l("This notice has ended already."),
        "outcome_missing": _l("Write what was found."),
        "own_interests": _l("Nobody decides on the own interests. Another editor has to."),
        "quote_not_found": _l(
            "These words do not stand in the block. Copy them from the block, or leave the field empty."
        ),
        "reference_needed": _l("Write what the letter or order is filed under."),
        "replacement_missing": _l("Name the protocol that replaces this one, by its number."),
        "reviewer_dismissed": _l("The editor needs this review no longer. Thank you."),
        "reviewer_excluded": _l("An editor excluded this person because of declared interests."),
        "under_concern_already": _l("A notice of concern stands on this version already."),
        "withdrawal_proposed_already": _l(
            "A withdrawal is proposed already. The chief editor of the other country agrees to it or not."
        ),
    }
)
