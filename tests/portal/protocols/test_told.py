"""Rows of notices about what becomes of a protocol: for who reads it, built on it, follows it or reported."""

import pytest
from factories import make_organisation, make_user
from fate_world import HARM, told
from following_world import NOW, confirmed, make_followers, sent
from fork_world import adapt, make_adopted, publish_next

from portal.accounts.services.subscriptions import follow
from portal.core.notify.tables import Notice
from portal.extensions import db
from portal.protocols.services import endings
from portal.protocols.services.concerns import Reason


@pytest.fixture
def people(app):
    """A protocol with a reader, an adaptation, a programme that follows it, and a report from another centre."""
    held = make_followers()
    confirmed(held)
    sent(held)
    adopter = make_user("clinician", organisation=make_organisation("IR", name="Centre of the adopter"))
    adapt(held.version, adopter)
    reader = make_user("member")
    follow("protocol", "PR-0001", by=reader, now=NOW)
    outside = make_user("clinician")
    return held, {"adopter": adopter, "reader": reader, "staff": held.clinician}, outside


def addresses(them):
    return {person.email for person in them.values()}


def test_retirement_is_told_to_readers_adopters_followers_and_reporters(people):
    held, them, outside = people
    endings.retire(held.version, Reason("outdated", "Nobody uses it."), by=held.world.chiefs[0], now=NOW)
    assert addresses(them) <= told("version_retired")
    assert outside.email not in told("version_retired")
    rows = db.session.query(Notice).filter_by(key="version_retired").all()
    assert len(rows) == len({row.user_id for row in rows})  # each person once


def test_withdrawal_is_told_to_everybody_who_built_on_it(people):
    held, them, outside = people
    chiefs = held.world.chiefs
    notice = endings.propose_withdrawal(held.version, HARM, by=chiefs[0], now=NOW)
    endings.confirm_withdrawal(notice, by=chiefs[1], now=NOW)
    assert addresses(them) <= told("version_withdrawn")
    assert outside.email not in told("version_withdrawn")
    assert them["staff"].email in told("followed_withdrawn")


def test_owners_of_adaptations_find_what_the_parent_changed_in_their_notices(app):
    adopted = make_adopted()
    publish_next(adopted, resources="Two physicians.")
    assert told("fork_parent_changed") == {adopted.adopter.email}
    [row] = db.session.query(Notice).filter_by(key="fork_parent_changed").all()
    assert row.values == {"parent": "PR-0001", "number": "2.0", "public_id": "PR-0002"}
    assert (row.on_site, row.read_at) == (True, None)
