"""The vocabulary file itself: shape, letters, relations."""

import csv
import re

import pytest

from portal.vocabulary.rules import PREFIXES, id_fault, is_circular, name_fault
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
    assert not [row["id"] for row in rows if id_fault(row["id"], row["scheme"])]
    assert set(PREFIXES) == {row["scheme"] for row in rows}


def test_every_parent_exists_in_the_same_scheme_and_none_is_its_own_ancestor(rows):
    parents = {row["id"]: row["parent"] for row in rows}
    schemes = {row["id"]: row["scheme"] for row in rows}
    assert not [concept for concept in parents if is_circular(concept, parents)]
    assert not [c for c, above in parents.items() if above and schemes[above] != schemes[c]]


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_every_name_follows_the_rules_that_editors_follow_too(rows, lang):
    assert not [
        (name, fault) for row in rows for name in names(row, lang) if (fault := name_fault(name, lang))
    ]


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
