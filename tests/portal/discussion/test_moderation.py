"""Flags, decisions, appeals, sanctions: who decides, who hears of it, and that a second person undoes it."""

from datetime import timedelta

import discussion_world as world
import pytest
import sqlalchemy as sa
from discussion_world import NOW, Talkers, answer, begin, thread_of

from portal.core.audit import AuditEvent
from portal.core.errors import Conflict, Invalid, InvalidTransition, NotAllowed
from portal.core.jobs import Job
from portal.core.notify.tables import Notice
from portal.discussion.dictionary import Reason, Waits
from portal.discussion.queries.flags import list_open_flags
from portal.discussion.queries.people import find_sanction, trust_of
from portal.discussion.queries.posts import list_revisions, read_page
from portal.discussion.queries.queue import count_marks, list_marks
from portal.discussion.services import appealing, erasing, flagging, judging, sanctions, writing
from portal.extensions import db

LATER = NOW + timedelta(hours=25)


@pytest.fixture
def people(app):
    return Talkers()


@pytest.fixture
def question(people):
    return begin(people.clinician, world.make_protocol())


def mails(person):
    told = sa.select(Notice.key).where(Notice.user_id == person.id).order_by(Notice.id)
    return list(db.session.scalars(told))


@pytest.mark.parametrize("reason", list(Reason))
def test_a_safety_flag_of_a_clinician_hides_the_post_at_once(people, question, reason):
    flagging.flag(question, reason, by=people.colleague, now=NOW)
    hidden = reason in ("patient", "dangerous")
    assert question.state == ("hidden" if hidden else "visible")
    [mark] = list_marks()
    assert mark.kind == (Waits.SAFETY if hidden else Waits.FLAG)


def test_a_safety_flag_of_a_member_waits_without_hiding(people, question):
    flagging.flag(question, "dangerous", by=people.member, now=NOW)
    assert question.state == "visible"
    assert list_marks()[0].kind == Waits.SAFETY


def test_the_target_of_a_safety_flag_is_24_hours(people, question):
    flagging.flag(question, "patient", by=people.colleague, now=NOW)
    [mark] = list_marks()
    assert mark.due_at - mark.since == timedelta(hours=24)
    assert [row.overdue for row in count_marks(list_marks(), now=LATER)] == [1]


def test_what_has_a_day_is_told_at_once_to_the_moderators_who_may_decide(people, question):
    flagging.flag(question, "dangerous", by=people.other, now=NOW)
    assert (mails(people.moderator), mails(people.other)) == (["moderation_urgent"], [])
    flagging.flag(answer(question, people.clinician), "insult", by=people.colleague, now=NOW)
    assert len(mails(people.moderator)) == 1
    made = sanctions.sanction(
        people.colleague, "insult", "Three insults.", days=2, by=people.moderator, now=NOW
    )
    appealing.appeal(made, "There was none.", "ru", by=people.colleague, now=NOW)
    assert (mails(people.moderator), mails(people.other)) == (["moderation_urgent"], ["moderation_urgent"])


def test_what_is_due_first_stands_first_and_the_overdue_before_all(people, question):
    """A safety flag of this hour goes before an older appeal that has days left."""
    old = answer(question, people.clinician, "Off topic.")
    flagging.flag(old, "off_topic", by=people.colleague, now=NOW - timedelta(days=8))
    held = answer(question, people.member, "I am new here.", now=NOW)
    appealed = answer(question, people.clinician, "Another.")
    judging_of(appealed, people)
    appealing.appeal(appealed, "It was polite.", "en", by=people.clinician, now=NOW)
    flagging.flag(question, "dangerous", by=people.colleague, now=NOW + timedelta(hours=1))
    marks = list_marks()
    assert [(m.kind, m.id) for m in marks[:3]] == [
        (Waits.FLAG, old.id), (Waits.SAFETY, question.id), (Waits.HELD, held.id)
    ]  # fmt: skip
    assert [mark.is_overdue(NOW) for mark in marks] == [True, False, False, False]
    assert marks == sorted(marks, key=lambda mark: mark.due_at)
    counts = count_marks(marks, now=NOW)
    assert [count.kind for count in counts] == [Waits.FLAG, Waits.SAFETY, Waits.HELD, Waits.APPEAL]
    assert [count.due_at for count in counts] == [mark.due_at for mark in marks]


def test_agreement_removes_the_post_and_both_hear_of_it(people, question):
    flagging.flag(question, "insult", by=people.colleague, now=NOW)
    judging.decide_flags(question, "agree", "insult", "Stay polite.", by=people.moderator, now=NOW)
    assert (question.state, question.reason_code, question.reason) == ("removed", "insult", "Stay polite.")
    assert mails(people.colleague) == ["flag_decided"]
    assert "post_removed" in mails(people.clinician)
    assert list_marks() == []


