"""An edition that is published is told to the staff of its programmes and to who follows its countries."""

from datetime import date

import edition_world as world_of
import pytest
import sqlalchemy as sa
from factories import make_programme, make_user

from portal.accounts.services.subscriptions import follow
from portal.core.notify import words
from portal.core.notify.tables import Notice
from portal.extensions import db
from portal.releases import queries
from portal.releases.services import building, faults

NOW = world_of.NOW


@pytest.fixture
def people(approved):
    """Staff of a programme, a follower of Iran in Persian, a follower of something else, somebody outside."""
    own = approved.programmes[0]
    staff = make_user("clinician", country=own.country, organisation=own.organisation)
    other = make_user("clinician", organisation=make_programme("IR", synthetic=True).organisation)
    reader, elsewhere = make_user("member", language="fa"), make_user("member")
    for person in (staff, reader):
        follow("country", "IR", by=person, now=NOW, rhythm="at_once")
    follow("concept", "sub-methadone", by=elsewhere, now=NOW)
    return {"staff": staff, "reader": reader, "other": other, "elsewhere": elsewhere}


def told():
    found = sa.select(Notice).where(Notice.key == "edition_published").order_by(Notice.user_id)
    return list(db.session.scalars(found))


def test_staff_and_followers_are_told_once_and_nobody_else(approved, people):
    world_of.build(approved)
    notices = told()
    assert {notice.user_id for notice in notices} == {people["staff"].id, people["reader"].id}
    assert len(notices) == 2
    edition = queries.latest_edition()
    values = {"edition": edition.name, "closing_on": edition.closing_on.isoformat()}
    assert [notice.values for notice in notices] == [values, values]


def test_who_builds_it_is_not_told_of_it(approved, people):
    builder = approved.administrators["RU"]
    follow("country", "RU", by=builder, now=NOW)
    world_of.build(approved)
    assert builder.id not in {notice.user_id for notice in told()}


def test_a_build_that_is_cut_off_tells_nobody(approved, people, monkeypatch):
    class Killed(BaseException):
        """The process is gone."""

    def die(point):
        if point == "after_persons":
            raise Killed

    monkeypatch.setattr(building, "fault", die)
    with pytest.raises(Killed):
        world_of.build(approved)
    assert told() == []
    monkeypatch.setattr(building, "fault", faults.fault)
    world_of.build(approved)
    assert len(told()) == 2


@pytest.mark.parametrize(
    ("lang", "day"), [("en", "30 June 2026"), ("ru", "30 июня 2026"), ("fa", "۹ تیر ۱۴۰۵")]
)
def test_the_letter_names_the_edition_and_its_last_day(app, lang, day):
    said = words("edition_published", {"edition": "2026-H1", "closing_on": str(date(2026, 6, 30))}, lang)
    assert "2026-H1" in said.subject
    assert day in said.body
    assert said.link.endswith(f"/{lang}/outcomes")
