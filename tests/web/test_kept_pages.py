"""The page of a protocol is rendered once for visitors, and again as soon as anything is another."""

import pytest
import sqlalchemy as sa
from flask import request_started
from protocol_world import NOW, translate

from portal.extensions import db
from portal.protocols.services import publishing
from portal.protocols.services.publishing import LegalText

PAGE = "/fa/p/PR-0001/methadone-maintenance"


@pytest.fixture
def sent(app):
    """The statements that were sent."""
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(db.engine, "before_cursor_execute", note)


def read(client, **more):
    answer = client.get(PAGE, **more)
    return answer.get_data(as_text=True)


def test_a_second_visitor_costs_one_look_at_the_last_change(client, version, sent):
    first = read(client)
    sent.clear()
    assert read(client) == first
    assert len([statement for statement in sent if "SELECT" in statement]) == 1
    assert "audit_event" in sent[-1]


def test_an_approved_translation_is_read_at_once(client, world, version):
    assert "درمان با متادون" not in read(client)
    translate(world, version, "title", "درمان با متادون")
    assert "درمان با متادون" in read(client)


def test_a_legal_status_is_read_at_once(client, world, version):
    assert "Only in two cities." not in read(client)
    text = LegalText("IR", "leg-restricted", "Only in two cities.", checked_on=NOW.date())
    publishing.set_legal_status(version.protocol, text, by=world.editor, now=NOW)
    assert "Only in two cities." in read(client)


def test_who_signs_in_gets_an_own_page_and_changes_nothing_for_visitors(
    app, client, world, version, sign_in, sent
):
    visitors = read(client)
    person = app.test_client()
    sign_in(person, user=world.author)
    own = person.get(PAGE)
    assert world.author.name in own.get_data(as_text=True)
    assert "private" in own.headers["Cache-Control"]
    assert read(client) == visitors


def test_the_kept_page_is_revalidated_without_being_sent_again(client, version):
    etag = client.get(PAGE).headers["ETag"]
    again = client.get(PAGE, headers={"If-None-Match": etag})
    assert (again.status_code, again.get_data()) == (304, b"")


def test_a_redirect_is_not_kept_as_a_page(client, version):
    for _ in range(2):
        answer = client.get("/fa/p/PR-0001/another-slug")
        assert (answer.status_code, answer.headers["Location"]) == (301, PAGE)


def test_the_kept_answer_has_every_header_of_the_first(client, version):
    first, second = client.get(PAGE), client.get(PAGE)
    assert sorted(first.headers) == sorted(second.headers)
    assert "Content-Security-Policy" in second.headers


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ({}, 0),
        ({"query_string": "a=1"}, 1),
        ({"headers": {"Cookie": "session=x"}}, 1),
        ({"headers": {"Authorization": "Bearer x"}}, 1),
        ({"method": "HEAD"}, 1),
        ({"base_url": "https://localhost"}, 1),
    ],
)
def test_who_may_get_another_answer_is_asked_of_the_application(app, client, version, more, asked):
    read(client)
    begun = []
    with request_started.connected_to(lambda _app: begun.append(1), app):
        answer = app.test_client(use_cookies=False).open(PAGE, **more)
    assert (answer.status_code, len(begun)) == (200, asked)


def test_a_foreign_host_gets_no_kept_page(client, version):
    read(client)
    assert client.get(PAGE, base_url="http://elsewhere.example").status_code == 400


def test_a_kept_page_is_logged_by_its_route_and_with_an_id_of_its_own(client, version, monkeypatch):
    from portal.core import observe

    read(client)
    seen = []
    monkeypatch.setattr(
        observe, "log_request", lambda **fields: seen.append((observe.request_id.get(), fields))
    )
    read(client)
    read(client)
    assert [fields["endpoint"] for _, fields in seen] == ["pages.protocol", "pages.protocol"]
    assert len({made for made, _ in seen}) == 2
