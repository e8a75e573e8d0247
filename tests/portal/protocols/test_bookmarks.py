"""Saved protocols: whose they are, what has changed since, who is told of a withdrawal."""

import pytest
import sqlalchemy as sa
from collection_world import count_queries
from factories import make_user
from fate_world import told
from protocol_world import NOW, make_draft, make_published

from portal.core.audit import AuditEvent
from portal.core.errors import Conflict, NotFound
from portal.extensions import db
from portal.protocols.models import Bookmark
from portal.protocols.queries.bookmarks import find_bookmark, list_saved_protocols
from portal.protocols.services import bookmarks
from portal.protocols.services.concerns import Reason
from portal.protocols.services.endings import withdraw_by_order

ORDER = Reason("legal_order", "By order.")


@pytest.fixture
def reader(world):
    return make_user("member")


def entries():
    return db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent))


def test_a_protocol_is_saved_once_and_taken_from_the_list(version, reader, world):
    for _ in range(2):
        bookmarks.save_protocol(version.protocol, by=reader, now=NOW)
    assert [row.head.public_id for row in list_saved_protocols(reader.id, "en")] == [
        version.protocol.public_id
    ]
    bookmarks.forget_protocol(version.protocol, by=world.author)
    assert find_bookmark(reader.id, version.protocol_id)
    bookmarks.forget_protocol(version.protocol, by=reader)
    assert list_saved_protocols(reader.id, "en") == []


def test_what_somebody_saves_is_in_no_audit(version, reader):
    before = entries()
    bookmarks.save_protocol(version.protocol, by=reader, now=NOW)
    bookmarks.forget_protocol(version.protocol, by=reader)
    assert entries() == before


def test_what_nobody_may_read_is_not_saved(world, version, reader):
    with pytest.raises(NotFound):
        bookmarks.save_protocol(make_draft(world).protocol, by=reader, now=NOW)
    withdraw_by_order(version, ORDER, by=make_user("country_admin"), now=NOW)
    with pytest.raises(NotFound):
        bookmarks.save_protocol(version.protocol, by=reader, now=NOW)


def test_a_list_has_an_end(world, version, reader, monkeypatch):
    monkeypatch.setattr(bookmarks, "MOST", 1)
    bookmarks.save_protocol(version.protocol, by=reader, now=NOW)
    bookmarks.save_protocol(version.protocol, by=reader, now=NOW)
    with pytest.raises(Conflict):
        bookmarks.save_protocol(make_published(world).protocol, by=reader, now=NOW)


def test_a_newer_version_is_told_until_its_reader_knows_it(world, version, reader):
    from fork_world import Adopted, publish_next

    bookmarks.save_protocol(version.protocol, by=reader, now=NOW)
    publish_next(Adopted(world, world.author, version, version), resources="Two nurses.")
    row = list_saved_protocols(reader.id, "en")[0]
    assert (row.has_newer, row.known.number, row.head.version.number) == (True, "1.0", "2.0")
    bookmarks.save_protocol(version.protocol, by=reader, now=NOW)
    assert not list_saved_protocols(reader.id, "en")[0].has_newer


def test_who_saved_a_protocol_is_told_that_it_is_withdrawn(version, reader):
    bookmarks.save_protocol(version.protocol, by=reader, now=NOW)
    other = make_user("member")
    withdraw_by_order(version, ORDER, by=make_user("country_admin"), now=NOW)
    assert reader.email in told("version_withdrawn")
    assert other.email not in told("version_withdrawn")
    row = list_saved_protocols(reader.id, "en")[0]
    assert (row.head.is_withdrawn, row.has_newer) == (True, False)


def test_the_list_goes_with_the_account():
    assert {key.ondelete for key in Bookmark.__table__.c.user_id.foreign_keys} == {"CASCADE"}


def test_the_list_makes_a_fixed_number_of_queries(world, version, reader):
    bookmarks.save_protocol(version.protocol, by=reader, now=NOW)
    one = count_queries(lambda: list_saved_protocols(reader.id, "ru"))
    bookmarks.save_protocol(make_published(world).protocol, by=reader, now=NOW)
    assert count_queries(lambda: list_saved_protocols(reader.id, "ru")) == one
