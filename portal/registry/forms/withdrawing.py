"""The form of a withdrawal: whose records, in which programme, why; and the tick before they are deleted."""

from collections.abc import Iterable
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import ValidationError

from portal.core.errors import Invalid
from portal.core.forms import CHOOSE, PortalForm, SelectChoice, TextField
from portal.core.sentences import sentence
from portal.registry.forms.words import read_case_code
from portal.registry.services.withdrawing import REASONS, check_shape

ALL: Final = ""
WORDS: Final = {
    "asked": _l("The patient asked for it"),
    "on_behalf": _l("A guardian or a relative asked for it"),
    "no_consent": _l("Consent was missing or has ended"),
    "by_mistake": _l("The patient was reported by mistake"),
}


class WithdrawForm(PortalForm):
    """`offer` fills the programmes. What was typed and is no pseudonym is not shown again."""

    who = TextField(
        _l("Pseudonym of the patient, or case code"),
        direction="ltr",
        description=_l(
            "26 letters and digits from the tool of your centre, or the code of the chart such as %(code)s. "
            "Never a name or a number of a document.",
            code="⟦K7M-4QX⟧",
        ),
    )
    programme = SelectField(_l("Programme"))
    reason = RadioField(
        _l("Reason"), choices=[SelectChoice(code, WORDS[code]) for code in REASONS], validators=[]
    )
    sure = BooleanField(_l("I have compared this with the chart. It cannot be undone."))

    names: dict[str, Any]

    def offer(self, programmes: Iterable[tuple[str, str]]) -> None:
        self.names = {ALL: _l("Every programme of the centre"), **dict(programmes)}
        self.programme.choices = [SelectChoice(code, name) for code, name in self.names.items()]

    def codes(self) -> list[str]:
        """The programmes that are meant."""
        return [self.programme.data] if self.programme.data else [code for code in self.names if code]

    def place(self) -> str:
        """What was chosen, in words."""
        return str(self.names[self.programme.data or ALL])

    def validate_who(self, field: Any) -> None:
        typed = (field.data or "").strip()
        field.data = read_case_code(typed) or typed.lower()
        try:
            check_shape(field.data)
        except Invalid as refusal:
            field.data = ""
            raise ValidationError(sentence(refusal)) from None

    def validate_reason(self, field: Any) -> None:
        if field.data not in REASONS:
            raise ValidationError(CHOOSE)
