"""Who is told of the law: readers when it is another one, editors of the country before a check runs out."""

from datetime import timedelta

import pytest
from factories import make_user
from fate_world import make_follower, told
from following_world import confirmed, make_followers
from protocol_world import CHECKED, NOW, make_draft

from portal.protocols.services import publishing, reminders
from portal.protocols.services.publishing import LegalText

RUNS_OUT = CHECKED.replace(year=2027)


@pytest.fixture
def followers(app):
    return make_followers()


def state(followers, country, status, checked_on=CHECKED):
    text = LegalText(country, status, checked_on=checked_on)
    publishing.set_legal_status(followers.version.protocol, text, by=followers.world.editor, now=NOW)


def test_another_legal_status_is_told_to_readers_and_to_who_works_by_the_protocol_there(followers):
    confirmed(followers)
    follower = make_follower("PR-0001")
    state(followers, "IR", "leg-restricted")  # checked again, nothing changed
    assert told("legal_changed") == set()
    state(followers, "IR", "leg-prohibited")
    assert told("legal_changed") == {
        follower.email, followers.world.author.email, followers.clinician.email,
    }  # fmt: skip


def test_a_change_elsewhere_does_not_concern_a_programme(followers):
    confirmed(followers)
    state(followers, "RU", "leg-not-available")
    assert told("legal_changed") == {followers.world.author.email}


def test_the_law_of_a_draft_is_told_to_nobody(followers):
    draft = make_draft(followers.world)
    text = LegalText("IR", "leg-prohibited", checked_on=CHECKED)
    publishing.set_legal_status(draft.protocol, text, by=followers.world.editor, now=NOW)
    assert told("legal_changed") == set()


def days(before):
    return NOW.replace(year=RUNS_OUT.year, month=RUNS_OUT.month, day=RUNS_OUT.day) - timedelta(days=before)


def test_editors_of_the_country_are_reminded_before_a_check_runs_out_once_for_each_date(followers):
    russian, iranian = followers.world.editor, followers.editor
    reminders.remind_of_law(now=days(31))
    assert told("legal_expiring") == set()
    for _ in range(2):
        reminders.remind_of_law(now=days(30))
    assert told("legal_expiring") >= {russian.email, iranian.email}
    sent = reminded()
    reminders.remind_of_law(now=days(0))
    assert reminded() == 2 * sent
    reminders.remind_of_law(now=days(-40))
    assert reminded() == 2 * sent


def test_who_edits_for_one_country_is_not_reminded_of_the_law_of_the_other(followers):
    state(followers, "RU", "leg-prohibited", checked_on=NOW.date())
    far = make_user("editor", country="RU")
    reminders.remind_of_law(now=days(30))
    assert followers.editor.email in told("legal_expiring")
    assert far.email not in told("legal_expiring")


def reminded():
    from fate_world import mails

    return [key for key, _address in mails()].count("legal_expiring")
