"""The vocabulary file itself: shape, letters, relations."""

import csv
import re

import pytest

from portal.vocabulary.services import SEED

COLUMNS = [
    "id",
    "scheme",
    "parent",
    "icd10",
    "icd11",
    "atc",
    "mesh",
    "label_en",
    "label_ru",
    "label_fa",
    "synonyms_en",
    "synonyms_ru",
    "synonyms_fa",
]
PREFIXES = {
    "substance": "sub-", "intervention": "int-", "condition": "cond-", "setting": "set-", "population": "pop-",
    "outcome": "out-", "instrument": "ins-", "complication": "comp-", "evidence": "ev-", "legal": "leg-",
}  # fmt: skip


@pytest.fixture(scope="module")
def lines():
    with SEED.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture(scope="module")
def rows(lines):
    return [dict(zip(COLUMNS, line, strict=True)) for line in lines[1:]]


def names(row, lang):
    return [row[f"label_{lang}"], *filter(None, row[f"synonyms_{lang}"].split("|"))]


def test_every_row_has_the_thirteen_fields(lines):
    assert lines[0] == COLUMNS
    assert {len(line) for line in lines} == {13}


def test_ids_are_unique_and_carry_the_prefix_of_their_scheme(rows):
    assert len({row["id"] for row in rows}) == len(rows) == 313
    assert not [
        row["id"] for row in rows if not re.fullmatch(rf"{PREFIXES[row['scheme']]}[a-z0-9-]+", row["id"])
    ]


def test_every_parent_exists_in_the_same_scheme_and_none_is_its_own_ancestor(rows):
    parents = {row["id"]: row["parent"] for row in rows}
    schemes = {row["id"]: row["scheme"] for row in rows}
    for concept in parents:
        path = [concept]
        while parents[path[-1]]:
            path.append(parents[path[-1]])
            assert path.count(path[-1]) == 1
        assert {schemes[step] for step in path} == {schemes[concept]}


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_no_label_is_empty_and_no_name_has_loose_spaces(rows, lang):
    assert not [row["id"] for row in rows if not row[f"label_{lang}"].strip()]
    assert not [name for row in rows for name in names(row, lang) if name != name.strip() or "  " in name]


def test_persian_names_hold_no_arabic_letters(rows):
    assert not [name for row in rows for name in names(row, "fa") if re.search("[يكىة]", name)]


def test_half_space_never_stands_beside_a_space_or_at_an_end(rows):
    assert not [
        n for row in rows for n in names(row, "fa") if re.search("\u200c[ \u200c]| \u200c|^\u200c|\u200c$", n)
    ]


def test_scripts_do_not_leak_between_columns(rows):
    assert not [
        n for row in rows for n in names(row, "en") if re.search("[а-яё\u0600-\u06ff]", n, re.IGNORECASE)
    ]
    assert not [n for row in rows for n in names(row, "ru") if re.search("[\u0600-\u06ff]", n)]
    assert not [n for row in rows for n in names(row, "fa") if re.search("[а-яё]", n, re.IGNORECASE)]


def test_codes_have_the_form_of_their_classification(rows):
    forms = {
        "icd10": r"[A-Z]\d\d(\.\d+)?(-[A-Z]\d\d)?",
        "icd11": r"[A-Z0-9]{4}(\.[A-Z0-9]{1,2})?",
        "atc": r"[A-Z]\d\d[A-Z]{1,2}(\d\d)?",
        "mesh": r"[DC]\d{6,9}",
    }
    faults = [
        (row["id"], code)
        for row in rows
        for system, form in forms.items()
        for code in filter(None, row[system].split("|"))
        if not re.fullmatch(form, code)
    ]
    assert not faults
