"""Forms of writers: a thread, a reply, a case, a follow-up, a flag, an appeal."""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import ValidationError

from portal.core.forms import PortalForm, length, optional, required
from portal.core.i18n import LOCALES
from portal.discussion.forms import labels
from portal.discussion.forms.persons import LineField, WordsField, no_person
from portal.discussion.rules import LONGEST_BODY, LONGEST_NOTE, LONGEST_TITLE
from portal.protocols.forms.labels import listed

CHOOSE: Final = _l("Choose")
NO_OTHER: Final = _l("no other substance")
LANGUAGES: Final = listed((tag, info.name) for tag, info in LOCALES.items())
LANGUAGE_HINT: Final = _l("The language of the text itself, whatever the language of this page.")
NOTHING_PERSONAL: Final = _l(
    "No names, dates, telephone or insurance numbers of patients. Doses between [[ and ]] stay in one piece."
)


def new_mark() -> str:
    """A form's own mark: sent twice, it is one post."""
    return uuid.uuid4().hex


def _one_mark(_form: Any, field: Any) -> None:
    if not (8 <= len(field.data or "") <= 36 and field.data.isascii()):
        raise ValidationError(_l("This form is too old. Send it again."))


class WordsForm(PortalForm):
    """A text in its language."""

    names: Mapping[int, str] = {}
    body = WordsField(
        _l("Text"), [required(), length(1, LONGEST_BODY), no_person()], description=NOTHING_PERSONAL
    )
    lang = RadioField(_l("Language of the text"), [required()], choices=LANGUAGES, description=LANGUAGE_HINT)


class ReplyForm(WordsForm):
    once: Any = HiddenField(default=new_mark, validators=[_one_mark])
    reply_to: Any = HiddenField()

    @property
    def answered(self) -> int | None:
        """The post that this one answers, when the form names one."""
        given = str(self.reply_to.data or "")
        return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else None


class ThreadForm(ReplyForm):
    """What a thread begins with."""

    title = LineField(
        _l("Title"), [required(), length(5, LONGEST_TITLE), no_person()],
        description=_l("The question or experience in one line."),
    )  # fmt: skip
    kind = RadioField(_l("Kind of conversation"), [required()], choices=listed(labels.KIND_HINTS.items()))


class CaseQuestionForm(ReplyForm):
    """The fixed, de-identified form of a case. Concepts come from the vocabulary."""

    title = LineField(
        _l("The question in one line"), [required(), length(5, LONGEST_TITLE), no_person(dates=False)]
    )
    age_band = SelectField(_l("Age"), [required()], choices=listed(labels.AGE_BANDS.items(), empty=CHOOSE))
    sex = RadioField(_l("Sex"), [required()], choices=listed(labels.SEXES.items()))
    substance = SelectField(_l("Main substance"), [required()])
    substance_2 = SelectField(_l("Second substance"), [optional()])
    substance_3 = SelectField(_l("Third substance"), [optional()])
    setting = SelectField(_l("Setting"), [required()])
    body = WordsField(
        _l("Situation and question"), [required(), length(20, LONGEST_BODY), no_person(dates=False)],
        description=_l("What matters for the answer, and what you want to know. No dates, places or names."),
    )  # fmt: skip
    tried = WordsField(
        _l("What was tried so far"), [required(), length(3, LONGEST_BODY), no_person(dates=False)],
        description=_l("Medicines, doses, how long, with what effect. “Nothing yet” is an answer."),
    )  # fmt: skip

    def offer(self, substances: list[tuple[str, str]], settings: list[tuple[str, str]]) -> None:
        """Concepts as (id, label), for the lists."""
        self.substance.choices = listed(substances, empty=CHOOSE)
        self.substance_2.choices = listed(substances, empty=NO_OTHER)
        self.substance_3.choices = listed(substances, empty=NO_OTHER)
        self.setting.choices = listed(settings, empty=CHOOSE)

    @property
    def substances(self) -> list[str]:
        given = (self.substance.data, self.substance_2.data, self.substance_3.data)
        return sorted({concept for concept in given if concept})


class FollowUpForm(ReplyForm):
    """What became of a case."""

    outcome = RadioField(_l("How is the person now?"), [required()], choices=listed(labels.OUTCOMES.items()))
    body = WordsField(
        _l("What was done, and what came of it"),
        [required(), length(3, LONGEST_BODY), no_person(dates=False)],
        description=_l("Which advice you followed, and what others can learn from it. No dates."),
    )  # fmt: skip


class FlagForm(PortalForm):
    reason = RadioField(
        _l("Why should this post not stand?"), [required()], choices=listed(labels.REASONS.items())
    )
    note = WordsField(
        _l("What should the moderator know?"), [optional(), length(0, LONGEST_NOTE), no_person()],
        description=_l("Do not repeat what identifies a person: the moderator sees the post."),
    )  # fmt: skip


class AppealForm(PortalForm):
    argument = WordsField(
        _l("Why was this decision wrong?"), [required(), length(10, LONGEST_NOTE), no_person()]
    )
    lang = RadioField(_l("Language of the text"), [required()], choices=LANGUAGES)
