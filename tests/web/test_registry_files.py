"""Imports in the browser: upload, report, decision, correction; what is refused and what is never shown."""

import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from factories import make_organisation, make_programme, make_user
from flask_babel import force_locale, gettext
from registry_records import row, table
from web.journey import token_of

from portal.accounts.models import User
from portal.core.audit import verify
from portal.extensions import db
from portal.registry import queries
from portal.registry.models import BatchState, ImportBatch
from portal.registry.services.imports import import_file
from portal.registry.services.submitting import Submission

LANGS = ["en", "ru", "fa"]


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
    """Send a file by the form, as a person does."""

    def run(data, *, lang="en", **fields):
        path = f"/{lang}/programme/imports/new"
        page = client.get(path)
        key = re.search(r'name="key"[^>]*value="([^"]+)"', page.text)[1]
        name = fields.pop("name", "episodes.csv")
        sent = {"csrf_token": token_of(page), "key": key, "programme": programme.code, "profile": "template",
                "encoding": "utf-8", "file_map": ""} | fields  # fmt: skip
        return client.post(path, data=sent | {"file": (io.BytesIO(data), name)})

    return run


def press(client, number, verb, lang="en"):
    path = f"/{lang}/programme/imports/{number}"
    return client.post(f"{path}/{verb}", data={"csrf_token": token_of(client.get(path))})


def said_in(client, path, sentence, lang):
    with client.application.test_request_context(f"/{lang}/"), force_locale(lang):
        return gettext(sentence) in client.get(path).text


def number_of(answer):
    assert answer.status_code == 302, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def batch_of(number):
    db.session.expire_all()
    return db.session.get(ImportBatch, number)


MIXED = [row(1), row(2, sex=7), row(3), row(4, age_band="many")]


@pytest.mark.parametrize("lang", LANGS)
def test_a_file_is_judged_then_its_valid_rows_accepted(client, upload, programme, lang):
    number = number_of(upload(table(MIXED), lang=lang))
    page = client.get(f"/{lang}/programme/imports/{number}")
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "private, no-store")
    assert "age_band" in page.text
    assert queries.count_episodes(programme.code) == 0
    assert press(client, number, "accept", lang).status_code == 302
    assert queries.count_episodes(programme.code) == 2
    assert batch_of(number).state == BatchState.DONE
    assert client.get(f"/{lang}/programme/imports").status_code == 200


