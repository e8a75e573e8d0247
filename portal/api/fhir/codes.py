"""Code systems, UCUM units and the value sets of FHIR that an export uses."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

Node = dict[str, Any]
SYSTEMS: Final = {
    "icd10": "http://hl7.org/fhir/sid/icd-10",
    "icd11": "http://id.who.int/icd/release/11/mms",
    "atc": "http://www.whocc.no/atc",
    "mesh": "http://id.nlm.nih.gov/mesh",
}
COUNTRY: Final = "urn:iso:std:iso:3166"
UCUM: Final = "http://unitsofmeasure.org"
PLAN_TYPE: Final = "http://terminology.hl7.org/CodeSystem/plan-definition-type"
CONTEXT_TYPE: Final = "http://terminology.hl7.org/CodeSystem/usage-context-type"
STATUS: Final = {
    "published": "active", "under_concern": "active", "superseded": "retired", "retired": "retired",
    "withdrawn": "retired",
}  # fmt: skip
LISTED: Final = ("leg-permitted", "leg-restricted")
"""Only where one of these holds is a country a jurisdiction of the plan."""
UNITS: Final = {"mg": "mg", "µg": "ug", "g": "g", "mL": "mL", "IU": "[iU]", "%": "%", "tablet": "{tablet}",
                "session": "{session}"}  # fmt: skip
TIME: Final = {"hour": "h", "day": "d", "week": "wk", "month": "mo", "minute": "min"}
"""Units of time that `Timing.repeat.periodUnit` knows."""


def extension_url(base: str, name: str) -> str:
    return f"{base}/fhir/StructureDefinition/{name}"


def concept(base: str, code: str, label: str, codes: Mapping[str, Sequence[str]] | None = None) -> Node:
    """A concept of our vocabulary, with its codes in others."""
    own = {"system": f"{base}/c", "code": code, "display": label}
    others = [
        {"system": SYSTEMS[system], "code": value}
        for system, values in (codes or {}).items()
        for value in values
    ]
    return {"coding": [own, *others], "text": label}


def quantity(value: float, unit: str) -> Node:
    """An amount in our unit, coded in UCUM."""
    return {"value": _tidy(value), "unit": unit, "system": UCUM, "code": UNITS.get(unit, unit)}


def rate(value: float, unit: str, per: str) -> Node:
    """An amount for a span of time. A course has no length of its own."""
    code = f"{UNITS.get(unit, unit)}/{TIME.get(per, '{' + per + '}')}"
    return {"value": _tidy(value), "unit": f"{unit}/{per}", "system": UCUM, "code": code}


def time(value: float, unit: str) -> Node:
    return {"value": _tidy(value), "unit": unit, "system": UCUM, "code": TIME.get(unit, "{" + unit + "}")}


def _tidy(value: float) -> float | int:
    return int(value) if float(value).is_integer() else value


def spread(low: Any, high: Any) -> Node:
    """A FHIR Range of two quantities, either of which may be missing."""
    return {name: value for name, value in (("low", low), ("high", high)) if value is not None}
