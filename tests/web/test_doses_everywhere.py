"""No dose of the samples differs between the page, JSON and FHIR, in any language. Each form is read on its own."""

import html
import re
import unicodedata

import pytest
from fhir.resources.R4B.plandefinition import PlanDefinition
from sample_world import LANGUAGES, samples, samples_template  # noqa: F401

PAIRS = ("dose", "step", "times", "every", "after", "observe")
FIELDS = (*(f"{name}_{end}" for name in PAIRS for end in ("min", "max")), "ceiling_low", "ceiling")
PER = {"d": "day", "wk": "week", "mo": "month", "{course}": "course", "h": "hour", "min": "minute"}
MINUTES_OF_HOUR = 60


def from_json(told):
    """Dose lines of the JSON form: its numbers, and for which span of time."""
    lines = [b["dose"] for s in told["sections"] if s["id"] == "dosing" for b in s["blocks"] if "dose" in b]
    return [
        _filled({name: line.get(name) for name in (*FIELDS, "per", "ceiling_per", "every_unit")})
        for line in lines
    ]


def _filled(line):
    """One number for both ends is the same as two; a dose says so."""
    for name in ("step", "times", "every", "after", "observe"):
        if line[f"{name}_max"] is None:
            line[f"{name}_max"] = line[f"{name}_min"]
    if not any(line[f"dose_{end}"] for end in ("min", "max")):
        line["per"] = None
    elif not line["per"]:
        line["per"] = "dose"
    if not line["every_min"]:
        line["every_unit"] = None
    if not line["ceiling"]:
        line["ceiling_per"] = None
    return line


def from_fhir(told):
    """The same, from ActivityDefinition.dosage and the action's timing."""
    actions = {
        a["definitionCanonical"]: a
        for g in told.get("action", ())
        for a in g["action"]
        if "definitionCanonical" in a
    }
    return [_dosage(one["dosage"][0], actions[f"#{one['id']}"]) for one in told.get("contained", ())]


def _dosage(dosage, action):
    line = dict.fromkeys((*FIELDS, "per", "ceiling_per", "every_unit"))
    for amount in dosage.get("doseAndRate", ()):
        kind, value = next(iter(amount.items()))
        low, high = _ends(value) if kind.endswith("Range") else (value, value)
        line["dose_min"], line["dose_max"] = _value(low), _value(high)
        line["per"] = PER[(low or high)["code"].split("/")[1]] if kind.startswith("rate") else "dose"
    _times(line, dosage.get("timing", {}).get("repeat", {}))
    if "timingRange" in action:
        line["after_min"], line["after_max"] = map(_value, _ends(action["timingRange"]))
    _extended(line, {one["url"].rsplit("/", 1)[1]: one for one in dosage.get("extension", ())})
    if most := dosage.get("maxDosePerPeriod"):
        line["ceiling"], line["ceiling_per"] = _value(most["numerator"]), PER[most["denominator"]["code"]]
    if most := dosage.get("maxDosePerAdministration"):
        line["ceiling"], line["ceiling_per"] = _value(most), "dose"
    return line


def _extended(line, extensions):
    fields = {"dose-step-up": "step", "dose-step-down": "step", "observe": "observe", "interval": "every"}
    for name in fields.keys() & extensions.keys():
        low, high = _ends(extensions[name]["valueRange"])
        line[f"{fields[name]}_min"], line[f"{fields[name]}_max"] = _value(low), _value(high)
        if name == "interval":
            line["every_unit"] = PER[low["code"]]
    if "ceiling-from" in extensions:
        line["ceiling_low"] = _value(extensions["ceiling-from"]["valueQuantity"])


def _times(line, repeat):
    if (
        repeat.get("periodUnit") == "d"
        and repeat.get("period") == 1
        and "frequency" in repeat
        and "periodMax" not in repeat
    ):
        line["times_min"], line["times_max"] = (
            repeat["frequency"],
            repeat.get("frequencyMax", repeat["frequency"]),
        )
    elif repeat:
        line["every_min"], line["every_max"] = repeat["period"], repeat.get("periodMax", repeat["period"])
        line["every_unit"] = PER[repeat["periodUnit"]]


def _ends(span):
    return span.get("low"), span.get("high")


def _value(quantity):
    return quantity["value"] if quantity else None


def from_page(text):
    """Numbers in the cells of each row of the dose table: amount, how often, ceiling."""
    table = text.split("<caption", 1)[1] if "<caption" in text else text
    rows = re.findall(r'<tr role="row">(.*?)</tr>', table.split("</table>")[0], re.DOTALL)
    found = []
    for row in rows:
        cells = re.findall(r"<t[hd][^>]*data-l=[^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        if len(cells) == 6:
            found.append([_numbers(cell) for cell in cells[2:5]])
    return found


def _numbers(cell):
    text = html.unescape(re.sub(r"<[^>]+>", " ", cell))
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text).replace("٫", ".")
    return {float(n.replace(",", ".")) for n in re.findall(r"\d+(?:[.,]\d+)?", text)}


def _expected(line):
    """What each cell must hold; "every month" has no number to show."""
    amount = {line[n] for n in ("dose_min", "dose_max", "step_min", "step_max")}
    often = {line[n] for n in ("times_min", "times_max", "every_min", "every_max", "after_min", "after_max")}
    ceiling = {line["ceiling_low"], line["ceiling"]}
    return [{float(v) for v in held if v} for held in (amount, often, ceiling)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_dose_differs_between_page_json_and_fhir(samples, client, lang):  # noqa: F811
    compared = 0
    for number in samples:
        told = client.get(f"/api/v1/protocols/{number}?lang={lang}").json
        plan = client.get(f"/api/v1/protocols/{number}/versions/1.0.fhir.json?lang={lang}").json
        PlanDefinition.model_validate(plan)
        lines = from_json(told)
        assert from_fhir(plan) == lines, number
        coded = [line for line in lines if any(line[name] for name in FIELDS)]
        shown = from_page(client.get(f"/{lang}/p/{number}", follow_redirects=True).text)
        assert len(shown) >= len(coded), number
        for cells, line in zip([row for row in shown if any(row)], coded, strict=True):
            for seen, wanted in zip(cells, _expected(line), strict=True):
                assert seen | {1.0} == wanted | {1.0}, (number, line)
        compared += len(coded)
    assert compared >= 26


def test_doses_are_the_same_data_in_each_language(samples, client):  # noqa: F811
    for number in samples:
        told = [from_json(client.get(f"/api/v1/protocols/{number}?lang={lang}").json) for lang in LANGUAGES]
        assert told[0] == told[1] == told[2], number
