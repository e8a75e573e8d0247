"""Text tables are read exactly or refused with line and column; order, contract, refusals."""

import dataclasses

import pandas as pd
import pytest

from analytics import errors
from analytics.errors import AnalyticsError, InvalidEpisodes, InvalidFile, NotReleased
from analytics.schema import (
    Caution,
    ColumnKind,
    ColumnSpec,
    Result,
    WarningCode,
    natural_sorted,
    parse_number,
    plain,
    read_text_table,
    readable,
    validate_episodes,
)

NUMBER = ColumnSpec("x", ColumnKind.NUMBER)
LABEL = ColumnSpec("x", ColumnKind.LABEL)


def written(folder, data):
    path = folder / "table.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return str(path)


def test_labels_are_the_cell_text_and_numbers_are_unrounded(tmp_path):
    path = written(tmp_path, "g,x\n S 1,0.1234567890123456\n۲,-1e3\n")
    table = read_text_table(path, [ColumnSpec("g", ColumnKind.LABEL), NUMBER])
    assert table["g"].tolist() == [" S 1", "۲"]
    assert table["x"].tolist() == [0.1234567890123456, -1000.0]


def test_rows_are_indexed_by_their_line(tmp_path):
    path = written(tmp_path, 'g,x\n"two\nlines",1\n\n"b",2\n')
    table = read_text_table(path, [ColumnSpec("g", ColumnKind.LABEL), NUMBER])
    assert table.index.tolist() == [2, 5]


def test_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path):
    assert read_text_table(written(tmp_path, b"\xef\xbb\xbfx\r\n1\r\n"), [NUMBER])["x"].tolist() == [1.0]


def test_empty_cells_are_missing_where_allowed(tmp_path):
    specs = [dataclasses.replace(LABEL, nullable=True), ColumnSpec("y", ColumnKind.NUMBER, nullable=True)]
    table = read_text_table(written(tmp_path, "x,y\n ,\na,1\n"), specs)
    assert table["x"].tolist() == ["missing", "a"]
    assert table["y"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "expected a header line and rows, got an empty file"),
        (b"\n\n", "got an empty file"),
        (b"x\n", "a header without rows"),
        (b"y,z\n1,2\n", "line 1: no column x; there are y, z"),
        (b"x,y,x\n1,2,3\n", "line 1, column x: the name stands at positions 1 and 3"),
        (b"y,x\n1,2\n3\n", "line 3: expected 2 cells as in the header, got 1"),
        (b"y,x\n1,2,3\n", "line 2: expected 2 cells as in the header, got 3"),
        (b"y,x\n1,\xff\n", "line 2, column x: expected UTF-8 text, got the byte 0xff"),
        (b"y,x\n1,2\n\xff,1\n", "line 3, column y: expected UTF-8 text"),
        (b"\xff\xfex\x00", "line 1, column 1: expected UTF-8 text"),
        (b"y,x\n1,2\n3,4\x00\n", "line 3, column x: a NUL byte is no text"),
        (b'y,x\n1,"2\n', "line 2: unexpected end of data"),
        (b"y,x\n1,2\n3,4,5\xff\n", "line 3, column 3: expected UTF-8 text"),
    ],
)
def test_file_that_is_no_table_is_refused(tmp_path, data, text):
    with pytest.raises(InvalidFile, match=text):
        read_text_table(written(tmp_path, data), [NUMBER])


def test_million_columns_are_refused(tmp_path):
    path = written(tmp_path, ",".join(map(str, range(10**6))) + "\n")
    with pytest.raises(InvalidFile, match="expected at most 10000 columns, got 1000000"):
        read_text_table(path, [NUMBER])


@pytest.mark.parametrize(
    ("path", "text"), [("nowhere.csv", "no such file"), (".", "cannot be read"), ("a\0b", "cannot be read")]
)
def test_file_that_cannot_be_opened_is_refused(path, text):
    with pytest.raises(InvalidFile, match=text):
        read_text_table(path, [NUMBER])


@pytest.mark.parametrize(
    "cell", ['""', "1.5x", '"1,5"', "۱۲", "٣", "1_000", "nan", "inf", "1e999", "=1+1", "1 000"]
)
def test_cell_that_is_no_number_is_refused_with_line_and_column(tmp_path, cell):
    with pytest.raises(InvalidEpisodes, match=r"table.csv, line 3, column x: expected a number") as refusal:
        read_text_table(written(tmp_path, f"x\n1\n{cell}\n"), [NUMBER])
    assert refusal.value.problems[0].line == 3


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        (ColumnKind.BINARY, "2"),
        (ColumnKind.BINARY, "-1"),
        (ColumnKind.BINARY, "yes"),
        (ColumnKind.COUNT, "1.5"),
        (ColumnKind.COUNT, "-1"),
        (ColumnKind.DURATION, "-0.5"),
        (ColumnKind.DURATION, "1e308"),
        (ColumnKind.COUNT, "1000000000000001"),
        (ColumnKind.NUMBER, "-1e16"),
        (ColumnKind.LABEL, '""'),
    ],
)
def test_cell_outside_its_rule_is_refused(tmp_path, kind, cell):
    with pytest.raises(InvalidEpisodes, match="line 2, column x"):
        read_text_table(written(tmp_path, f"x\n{cell}\n"), [ColumnSpec("x", kind)])


