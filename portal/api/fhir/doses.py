"""A dose line as FHIR Dosage: the same numbers, each in the field that says what it is.

An amount "per day" is a rate, an amount "per dose" a dose. Steps, observation and a lower ceiling have no
field in R4B and stand in extensions.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from portal.api.fhir.codes import Node, extension_url, quantity, rate, spread, time
from portal.api.schemas.texts import plain
from portal.protocols.forms import labels
from portal.protocols.forms.dose_words import DoseWords
from portal.protocols.queries.page import ShownBlock

Data = Mapping[str, Any]
Words = Callable[[Data, str], DoseWords]
SAID: Final = ("phase", "routes", "dose", "interval", "ceiling", "observe")


def dosage(block: ShownBlock, words: DoseWords, *, lang: str, base: str) -> Node:
    """One dose line. A quoted line has the source's words and no numbers."""
    data = block.data
    if data.get("quoted"):
        return {"text": data["source_quote"]}
    told: Node = {"text": sentence(words, lang)}
    if extensions := _extensions(data, base):
        told["extension"] = extensions
    if repeat := _repeat(data):
        told["timing"] = {"repeat": repeat}
    if routes := _routes(data):
        told["route"] = {
            "coding": [{"system": f"{base}/fhir/route", "code": route} for route in routes],
            "text": words.routes,
        }
    if amount := _amount(data):
        told["doseAndRate"] = [amount]
    if words.observe:
        told["additionalInstruction"] = [{"text": plain(words.observe, lang)}]
    return told | _ceiling(data)


def sentence(words: DoseWords, lang: str) -> str:
    """The line in the words of the page."""
    parts = [words.drug, *(getattr(words, name) for name in SAID)]
    return "; ".join(plain(part, lang) for part in parts if part)


def _routes(data: Data) -> list[str]:
    given = data.get("route") or []
    return [given] if isinstance(given, str) else list(given)


def _amount(data: Data) -> Node:
    """`dose[x]` where the amount is for one dose, else `rate[x]`."""
    low, high, unit, per = (
        data.get("dose_min"),
        data.get("dose_max"),
        data.get("unit", ""),
        data.get("per", ""),
    )
    if low is None and high is None:
        return {}
    by_dose = per in ("", "dose")

    def of(value: float | None) -> Node | None:
        if value is None:
            return None
        return quantity(value, unit) if by_dose else rate(value, unit, per)

    name = "dose" if by_dose else "rate"
    if low == high:
        return {f"{name}Quantity": of(low)}
    return {f"{name}Range": spread(of(low), of(high))}


def _repeat(data: Data) -> Node:
    """How often: times a day, or every so many hours, days, weeks, months."""
    if data.get("times_min"):
        told = {"frequency": int(data["times_min"]), "period": 1, "periodUnit": "d"}
        return told | _more("frequencyMax", data["times_min"], data.get("times_max"))
    if data.get("every_min"):
        unit = time(1, data.get("every_unit", "day"))["code"]
        told = {"frequency": 1, "period": data["every_min"], "periodUnit": unit}
        return told | _more("periodMax", data["every_min"], data.get("every_max"))
    return {}


def _more(name: str, low: float, high: float | None) -> Node:
    return {name: high} if high is not None and high != low else {}


def _ceiling(data: Data) -> Node:
    if not data.get("ceiling"):
        return {}
    most, per = quantity(data["ceiling"], data.get("unit", "")), data.get("ceiling_per") or "dose"
    if per == "dose":
        return {"maxDosePerAdministration": most}
    return {"maxDosePerPeriod": {"numerator": most, "denominator": time(1, per)}}


def _extensions(data: Data, base: str) -> list[Node]:
    """What R4B has no field for; an interval only where the field is taken by a number of times a day."""
    unit, hours = data.get("unit", ""), data.get("every_unit", "hour")
    step = "dose-step-down" if data.get("phase") == "taper" else "dose-step-up"
    spans = {
        step: _ends(data, "step", lambda value: quantity(value, unit)),
        "observe": _ends(data, "observe", lambda value: time(value, "minute")),
        "interval": _ends(data, "every", lambda value: time(value, hours)) if data.get("times_min") else {},
    }
    told: list[Node] = [
        {"url": extension_url(base, name), "valueRange": span} for name, span in spans.items() if span
    ]
    if data.get("ceiling_low"):
        low = quantity(data["ceiling_low"], unit)
        told.append({"url": extension_url(base, "ceiling-from"), "valueQuantity": low})
    if data.get("verify"):
        told.append({"url": extension_url(base, "to-verify"), "valueBoolean": True})
    return told


def _ends(data: Data, name: str, of: Callable[[float], Node]) -> Node:
    """The range of `name_min` and `name_max`; nothing where neither is given."""
    low, high = data.get(f"{name}_min"), data.get(f"{name}_max")
    return spread(of(low) if low is not None else None, of(high) if high is not None else None)


def title(block: ShownBlock, words: DoseWords) -> str:
    """Drug and phase."""
    return " – ".join(
        part for part in (words.drug, str(labels.PHASES.get(block.data.get("phase", ""), ""))) if part
    )
