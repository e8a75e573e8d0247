"""Reading of single cells: digits, labels, months, diagnoses; what is no answer stays none."""

import polars as pl
import pytest

from portal.registry.dictionary import load
from portal.registry.importer.cells import Reading, read_cell
from portal.registry.importer.reading import read_answers
from portal.registry.importer.refusal import FileRefused
from portal.registry.rules.coding import encode_month

BOOK = load()


def read(name, text):
    return read_cell(BOOK[name], text)


@pytest.mark.parametrize(
    "text", ["12", " 12 ", "۱۲", "١٢", "１２", "12.0", "12,0", "۱۲٫۰", "+12", "1\u200c2", "012"]
)
def test_whole_numbers_are_read_in_any_digits(text):
    assert read("start_d28_alcohol", text) == Reading(12)


@pytest.mark.parametrize("text", ["1,5", "1.5", "۱٫۵", "1.234,5", "1 234", "12 days", "x", "1/2", "12-14"])
def test_other_numbers_are_refused(text):
    assert read("start_d28_alcohol", text) == Reading(None, "TYPE")


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd", "-A1", "=12"])
def test_formulas_are_named(text):
    assert read("start_d28_alcohol", text).fault == "FORMULA"


def test_minus_of_any_kind_is_a_missing_code():
    assert [read("sex", text).number for text in ("-9", "–9", "−9", "‎-9", "۹-")] == [-9, -9, -9, -9, None]


@pytest.mark.parametrize(
    ("text", "month"),
    [("2024-03", "2024-03"), ("2024-3", "2024-03"), ("2024/03", "2024-03"), ("03.2024", "2024-03"),
     ("1403-01", "2024-04"), ("۱۴۰۲/۹", "2023-12"), ("1403-10", "2025-01"), ("۱۴۰۳/۱۲", "2025-03"),
     ("1403-11", "2025-02"), ("1404-06", "2025-09"), ("١٤٠٣-٠٢", "2024-05")],
)  # fmt: skip
def test_months_are_read_in_both_calendars(text, month):
    assert read("admission_month", text) == Reading(encode_month(month))


def test_jalali_quarters_are_gregorian_quarters():
    for year in (1399, 1403, 1404):
        for month in range(1, 13):
            number = read("admission_month", f"{year}-{month:02d}").number
            assert (number % 12) // 3 == (month + 2) % 12 // 3
            assert number // 12 == year + 621 + (month >= 10)


@pytest.mark.parametrize(("text", "fault"), [("2024-13", "TYPE"), ("2024", "TYPE"), ("24-03", "TYPE"),
                                             ("1250-01", "RANGE"), ("March", "TYPE")])  # fmt: skip
def test_other_months_are_refused(text, fault):
    assert read("admission_month", text).fault == fault


@pytest.mark.parametrize(
    ("name", "text", "number"),
    [("sex", "male", 1), ("sex", "ЖЕНСКИЙ", 2), ("sex", "مرد", 1), ("modality", "m20", 20), ("modality", "М20", 20),
     ("modality", "M20", 20), ("modality", "20", 20), ("route" and "substance_1_route", "курит или вдыхает", 2),
     ("substance_1_code", "تریاك", 151), ("substance_1_code", "Heroin", 110), ("labour", "не  работает", 4)],
)  # fmt: skip
def test_labels_of_the_three_languages_are_codes(name, text, number):
    assert read(name, text) == Reading(number)


def test_unknown_and_ambiguous_labels_are_refused():
    assert read("sex", "m").fault == "CODE"
    assert read("discharge_reason", "other").fault == "CODE"


@pytest.mark.parametrize(
    ("text", "number"), [("F11.2", 11002), ("f11.22", 11122), ("F11,2", 11002), ("-9", -9)]
)
def test_diagnoses_are_read(text, number):
    assert read("dx_icd10", text) == Reading(number)


@pytest.mark.parametrize("text", ["F20.1", "F11", "11.2", "F11.222", "112"])
def test_other_diagnoses_are_refused(text):
    assert read("dx_icd10", text).fault == "CODE"


def test_large_numbers_are_out_of_range_not_unreadable():
    assert read("discharge_day", "99999").fault == "RANGE"
    assert read("sex", "99999").fault == "CODE"


def test_columns_are_read_like_cells():
    cells = pl.DataFrame(
        {"sex": ["1", "۲", "male", "x", None, ""], "start_day": ["0", "-3", "1,0", "7", "", None]}
    )
    reading = read_answers(cells, BOOK, pl.Series(range(2, 8)))
    assert reading.answers["sex"].to_list() == [1, 2, 1, None, None, None]
    assert reading.answers["start_day"].to_list() == [0, -3, 1, 7, None, None]
    assert reading.faults["CODE", "sex"].to_list() == [False, False, False, True, False, False]
    assert reading.normalised == 3
    assert reading.answers.dtypes == [pl.Int16, pl.Int16]


def test_identifier_in_a_cell_refuses_the_file_and_names_the_line():
    cells = pl.DataFrame({"sex": ["1", "Иванова Мария Петровна"]})
    with pytest.raises(FileRefused) as refused:
        read_answers(cells, BOOK, pl.Series([2, 3]))
    assert (refused.value.code, refused.value.line, refused.value.column) == ("Q-PII", 3, "sex")
    assert refused.value.values["kind"] == "ru_name"
    assert "Иванова" not in str(refused.value)


def test_full_date_in_the_month_column_refuses_the_file():
    cells = pl.DataFrame({"admission_month": ["2024-03", "2024-03-15"]})
    with pytest.raises(FileRefused) as refused:
        read_answers(cells, BOOK, pl.Series([2, 3]))
    assert refused.value.values["kind"] == "full_date"


def test_remarks_and_long_numbers_are_not_understood():
    remark = "the patient came with a friend and stayed for a while"
    cells = pl.DataFrame({"labour": [remark, "12345678", "x"]})
    assert read_answers(cells, BOOK, pl.Series([2, 3, 4])).understood["labour"] == set()
