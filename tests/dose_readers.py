"""Doses as each form of a protocol tells them, in one shape, so that they can be laid beside each other.

A line is (drug, dose, interval, ceiling): letters of the drug's label, numbers with units, numbers, numbers with
units; numbers ascend. None stands for what a form does not tell. To add a form, put a function from the client,
the address of the version and the language to lines into READERS.
"""

import io
import json
import re
import zipfile
from html import unescape

import fhir_doses
from pdf_reading import tables_of

from portal.protocols.units import fold_digits

UNITS = {"мг": "mg", "мкг": "µg", "г": "g", "мл": "mL", "МЕ": "IU"}
UCUM = {"ug": "µg", "[iU]": "IU"}
UNIT = re.compile(r"%|(?<![^\W\d_])(?:mg|µg|g|mL|IU|мг|мкг|г|мл|МЕ)(?![^\W\d_])")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
COLUMNS = (0, 2, 3, 4)


def amount(text):
    plain = fold_digits(re.sub("[\u2066-\u2069]", "", text)).replace("−", "-")
    plain = re.sub(r"(?<=\d),(?=\d)", ".", plain)
    units = tuple(sorted({UNITS.get(unit, unit) for unit in UNIT.findall(plain)}))
    return tuple(sorted(float(number) for number in NUMBER.findall(plain))), units


def line(cells):
    drug, dose, interval, ceiling = (cells[place] for place in COLUMNS)
    return (
        "".join(sorted(filter(str.isalnum, drug))),
        amount(dose),
        amount(interval)[0],
        amount(ceiling),
    )


def stripped(html):
    return unescape(re.sub(r"<[^>]+>", "", html))


def rows_of_html(html, table):
    body = re.search(table, html, re.DOTALL)
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", body[1], re.DOTALL) if body else []
    return [
        [stripped(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows
    ]


def from_html(client, address, lang):
    html = client.get(f"/{lang}{address}").text
    return [line(row) for row in rows_of_html(html, r'<table[^>]*id="doses">.*?<tbody[^>]*>(.*?)</tbody>')]


def from_pdf(client, address, lang):
    tables = tables_of(client.get(f"/{lang}{address}.pdf").data)
    return [line([as_written(cell) for cell in row]) for row in tables[0][1:]] if tables else []


def as_written(cell):
    """A reader of PDF gives Persian digits as they are drawn, from right to left, and words without a space."""
    return apart(re.sub("[۰-۹٫]+", lambda found: found[0][::-1], cell))


def apart(cell):
    """Words of two scripts that a reader of PDF gives without the space between them."""
    return re.sub("(?<=[A-Za-z])(?=[\u0600-\u06ff])", " ", cell)


def from_markdown(client, address, lang):
    lines = [text for text in client.get(f"/{lang}{address}.md").text.splitlines() if text.startswith("| ")]
    return [line(re.split(r"(?<!\\) \| ", text.strip("| "))) for text in lines[2:]]


def packed(client, address, lang, ending):
    held = zipfile.ZipFile(io.BytesIO(client.get(f"/{lang}{address}.zip").data))
    return next(
        held.read(name).decode() for name in held.namelist() if name.endswith(ending) and name != "index.html"
    )


def from_offline(client, address, lang):
    return [line(row) for row in rows_of_html(packed(client, address, lang, ".html"), "<tbody>(.*?)</tbody>")]


def from_json(client, address, lang):
    """The data itself: what a number in words leaves out ("every day") is no number here either."""
    blocks = json.loads(packed(client, address, lang, ".json"))["blocks"]
    return [
        data_line(block["dose"], block["text"])
        for block in blocks
        if block["kind"] == "dose" and not block["dose"].get("quoted")
    ]


def from_fhir(client, address, lang):
    """The PlanDefinition; a quoted line has its words alone there."""
    number, version = re.fullmatch(r"/p/([A-Z0-9-]+)/v/([0-9.]+)", address).groups()
    plan = client.get(f"/api/v1/protocols/{number}/versions/{version}.fhir.json?lang={lang}").json
    held = [one for one in plan.get("contained", ()) if one["dosage"][0].keys() != {"text"}]
    return [
        data_line(dose | {"unit": unit_in(one)}, "")
        for one, dose in zip(held, fhir_doses.from_fhir(plan | {"contained": held}), strict=True)
    ]


def unit_in(resource):
    """The unit of every amount of a dosage; there is one, or none."""
    codes = {code.split("/")[0] for code in re.findall(r'"code": "([^"]+)"', json.dumps(resource["dosage"]))}
    found = {UCUM.get(code, code) for code in codes} & {*UNITS.values(), "%"}
    assert len(found) < 2, found
    return next(iter(found), None)


def data_line(dose, _text):
    unit = () if dose.get("unit") in ("tablet", "session", None) else (dose["unit"],)
    taken = numbers(dose, "dose_min", "dose_max") + numbers(dose, "step_min", "step_max")
    ceiling = numbers(dose, "ceiling_low", "ceiling")
    interval = numbers(dose, "times_min", "times_max") + every(dose) + numbers(dose, "after_min", "after_max")
    return (
        None,
        (tuple(sorted(taken)), unit if taken else ()),
        tuple(sorted(interval)),
        (ceiling, unit if ceiling else ()),
    )


def numbers(dose, low, high):
    return tuple(sorted({float(dose[name]) for name in (low, high) if dose.get(name)}))


def every(dose):
    found = numbers(dose, "every_min", "every_max")
    return () if found == (1.0,) else found


READERS = {
    "html": from_html,
    "pdf": from_pdf,
    "markdown": from_markdown,
    "offline": from_offline,
    "json": from_json,
    "fhir": from_fhir,
}
