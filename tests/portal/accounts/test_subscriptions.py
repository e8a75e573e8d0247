"""Following things, and who is told about them."""

import pytest
from factories import make_user

from portal.accounts.queries import list_subscribers, list_subscriptions
from portal.accounts.services.accounts import disable
from portal.accounts.services.subscriptions import follow, unfollow
from portal.core.db import utcnow
from portal.core.errors import Invalid


def test_a_thing_followed_twice_is_followed_once_in_the_later_rhythm(app):
    reader = make_user()
    follow("protocol", "PR-0001", by=reader, now=utcnow())
    follow("protocol", "PR-0001", by=reader, now=utcnow(), rhythm="at_once")
    assert [(s.target, s.rhythm) for s in list_subscriptions(reader.id)] == [("PR-0001", "at_once")]
    assert list_subscribers("protocol", "PR-0001") == [reader]


def test_who_stopped_following_or_has_no_active_account_is_not_told(app):
    reader, gone = make_user(), make_user()
    for person in (reader, gone):
        follow("concept", "int-mmt", by=person, now=utcnow())
    disable(gone, by=make_user("country_admin"), now=utcnow())
    assert list_subscribers("concept", "int-mmt") == [reader]
    unfollow("concept", "int-mmt", by=reader)
    unfollow("concept", "int-mmt", by=reader)
    assert list_subscribers("concept", "int-mmt") == []


@pytest.mark.parametrize(("kind", "rhythm"), [("planet", "weekly"), ("protocol", "hourly")])
def test_an_unknown_kind_or_rhythm_is_refused(app, kind, rhythm):
    with pytest.raises(Invalid):
        follow(kind, "x", by=make_user(), now=utcnow(), rhythm=rhythm)
