"""Forms of centres and programmes: shape and lengths. Choices by country are passed in."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core.forms import (
    DayField,
    MonthField,
    NumberField,
    PortalForm,
    SelectChoice,
    TextField,
    between,
    length,
    no_identifiers,
    required,
)


class CheckboxesField(SelectMultipleField):
    """Several answers as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class OrganisationForm(PortalForm):
    name = TextField(_l("Name of the centre"), [required(), length(2, 160), no_identifiers()])


class ProgrammeForm(PortalForm):
    """Descriptors of a programme. `offer` fills the choices of the country."""

    name = TextField(_l("Name of the programme"), [required(), length(2, 160), no_identifiers()])
    admin1_group = SelectField(_l("Region group"))
    centre_type = SelectField(_l("Kind of centre"))
    ownership = SelectField(_l("Ownership"))
    modalities = CheckboxesField(_l("What the programme offers"))
    from_month = MonthField(_l("Offered since"), [required()])
    planned_duration_days = NumberField(
        _l("Planned duration"), [required(), between(0, 1095)], unit=_l("days")
    )
    start_month = MonthField(_l("First month of reporting"), [required()])

    def offer(self, choices: dict[str, list[SelectChoice]]) -> None:
        for name, pairs in choices.items():
            self[name].choices = pairs


class ConsentForm(PortalForm):
    consented_on = DayField(_l("Date of the written consent"), [required()])
    named_publicly = BooleanField(_l("The programme may be named; otherwise others see a code"))


class ClosingForm(PortalForm):
    closed_on = DayField(_l("Last day of the programme"), [required()])


class StaffForm(PortalForm):
    user_id: Any = RadioField(_l("Clinician"), [required()], coerce=int)
