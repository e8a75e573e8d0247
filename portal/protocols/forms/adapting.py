"""Forms of adaptations: for whom and why, the eight short answers, and why a change is not taken over."""

from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from portal.core.forms import LongTextField, PortalForm, TextField, length, no_identifiers, optional, required
from portal.protocols.dictionary import ETD
from portal.protocols.forms import labels
from portal.protocols.forms.labels import choices, listed

ANSWER: Final = 1000


class AdaptForm(PortalForm):
    """What an adaptation begins with; everything else is copied from the parent."""

    title = TextField(
        _l("Title of the adaptation"), [required(), length(3, 200), no_identifiers()],
        description=_l("In the language of the text; not the title of the parent."),
    )  # fmt: skip
    country = SelectField(_l("Country"), [required()], choices=choices(labels.COUNTRIES))
    organisation = SelectField(_l("Centre"), [optional()])
    reason = LongTextField(
        _l("Why an adaptation is needed"), [required(), length(3, 2000), no_identifiers()],
        description=_l("What differs in your country or centre: law, medicines, staff. Readers see it."),
    )  # fmt: skip

    def offer(self, centres: list[tuple[str, str]]) -> None:
        self.organisation.choices = listed(centres, empty=_l("for the whole country"))


def _answer(name: str, question: Any) -> LongTextField:
    checks = [optional(), length(0, ANSWER), no_identifiers()]
    return LongTextField(labels.FIELDS[f"etd:{name}"], checks, description=question)


class RationaleForm(PortalForm):
    """Evidence to decision, in eight short answers; any of them may stay empty."""

    problem = _answer("problem", _l("Is the problem as large here, and for the same people?"))
    benefits = _answer("benefits", _l("Which benefits do you expect here, and how sure are they?"))
    harms = _answer("harms", _l("Which harms do you expect here?"))
    values = _answer("values", _l("What matters to the people who are treated?"))
    resources = _answer("resources", _l("What does it need of staff, medicines and money?"))
    equity = _answer("equity", _l("Who might be left out?"))
    acceptability = _answer("acceptability", _l("Do people, staff and authorities accept it?"))
    feasibility = _answer("feasibility", _l("Can it be done under the law and with what there is?"))

    def answers(self) -> dict[str, str]:
        return {name: self.text(name) for name in ETD}


class IgnoreForm(PortalForm):
    """Why a change of the parent is not taken over."""

    reason = LongTextField(
        _l("Why it is not taken over"), [required(), length(3, 2000), no_identifiers()],
    )  # fmt: skip
