"""Files and forms that are refused: where, what was expected, what to do; never the value, nothing kept."""

import io
import re

import pytest
from factories import make_organisation, make_programme, make_user
from registry_records import row, table
from web.journey import token_of
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.extensions import db
from portal.registry.models import Episode, ImportBatch, ImportRow
from portal.registry.services import quota

LANGS = ["en", "ru", "fa"]
GOOD = table([row(1)])
HEADER = GOOD.split(b"\n", 1)[0]
NAME = "Иванов Иван Иванович"
CODE = "9990000050"
REFUSED = {
    "wrong header": (b"patient,drug\n1,2\n", "patient"),
    "nul": (GOOD.replace(b"M20", b"M\x0020"), ""),
    "utf-16": (GOOD.decode().encode("utf-16"), ""),
    "xlsx": (b"PK\x03\x04" + bytes(100), ""),
    "wrong encoding": (table([row(1, sex="муж")]).decode().encode("cp1251"), ""),
    "duplicate header": (HEADER + b",sex\n", "sex"),
    "missing column": (GOOD.replace(b"age_band", b"_age_band"), "age_band"),
    "a name in a column": (table([row(1, referral_source=NAME)]), "referral_source"),
    "a national code": (table([row(1, age_band=CODE)]), "age_band"),
    "a column that asks for a name": (HEADER + b",\xd0\xa4\xd0\x98\xd0\x9e\n", ""),
    "a full date": (table([row(1, admission_month="21.03.2025")]), "admission_month"),
    "10^6 columns": (b",".join(b"c%d" % n for n in range(10**6)) + b"\n", ""),
    "empty": (b"", ""),
    "header only": (HEADER + b"\n", ""),
    "a long cell": (table([row(1, sex="x" * 600)]), ""),
    "too many rows": (HEADER + b"\n" + GOOD.split(b"\n", 1)[1] * 50_001, ""),
}


@pytest.fixture
def centre(app):
    return make_organisation("IR")


@pytest.fixture
def programme(centre):
    return make_programme("IR", organisation=centre)


@pytest.fixture
def clinician(client, sign_in, centre):
    return sign_in(client, "clinician", user=make_user("clinician", organisation=centre))


@pytest.fixture
def upload(client, programme, clinician):
    def run(data, *, lang="en", **fields):
        path = f"/{lang}/programme/imports/new"
        name = fields.pop("name", "episodes.csv")
        sent = {"csrf_token": token_of(client.get(path)), "key": "the same key", "programme": programme.code,
                "profile": "template", "encoding": "utf-8", "file_map": ""} | fields  # fmt: skip
        if data is not None:
            sent["file"] = FileStorage(io.BytesIO(data), name)
        # Encoded here: the client would leave the temporary file of a large body open.
        boundary, body = encode_multipart(sent, boundary="a-boundary")
        return client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")

    return run


def nothing_kept():
    db.session.rollback()
    return not any(db.session.query(table_).count() for table_ in (ImportBatch, ImportRow, Episode))


def problems(page):
    """Sentences of the error summary."""
    box = re.search(r'<div class="errsum".*?</div>', page.text, re.DOTALL)
    return box[0] if box else ""


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("what", REFUSED)
def test_a_file_is_refused_with_a_sentence_and_the_form_stays_filled(upload, programme, lang, what):
    data, place = REFUSED[what]
    page = upload(data, lang=lang, encoding="utf-8")
    assert page.status_code == 422
    assert 'href="#file"' in problems(page)
    assert place in problems(page)
    assert f'selected value="{programme.code}"' in page.text
    assert nothing_kept()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("secret", [NAME, CODE])
def test_an_identifier_is_never_repeated(upload, lang, secret):
    page = upload(table([row(1), row(2, referral_source=secret)]), lang=lang)
    assert page.status_code == 422
    assert secret not in page.text
    assert "referral_source" in problems(page)
    assert re.search("[3۳]", problems(page))


@pytest.mark.parametrize("lang", LANGS)
def test_more_files_than_an_hour_may_hold_are_refused(upload, monkeypatch, lang):
    monkeypatch.setattr(quota, "UPLOADS", 1)
    assert upload(b"zz\n1\n", lang=lang).status_code == 422
    page = upload(GOOD, lang=lang)
    assert page.status_code == 429
    assert 'href="#file"' in problems(page)
    assert nothing_kept()