def test_first_ten_problems_are_told_in_order_and_the_rest_counted(tmp_path):
    data = "x,y\n" + "a,b\n" * 6
    with pytest.raises(InvalidEpisodes) as refusal:
        read_text_table(written(tmp_path, data), [NUMBER, ColumnSpec("y", ColumnKind.NUMBER)])
    lines = str(refusal.value).splitlines()
    assert len(lines) == 11
    assert lines[-1] == "and 2 more"
    assert [problem.line for problem in refusal.value.problems] == sorted(
        problem.line for problem in refusal.value.problems
    )


def test_largest_number_is_read(tmp_path):
    specs = [ColumnSpec("n", ColumnKind.COUNT), ColumnSpec("t", ColumnKind.DURATION)]
    assert (
        read_text_table(written(tmp_path, "n,t\n1000000000000000,1e15\n"), specs).iloc[0].tolist()
        == [1e15] * 2
    )


def test_level_named_missing_is_not_added_to_the_empty_cells(tmp_path):
    spec = ColumnSpec("x", ColumnKind.LABEL, nullable=True)
    with pytest.raises(InvalidFile, match="line 3, column x: the level 'missing' is what empty cells"):
        read_text_table(written(tmp_path, "x,y\nM,1\nmissing,1\n ,1\n"), [spec])
    assert read_text_table(written(tmp_path, "x\nM\nmissing\n"), [spec])["x"].tolist() == ["M", "missing"]


def test_label_outside_the_code_list_is_refused(tmp_path):
    spec = ColumnSpec("x", ColumnKind.LABEL, nullable=True, codes=("M", "F"))
    with pytest.raises(InvalidEpisodes, match="expected one of M, F, or an empty cell, got 'U'"):
        read_text_table(written(tmp_path, "x\nM\n \nU\n"), [spec])
    frame = pd.DataFrame({"x": ["M", None, "U"]})
    assert [problem.line for problem in validate_episodes(frame, [spec])] == [3]


def test_numbers_are_ascii_digits_with_a_point():
    assert [parse_number(text) for text in ("1", "-1.", ".5", " 2 ", "1e-3")] == [1.0, -1.0, 0.5, 2.0, 0.001]
    assert [parse_number(text) for text in ("۱", "+1", "1,5", "0x1", "")] == [None] * 5


def test_natural_order_puts_less_than_before_digits_before_words():
    labels = ["missing", "55+", "<25", "25-34", "100", "≤5", "Zeta", "alpha", "9", "09", "۱۰"]
    assert natural_sorted(labels) == [
        "<25",
        "≤5",
        "09",
        "9",
        "۱۰",
        "25-34",
        "55+",
        "100",
        "alpha",
        "missing",
        "Zeta",
    ]


def test_caution_holds_values_by_name():
    caution = Caution.of(WarningCode.TOO_FEW, "S16", known=2, expected=1.5)
    assert caution.value("expected") == 1.5
    assert caution == Caution.of(WarningCode.TOO_FEW, "S16", expected=1.5, known=2)


def test_warning_codes_are_w1_to_w13():
    assert list(WarningCode) == [f"W{number}" for number in range(1, 14)]


def test_result_is_frozen_and_not_drawn_before_release():
    result = Result(table=pd.DataFrame(), method="m", reference="r", n=0, definitions_version="1")
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.n = 1
    with pytest.raises(NotReleased, match="Result has not passed"):
        result.figure()


def test_every_refusal_has_a_sentence_that_its_values_fill():
    class Anything(dict):
        def __missing__(self, key):
            return f"<{key}>"

    for code, sentence in errors.MESSAGES.items():
        assert sentence.format_map(Anything()), code
    assert str(AnalyticsError("no_durations")) == "the counts hold no durations"


def test_values_that_are_not_estimable_are_null_and_a_dash():
    values = plain({"a": float("nan"), "b": {1: [float("inf"), 2]}})
    assert values == {"a": None, "b": {"1": [None, 2]}}
    assert readable(values) == "a: –\nb:\n  1: [–, 2]"


def test_rows_of_equal_columns_are_one_table():
    rows = {"A": {"n": 1, "limits": {"x": [0.5, None]}}, "BB": {"n": 22, "limits": {}}}
    assert readable(rows) == "name   n      limits\nA      1  x [0.5, –]\nBB    22           –"
    assert readable({"A": {"n": 1}, "B": {"m": {}}}) == "A:\n  n: 1\nB:\n  m: –"
