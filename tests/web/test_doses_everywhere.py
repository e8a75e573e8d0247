"""No dose of the samples differs between the page, JSON and FHIR, in any language. Each form is read on its own."""

import html
import re
import unicodedata

import pytest
from fhir.resources.R4B.plandefinition import PlanDefinition
from fhir_doses import FIELDS, from_fhir
from sample_world import LANGUAGES, samples, samples_template  # noqa: F401


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
