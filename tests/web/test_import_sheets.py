"""The template and the rows to correct as XLSX: handed out, filled in, handed in again."""

import io

import openpyxl
import pytest
from factories import make_programme
from registry_records import row, table

from portal.registry.importer.archive import check_archive


@pytest.fixture
def programme(client, sign_in):
    made = make_programme("IR")
    sign_in(client, "clinician", organisation=made.organisation)
    return made


def sheet_of(answer):
    check_archive(io.BytesIO(answer.data))
    return openpyxl.load_workbook(io.BytesIO(answer.data)).active


@pytest.mark.parametrize(("language", "right_to_left"), [("en", False), ("ru", False), ("fa", True)])
def test_template_opens_in_the_direction_of_the_language(client, programme, language, right_to_left):
    answer = client.get(f"/{language}/programme/template.xlsx")
    assert answer.status_code == 200
    sheet = sheet_of(answer)
    assert bool(sheet.sheet_view.rightToLeft) is right_to_left
    names = [cell.value for cell in sheet[1]]
    assert names[0].endswith("[source_key]")
    month = next(cell for cell in sheet[2] if names[cell.column - 1].endswith("[admission_month]"))
    assert month.number_format == "@"


def hand_in(client, programme, content, name, **more):
    page = client.get("/en/programme/imports/new").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0] if 'name="csrf_token"' in page else ""
    form = {"csrf_token": token, "programme": programme.code, "profile": "template", "encoding": "utf-8",
            "key": "k" + name, "file": (io.BytesIO(content), name), **more}  # fmt: skip
    return client.post("/en/programme/imports/new", data=form, content_type="multipart/form-data")


def test_rows_to_correct_go_out_and_come_back_as_a_workbook(client, programme):
    rows = [row(1), row(2, sex=7), row(3, admission_month="=cmd")]
    first = hand_in(client, programme, table(rows), "rows.csv")
    assert first.status_code == 302
    number = first.headers["Location"].rsplit("/", 1)[1]
    page = client.get(first.headers["Location"])
    assert f"/en/programme/imports/{number}/errors.xlsx" in page.text
    answer = client.get(f"/en/programme/imports/{number}/errors.xlsx")
    sheet = sheet_of(answer)
    names = [cell.value for cell in sheet[1]]
    assert sheet.max_row == 3
    sheet.cell(2, names.index("sex") + 1).value = 1
    sheet.cell(3, names.index("admission_month") + 1).value = "2025-03"
    buffer = io.BytesIO()
    sheet.parent.save(buffer)
    again = hand_in(client, programme, buffer.getvalue(), "again.xlsx", corrects=number)
    assert again.status_code == 302, again.text
    report = client.get(again.headers["Location"]).text
    assert "errors.xlsx" not in report


def test_a_workbook_with_a_comment_is_refused_with_what_to_do(client, programme):
    from openpyxl.comments import Comment

    book = openpyxl.Workbook()
    book.active.append(["source_key"])
    book.active["A1"].comment = Comment("x", "x")
    buffer = io.BytesIO()
    book.save(buffer)
    answer = hand_in(client, programme, buffer.getvalue(), "rows.xlsx")
    assert answer.status_code == 422
    assert "The spreadsheet holds comments." in answer.text


def test_files_of_another_centre_do_not_exist(client, programme, sign_in):
    first = hand_in(client, programme, table([row(2, sex=7)]), "rows.csv")
    number = first.headers["Location"].rsplit("/", 1)[1]
    other = make_programme("IR")
    sign_in(client, "clinician", organisation=other.organisation)
    assert client.get(f"/en/programme/imports/{number}/errors.xlsx").status_code == 404
