"""Forms of authors and editors: shape and lengths. Choices that come from the database are passed in."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core.forms import (
    DOUBTFUL,
    DayField,
    Doubt,
    LongTextField,
    NumberField,
    PortalForm,
    TextField,
    doubt_about,
    length,
    no_identifiers,
    optional,
    required,
)
from portal.core.i18n import LOCALES
from portal.protocols.dictionary import DOSE_UNITS
from portal.protocols.forms import labels
from portal.protocols.forms.labels import choices, grouped, listed

LONG: Final = 20_000
CHOOSE: Final = _l("Choose")
NONE: Final = _l("none")
Groups = list[tuple[Any, list[tuple[str, str]]]]
USES: Final = {
    "cited": _l("cited"),
    "short_quote": _l("quoted in a few words"),
    "adapted_text": _l("text adapted"),
    "translated_text": _l("text translated"),
}


class Checkboxes(SelectMultipleField):
    """Several answers as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ReasonForm(PortalForm):
    reason = LongTextField(_l("Reason"), [required(), length(3, 2000), no_identifiers()])


class DraftForm(PortalForm):
    """What a protocol begins with."""

    title = TextField(_l("Title"), [required(), length(3, 200), no_identifiers()])
    source_lang = RadioField(
        _l("Language you write in"),
        [required()],
        choices=listed((tag, info.name) for tag, info in LOCALES.items()),
    )
    summary = LongTextField(
        _l("Summary"), [required(), length(3, 2000), no_identifiers()],
        description=_l("One or two sentences: for whom, what, where."),
    )  # fmt: skip
    slug = TextField(
        _l("Words for the address"), [optional(), length(0, 80), no_identifiers()], direction="ltr",
        description=_l(
            "Latin letters, digits and hyphens, for example %(example)s. The same in every language.",
            example="⟦methadone-maintenance⟧",
        ),
    )  # fmt: skip
    origin_country = SelectField(
        _l("Country of origin"), [optional()], choices=choices(labels.COUNTRIES, empty=_l("another or none"))
    )


class DetailsForm(PortalForm):
    """What is said about a version as a whole."""

    title = TextField(_l("Title"), [required(), length(3, 200), no_identifiers()])
    summary = LongTextField(_l("Summary"), [required(), length(3, 2000), no_identifiers()])
    change_note = LongTextField(
        _l("What is new in this version"), [required(), length(3, 2000), no_identifiers()]
    )
    change_type = RadioField(
        _l("Kind of change"), [required()], choices=choices(labels.CHANGE_TYPES),
        description=_l("A changed dose, criterion, measure, number or unit makes the change clinical."),
    )  # fmt: skip
    evidence_searched_on = DayField(_l("Date of the last search for evidence"), [optional()])
    licence = SelectField(_l("Licence"), [required()], choices=choices(labels.LICENCES))


class BlockForm(PortalForm):
    """A block other than a dose line."""

    section = SelectField(_l("Section"), [required()], choices=choices(labels.SECTIONS))
    kind = SelectField(
        _l("Kind of block"),
        [required()],
        choices=listed((k, v) for k, v in labels.KINDS.items() if k != "dose"),
    )
    body = LongTextField(
        _l("Text"), [required(), length(1, LONG), no_identifiers()],
        description=_l(
            "Put doses and scores between ⟦ and ⟧, or [[ and ]]: "
            "they then stay in one piece in every language."
        ),
    )  # fmt: skip
    certainty = SelectField(_l("Certainty of evidence"), [optional()])
    strength = SelectField(_l("Strength of the recommendation"), [optional()])
    references: Any = Checkboxes(_l("Sources"), [optional()])
    revision: Any = HiddenField()

    def offer(self, evidence: list[tuple[str, str]], works: list[tuple[str, str]]) -> None:
        levels = [pair for pair in evidence if pair[0] in labels.GRADES]
        others = [pair for pair in evidence if pair[0] not in labels.GRADES]
        self.certainty.choices = listed(levels, empty=NONE)
        self.strength.choices = listed(others, empty=NONE)
        self.references.choices = listed(works)