def test_a_heading_that_names_a_person_is_said_by_its_place(upload):
    page = upload(GOOD.replace(b"source_key", NAME.encode(), 1))
    assert page.status_code == 422
    assert NAME not in page.text


@pytest.mark.parametrize("heading", ["9999000006", "+7 912 345 67 89", "a1b2c3d4e5f6g7h8"])
def test_a_heading_that_resembles_an_identifier_is_not_repeated(upload, heading):
    page = upload(HEADER + f",{heading}\n".encode())
    assert page.status_code == 422
    assert heading not in page.text


def test_a_formula_is_a_fault_of_its_row(client, upload):
    answer = upload(table([row(1, sex="=1+1"), row(2)]))
    page = client.get(answer.location)
    assert "FORMULA" in page.text
    assert "=1+1" not in page.text


def test_persian_digits_decimal_commas_and_jalali_months_are_read(client, upload):
    rows = [row(1, age_band="۵", admission_month="1403-10"), row(2, admission_month="۱۴۰۲/۹")]
    answer = upload(table(rows))
    assert answer.status_code == 302
    assert "0 problems" not in client.get(answer.location).text
    assert db.session.query(ImportBatch).one().rejected == 0


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("size", [10_000_001, 12_000_000], ids=["over the limit", "over the server's limit"])
def test_too_large_a_file_gives_413_and_the_form(upload, lang, size):
    page = upload(b"a" * size, lang=lang)
    assert page.status_code == 413
    assert "10" in problems(page) or "۱۰" in problems(page)
    assert 'name="file"' in page.text
    assert nothing_kept()


def test_too_large_a_body_for_another_page_stays_an_error_page(client, clinician):
    kind = "application/x-www-form-urlencoded"
    page = client.post("/en/programme/imports/1/accept", data=b"a" * 11_000_000, content_type=kind)
    assert page.status_code == 413
    assert 'name="file"' not in page.text


@pytest.mark.parametrize(
    ("fields", "place"),
    [({"programme": "AAAAAAAA"}, "programme"), ({"programme": ""}, "programme"), ({"profile": "none"}, "profile-0"),
     ({"encoding": "koi8-r"}, "encoding"), ({"profile": "trial-like"}, "file_map"),
     ({"profile": "trial-like", "file_map": "{"}, "file_map"), ({"profile": "trial-like", "file_map": "[1]"}, "file_map"),
     ({"profile": "trial-like", "file_map": "[" * 5000}, "file_map"),
     ({"profile": "trial-like", "file_map": "{}"}, "file_map"), ({"file_map": "x" * 20_001}, "file_map"),
     ({"name": "Иванов Иван 112-233-445 95.csv"}, "file")],
)  # fmt: skip
@pytest.mark.parametrize("lang", LANGS)
def test_faults_of_the_form_are_told_at_their_field(upload, lang, fields, place):
    page = upload(b"days,status\n1,1\n" if "profile" in fields else GOOD, lang=lang, **fields)
    assert page.status_code == 422
    assert f'href="#{place}"' in problems(page)
    assert nothing_kept()


def test_no_file_is_told(upload):
    page = upload(None)
    assert page.status_code == 422
    assert 'href="#file"' in problems(page)


def test_a_map_that_names_a_foreign_programme_is_refused_like_a_missing_one(upload):
    other = make_programme("IR")
    given = '{"programme": "%s", "arm": "M20", "constants": {"admission_month": "2025-03", "substance_1_code": "150"}}'
    pages = [
        upload(b"days,status\n1,1\n", profile="trial-like", file_map=given % code)
        for code in (other.code, "AAAAAAAA")
    ]
    assert [page.status_code for page in pages] == [422, 422]
    said = [
        problems(page).replace(code, "-") for page, code in zip(pages, (other.code, "AAAAAAAA"), strict=True)
    ]
    assert said[0] == said[1]


def test_a_trial_file_is_of_the_chosen_programme_when_its_map_names_none(client, upload, programme):
    given = '{"arm": "M20", "constants": {"admission_month": "2025-03", "substance_1_code": "150"}}'
    answer = upload(b"id,days,status\n1,30,1\n2,60,0\n", profile="trial-like", file_map=given)
    assert answer.status_code == 302
    assert programme.name in client.get(answer.location).text
