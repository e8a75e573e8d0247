"""The log of searches knows nobody; a saved search is told of what is new."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from factories import make_user
from following_world import mails
from hiding_world import hide
from protocol_world import NOW, make_published, make_world

from portal.core.errors import Conflict, Invalid
from portal.extensions import db
from portal.protocols.models import SearchQuery
from portal.protocols.queries.searches import list_saved, list_unfound
from portal.protocols.services import searches


def note(text, *, days=0, times=1):
    return [searches.note_query(text, "ru", now=NOW + timedelta(days=days)) for _ in range(times)]


def test_the_log_holds_a_folded_text_a_day_and_a_count(app):
    note("Кракодил ёж", times=3)
    row = db.session.scalars(sa.select(SearchQuery)).one()
    assert (row.text, row.lang, row.asked, row.day) == ("кракодил еж", "ru", 3, NOW.date())
    assert set(SearchQuery.__table__.columns.keys()) == {"id", "day", "lang", "text", "asked"}


@pytest.mark.parametrize(
    "text",
    ["Иванов Иван Иванович", "СНИЛС 112-233-445 95", "+7 912 345-67-89", "a.b@example.org", " ", "x" * 81],
)
def test_what_may_be_a_person_or_is_long_is_not_kept(app, text):
    assert note(text) == [False]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SearchQuery)) == 0


def test_editors_see_what_five_searches_on_two_days_held(app):
    today = NOW.date() + timedelta(days=2)
    note("тусибай", times=9)
    note("редкое", days=1, times=2)
    note("редкое", days=2, times=2)
    note("зелёный", times=2)
    note("зеленый", days=1, times=3)
    assert [(u.text, u.asked) for u in list_unfound(today=today)] == [("зеленый", 5)]


def test_texts_go_after_thirty_days(app):
    note("старое", times=5)
    note("новое", days=31)
    assert [row.text for row in db.session.scalars(sa.select(SearchQuery))] == ["новое"]


def test_a_saved_search_is_told_of_what_was_published_since(app):
    world = make_world()
    person = make_user("clinician", language="ru")
    saved = searches.save_search("methadone", {}, by=person, now=NOW - timedelta(days=1))
    assert searches.save_search(" methadone ", {}, by=person, now=NOW) == saved
    make_published(world)
    assert searches.tell_saved(now=NOW + timedelta(hours=1)) == 1
    assert mails("saved_search_found") == [(person.email, {"text": "methadone", "numbers": ["PR-0001"]})]
    assert searches.tell_saved(now=NOW + timedelta(hours=2)) == 0


def test_a_saved_search_does_not_tell_what_is_hidden_where_the_person_works(app):
    here, there = (make_user("clinician", country=country) for country in ("RU", "IR"))
    for person in (here, there):
        searches.save_search("methadone", {}, by=person, now=NOW - timedelta(days=1))
    hide(make_published(make_world()), "RU")
    assert searches.tell_saved(now=NOW + timedelta(hours=1)) == 1
    assert [to for to, _ in mails("saved_search_found")] == [there.email]


def test_a_saved_search_must_ask_something_and_name_nobody(app):
    person = make_user("clinician")
    for text in ("", "СНИЛС 112-233-445 95"):
        with pytest.raises(Invalid):
            searches.save_search(text, {}, by=person, now=NOW)


def test_saved_searches_are_ones_own_and_at_most_fifty(app):
    person, other = make_user("clinician"), make_user("clinician")
    saved = searches.save_search("", {"substance": ["sub-opium"]}, by=person, now=NOW)
    searches.forget_search(saved.id, by=other)
    assert len(list_saved(person.id)) == 1
    for number in range(49):
        searches.save_search(f"word{number}", {}, by=person, now=NOW)
    with pytest.raises(Conflict, match="searches_too_many"):
        searches.save_search("one more", {}, by=person, now=NOW)
    searches.forget_search(saved.id, by=person)
    assert len(list_saved(person.id)) == 49
