"""Forms of moderators. The verdict is the button that was pressed."""

from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from portal.core.forms import NumberField, PortalForm, between, length, optional, required
from portal.discussion.forms import labels
from portal.discussion.forms.persons import WordsField, no_person
from portal.discussion.rules import LONGEST_NOTE, LONGEST_SANCTION_DAYS
from portal.protocols.forms.labels import listed

TOLD: Final = _l("The author reads it. Do not repeat what identifies a person.")
REASONS: Final = listed(labels.REASONS.items())


class JudgeForm(PortalForm):
    """Decide about a post. The reason counts only for a removal."""

    reason_code = SelectField(_l("Reason of a removal"), [optional()], choices=REASONS)
    reason = WordsField(
        _l("What the author should know"),
        [optional(), length(0, LONGEST_NOTE), no_person()],
        description=TOLD,
    )


class ConcernForm(PortalForm):
    """Put the protocol under concern: what readers of the protocol are told."""

    body = WordsField(
        _l("What readers should know"), [required(), length(3, LONGEST_NOTE), no_person()],
        description=_l("Everybody who opens the protocol reads it, at once. Name no person and no centre."),
    )  # fmt: skip


class AnswerForm(PortalForm):
    """Decide about an appeal."""

    answer = WordsField(
        _l("Answer to the author"), [required(), length(3, LONGEST_NOTE), no_person()], description=TOLD
    )


class SanctionForm(PortalForm):
    reason_code = SelectField(_l("Reason"), [required()], choices=REASONS)
    reason = WordsField(
        _l("What the person should know"),
        [required(), length(10, LONGEST_NOTE), no_person()],
        description=TOLD,
    )
    days = NumberField(
        _l("For how many days"), [required(), between(1, LONGEST_SANCTION_DAYS)],
        description=_l("At most a week. The person may appeal; another moderator decides."),
    )  # fmt: skip