class DoseForm(PortalForm):
    """A dose line. Numbers are data, so no translation can change them."""

    drug = SelectField(_l("Drug or intervention"), [optional()])
    medicine = SelectField(_l("Another medicine"), [optional()])
    route: Any = Checkboxes(_l("Route"), [optional()], choices=choices(labels.ROUTES))
    phase = SelectField(_l("Phase"), [optional()], choices=choices(labels.PHASES, empty=CHOOSE))
    dose_min = NumberField(_l("Dose from"), [optional()], whole=False)
    dose_max = NumberField(_l("Dose to"), [optional()], whole=False)
    unit = SelectField(
        _l("Unit"), [optional()], choices=listed(((unit, unit) for unit in DOSE_UNITS), empty=CHOOSE)
    )
    per = SelectField(_l("The dose is for one"), [optional()], choices=choices(labels.PER, empty=CHOOSE))
    times_min = NumberField(_l("Times a day, from"), [optional()])
    times_max = NumberField(_l("Times a day, to"), [optional()])
    every_min = NumberField(_l("Every, from"), [optional()], whole=False)
    every_max = NumberField(_l("Every, to"), [optional()], whole=False)
    every_unit = SelectField(_l("Every: unit"), [optional()], choices=choices(labels.EVERY, empty=CHOOSE))
    after_min = NumberField(_l("Hours after the dose before, from"), [optional()], whole=False)
    after_max = NumberField(_l("Hours after the dose before, to"), [optional()], whole=False)
    step_min = NumberField(_l("Step of change from"), [optional()], whole=False)
    step_max = NumberField(_l("Step of change to"), [optional()], whole=False)
    ceiling_low = NumberField(_l("Ceiling from"), [optional()], whole=False)
    ceiling = NumberField(_l("Ceiling"), [optional()], whole=False)
    ceiling_per = SelectField(
        _l("The ceiling is for one"), [optional()], choices=choices(labels.PER, empty=CHOOSE)
    )
    observe_min = NumberField(_l("Observe, minutes from"), [optional()])
    observe_max = NumberField(_l("Observe, minutes to"), [optional()])
    body = LongTextField(
        lazy_pgettext("dose", "Condition"), [optional(), length(0, 500), no_identifiers()],
        description=_l("When this line holds, in words. It is translated like any text."),
    )  # fmt: skip
    source = SelectField(_l("Source"), [required()])
    page = TextField(_l("Page in the source"), [optional(), length(0, 20), no_identifiers()], direction="ltr")
    source_quote = TextField(
        _l("Words of the source"),
        [optional(), length(0, 300), no_identifiers()],
        description=_l("At most 25 words."),
    )
    quoted = BooleanField(_l("This line cannot be coded: show the words of the source"))
    verify = BooleanField(_l("To be checked in the primary document"))
    revision: Any = HiddenField()

    def offer(self, drugs: Groups, medicines: list[tuple[str, str]], works: list[tuple[str, str]]) -> None:
        self.drug.choices = grouped(drugs, empty=NONE)
        self.medicine.choices = listed(medicines, empty=NONE)
        self.source.choices = listed(works)


