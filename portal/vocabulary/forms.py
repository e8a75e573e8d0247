"""Names of the schemes and of the code systems in the reader's language, for pages, facets and lists."""

from typing import Any, Final

from flask_babel import lazy_gettext as _l

from portal.vocabulary.models import Scheme

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
