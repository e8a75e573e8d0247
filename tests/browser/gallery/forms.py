"""A form with a field of every kind, and its faults."""

from typing import Any

from wtforms import BooleanField, FileField, PasswordField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core.forms import LongTextField, MonthField, NumberField, PortalForm, TextField, optional


def listed(labels: list[str]) -> list[SelectChoice]:
    return [SelectChoice(str(i), text) for i, text in enumerate(labels, 1)]


def make(t: dict[str, Any]) -> Any:
    """The class is made per language: labels are plain text here."""
    outcomes = listed(t["outcomes"])

    class Form(PortalForm):
        start = MonthField(t["f_start"], description=t["f_start_hint"])
        dose = NumberField(t["f_dose"], description=t["f_dose_hint"], unit="mg")
        outcome = RadioField(t["f_outcome"], choices=outcomes)
        setting = SelectField(t["setting"], choices=listed([t["outpatient"], t["inpatient"]]))
        used = SelectMultipleField(
            t["f_used"], choices=listed([t["opioids"], t["alcohol"]]),
            widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
        )  # fmt: skip
        note = LongTextField(t["f_note"], [optional()], description=t["f_note_hint"])
        email = TextField(t["f_email"], direction="ltr")
        password = PasswordField(t["f_password"])
        code = TextField(t["f_code"], direction="ltr", description=t["f_code_hint"])
        upload = FileField(t["f_file"])
        consent = BooleanField(t["f_consent"])

        def judge(self) -> None:
            self.start.typed, self.dose.typed = t["typed_month"], "64"
            self.start.errors = [t["e_start"]]
            self.dose.errors = [t["e_dose"]]
            self.outcome.errors = [t["e_outcome"]]

    return Form()
