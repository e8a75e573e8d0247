"""Forms of declarations and field reports, short enough for a phone. Choices are passed in."""

from collections.abc import Sequence
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField, RadioField, SelectField

from portal.core.forms import (
    LongTextField,
    PortalForm,
    SelectChoice,
    Sentences,
    length,
    no_identifiers,
    optional,
    required,
)
from portal.protocols.catalogue.following import FIDELITY as FIDELITY_CODES
from portal.protocols.catalogue.reports import STARTED
from portal.protocols.forms import following_words as words
from portal.protocols.forms.editing import CHOOSE, Checkboxes
from portal.protocols.forms.labels import SECTIONS, choices, listed

ROWS: Final = 3


class PartForm(Form):
    """A row of a longer form: no token of its own, our own sentences."""

    class Meta(Form.Meta):
        def get_translations(self, _form: Form) -> Any:
            return Sentences()


class ChangeForm(PartForm):
    block = SelectField(_l("Where"), [optional()])
    text = LongTextField(_l("What is done otherwise"), [optional(), length(0, 500), no_identifiers()])


class IncidentForm(PartForm):
    kind = SelectField(
        _l("What happened"), [optional()], choices=choices(words.INCIDENTS, empty=_l("nothing"))
    )
    severity = SelectField(_l("How much harm"), [optional()], choices=choices(words.SEVERITIES))
    text = LongTextField(
        _l("In a few words"), [optional(), length(0, 500), no_identifiers()],
        description=_l("Nobody must be recognised: no name, no date, no place."),
    )  # fmt: skip


def _fidelity(code: str) -> RadioField:
    return RadioField(words.FIDELITY[code], [required()], choices=choices(words.FIDELITY_ANSWERS))


class FidelityForm(PortalForm):
    """The self-check: five answers from 0 to 2."""

    fidelity_people = _fidelity("people")
    fidelity_doses = _fidelity("doses")
    fidelity_monitoring = _fidelity("monitoring")
    fidelity_support = _fidelity("support")
    fidelity_staff = _fidelity("staff")

    @property
    def fidelity_fields(self) -> list[Any]:
        return [self[f"fidelity_{code}"] for code in FIDELITY_CODES]

    def fidelity(self) -> list[int]:
        return [int(field.data) for field in self.fidelity_fields]


class ChangesForm(FidelityForm):
    """The self-check, and up to three places where something is done otherwise."""

    changes: Any = FieldList(FormField(ChangeForm), min_entries=ROWS, max_entries=20)

    def offer_blocks(self, blocks: list[tuple[str, str]]) -> None:
        for row in self.changes:
            row.form.block.choices = listed(blocks, empty=_l("nowhere"))

    def told_changes(self) -> list[tuple[str, str]]:
        rows = [(row.form.block.data or "", (row.form.text.data or "").strip()) for row in self.changes]
        return [row for row in rows if any(row)]

    def changes_open(self) -> bool:
        return any(row.form.block.data or row.form.text.data for row in self.changes)


class DeclarationForm(ChangesForm):
    """Which programme, for what, from when, and how closely."""

    programme = RadioField(_l("Programme"), [required()])
    modality = SelectField(_l("For which kind of treatment"), [required()])
    from_quarter = SelectField(
        _l("From which quarter"), [required()],
        description=_l(
            "The present quarter or a later one: an earlier one would let results choose the protocol."
        ),
    )  # fmt: skip
    sections: Any = Checkboxes(
        _l("Only these sections"), [optional()], choices=choices(SECTIONS),
        description=_l("Leave all empty when the programme follows the whole protocol."),
    )  # fmt: skip

    def offer(
        self, programmes: list[SelectChoice], modalities: list[SelectChoice], quarters: Sequence[Any]
    ) -> None:
        self.programme.choices = programmes
        self.modality.choices = modalities
        self.from_quarter.choices = quarters


class AnswerNewForm(PortalForm):
    """Three answers to a new version."""

    answer = RadioField(_l("What will the programme do?"), [required()], choices=choices(words.ANSWERS))
    from_quarter = SelectField(_l("Move from"), [optional()])
    reason = LongTextField(_l("Reason to stay"), [optional(), length(0, 1000), no_identifiers()])


class EndForm(PortalForm):
    """The programme stops following."""


class JudgeForm(PortalForm):
    """An editor refuses or questions, with a reason of the list and a sentence."""

    reason_code = SelectField(_l("Reason"), [required()])
    reason = LongTextField(_l("In a sentence"), [required(), length(3, 1000), no_identifiers()])


class ReportForm(ChangesForm):
    """A field report in three minutes."""

    organisation = RadioField(_l("Centre"), [required()])
    setting = SelectField(_l("Setting"), [optional()])
    from_quarter = SelectField(_l("Used from"), [required()])
    to_quarter = SelectField(_l("Used until"), [required()])
    started_band = RadioField(_l("How many people began"), [required()])
    barriers: Any = Checkboxes(_l("What stood in the way"), [optional()], choices=choices(words.BARRIERS))
    barriers_text = LongTextField(
        _l("More about what stood in the way"), [optional(), length(0, 1000), no_identifiers()]
    )
    incidents: Any = FieldList(FormField(IncidentForm), min_entries=2, max_entries=20)
    recommendation = RadioField(
        _l("What would you tell another centre?"), [required()], choices=choices(words.RECOMMENDATIONS)
    )

    def offer(
        self, centres: list[SelectChoice], settings: list[tuple[str, str]], quarters: Sequence[Any]
    ) -> None:
        self.organisation.choices = centres
        self.setting.choices = listed(settings, empty=CHOOSE)
        self.from_quarter.choices = self.to_quarter.choices = quarters
        self.started_band.choices = [SelectChoice(band, words.started(band)) for band in STARTED]

    def told_incidents(self) -> list[dict[str, str]]:
        rows = [
            {n: str(row.form[n].data or "") for n in ("kind", "severity", "text")} for row in self.incidents
        ]
        return [row for row in rows if row["kind"] or row["text"].strip()]

    def incidents_open(self) -> bool:
        return bool(self.told_incidents())
