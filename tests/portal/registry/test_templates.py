"""The template and the codebook: readable by people in three languages, and by the importer."""

import csv
import io

import pytest

from portal.registry.dictionary import LANGUAGES, load
from portal.registry.importer.header import column_names
from portal.registry.importer.report import error_file, errors_of, guarded, message_of, said
from portal.registry.models import ImportBatch, ImportRow
from portal.registry.rules import all_rules, field_messages
from portal.registry.services.templates import codebook_csv, template_csv


def cells(text):
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_template_is_understood_by_the_importer(language):
    (header,) = cells(template_csv(language))
    assert list(column_names(header)) == [v.name for v in load().variables]
    assert len(set(header)) == len(header)


@pytest.mark.parametrize(
    ("text", "told"),
    [("1;=HYPERLINK(1)", "1;'=HYPERLINK(1)"), ("a;b;@x", "a;b;'@x"), ("=1;+2", "'=1;'+2"), ("-1;-2", "-1;-2"),
     ("code; -9 is unknown", "code; -9 is unknown")],
)  # fmt: skip
def test_no_formula_begins_after_a_semicolon(text, told):
    assert guarded(text) == told


def test_every_cell_of_a_file_to_correct_is_quoted_and_guarded():
    batch = ImportBatch(header='["labour", "=sex;=1"]')
    waiting = ImportRow(line=2, codes="CODE:labour", cells="7\x1f1;2")
    head, row = "".join(error_file(batch, [waiting], "en")).removeprefix("\ufeff").splitlines()
    assert head == """"labour","'=sex;'=1","_line","_codes","_messages\""""
    assert row.startswith('"7","1;2","2","CODE:labour","labour: ')


@pytest.mark.parametrize("language", LANGUAGES)
def test_codebook_explains_every_column(language):
    head, *rows = cells(codebook_csv(language))
    assert [r[0] for r in rows] == [v.name for v in load().variables]
    assert all(len(r) == len(head) for r in rows)
    by_name = {r[0]: r for r in rows}
    assert "-9 = " in by_name["sex"][4]
    assert "0..28" in by_name["start_d28_alcohol"][4]
    assert "M20 = " in by_name["modality"][4]


def test_codebook_offers_no_codes_of_mapped_files():
    rows = {r[0]: r for r in cells(codebook_csv("en"))}
    assert "10 = " not in rows["discharge_reason"][4].split("; ")[0]
    assert "8 = treated before" not in rows["prior_treatment"][4]


@pytest.mark.parametrize(("text", "safe"), [("=1", "'=1"), ("+1", "'+1"), ("@a", "'@a"), ("-a", "'-a"), ("-1", "-1"),
                                            ("-1.5", "-1.5"), ("\t1", "'\t1"), ("＝1", "'＝1"), ("M20", "M20")])  # fmt: skip
def test_cells_that_start_a_formula_are_guarded(text, safe):
    assert guarded(text) == safe


def test_every_code_has_its_message():
    for code in (*(r.id for r in all_rules()), *field_messages()):
        for language in LANGUAGES:
            text, hint = said(code, "sex", language, limit=1, kind="x", what="y")
            assert text
            assert hint
            assert "%(" not in text + hint


def test_message_of_a_type_depends_on_the_column():
    assert message_of("TYPE", "admission_month").text.en == "This is not a month."
    assert message_of("TYPE", "source_key").text.en.startswith("The key is not")
    assert message_of("TYPE", "discharge_day").text.en == "This is not a whole number."
    assert message_of("STRUCT").text.en == "The row has other numbers of cells than the header."


def test_marks_become_errors_even_with_colons_in_columns():
    (error,) = errors_of([(7, "CODE:a: b")])
    assert (error.line, error.code, error.column, error.severity) == (7, "CODE", "a: b", "E")
