"""Sentences for the refusal codes of episodes, and the words of the pages that enter them."""

from typing import Final

from flask_babel import lazy_gettext as _l

from portal.core.sentences import register_messages
from portal.registry.workflow import EpisodeState

register_messages(
    {
        "already_discharged": _l("This episode is discharged already. Look at it before you write more."),
        "episode_changed": _l(
            "Somebody changed this episode after you opened the form. "
            "Look at it, then send your answers again."
        ),
        "form_sent": _l(
            "This form was sent already: it is episode %(case_code)s. "
            "For another patient check the answers below and send them again."
        ),
        "no_free_review": _l(
            "Both reviews of this episode are recorded. Correct one of them if it is wrong."
        ),
        "not_discharged": _l("Record the discharge first; follow-up comes after it."),
        "unknown_episode": _l("This does not exist, or is not open to your account."),
        "unknown_programme": _l("This does not exist, or is not open to your account."),
    }
)

FORM_STALE: Final = _l("The form came back incomplete. Check the answers and send it again.")
CONFIRMATIONS: Final = {
    "notes": _l("checked in the notes"),
    "patient": _l("as the patient reported"),
    "will_correct": _l("will be corrected"),
}
STATES: Final = {
    EpisodeState.OPEN: (_l("in treatment"), "active"),
    EpisodeState.REVIEW_DUE: (_l("review due"), "warn"),
    EpisodeState.DISCHARGED: (_l("discharged"), "done"),
    EpisodeState.FOLLOW_UP_DUE: (_l("follow-up due"), "warn"),
}
SHOWN: Final = {
    "all": _l("All"),
    "open": _l("In treatment"),
    "review": _l("Review due"),
    "follow_up": _l("Follow-up due"),
}
EVENTS: Final = {
    "first": _l("Admission entered"),
    "imported": _l("Taken from a file"),
    "review": _l("Review recorded"),
    "medication": _l("Dose recorded"),
    "discharge": _l("Discharge recorded"),
    "follow_up": _l("Follow-up recorded"),
    "correction": _l("Answers corrected"),
}
