"""Forms around a version's life: interests, remarks on words, refusals and appeals, notices and checks."""

from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField

from portal.core.forms import (
    LongTextField,
    PortalForm,
    TextField,
    length,
    no_identifiers,
    optional,
    required,
)
from portal.protocols.dictionary import INTERESTS
from portal.protocols.forms import fate_words as words
from portal.protocols.forms import labels
from portal.protocols.forms.labels import choices, listed

INTEREST: Final = [optional(), length(0, 1000), no_identifiers()]
WHOLE: Final = _l("the protocol as a whole")
CONFLICTS: Final = {
    "no": _l("No, none of these kinds"),
    "yes": _l("Yes, or perhaps: I write below which"),
}


class InterestsForm(PortalForm):
    """Before the text opens: four kinds, and whether the employer takes part."""

    has_conflict = RadioField(
        _l("Do you have interests that others might see as a conflict?"), [required()],
        choices=choices(CONFLICTS),
    )  # fmt: skip
    financial = LongTextField(
        _l("Financial"), INTEREST,
        description=_l("Pay, shares, grants, gifts, patents, of the last three years."),
    )  # fmt: skip
    intellectual = LongTextField(
        _l("Intellectual"), INTEREST,
        description=_l("Own studies or guidelines on this subject, a position taken in public."),
    )  # fmt: skip
    institutional = LongTextField(
        _l("Institutional"), INTEREST, description=_l("What your centre or ministry gains or loses by it.")
    )  # fmt: skip
    personal = LongTextField(
        _l("Personal"), INTEREST, description=_l("Friendship, rivalry or kinship with an author.")
    )
    employer = BooleanField(_l("My employer takes part in what the protocol is about"))
    cannot_read = BooleanField(_l("I do not read the language of the protocol well enough to judge it"))

    def validate(self, extra_validators: Any = None) -> bool:
        sound = bool(super().validate(extra_validators))
        said = self.employer.data or any(self.text(kind).strip() for kind in INTERESTS)
        if sound and self.text("has_conflict") == "yes" and not said:
            self.add_fault("has_conflict", str(_l("Write which, in at least one of the fields.")))
            return False
        if sound and self.text("has_conflict") == "no" and said:
            self.add_fault(
                "has_conflict", str(_l("You wrote an interest below. Answer yes, or empty the fields."))
            )
            return False
        return sound


class DecideInterestsForm(PortalForm):
    """An editor, about what somebody declared."""

    decision = RadioField(_l("Decision"), [required()], choices=choices(words.DECISIONS))
    note = LongTextField(
        _l("Reason"), [optional(), length(0, 1000), no_identifiers()],
        description=_l("Needed unless nothing stands in the way. It stays with the version."),
    )  # fmt: skip


class RemarkForm(PortalForm):
    """An editor's remark that sends a version back: on a block, or on words of it."""

    block = SelectField(_l("Block"), [optional()], coerce=str)
    quote = TextField(
        _l("Words that the remark is about"), [optional(), length(0, 500), no_identifiers()],
        description=_l("Copied from the block. Empty: the whole block."),
    )  # fmt: skip
    severity = SelectField(_l("Weight"), [optional()], choices=choices(labels.SEVERITIES))
    reason = LongTextField(_l("Remark"), [required(), length(3, 2000), no_identifiers()])

    def offer(self, blocks: list[tuple[str, str]]) -> None:
        self.block.choices = listed(blocks)


class RejectForm(PortalForm):
    """Why a submission is refused."""

    code = SelectField(_l("Kind of reason"), [required()], choices=choices(words.REJECTIONS))
    reason = LongTextField(_l("Reason"), [required(), length(3, 2000), no_identifiers()])


class AnswerAppealForm(PortalForm):
    """The chief editor of the other country."""

    verdict = RadioField(_l("Decision"), [required()], choices=choices(words.VERDICTS))
    reason = LongTextField(_l("Reason"), [required(), length(3, 2000), no_identifiers()])


class NoticeForm(PortalForm):
    """A notice: why, in a code that reads in three languages and in own words, and what to use instead."""

    code = SelectField(_l("Kind of reason"), [required()])
    body = LongTextField(
        _l("Reason"), [required(), length(3, 2000), no_identifiers()],
        description=_l("Readers see these words. Name no person and no centre."),
    )  # fmt: skip
    replacement = TextField(
        _l("Use instead"), [optional(), length(0, 12), no_identifiers(ask=False)], direction="ltr",
        description=_l("Number of a published protocol, for example %(example)s.", example="⟦PR-0042⟧"),
    )  # fmt: skip

    def offer(self, kind: str) -> None:
        self.code.choices = choices(words.REASONS[kind])
        if kind == "concern":
            del self.replacement


class HidingForm(PortalForm):
    """Where a protocol is hidden, why, and what paper says so."""

    country = RadioField(_l("Country"), [required()])
    code = RadioField(_l("Reason"), [required()], choices=choices(words.HIDINGS))
    reference = TextField(
        _l("Reference"), [required(), length(3, 200), no_identifiers()],
        description=_l(
            "Who issued the letter or order, its number and its day. Everybody reads it: name no person."
        ),
    )  # fmt: skip

    def offer(self, countries: list[str]) -> None:
        self.country.choices = choices({code: labels.COUNTRIES[code] for code in countries})
        if len(countries) == 1 and not self.is_submitted():
            self.country.data = countries[0]

    def keep_nothing(self) -> None:
        """For showing a protocol again: the form is its button."""
        del self.country, self.code, self.reference


class OutcomeForm(PortalForm):
    """What was found when a concern ends."""

    outcome = LongTextField(_l("What was found"), [required(), length(3, 2000), no_identifiers()])


class CheckForm(PortalForm):
    """Checked, no change needed."""

    note = LongTextField(
        _l("What was looked at"), [optional(), length(0, 1000), no_identifiers()],
        description=_l("For example the date of the last search for evidence."),
    )  # fmt: skip
