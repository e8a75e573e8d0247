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
    "Ac": _l("due at admission where it is asked"),
    "Ao": _l("optional at admission"),
    "Rm": _l("due at a review"),
    "Rc": _l("due at a review where it is asked"),
    "Ro": _l("optional at a review"),
    "Dm": _l("due at discharge"),
    "Dc": _l("due at discharge where it is asked"),
    "Do": _l("optional at discharge"),
    "Fm": _l("due at a follow-up"),
    "Fc": _l("due at a follow-up where it is asked"),
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
MATTERS: Final = ("countries", "profile_only", "sub", "out", "group", "coarse", "low", "released", "depot")
"""Facts that rules and comparisons need; the others say where a code goes in other systems."""


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
    due = escape(REQUIRED[variable.required])
    if not variable.asked:
        return due
    condition = Markup('<code dir="ltr">{}</code>').format(variable.asked)
    return Markup("{}<br>{}").format(due, escape(_("asked if")) + Markup(" ") + condition)


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
    return "; ".join(said)


def elsewhere(item: Item) -> str:
    """Where a code goes in other systems, as its list says."""
    facts = {name: value for name, value in item.facts.items() if name not in MATTERS}
    return ", ".join(f"{name} {_plain(value)}" for name, value in facts.items())


def _plain(value: object) -> str:
    return "–".join(map(str, value)) if isinstance(value, list) else str(value)


def list_id(name: str) -> str:
    return f"list-{name.replace('_', '-')}"
