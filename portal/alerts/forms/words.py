"""An early warning in words: its title and lines are made from codes, in whatever language is read.

Nothing here is free text, so a warning is complete in three languages the moment it is issued.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from portal.core import i18n
from portal.core.i18n import day, digits
from portal.programmes import catalogue

Record = Mapping[str, Any]
LEVELS: Final[dict[str, Any]] = {
    "alert": lazy_pgettext("level", "Alert"),
    "advisory": lazy_pgettext("level", "Advisory"),
    "information": lazy_pgettext("level", "Information"),
}
LEVEL_KINDS: Final = {"alert": "bad", "advisory": "warn", "information": "idle"}
STATES: Final[dict[str, Any]] = {
    "signal": _l("waits for the duty editor"),
    "asked": _l("waits for an answer of the reporter"),
    "assessment": _l("with the panel"),
    "issued": lazy_pgettext("alert", "in force"),
    "expired": lazy_pgettext("alert", "expired"),
    "retracted": lazy_pgettext("alert", "withdrawn"),
    "closed": lazy_pgettext("alert", "closed"),
    "merged": _l("joined with another one"),
}
FIELDS: Final[dict[str, Any]] = {
    "substances": _l("Substance"),
    "street_names": _l("Names on the street"),
    "form": _l("Form"),
    "colour": _l("Colour"),
    "route": _l("How it is taken"),
    "first_seen": _l("First seen"),
    "last_seen": _l("Seen for the last time"),
    "region": _l("Region"),
    "events": _l("People affected"),
    "hospital": _l("In hospital"),
    "deaths": _l("Deaths"),
    "toxidrome": _l("Clinical picture"),
    "identification": _l("How it was identified"),
    "matrix": _l("Analysed in"),
    "signs": _l("Watch for"),
    "at_risk": _l("Who is at risk"),
    "naloxone": _l("Naloxone"),
    "collect": _l("Samples to keep"),
    "protocols": _l("Protocols that help"),
    "message": _l("For people who use drugs"),
    "unknown": _l("What is not known"),
    "advice": lazy_pgettext("warning", "What to do"),
    "contact": _l("Where to ask"),
}
CODES: Final[dict[str, dict[str, Any]]] = {
    "form": {
        "powder": _l("powder"), "tablet": _l("tablet"), "capsule": _l("capsule"), "liquid": _l("liquid"),
        "herb": _l("herb or smoking mixture"), "paper": _l("paper"), "resin": _l("resin"),
        "other": _l("other"), "unknown": _l("not known"),
    },
    "colour": {
        "white": _l("white"), "grey": _l("grey"), "brown": _l("brown"), "black": _l("black"),
        "yellow": _l("yellow"), "green": _l("green"), "blue": _l("blue"), "pink": _l("pink or red"),
        "mixed": _l("several colours"), "unknown": _l("not known"),
    },
    "route": {
        "oral": _l("swallowed"), "smoked": _l("smoked"), "snorted": _l("snorted"), "injected": _l("injected"),
        "other": _l("another way"), "unknown": _l("not known"),
    },
    "toxidrome": {
        "opioid": _l("opioid poisoning"), "sedative": _l("sedative poisoning"),
        "stimulant": _l("stimulant poisoning"), "anticholinergic": _l("anticholinergic poisoning"),
        "serotonergic": _l("serotonergic poisoning"), "hallucinogenic": _l("hallucinogen poisoning"),
        "cannabinoid": _l("cannabinoid poisoning"), "unknown": _l("unclear poisoning"),
    },
    "identification": {
        "confirmed": _l("confirmed by analysis"), "presumptive": _l("a rapid test alone"),
        "clinical": _l("suspected from the clinical picture alone"),
    },
    "matrix": {
        "seizure": _l("a seized sample"), "urine": _l("urine"), "blood": _l("blood"),
        "residue": _l("residue"),
    },
    "collect": {"urine": _l("urine"), "blood": _l("blood"), "residue": _l("residue")},
    "naloxone": {
        "standard": _l("standard treatment"), "repeat": _l("more than one dose may be needed"),
        "prolonged": _l("watch for longer: the effect may come back"), "not_useful": _l("does not help"),
    },
}  # fmt: skip
BANDS: Final[dict[str, Any]] = {"none": _l("none"), "1-4": _l("fewer than five"), "unknown": _l("not known")}
CERTAINTIES: Final[dict[str, Any]] = {
    "A": _l("confirmed by analysis"),
    "B": _l("presumptive"),
    "C": _l("from the clinical picture alone"),
    "D": _l("hearsay"),
}
SEATS: Final[dict[str, Any]] = {
    "clinician": _l("Clinician"),
    "toxicologist": _l("Toxicologist"),
    "other_country": _l("For the other country"),
}
CLOSE_REASONS: Final[dict[str, Any]] = {
    "not_new": _l("It is known already"),
    "too_little": _l("Too little is known"),
    "no_risk": _l("It is no danger to others"),
    "wrong": _l("It was a mistake"),
}
RETRACT_REASONS: Final[dict[str, Any]] = {
    "wrong_substance": _l("It was another substance"),
    "wrong_cause": _l("The harm had another cause"),
    "wrong_place": _l("It happened somewhere else"),
    "no_longer_true": _l("It is no longer true"),
}


def title(record: Record, labels: Mapping[str, str]) -> str:
    """“Fentanyl: opioid poisoning, Tehran region”. `labels` name the concepts in the language in force."""
    substances = [labels.get(concept, concept) for concept in record.get("substances", ())]
    return title_of(substances, str(record.get("toxidrome", "")), str(record.get("region", "")))


def title_of(substances: Sequence[str], toxidrome: str, region: str) -> str:
    """The same from what a notice keeps."""
    return _(
        "%(substance)s: %(picture)s, %(region)s",
        substance=_(", ").join(substances),
        picture=code("toxidrome", toxidrome or "unknown"),
        region=_place(region) if region else _("place not known"),
    )


def _place(region: str) -> str:
    """A region whose number stays with its name: a heading breaks elsewhere."""
    return re.sub(r" (?=\d)", "\u00a0", str(catalogue.label("region", region, i18n.current())))


def code(field: str, value: str) -> str:
    if field in ("events", "hospital", "deaths"):
        return band(value)
    return str(CODES[field].get(value, value))


def band(value: str) -> str:
    """A count as the band that it is told in."""
    if value in BANDS:
        return str(BANDS[value])
    if value.endswith("+"):
        return _("%(number)s or more", number=digits(value[:-1]))
    low, high = value.split("-")
    return i18n.span(digits(low), digits(high))


def answer(field: str, record: Record, labels: Mapping[str, str]) -> str:
    """What a record says in one field, in words; empty where it says nothing."""
    value = record.get(field)
    if not value:
        return ""
    if field in ("substances", "signs", "at_risk"):
        return _(", ").join(labels.get(concept, concept) for concept in value)
    if field == "region":
        return catalogue.label("region", value, i18n.current())
    if field in ("first_seen", "last_seen"):
        return day(str(value))
    if isinstance(value, list):
        return _(", ").join(code(field, one) if field in CODES else f"⟦{one}⟧" for one in value)
    return code(field, value) if field in CODES or field in ("events", "hospital", "deaths") else str(value)


def lines(record: Record, labels: Mapping[str, str], fields: Sequence[str]) -> list[tuple[Any, str]]:
    """Label and words of each answer that was given, in this order."""
    found = [(FIELDS[field], answer(field, record, labels)) for field in fields]
    return [(label, text) for label, text in found if text]


def changes(
    old: Record, new: Record, labels: Mapping[str, str], fields: Sequence[str]
) -> list[tuple[Any, str, str]]:
    """Label, words before and words after of each answer that differs."""
    return [(FIELDS[f], answer(f, old, labels), answer(f, new, labels)) for f in fields]