@pytest.mark.parametrize("verdict", ["disagree", "ignore"])
def test_otherwise_a_hidden_post_comes_back(people, question, verdict):
    flagging.flag(question, "dangerous", by=people.colleague, now=NOW)
    judging.decide_flags(question, verdict, by=people.other, now=NOW)
    assert question.state == "visible"
    assert mails(people.colleague) == ["flag_decided"]


def test_the_second_of_two_moderators_learns_that_nothing_waits(people, question):
    flagging.flag(question, "insult", by=people.colleague, now=NOW)
    judging.decide_flags(question, "ignore", by=people.moderator, now=NOW)
    with pytest.raises(InvalidTransition, match="nothing_waits"):
        judging.decide_flags(question, "agree", by=people.other, now=NOW)


def test_nobody_judges_the_own_post_or_flag(people):
    own = begin(people.moderator, world.make_protocol())
    flagging.flag(own, "insult", by=people.other, now=NOW)
    for person, code in ((people.moderator, "own_post"), (people.other, "own_flag")):
        with pytest.raises(NotAllowed, match=code):
            judging.decide_flags(own, "ignore", by=person, now=NOW)
    with pytest.raises(NotAllowed, match="permission_missing"):
        judging.decide_flags(own, "ignore", by=people.clinician, now=NOW)


def test_a_flag_that_was_decided_is_repeated_only_for_another_wording(people, question):
    flagging.flag(question, "dangerous", by=people.colleague, now=NOW)
    judging.decide_flags(question, "disagree", by=people.moderator, now=NOW)
    with pytest.raises(Conflict):
        flagging.flag(question, "dangerous", by=people.colleague, now=NOW)
    writing.edit(question, "Give 200 mg.", "en", by=people.clinician, now=NOW + timedelta(hours=1))
    assert flagging.flag(question, "dangerous", by=people.colleague, now=NOW).hid


@pytest.mark.parametrize(("agreed", "disagreed", "level"), [(9, 0, 2), (10, 0, 3), (8, 2, 3), (8, 3, 2)])
def test_ten_decided_flags_of_which_four_in_five_were_right_prove_a_clinician(app, agreed, disagreed, level):
    from portal.discussion import rules

    assert rules.level(is_clinician=True, accepted=0, agreed=agreed, disagreed=disagreed) == level
    assert rules.level(is_clinician=False, accepted=0, agreed=agreed, disagreed=disagreed) == 0


def test_trust_is_computed_from_what_was_decided(people, question):
    for verdict in ["agree"] * 8 + ["disagree"] * 2:
        post = answer(question, people.clinician, "x", now=NOW - timedelta(hours=2))
        flagging.flag(post, "off_topic", by=people.colleague, now=NOW)
        judging.decide_flags(post, verdict, "off_topic", by=people.moderator, now=NOW)
    assert trust_of(people.colleague) == 3


def test_an_appeal_is_decided_by_another_moderator(people, question):
    judging_of(question, people)
    made = appealing.appeal(question, "It was polite enough.", "en", by=people.clinician, now=NOW)
    with pytest.raises(NotAllowed, match="second_moderator_needed"):
        appealing.decide(made, "No change.", granted=False, by=people.moderator, now=NOW)
    appealing.decide(made, "You are right.", granted=True, by=people.other, now=NOW)
    assert (question.state, question.reason_code) == ("visible", "")
    assert mails(people.clinician)[-1] == "appeal_decided"


def test_a_moderator_who_flagged_a_post_does_not_decide_the_appeal_about_it(people, question):
    flagging.flag(question, "insult", by=people.other, now=NOW)
    judging.decide_flags(question, "agree", "insult", by=people.moderator, now=NOW)
    made = appealing.appeal(question, "It was polite enough.", "en", by=people.clinician, now=NOW)
    with pytest.raises(NotAllowed, match="own_flag"):
        appealing.decide(made, "You are right.", granted=True, by=people.other, now=NOW)
    appealing.decide(made, "You are right.", granted=True, by=Talkers().moderator, now=NOW)
    assert question.state == "visible"


def test_one_appeal_for_each_decision_and_within_30_days(people, question):
    judging_of(question, people)
    with pytest.raises(InvalidTransition, match="decision_final"):
        appealing.appeal(question, "It was polite.", "en", by=people.clinician, now=NOW + timedelta(days=31))
    appealing.appeal(question, "It was polite.", "en", by=people.clinician, now=NOW)
    with pytest.raises(Conflict, match="appealed_already"):
        appealing.appeal(question, "It was polite.", "en", by=people.clinician, now=NOW)
    with pytest.raises(NotAllowed, match="not_your_appeal"):
        appealing.appeal(question, "It was polite.", "en", by=people.colleague, now=NOW)


def judging_of(post, people):
    flagging.flag(post, "insult", by=people.colleague, now=NOW)
    judging.decide_flags(post, "agree", "insult", by=people.moderator, now=NOW)


