"""What the codebook says of a question, in words: what may be answered, when it is asked, how it is kept."""

from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from portal.core import i18n
from portal.registry.dictionary import DERIVED, PORTAL, TRANSIENT, Item, Variable
from portal.registry.exports.codebook import Entry

REQUIRED: Final = {
    "Am": _l("due at admission"),
    "Ac": _l("due at admission where it applies"),
    "Ao": _l("optional at admission"),
    "Rm": _l("due at a review"),
    "Rc": _l("due at a review where it applies"),
    "Ro": _l("optional at a review"),
    "Dm": _l("due at discharge"),
    "Dc": _l("due at discharge where it applies"),
    "Do": _l("optional at discharge"),
    "Fm": _l("due at a follow-up"),
    "Fc": _l("due at a follow-up where it applies"),
    "Fo": _l("optional at a follow-up"),
}
CLASSES: Final = {
    "D": _l("identifies a person: never kept"),
    "Q": _l("helps to recognise a person"),
    "S": _l("sensitive"),
    "P": _l("plain"),
}
SOURCES: Final = {
    PORTAL: _l("given by the portal"),
    TRANSIENT: _l("judged and turned into a band, then dropped"),
    DERIVED: _l("follows from other answers"),
}
STORAGE: Final = {
    "later": _l("Declared here; records of this kind are not taken yet."),
    "programmes": _l("Kept with the programme, not with an episode."),
}
KINDS: Final = {
    "key": _l("text"),
    "month": _l("year and month"),
    "icd10": _l("code of ICD-10"),
    "icd11": _l("code of ICD-11"),
}
SYSTEMS: Final = {
    "tdi": "TDI", "tdi_own": "TDI 22–28", "teds": "TEDS", "teds_service": "TEDS SERVICES_D",
    "teds_methuse": "TEDS METHUSE", "teds_option": "TEDS, other option", "ndtms": "NDTMS", "aodts": "AODTS",
    "icd10": "ICD-10 F", "icd11": "ICD-11", "ru_suffix": "form 37", "isced": "ISCED", "sdg": "SDG 3.5.1",
    "dose_unit": "unit", "word": "CTNote", "event": "survival", "licence": "licence",
}  # fmt: skip
"""Where a code goes in other systems, by the fact of its list; other facts are for rules and comparisons."""


def name_of(entry: Entry) -> Markup:
    """The column, or the first and the last of those that ask the same."""
    first, last = entry.names[0], entry.names[-1]
    return i18n.ltr(first) if len(entry.names) == 1 else i18n.ltr(f"{first} … {last}")


def allowed(variable: Variable) -> str | Markup:
    """What may be answered, where it is no code of a list."""
    if variable.low is None:
        return str(KINDS.get(variable.kind, ""))
    tenth = 10 if variable.kind == "decimal" else 1
    low, high = (variable.low or 0) // tenth, (variable.high or 0) // tenth
    return _("%(low)s to %(high)s", low=i18n.number(low), high=i18n.number(high))


def asked(variable: Variable) -> Markup:
    """Whether and when it is due, with the condition as it is run."""
    if not variable.asked:
        return escape(REQUIRED[variable.required])
    due = escape(REQUIRED[variable.required.replace("c", "m")])  # where it applies is said by the condition
    condition = Markup('<code dir="ltr">{}</code>').format(variable.asked)
    return Markup("{} · {} {}").format(due, _("asked if"), condition)


def kept(entry: Entry) -> str:
    """How the answer is kept and where it came from."""
    variable = entry.variable
    said = [str(CLASSES[variable.klass])]
    if variable.sensitive:
        said.append(_("kept apart"))
    if variable.source in SOURCES:
        said.append(str(SOURCES[variable.source]))
    if entry.weekly:
        said.append(_("may be sent by week"))
    return " · ".join(said)


def elsewhere(item: Item) -> str:
    """Where a code goes in other systems, as its list says."""
    found = {SYSTEMS[name]: value for name, value in item.facts.items() if name in SYSTEMS}
    return " · ".join(f"{name}{'' if name.endswith(' F') else ' '}{value}" for name, value in found.items())


def list_id(name: str) -> str:
    return f"list-{name.replace('_', '-')}"
