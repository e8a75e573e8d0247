"""Names of the schemes and of the code systems for pages, facets and lists; forms of editors."""

from collections.abc import Iterable
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import RadioField, SelectField

from portal.core.forms import PortalForm, SelectChoice, TextField, length, no_identifiers, optional, required
from portal.core.i18n import LOCALES
from portal.vocabulary.models import LANGUAGES, Scheme

SCHEME_NAMES: Final[dict[str, Any]] = {
    Scheme.SUBSTANCE: _l("Substances"),
    Scheme.INTERVENTION: _l("Interventions"),
    Scheme.CONDITION: _l("Conditions"),
    Scheme.SETTING: _l("Settings"),
    Scheme.POPULATION: _l("Populations"),
    Scheme.OUTCOME: _l("Treatment outcomes"),
    Scheme.INSTRUMENT: _l("Scales and questionnaires"),
    Scheme.COMPLICATION: _l("Complications and harms"),
    Scheme.EVIDENCE: _l("Certainty of evidence"),
    Scheme.LEGAL: _l("Legal status"),
}
CODE_SYSTEMS: Final[dict[str, Any]] = {
    "icd10": _l("ICD-10"),
    "icd11": _l("ICD-11"),
    "atc": _l("ATC"),
    "mesh": _l("MeSH"),
}

KINDS: Final = {
    "synonym": _l("a word by which people find it; readers never see it"),
    "label": _l("the label that readers see, in place of the present one"),
}


def listed(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    return [SelectChoice(code, name) for code, name in pairs]


class NameForm(PortalForm):
    """One more name of a concept."""

    name = TextField(lazy_pgettext("concept", "Name"), [required(), length(1, 200), no_identifiers()])
    lang = RadioField(
        _l("Language of the name"),
        [required()],
        choices=listed((tag, LOCALES[tag].name) for tag in LANGUAGES),
    )
    kind = RadioField(_l("It is"), [required()], choices=listed(KINDS.items()), default="synonym")


class SuccessorForm(PortalForm):
    """Which concept takes the place of one that is no longer used."""

    successor = SelectField(_l("Replaced by"), [required()])


class ConceptForm(PortalForm):
    """A new concept. The id is for ever."""

    concept_id = TextField(
        _l("Id"), [required(), length(3, 60)], direction="ltr",
        description=_l("Prefix and English words, for example %(example)s. It can never be changed.",
                       example="⟦sub-xylazine⟧"),
    )  # fmt: skip
    parent = SelectField(_l("Broader concept"), [optional()])
    label_en = TextField(
        _l("Label in English"), [required(), length(1, 200), no_identifiers()], direction="ltr"
    )
    label_ru = TextField(
        _l("Label in Russian"), [required(), length(1, 200), no_identifiers()], direction="ltr"
    )
    label_fa = TextField(
        _l("Label in Persian"), [required(), length(1, 200), no_identifiers()], direction="rtl"
    )
