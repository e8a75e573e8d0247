"""While somebody else writes for long: the page says so and when to come again; reading goes on."""

import sqlite3

import pytest
import sqlalchemy as sa
from web.journey import token_of
from web.test_accounts_pages import PERSON

from portal.core.jobs import Job
from portal.extensions import db

LANGS = ["en", "ru", "fa"]


@pytest.fixture
def locked(app):
    """The database, held by another writer; our own connections wait for 50 ms only."""

    def shorten(connection, _record, _proxy):
        connection.execute("pragma busy_timeout=50")

    sa.event.listen(db.engine, "checkout", shorten)
    writer = sqlite3.connect(db.engine.url.database, isolation_level=None, check_same_thread=False)
    yield writer
    writer.close()
    sa.event.remove(db.engine, "checkout", shorten)


@pytest.mark.parametrize("lang", LANGS)
def test_a_step_that_cannot_be_saved_now_says_when_to_send_it_again(client, locked, lang):
    form = PERSON | {"csrf_token": token_of(client.get(f"/{lang}/register"))}
    locked.execute("BEGIN IMMEDIATE")
    answer = client.post(f"/{lang}/register", data=form)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert f'lang="{lang}"' in answer.text
    assert client.get(f"/{lang}/register").status_code == 200
    locked.execute("ROLLBACK")
    assert client.post(f"/{lang}/register", data=form).status_code == 302
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Job)) == 1


def test_machines_get_the_same_in_their_own_form(client, locked, monkeypatch, app):
    def fails():
        raise sa.exc.OperationalError("x", {}, sqlite3.OperationalError("database is locked"))

    rule = next(r for r in app.url_map.iter_rules() if r.rule.startswith("/api/") and not r.arguments)
    monkeypatch.setitem(app.view_functions, rule.endpoint, fails)
    answer = client.get(rule.rule)
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.headers["Retry-After"] == "10"


def test_another_fault_of_the_database_stays_a_fault(client, monkeypatch, app):
    def fails():
        raise sa.exc.OperationalError("x", {}, sqlite3.OperationalError("disk I/O error"))

    monkeypatch.setitem(app.view_functions, "accounts.forgot", fails)
    assert client.get("/en/forgot").status_code == 500