def test_a_sanction_stops_posting_until_it_ends_and_says_until_when(people, question):
    made = sanctions.sanction(
        people.colleague, "insult", "Three insults.", days=7, by=people.moderator, now=NOW
    )
    with pytest.raises(NotAllowed, match="sanctioned") as refusal:
        answer(question, people.colleague)
    assert refusal.value.values["until"] == made.ends_at
    assert mails(people.colleague)[-1] == "sanction_issued"
    assert answer(question, people.colleague, now=NOW + timedelta(days=7, minutes=1))


@pytest.mark.parametrize("days", [0, 8])
def test_a_sanction_lasts_a_week_at_most(people, days):
    with pytest.raises(Invalid):
        sanctions.sanction(
            people.colleague, "insult", "Three insults.", days=days, by=people.moderator, now=NOW
        )


def test_two_sanctions_never_run_at_once(people):
    sanctions.sanction(people.colleague, "insult", "Three insults.", days=7, by=people.moderator, now=NOW)
    with pytest.raises(Conflict, match="sanction_runs"):
        sanctions.sanction(people.colleague, "insult", "Again an insult.", days=7, by=people.other, now=NOW)


def test_a_second_moderator_lifts_a_sanction(people, question):
    made = sanctions.sanction(
        people.colleague, "insult", "Three insults.", days=7, by=people.moderator, now=NOW
    )
    asked = appealing.appeal(made, "There was none.", "ru", by=people.colleague, now=NOW)
    assert list_marks()[0].kind == Waits.SANCTION_APPEAL
    appealing.decide(asked, "Indeed.", granted=True, by=people.other, now=NOW)
    assert find_sanction(people.colleague.id, now=NOW) is None
    assert answer(question, people.colleague)


def test_moderators_of_both_countries_decide_alike(people, question):
    for person in (people.moderator, people.other):
        post = answer(question, people.clinician)
        flagging.flag(post, "dangerous", by=people.colleague, now=NOW)
        judging.decide_flags(post, "agree", by=person, now=NOW)
        assert post.state == "removed"


def test_a_member_sees_neither_held_nor_hidden_words_of_others(people, question):
    held = answer(question, people.member, "held words")
    hidden = answer(question, people.clinician, "hidden words")
    flagging.flag(hidden, "dangerous", by=people.colleague, now=NOW)
    stranger = Talkers().member
    from portal.discussion.policies import can_read

    shown = read_page(thread_of(question), stranger, page=1).posts
    assert [item.post.id for item in shown] == [question.id, hidden.id]
    assert [can_read(stranger, post) for post in (question, hidden, held)] == [True, False, False]
    for moderator in (people.moderator, people.other):
        assert {i.post.id for i in read_page(thread_of(question), moderator, page=1).posts} >= {held.id}
        assert can_read(moderator, held)


def test_the_audit_holds_no_word_of_a_post(people, question):
    secret = "unmistakable words"
    post = answer(question, people.colleague, secret)
    flagging.flag(post, "insult", f"{secret} note", by=people.clinician, now=NOW)
    judging.decide_flags(post, "agree", "insult", f"{secret} reason", by=people.moderator, now=NOW)
    asked = appealing.appeal(post, f"{secret} appeal", "en", by=people.colleague, now=NOW)
    appealing.decide(asked, f"{secret} answer", granted=False, by=people.other, now=NOW)
    sanctions.sanction(people.colleague, "insult", f"{secret} sanction", days=1, by=people.other, now=NOW)
    kept = db.session.scalars(sa.select(AuditEvent.changes + AuditEvent.reason_text)).all()
    assert not [text for text in kept if secret in text]
    mailed = db.session.scalars(sa.select(Job.args)).all()
    assert not [text for text in mailed if secret in text]


def test_words_that_identified_a_patient_go_for_good_after_the_time_of_appeal(people, question):
    post = answer(question, people.colleague, "The blue house.")
    flagging.flag(post, "patient", by=people.clinician, now=NOW)
    judging.decide_flags(post, "agree", "patient", by=people.moderator, now=NOW)
    assert erasing.erase_due(by=people.moderator, now=NOW + timedelta(days=29)) == 0
    assert erasing.erase_due(by=people.moderator, now=NOW + timedelta(days=31)) == 1
    assert (post.body, {r.body for r in list_revisions(post.id)}) == ("", {""})


def test_a_flagged_post_taken_back_keeps_its_words_until_somebody_judged(people, question):
    post = answer(question, people.colleague, "Something bad.")
    flagging.flag(post, "insult", by=people.clinician, now=NOW)
    writing.delete(post, by=people.colleague, now=NOW)
    assert post.body
    judging.decide_flags(post, "agree", by=people.moderator, now=NOW)
    assert (post.state, post.body, list_open_flags(post.id)) == ("deleted", "", [])
