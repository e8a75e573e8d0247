"""Attacks by accident: a clinician puts a person's number or name where a pseudonym or a code belongs.

Whatever the door answers, no byte of it is in the database file, in the folders of the portal or in a log.
"""

import contextlib
import io
import logging
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from factories import make_organisation, make_programme, make_user
from registry_records import row, table, token
from web.entry_forms import ADMISSION, new_at, post
from web.journey import token_of

from portal.core.errors import DomainError
from portal.core.observe import JsonLines
from portal.extensions import db
from portal.registry.models import Episode
from portal.registry.services.imports import ALL, DRY, VALID, import_file
from portal.registry.services.submitting import Submission

PLANTED = (
    "9990000018",
    "112-233-445 95",
    "+79161234567",
    "Ромашкин Пётр Ильич",
    "آقای رضایی‌فر",
    "romashkin@example.org",
)
COLUMNS = ("source_key", "person_token", "sex", "admission_month", "dx_icd10", "modality", "discharge_day")


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
def written(app):
    """Every line that any logger writes, as the portal formats it and as Python does."""
    lines = io.StringIO()
    handlers = [logging.StreamHandler(lines), logging.StreamHandler(lines)]
    handlers[0].setFormatter(JsonLines())
    loggers = [logging.getLogger(), logging.getLogger("portal"), logging.getLogger("werkzeug")]
    for logger in loggers:
        for handler in handlers:
            logger.addHandler(handler)
    yield lines
    for logger in loggers:
        for handler in handlers:
            logger.removeHandler(handler)


def forms_of(text):
    """The text itself, its digits alone, and as JSON escapes it."""
    digits = re.sub(r"\D", "", text)
    escaped = text.encode("unicode_escape")
    return {text.encode(), escaped, *([digits.encode()] if len(digits) > 8 else [])}


def places_of(app):
    folder = Path(app.config["DATA_DIR"])
    database = Path(db.engine.url.database or "").parent
    return {path for root in (folder, database) for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def is_nowhere(app, written):
    def check(planted):
        db.session.rollback()
        if db.engine.dialect.name == "sqlite":
            db.session.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
            db.session.rollback()
        for form in forms_of(planted):
            assert form not in written.getvalue().encode(), "in a log"
            holding = [path.name for path in places_of(app) if form in path.read_bytes()]
            assert holding == [], "in a file"
        assert _columns_with(planted) == []

    return check


def _columns_with(planted):
    every = [column for one in db.metadata.sorted_tables for column in one.columns]
    texts = [column for column in every if isinstance(column.type, (sa.String, sa.Text))]
    found = sa.select(sa.literal(1))
    return [
        str(c) for c in texts if db.session.scalar(found.where(c.contains(planted, autoescape=True)).limit(1))
    ]


def test_the_search_of_this_test_would_find_it(app, clinician, is_nowhere):
    clinician.affiliation = PLANTED[3]
    db.session.commit()
    with pytest.raises(AssertionError, match="in a file"):
        is_nowhere(PLANTED[3])


@pytest.mark.parametrize("planted", PLANTED)
def test_in_a_cell_of_an_import(client, clinician, programme, is_nowhere, planted):
    for column in COLUMNS:
        answer = upload(client, programme, [row(1), row(2, **{column: planted})])
        assert answer.status_code < 500
        assert planted not in answer.text
        if answer.status_code == 302:
            accept(client, answer.location, planted)
    is_nowhere(planted)


def accept(client, address, planted):
    """Take the valid rows, and look at every page and file about the others."""
    report = client.get(address)
    client.post(f"{address}/accept", data={"csrf_token": token_of(report)})
    for page in (report, client.get(address), client.get(f"{address}/errors.csv")):
        assert page.status_code == 200
        assert planted not in page.text


@pytest.mark.parametrize("planted", PLANTED)
def test_in_a_header_a_file_name_and_a_map(client, clinician, programme, is_nowhere, planted):
    good = table([row(1)])
    named = good.replace(b"sex,", f'"{planted}",'.encode(), 1)
    mapped = '{"programme": "%s", "ignored": ["%s"]}' % (programme.code, planted)  # noqa: UP031
    for data, fields in (
        (named, {}), (good, {"name": f"{planted}.csv"}),
        (good, {"profile": "trial-like", "file_map": mapped}), (good, {"key": planted}),
        (good, {"corrects": planted}), (good, {"programme": planted}), (good, {"encoding": planted}),
    ):  # fmt: skip
        assert send_file(client, programme, data, **fields).status_code < 500
    is_nowhere(planted)


@pytest.mark.parametrize("planted", PLANTED)
@pytest.mark.parametrize("mode", [DRY, VALID, ALL])
def test_in_a_file_of_the_command_line(clinician, programme, is_nowhere, tmp_path, planted, mode):
    path = tmp_path / "outcomes.csv"
    for column in COLUMNS:
        path.write_bytes(table([row(1), row(2, **{column: planted})]))
        with contextlib.suppress(DomainError):
            import_file(Submission(path, programme=programme.code), mode=mode, by=clinician)
    is_nowhere(planted)


@pytest.mark.parametrize("planted", PLANTED)
def test_in_every_field_of_the_form_of_an_episode(client, clinician, programme, is_nowhere, planted):
    for name in (*ADMISSION, "source_key", "person_token", "send_key", "revision", "confirm-R24"):
        assert post(client, new_at(programme), ADMISSION, **{name: planted}).status_code < 500
    is_nowhere(planted)


@pytest.mark.parametrize("planted", PLANTED)
def test_in_the_form_that_withdraws_and_in_the_search(client, clinician, programme, is_nowhere, planted):
    good = {"who": token(1), "programme": "", "reason": "asked", "sure": "y"}
    for name in ("who", "programme", "reason"):
        page = client.get("/ru/programme/withdraw")
        answer = client.post(
            "/ru/programme/withdraw", data=good | {name: planted, "csrf_token": token_of(page)}
        )
        assert answer.status_code == 422
    assert client.get("/ru/programme", query_string={"case": planted}).status_code == 422
    is_nowhere(planted)


@pytest.mark.parametrize("shape", [
    token(1).upper(), token(1)[:-1], token(1) + "a", token(1)[:-1] + "1", " " + token(1), token(1) + "\n", "\u200b" + token(1), "",
])  # fmt: skip
@pytest.mark.parametrize("column", ["source_key", "person_token"])
def test_a_key_that_is_no_pseudonym_is_never_taken(clinician, programme, column, shape):
    """Every door of files; the form of an episode has no field for a key at all."""
    try:
        batch = import_file(
            Submission(table([row(1, **{column: shape})]), programme=programme.code), mode=VALID, by=clinician
        )
    except DomainError:
        batch = None
    taken = db.session.scalars(sa.select(Episode)).all()
    if column == "source_key":
        assert taken == []
    else:
        assert not any(episode.has_token for episode in taken)
        assert batch is None or bool(shape) == (batch.rejected == 1)


def upload(client, programme, rows):
    return send_file(client, programme, table(rows))


def send_file(client, into, data, **fields):
    page = client.get("/ru/programme/imports/new")
    key = re.search(r'name="key"[^>]*value="([^"]+)"', page.text)[1]
    name = fields.pop("name", "outcomes.csv")
    sent = {"csrf_token": token_of(page), "key": key, "programme": into.code, "profile": "template",
            "encoding": "utf-8", "file_map": ""} | fields  # fmt: skip
    return client.post("/ru/programme/imports/new", data=sent | {"file": (io.BytesIO(data), name)})