def test_rows_are_corrected_by_the_file_that_the_report_gives(client, upload, programme):
    number = number_of(upload(table(MIXED)))
    press(client, number, "accept")
    answer = client.get(f"/en/programme/imports/{number}/errors.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [r["_line"] for r in rows] == ["3", "5"]
    rows[0]["sex"], rows[1]["age_band"] = "2", "5"
    second = number_of(upload(table(rows), corrects=number))
    assert batch_of(second).rejected == 0
    press(client, second, "accept")
    assert queries.count_episodes(programme.code) == 4
    assert queries.count_waiting_in(number) == 0


def test_a_correction_of_a_file_that_waits_takes_its_valid_rows_along(client, upload, programme):
    number = number_of(upload(table(MIXED)))
    text = client.get(f"/en/programme/imports/{number}/errors.csv").text.removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    rows[0]["sex"], rows[1]["age_band"] = "2", "5"
    second = number_of(upload(table(rows), corrects=number))
    press(client, second, "accept")
    assert [batch_of(n).state for n in (number, second)] == [BatchState.DONE, BatchState.DONE]
    assert queries.count_episodes(programme.code) == 4
    assert queries.count_waiting([programme.organisation_id]) == 0


def test_what_is_discarded_is_gone(client, upload, programme):
    number = number_of(upload(table(MIXED)))
    assert press(client, number, "discard").location == "/en/programme/imports"
    assert batch_of(number).state == BatchState.SWEPT
    assert client.get(f"/en/programme/imports/{number}").status_code == 404
    assert (queries.count_episodes(programme.code), queries.list_waiting(number)) == (0, [])
    assert verify() is None


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("verb", ["accept", "discard"])
def test_a_decision_about_what_another_tab_discarded_is_answered(client, upload, programme, lang, verb):
    number = number_of(upload(table(MIXED)))
    token = token_of(client.get(f"/en/programme/imports/{number}"))
    press(client, number, "discard")
    answer = client.post(f"/{lang}/programme/imports/{number}/{verb}", data={"csrf_token": token})
    assert (answer.status_code, answer.location) == (302, f"/{lang}/programme/imports")
    assert said_in(client, answer.location, "This import was discarded already.", lang)
    assert queries.count_episodes(programme.code) == 0


def test_nothing_valid_is_not_offered_to_be_accepted(client, upload):
    path = upload(table([row(2, sex=7)])).location
    assert "/accept" not in client.get(path).text
    assert "there is nothing to accept" in client.get(path).text
    assert "/discard" in client.get(path).text


def test_what_counts_cannot_be_discarded(client, upload, programme):
    number = number_of(upload(table(MIXED)))
    token = token_of(client.get(f"/en/programme/imports/{number}"))
    press(client, number, "accept")
    assert (
        client.post(f"/en/programme/imports/{number}/discard", data={"csrf_token": token}).status_code == 302
    )
    assert queries.count_episodes(programme.code) == 2


def test_accepting_twice_changes_nothing(client, upload, programme):
    number = number_of(upload(table(MIXED)))
    token = token_of(client.get(f"/en/programme/imports/{number}"))
    for _ in range(2):
        client.post(f"/en/programme/imports/{number}/accept", data={"csrf_token": token})
    assert queries.count_episodes(programme.code) == 2


def test_r43_the_same_form_sent_again_gives_the_same_import(upload):
    numbers = {number_of(upload(table(MIXED), key="one key")) for _ in range(3)}
    other = number_of(upload(table([row(9)]), key="one key"))
    assert (len(numbers), other in numbers) == (1, False)


def test_r43_the_same_key_ten_times_at_once_gives_one_import(app, programme, centre):
    clinician = make_user("clinician", organisation=centre)
    submission = Submission(table(MIXED), programme=programme.code)

    def send(_):
        with app.app_context():
            by = db.session.get(User, clinician_id)
            return import_file(submission, by=by, idempotency_key="one key").id

    clinician_id = clinician.id
    db.session.rollback()
    with ThreadPoolExecutor(10) as pool:
        numbers = set(pool.map(send, range(10)))
    assert len(numbers) == 1


@pytest.mark.parametrize("path", ["", "/errors.csv"])
def test_r15_an_import_of_another_centre_answers_like_a_missing_one(client, upload, sign_in, path):
    number = number_of(upload(table(MIXED)))
    sign_in(client, "clinician", user=make_user("clinician", organisation=make_organisation("IR")))
    assert client.get(f"/en/programme/imports/{number}{path}").status_code == 404
    assert client.get(f"/en/programme/imports/999999{path}").status_code == 404
    assert f"Import {number}" not in client.get("/en/programme/imports").text


@pytest.mark.parametrize("verb", ["accept", "discard"])
def test_r15_nobody_else_decides_about_an_import(client, upload, sign_in, verb):
    number = number_of(upload(table(MIXED)))
    sign_in(client, "clinician", user=make_user("clinician", organisation=make_organisation("IR")))
    token = token_of(client.get("/en/programme/imports"))
    answer = client.post(f"/en/programme/imports/{number}/{verb}", data={"csrf_token": token})
    assert answer.status_code == 404
    assert batch_of(number).state == BatchState.STAGED


@pytest.mark.parametrize("corrects", ["999999", "x", "-1", "9" * 30])
def test_a_correction_of_nothing_is_not_found(upload, corrects):
    assert upload(table(MIXED), corrects=corrects).status_code == 404


def test_r15_a_correction_of_a_foreign_import_is_not_found(client, upload, sign_in):
    number = number_of(upload(table(MIXED)))
    user = make_user("clinician", organisation=make_organisation("IR"))
    sign_in(client, "clinician", user=user)
    assert client.get(f"/en/programme/imports/new?corrects={number}").status_code == 404


def test_a_number_larger_than_the_database_takes_is_not_found(client, clinician):
    assert client.get(f"/en/programme/imports/{'9' * 30}").status_code == 404


@pytest.mark.parametrize("role", ["researcher", "country_admin", "editor", "member"])
def test_only_clinicians_import(client, sign_in, role):
    sign_in(client, role)
    assert client.get("/en/programme/imports").status_code == 403
    assert client.get("/en/programme/template.csv").status_code == 403


def test_a_clinician_without_a_centre_is_told(client, sign_in):
    sign_in(client, "clinician")
    assert "belongs to no centre" in client.get("/en/programme/imports").text


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["template", "codebook"])
def test_template_and_codebook_come_in_the_language_of_the_address(client, clinician, lang, name):
    answer = client.get(f"/{lang}/programme/{name}.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f"{name}-{lang}.csv" in answer.headers["Content-Disposition"]
    word = {"en": "Sex", "ru": "Пол", "fa": "جنسیت"}[lang]
    assert word in answer.text


def test_the_translated_template_is_read_again(client, upload):
    names = csv.reader(io.StringIO(client.get("/ru/programme/template.csv").text.removeprefix("\ufeff")))
    titles = {re.search(r"\[(\w+)\]", cell)[1]: cell for cell in next(names)}
    rows = [{titles[name]: value for name, value in row(1).items()}]
    assert batch_of(number_of(upload(table(rows)))).accepted_new == 1


def test_the_file_to_correct_is_handed_out_with_care(client, upload):
    number = number_of(upload(table([row(1, sex="=cmd()"), row(2, sex="@x")])))
    answer = client.get(f"/ru/programme/imports/{number}/errors.csv")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=import-{number}-to-correct.csv"
    assert (answer.headers["Cache-Control"], answer.headers["X-Content-Type-Options"]) == (
        "private, no-store",
        "nosniff",
    )
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert not [cell for line in rows[1:] for cell in line if cell.startswith(("=", "@"))]
    assert "формула" in answer.text


@pytest.mark.parametrize("lang", LANGS)
def test_the_report_counts_by_code_and_column_and_shows_the_first_hundred(client, upload, lang):
    rows = [row(n, sex=7) for n in range(120)] + [row(n, age_band="many") for n in range(120, 130)]
    page = client.get(upload(table(rows), lang=lang).location)
    found = re.search(r'<table[^>]*id="errors".*?</table>', page.text, re.DOTALL)[0]
    assert found.count("<tr") == 101
    columns = re.search(r'<table[^>]*id="by-column".*?</table>', page.text, re.DOTALL)[0]
    assert {"en": "120", "ru": "120", "fa": "۱۲۰"}[lang] in columns


def test_warnings_are_counted_by_rule(client, upload):
    rows = [row(1, start_d28_opioid=0, substance_1_days28=28), row(2)]
    page = client.get(upload(table(rows)).location)
    found = re.search(r'<table[^>]*id="warnings".*?</table>', page.text, re.DOTALL)
    assert found


def test_every_word_of_a_fault_is_in_the_readers_language(client, upload):
    number = number_of(upload(table(MIXED)))
    assert "Такого кода нет в списке" in client.get(f"/ru/programme/imports/{number}").text
    assert "این کد در فهرست نیست" in client.get(f"/fa/programme/imports/{number}").text


@pytest.mark.parametrize("lang", LANGS)
def test_an_import_of_the_command_line_that_runs_says_how_far_it_is(
    client, clinician, upload, programme, lang
):
    number = number_of(upload(table([row(1)])))
    db.session.execute(
        sa.update(ImportBatch)
        .where(ImportBatch.id == number)
        .values(state=BatchState.LOADING, rows_read=1234, submitted=0)
    )
    db.session.commit()
    page = client.get(f"/{lang}/programme/imports/{number}")
    assert page.status_code == 200
    assert {"en": "1,234", "ru": "1\u00a0234", "fa": "۱٬۲۳۴"}[lang] in page.text
    assert "/accept" not in page.text
