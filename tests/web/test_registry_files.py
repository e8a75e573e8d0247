"""Imports in the browser: upload, report, decision, correction; what is refused and what is never shown."""

import csv
import io
import re

import pytest
from factories import make_organisation, make_programme, make_user
from registry_records import row, table
from web.journey import token_of

from portal.extensions import db
from portal.registry import queries
from portal.registry.models import BatchState, ImportBatch

LANGS = ["en", "ru", "fa"]
NAMES = {"ru": "Иванов Иван Иванович"}


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
