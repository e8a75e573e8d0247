"""XLSX: read as the CSV that its sheet would be saved as; refused when it hides, computes, links or explodes."""

import datetime as dt
import io
import struct
import zipfile
import zlib

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from registry_records import row

from portal.registry.importer import archive
from portal.registry.importer.refusal import FileRefused
from portal.registry.importer.source import Source
from portal.registry.importer.table import chunks

HEAD = ["source_key", "admission_month", "sex"]
ROWS = [HEAD, ["a", "2025-03", 1], ["b", "۱۴۰۳-۰۱", 2]]


def book(rows=ROWS, change=lambda _book, _sheet: None):
    made = openpyxl.Workbook()
    sheet = made.active
    for cells in rows:
        sheet.append(cells)
    change(made, sheet)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def cells(data, **kwargs):
    source = Source(data, **kwargs)
    return source.header.cells, [r for chunk in chunks(source) for r in chunk.cells.rows()]


def remade(data, change):
    """The same archive with members changed: `change(name, content)` gives new content, None to leave out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return buffer.getvalue()


def with_member(data, name, content):
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as old:
        old.writestr(name, content)
    return buffer.getvalue()


def test_cells_are_read_as_their_text():
    header, rows = cells(book())
    assert header == tuple(HEAD)
    assert rows == [("a", "2025-03", "1"), ("b", "۱۴۰۳-۰۱", "2")]


def test_the_digest_is_that_of_the_file_as_sent():
    import hashlib

    data = book()
    source = Source(data)
    list(chunks(source))
    assert source.sha256 == hashlib.sha256(data).hexdigest()


def test_numbers_truth_values_and_months_that_became_days():
    made = book(
        [
            HEAD,
            ["a", dt.date(2025, 3, 1), True],
            [
                "b",
                dt.datetime(2025, 4, 1),  # noqa: DTZ001 # as spreadsheets have it
                28.0,
            ],
            ["c", "x", 1.5],
        ]
    )
    _, rows = cells(made)
    assert rows == [("a", "2025-03", "1"), ("b", "2025-04", "28"), ("c", "x", "1.5")]


def test_another_day_stays_a_date_and_is_refused_later():
    _, rows = cells(book([HEAD, ["a", dt.date(2025, 3, 17), 1]]))
    assert rows[0][1] == "2025-03-17"


def test_lines_are_numbered_as_the_spreadsheet_shows_them():
    source = Source(book([HEAD, ["a", "2025-03", 1], [None, None, None], ["b", "2025-03", 1]]))
    (chunk,) = chunks(source)
    assert chunk.lines.to_list() == [2, 4]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda _b, s: s.append(["c", "=A1", 1]), "sheet_formula"),
        (lambda _b, s: setattr(s.row_dimensions[2], "hidden", True), "sheet_hidden"),
        (lambda _b, s: setattr(s.column_dimensions["B"], "hidden", True), "sheet_hidden"),
        (lambda b, _s: setattr(b.create_sheet("x"), "sheet_state", "hidden"), "sheet_hidden"),
        (lambda b, _s: setattr(b.create_sheet("x"), "sheet_state", "veryHidden"), "sheet_hidden"),
        (lambda _b, s: setattr(s["A1"], "comment", Comment("Ivanov", "me")), "sheet_comment"),
        (lambda b, _s: b.defined_names.add(DefinedName("who", attr_text="Sheet!$A$1")), "sheet_names"),
        (lambda _b, s: setattr(s["A2"], "hyperlink", "https://example.org/x"), "sheet_link"),
        (lambda b, _s: b.create_sheet("more").append(["a"]), "sheet_several"),
    ],
)
def test_what_could_hide_something_is_refused_by_name(change, code):
    with pytest.raises(FileRefused) as refusal:
        Source(book(change=change))
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("xl/vbaProject.bin", "sheet_macro"),
        ("xl/externalLinks/externalLink1.xml", "sheet_link"),
        ("xl/embeddings/oleObject1.bin", "sheet_macro"),
        ("xl/media/image1.png", "sheet_object"),
        ("xl/threadedComments/threadedComment1.xml", "sheet_comment"),
        ("../../etc/passwd", "sheet_unreadable"),
        ("/etc/passwd", "sheet_unreadable"),
    ],
)
def test_parts_that_do_not_belong_are_refused(name, code):
    with pytest.raises(FileRefused) as refusal:
        Source(with_member(book(), name, b"x"))
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"<sheetData>", b"<!DOCTYPE x [<!ENTITY a 'b'>]><sheetData>", "sheet_unreadable"),
        (b"<c ", b"<x:f>1</x:f><c ", "sheet_formula"),
        (b"<row ", b"<row hidden = '1' ", "sheet_hidden"),
        (b"<sheetData>", b'<sheetData><row r="9"><c r="A9" t="e"><v>#N/A</v></c></row>', "sheet_error"),
        (b"<row ", b"<row ht='0' customHeight='1' ", "sheet_hidden"),
        (b"<row ", b"<row hidden='&#49;' ", "sheet_hidden"),
    ],
)
def test_disguised_marks_are_seen(old, new, code):
    def change(name, content):
        return content.replace(old, new, 1) if name == "xl/worksheets/sheet1.xml" else content

    with pytest.raises(FileRefused) as refusal:
        Source(remade(book(), change))
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("kind", "code"),
    [("vbaProject", "sheet_macro"), ("comments", "sheet_comment"), ("threadedComment", "sheet_comment"),
     ("image", "sheet_object"), ("externalLink", "sheet_link")],
)  # fmt: skip
def test_a_part_under_another_name_is_known_by_what_it_is(kind, code):
    link = f'<Relationship Id="r9" Type="http://x/relationships/{kind}" Target="notes1.xml"/></Relationships>'

    def change(name, content):
        whole = name == "xl/_rels/workbook.xml.rels"
        return content.replace(b"</Relationships>", link.encode()) if whole else content

    with pytest.raises(FileRefused) as refusal:
        Source(remade(book(), change))
    assert refusal.value.code == code


def test_a_mark_across_two_pieces_is_seen(monkeypatch):
    data = book(change=lambda _b, s: s.append(["c", "=A1", 1]))
    for size in range(37, 90, 7):
        monkeypatch.setattr(archive, "PIECE", size)
        with pytest.raises(FileRefused, match="sheet_formula"):
            archive.check_archive(io.BytesIO(data))


def test_text_in_another_encoding_does_not_slip_through():
    def change(name, content):
        return content.decode().encode("utf-16") if name == "xl/worksheets/sheet1.xml" else content

    with pytest.raises(FileRefused, match="sheet_unreadable"):
        Source(remade(book(), change))


def test_a_bomb_is_refused_before_it_is_read():
    """400 MB of one letter in under a megabyte."""
    bomb = with_member(book(), "xl/worksheets/sheet2.xml", b" " * 400_000_000)
    assert len(bomb) < 1_000_000
    with pytest.raises(FileRefused, match="sheet_large"):
        Source(bomb)


def test_a_declared_size_that_lies_is_found_out():
    """The list says 1,000 bytes; sixty million come."""
    data = bytearray(with_member(book(), "xl/worksheets/sheet2.xml", bytes(range(1, 251)) * 240_000))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = (
            data.rfind(signature, 0, data.rfind(b"xl/worksheets/sheet2.xml") + 1)
            if signature.endswith(b"\x02")
            else data.find(signature, data.find(b"xl/worksheets/sheet2.xml") - 60)
        )
        data[at + offset : at + offset + 4] = struct.pack("<L", 1000)
    with pytest.raises(FileRefused):
        Source(bytes(data))


def test_too_many_members_are_refused():
    data = book()
    for number in range(archive.MEMBERS):
        data = data if number % 50 else with_member(data, f"xl/x{number}.xml", b"<a/>")
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as old:
        for number in range(archive.MEMBERS):
            old.writestr(f"xl/y{number}.xml", b"<a/>")
    with pytest.raises(FileRefused, match="sheet_large"):
        Source(buffer.getvalue())


def test_a_wrong_checksum_is_refused():
    data = bytearray(book())
    at = data.find(b"PK\x01\x02")
    data[at + 16] ^= 1
    with pytest.raises(FileRefused, match="sheet_unreadable"):
        Source(bytes(data))


@pytest.mark.parametrize("cut", [4, 100, 2000, -30])
def test_a_cut_file_is_refused(cut):
    with pytest.raises(FileRefused, match="sheet_unreadable"):
        Source(book()[:cut])


def test_another_archive_is_not_a_workbook():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as other:
        other.writestr("word/document.xml", "<w/>")
    with pytest.raises(FileRefused, match="sheet_unreadable"):
        Source(buffer.getvalue())


def test_an_empty_workbook_is_refused():
    with pytest.raises(FileRefused, match="sheet_unreadable"):
        Source(book([]))


def test_a_row_of_its_own_height_is_not_hidden():
    def change(name, content):
        wide = b"<row customHeight='0' ht='15' "
        return content.replace(b"<row ", wide) if name == "xl/worksheets/sheet1.xml" else content

    assert len(cells(remade(book(), change))[1]) == 2


def test_the_reading_process_may_not_eat_the_machine(monkeypatch):
    """Its memory and its seconds are limited; what goes beyond is a file that cannot be read."""
    from portal.registry.importer import workbook

    monkeypatch.setitem(workbook.LIMITS, archive.WEB, (1, 1))
    with pytest.raises(FileRefused, match="sheet_unreadable"):
        Source(book([[str(n) for n in range(50)]] * 3000))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=1, max_size=40), st.integers(0, 10_000))
def test_damage_anywhere_is_a_refusal_or_harmless(noise, place):
    data = bytearray(book())
    place %= len(data)
    data[place : place + len(noise)] = noise
    try:
        cells(bytes(data))
    except FileRefused:
        return


def test_zlib_is_not_asked_for_more_than_the_limit(monkeypatch):
    monkeypatch.setattr(archive, "WEB", archive.Sizes(20_000))
    data = with_member(book(), "xl/x.xml", zlib.compress(b"x") * 5_000)
    with pytest.raises(FileRefused, match="sheet_large"):
        archive.check_archive(io.BytesIO(data), archive.Sizes(20_000))


def test_a_workbook_of_good_rows_is_imported_as_its_csv_is(app, submit_book):
    batch = submit_book([row(n) for n in range(5)])
    assert (batch.submitted, batch.accepted, batch.rejected) == (5, 5, 0)
    again = submit_book([row(n) for n in range(5)])
    assert again.unchanged == 5


@pytest.fixture
def submit_book(app):
    from factories import make_programme, make_user

    from portal.registry.services.imports import import_file
    from portal.registry.services.submitting import Submission

    programme = make_programme("IR")
    clinician = make_user("clinician", organisation=programme.organisation)

    def submit(rows):
        names = list(rows[0])
        data = book([names, *([r[n] for n in names] for r in rows)])
        return import_file(Submission(data, programme=programme.code), mode="valid", by=clinician)

    return submit


def sheet_with(old, new):
    return remade(book(), lambda name, content: content.replace(old, new, 1) if "sheet1" in name else content)


@pytest.mark.parametrize("width", [b"0", b"00", b".0", b"0.0", b" 0", b"0e0", b"0.00E1"])
def test_a_column_without_width_is_hidden_however_the_nought_is_written(width):
    columns = b'<cols><col min="1" max="1" width="' + width + b'"/></cols><sheetData>'
    with pytest.raises(FileRefused, match="sheet_hidden"):
        cells(sheet_with(b"<sheetData>", columns))


@pytest.mark.parametrize(
    "said", [b'defaultColWidth="0"', b'defaultColWidth="0.0"', b'zeroHeight="1"', b'zeroHeight="true"']
)
def test_columns_and_rows_hidden_by_default_are_seen(said):
    with pytest.raises(FileRefused, match="sheet_hidden"):
        cells(sheet_with(b"<sheetFormatPr ", b"<sheetFormatPr " + said + b" "))


@pytest.mark.parametrize("width", [b"0.5", b"10", b"8.43"])
def test_a_narrow_column_is_not_hidden(width):
    columns = b'<cols><col min="1" max="1" width="' + width + b'"/></cols><sheetData>'
    assert len(cells(sheet_with(b"<sheetData>", columns))[1]) == 2


def test_a_text_that_many_cells_share_may_not_grow_past_the_limit():
    rows = [HEAD, *(["y" * 30_000, "2025-03", 1] for _ in range(1700))]
    with pytest.raises(FileRefused, match="sheet_large"):
        cells(book(rows))


def test_a_carriage_return_in_a_cell_makes_no_row():
    _, read = cells(book([HEAD, ["a_x000D_b", "2025-03", 1]]))
    assert len(read) == 1
