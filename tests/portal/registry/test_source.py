"""Files as bytes: encodings, delimiters, limits, and what makes a file no table. Each with a clear code."""

import io

import polars as pl
import pytest

from portal.registry.importer import header
from portal.registry.importer import source as src
from portal.registry.importer.header import column_names
from portal.registry.importer.refusal import FileRefused
from portal.registry.importer.source import Limits, Source
from portal.registry.importer.table import chunks

HEAD = b"a,b,c\n"


def rows(data, **kwargs):
    return [r for chunk in chunks(Source(data, **kwargs)) for r in chunk.cells.rows()]


def refusal(data, **kwargs):
    with pytest.raises(FileRefused) as refused:
        rows(data, **kwargs)
    return refused.value.code


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (HEAD + b"1,2,3\n", [("1", "2", "3")]),
        (b"\xef\xbb\xbf" + HEAD + b"1,2,3", [("1", "2", "3")]),
        (b"a;b;c\r\n1;2,5;3\r\n", [("1", "2,5", "3")]),
        (b"a\tb\tc\n1\t2\t3\n", [("1", "2", "3")]),
        (b"a,b,c\r1,2,3\r4,5,6\r", [("1", "2", "3"), ("4", "5", "6")]),
        (HEAD + b'1,"2,5",3\n', [("1", "2,5", "3")]),
        (HEAD + b"1,2,3\n\n,,\n4,5,6\n", [("1", "2", "3"), ("4", "5", "6")]),
        (HEAD + "۱,male,مرد\n".encode(), [("۱", "male", "مرد")]),
        (HEAD + b"1,,3\n", [("1", None, "3")]),
    ],
)
def test_tables_are_read(data, expected):
    assert rows(data) == expected


def test_declared_encodings_are_read():
    assert rows("a,b\nда,нет\n".encode("cp1251"), encoding="windows-1251") == [("да", "нет")]
    assert rows("a,b\nمرد,زن\n".encode("cp1256"), encoding="cp1256") == [("مرد", "زن")]


def test_undeclared_encodings_are_refused():
    assert refusal("a,b\nда,нет\n".encode("cp1251")) == "encoding"
    assert refusal("да,b\n1,2\n".encode("cp1251")) == "encoding"
    assert refusal(b"a,b\n1,2\n", encoding="latin-9") == "encoding"


@pytest.mark.parametrize("data", ["a,b\n1,2\n".encode("utf-16"), b"a,b\n1,\x002\n", b"a\0b,c\n1,2\n"])
def test_zero_bytes_are_refused(data):
    assert refusal(data) == "nul"


@pytest.mark.parametrize("data", [b"", b"\n\n", HEAD, HEAD + b"\n,,\n", b"a,b,c"])
def test_files_without_rows_are_refused(data):
    assert refusal(data) == "empty_file"


def test_a_million_columns_are_refused_before_they_are_read():
    data = b"x," * 1_000_000 + b"x\n1\n"
    assert refusal(data) == "too_many_columns"
    assert refusal(b",".join(b"c%d" % i for i in range(101)) + b"\n") == "too_many_columns"
    assert refusal(b"a" * 1_000_000) == "too_many_columns"


def test_limits_hold_at_their_edge():
    data = HEAD + b"1,2,3\n" * 5
    assert len(rows(data, limits=Limits(len(data), 5))) == 5
    assert refusal(data, limits=Limits(len(data) - 1, 5)) == "too_large"
    assert refusal(data, limits=Limits(len(data), 4)) == "too_many_rows"


def test_rows_with_other_numbers_of_cells_are_marked_not_guessed():
    (chunk,) = chunks(Source(HEAD + b"1,2,3\n1,2\n1,2,3,4\n4,5,6\n"))
    assert chunk.torn == [3, 4]
    assert chunk.lines.to_list() == [2, 3, 4, 5]
    assert chunk.cells.row(3) == ("4", "5", "6")