class ReferenceForm(PortalForm):
    """A cited work."""

    key = TextField(
        _l("Short key"), [required(), length(1, 30), no_identifiers()], direction="ltr",
        description=_l("By which blocks name it, for example %(example)s.", example="⟦WHO2009⟧"),
    )  # fmt: skip
    cite = LongTextField(_l("Citation"), [required(), length(3, 1000), no_identifiers(authors=True)])
    doi = TextField("DOI", [optional(), length(0, 120), no_identifiers(ask=False)], direction="ltr")
    pmid = TextField("PMID", [optional(), length(0, 12), no_identifiers(ask=False)], direction="ltr")
    isbn = TextField("ISBN", [optional(), length(0, 20), no_identifiers(ask=False)], direction="ltr")
    url = TextField(_l("Address on the web"), [optional(), length(0, 500), no_identifiers()], direction="ltr")
    quotation = SelectField(
        _l("How it is used"), [required()],
        choices=choices(USES),
    )  # fmt: skip
    licence = SelectField(
        _l("Licence of the work"), [optional()], choices=choices(labels.SOURCE_LICENCES),
        description=_l("It decides under which licence text that was taken over can be published."),
    )  # fmt: skip
    permission = LongTextField(
        _l("Permission"), [optional(), length(0, 500), no_identifiers(authors=True)],
        description=_l("Where the licence does not allow it: who allowed it, when, and for which part."),
    )  # fmt: skip


class ConceptForm(PortalForm):
    """One more keyword."""

    concept = SelectField(_l("Keyword"), [required()])
    role = RadioField(_l("What it is to the protocol"), [required()], choices=choices(labels.ROLES))

    def offer(self, concepts: Groups) -> None:
        self.concept.choices = grouped(concepts, empty=CHOOSE)


class LegalForm(PortalForm):
    """What holds in a country."""

    status = SelectField(_l("Status"), [required()])
    note = LongTextField(_l("Note on the law"), [optional(), length(0, 2000), no_identifiers()])
    checked_on = DayField(_l("Checked on"), [required()])
    cite = TextField(_l("Legal basis"), [optional(), length(0, 500), no_identifiers(authors=True)])
    url = TextField(
        _l("Address of the legal text"), [optional(), length(0, 500), no_identifiers()], direction="ltr"
    )


class PanelForm(PortalForm):
    """Whom an editor asks: two clinical reviewers, and somebody who checks the doses."""

    clinical_1 = SelectField(_l("First clinical reviewer"), [optional()], coerce=str)
    clinical_2 = SelectField(_l("Second clinical reviewer"), [optional()], coerce=str)
    dose_check = SelectField(_l("Check of the doses"), [optional()], coerce=str)

    def offer(self, people: list[tuple[str, str]]) -> None:
        for field in (self.clinical_1, self.clinical_2, self.dose_check):
            field.choices = listed(people, empty=NONE)


class AskForm(PortalForm):
    """One more reviewer while the review runs."""

    reviewer = SelectField(_l("Reviewer"), [required()], coerce=str)
    kind = SelectField(_l("Task"), [required()], choices=choices(labels.REVIEW_KINDS))

    def offer(self, people: list[tuple[str, str]]) -> None:
        self.reviewer.choices = listed(people, empty=CHOOSE)


class ReviewForm(PortalForm):
    """A recommendation; remarks on blocks stand beside the blocks."""

    recommendation = RadioField(_l("Recommendation"), [required()], choices=choices(labels.RECOMMENDATIONS))
    summary = LongTextField(_l("Summary for the author"), [optional(), length(0, 4000), no_identifiers()])
    seen_hash: Any = HiddenField()

    def judge_remarks(self, typed: Mapping[str, str]) -> bool:
        """Remarks are judged like every text; what is doubtful is asked about beside it."""
        self.doubts: dict[str, Doubt] = {}
        faults: set[str] = set()
        for name, text in typed.items():
            if name.startswith(("remark-", "quote-")):
                faults |= self._faults_of(name, text)
        self.form_errors.extend(sorted(faults))
        return not faults

    def _faults_of(self, name: str, text: str) -> set[str]:
        try:
            doubt = doubt_about(name, text)
        except ValidationError as fault:
            return {str(fault)}
        if doubt is None:
            return set()
        self.doubts[name] = doubt
        return set() if doubt.ticked else {str(DOUBTFUL)}


class AnswerForm(PortalForm):
    """An author's answer to a remark."""

    answer = LongTextField(_l("Your answer"), [optional(), length(0, 2000), no_identifiers()])
