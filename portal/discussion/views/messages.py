"""Sentences for the refusal codes of the discussion: what, where, what to do."""

from flask_babel import lazy_gettext as _l

from portal.core.sentences import register_messages

register_messages(
    {
        "decision_final": _l("This decision cannot be appealed any longer, or it was undone already."),
        "appealed_already": _l("You have appealed this decision already."),
        "date_in_case": _l(
            "A case holds no dates. Write how long ago it was, for example “three weeks before”."
        ),
        "days_out_of_range": _l("A sanction lasts from 1 to %(max)s days."),
        "flagged_already": _l("You have flagged this post already; a moderator looks at it."),
        "followed_up_already": _l("The follow-up of this case was written already."),
        "identifier_found": _l("This text seems to hold an identifier of a person. Remove it."),
        "not_your_appeal": _l("Only the author may appeal this decision."),
        "not_your_post": _l("Only its author may change a post."),
        "not_your_thread": _l("Only who began this conversation may do this."),
        "nothing_waits": _l("Nothing waits for a decision here: another moderator has decided."),
        "own_flag": _l("You flagged this post yourself: another moderator decides."),
        "own_post": _l("Nobody decides about, or flags, the own post."),
        "post_not_in_sight": _l("This post is not in sight any longer."),
        "post_out_of_sight": _l("This post is not in sight."),
        "protocol_missing": _l("Say which protocol this is about."),
        "safety_flag_missing": _l(
            "Only while a clinician's flag of danger waits can a moderator put a protocol under concern."
        ),
        "sanction_runs": _l("A sanction of this person runs already. Another can follow when it has ended."),
        "sanctioned": _l(
            "You cannot post until: %(until)s. The reason and how to appeal are under “My posts”."
        ),
        "second_moderator_needed": _l("You made this decision: another moderator decides about the appeal."),
        "thread_closed": _l("This conversation is closed: its first post was removed or taken back."),
        "too_many_posts": _l(
            "That is more than a person writes in an hour. Wait a little; your text is still here."
        ),
    }
)  # fmt: skip