def test_unclosed_quotation_mark_is_refused():
    assert refusal(HEAD + b'1,"2,3\n' + b"4,5,6\n" * 2000) == "long_cell"


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", b"\xef\xbb\xbf%PDF-1.4\nx\n", b"{\\rtf1\\ansi\n", b"\x89PNG\r\n\x1a\n",
     b"\xff\xd8\xff\xe1Exif", b"GIF89a,1\n", b"\xd0\xcf\x11\xe0\xa1\xb1", b"\x1f\x8b\x08\x01\n1", b"Rar!\x1a\x07\x01\n", b"a\x01b,c\n1,2\n"],
)  # fmt: skip
def test_other_kinds_of_file_are_no_table(data):
    for encoding in ("utf-8", "windows-1251"):
        assert refusal(data, encoding=encoding) == "STRUCT"


@pytest.mark.parametrize("text", [b"1 " * 300, b"x" * 501, "ы".encode() * 501])
def test_long_cells_are_refused_before_anybody_reads_them(text):
    assert refusal(HEAD + b"1,2,3\n4," + text + b",6\n") == "long_cell"
    with pytest.raises(FileRefused) as refused:
        list(chunks(Source(HEAD + b"1,2,3\n4," + text + b",6\n")))
    assert refused.value.line == 3


def test_five_hundred_letters_of_two_bytes_are_no_long_cell():
    assert sum(len(c.lines) for c in chunks(Source(HEAD + "ы".encode() * 500 + b",2,3\n"))) == 1


def test_long_headings_are_refused_before_anybody_reads_them(monkeypatch):
    monkeypatch.setattr(header, "scan_header", lambda _: pytest.fail("was read"))
    with pytest.raises(FileRefused) as refused:
        header.column_names(["x" * 501])
    assert refused.value.code == "long_cell"


def test_long_cells_are_refused_when_rows_are_read_one_by_one():
    assert refusal(HEAD + b"1,2\n" + b"x" * 501 + b",2,3\n") == "long_cell"


def test_empty_lines_keep_the_numbers_of_the_lines():
    (chunk,) = chunks(Source(HEAD + b"1,2,3\n\n4,5,6\n"))
    assert chunk.lines.to_list() == [2, 4]


def test_blocks_end_between_records(monkeypatch):
    monkeypatch.setattr(src, "BLOCK", 7)
    data = HEAD + b"".join(b"%d,xx,yy\n" % i for i in range(50))
    assert [r[0] for r in rows(data)] == [str(i) for i in range(50)]
    quoted = HEAD + b"".join(b'%d,"x,\ny",z\n' % i for i in range(50))
    monkeypatch.setattr(src, "BLOCK", 64)
    assert [r[1] for r in rows(quoted)] == ["x,\ny"] * 50


def test_numbers_of_lines_run_through_blocks(monkeypatch):
    monkeypatch.setattr(src, "BLOCK", 100)
    parts = list(chunks(Source(HEAD + b"1,2,3\n" * 100)))
    assert len(parts) > 1
    assert pl.concat([p.lines for p in parts]).to_list() == list(range(2, 102))


def test_files_and_streams_are_read_alike(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(HEAD + b"1,2,3\n")
    source = Source(path)
    list(chunks(source))
    stream = Source(io.BytesIO(path.read_bytes()))
    list(chunks(stream))
    assert source.sha256 == stream.sha256 != ""


def test_header_twice_is_refused():
    with pytest.raises(FileRefused) as refused:
        column_names(["sex", "age_band", "Пол [sex]"])
    assert (refused.value.code, refused.value.column) == ("duplicate_header", "sex")


@pytest.mark.parametrize("cell", ["ФИО", "name", "PATNAM", "نام", "nobody@example.org", "кол. 9990000018"])
def test_header_that_asks_for_or_names_a_person_is_refused(cell):
    with pytest.raises(FileRefused) as refused:
        column_names(["sex", cell])
    assert refused.value.code == "Q-PII"
    assert cell not in str(refused.value)
