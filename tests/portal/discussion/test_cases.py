"""Case questions: a fixed form without dates, a follow-up after 60 days, and who is told of what."""

from datetime import timedelta

import discussion_world as world
import pytest
import sqlalchemy as sa
from discussion_world import NOW, TOLD, Talkers, answer, begin, said, thread_of

from portal.accounts.models import User
from portal.core import jobs
from portal.core.errors import Invalid, InvalidTransition, NotAllowed
from portal.core.notify.tables import Notice
from portal.discussion import rules
from portal.discussion.dictionary import Waits
from portal.discussion.queries.queue import list_marks
from portal.discussion.queries.threads import Filters, count_talk, find_case, list_threads
from portal.discussion.services import cases, writing
from portal.discussion.services.cases import CaseText
from portal.extensions import db

DAYS_60 = NOW + timedelta(days=60)


@pytest.fixture
def people(app):
    return Talkers()


@pytest.fixture
def case(people):
    return begin(people.clinician)


def mails(key):
    found = sa.select(User).join(Notice, Notice.user_id == User.id).where(Notice.key == key)
    return [person.email for person in db.session.scalars(found.order_by(Notice.id)).unique()]


def test_the_follow_up_is_asked_for_after_60_days(people, case):
    import portal.discussion.views.tasks  # noqa: F401 # registers the job

    jobs.run_until_idle(("default",), now=DAYS_60 - timedelta(hours=1))
    assert mails("case_follow_up") == []
    jobs.run_until_idle(("default",), now=DAYS_60 + timedelta(minutes=1))
    assert mails("case_follow_up") == [people.clinician.email]
    assert [mark.kind for mark in list_marks()] == [Waits.FOLLOW_UP]


def test_the_follow_up_closes_the_case_once(people, case):
    thread = thread_of(case)
    with pytest.raises(NotAllowed):
        cases.follow_up(thread, "better", said("Fine."), by=people.colleague, now=DAYS_60)
    post = cases.follow_up(thread, "better", said("Fine."), by=people.clinician, now=DAYS_60)
    kept = find_case(thread.id)
    assert (kept.outcome, kept.follow_up_post_id, thread.settled_at) == ("better", post.id, DAYS_60)
    with pytest.raises(InvalidTransition):
        cases.follow_up(thread, "worse", said("Again."), by=people.clinician, now=DAYS_60)


def test_a_moderator_asks_again(people, case):
    cases.ask(thread_of(case), by=people.moderator, now=DAYS_60)
    assert mails("case_follow_up") == [people.clinician.email]
    with pytest.raises(NotAllowed):
        cases.ask(thread_of(case), by=people.colleague, now=DAYS_60)


@pytest.mark.parametrize(
    "text",
    ["Since 12.03.2026.", "С 12 марта 2026 хуже.", "از ۱۲ خرداد ۱۴۰۵ بدتر",
     "С 5 марта хуже.", "Since 5th of May.", "On March 5 she left.", "از ۵ اسفند بدتر شد"],
)  # fmt: skip
@pytest.mark.parametrize("field", ["title", "body", "tried"])
def test_a_case_holds_no_dates(people, text, field):
    values = {"title": "How to go on?", "body": "A question.", "tried": "Nothing yet."} | {field: text}
    told = CaseText("35_44", "female", ("sub-methadone",), "set-oat-clinic", values["tried"])
    with pytest.raises(Invalid) as refusal:
        cases.start_case(values["title"], said(values["body"]), told, by=people.clinician, now=NOW)
    assert [(p.field, p.code) for p in refusal.value.problems] == [(field, "date_in_case")]


@pytest.mark.parametrize("text", ["1 or 2 may help.", "Two days in March.", "۲ دیگر", "5 мазков"])
def test_words_that_only_look_like_a_month_pass(people, text):
    assert begin(people.clinician, body=text).body == text


def test_a_case_is_told_in_bands_and_concepts(people):
    told = CaseText("41", "female", (), "set-oat-clinic", "Nothing.")
    with pytest.raises(Invalid) as refusal:
        cases.start_case("How to go on?", said(), told, by=people.clinician, now=NOW)
    assert {p.field for p in refusal.value.problems} == {"age_band", "substances"}


def test_the_same_case_form_sent_twice_is_one_case(people):
    form = said(once="one-form-only")
    first, second = (cases.start_case("How?  ok", form, TOLD, by=people.clinician, now=NOW) for _ in range(2))
    assert first.id == second.id


def test_open_cases_are_listed_until_their_follow_up(people, case):
    def open_cases():
        return list_threads(people.colleague, Filters(kind="case", only_open=True), lang="en")[0]

    assert [line.thread.id for line in open_cases()] == [case.thread_id]
    cases.follow_up(thread_of(case), "same", said("Fine."), by=people.clinician, now=DAYS_60)
    assert open_cases() == []


def test_a_protocol_counts_what_everybody_sees(people):
    protocol = world.make_protocol()
    begin(people.clinician, protocol)
    begin(people.clinician, protocol, kind="experience")
    begin(people.member, protocol)
    talk = count_talk(protocol.id)
    assert (talk.threads, talk.open_questions) == (2, 1)


def test_an_answer_tells_who_asked_and_a_call_by_name_whom_it_names(people):
    question = begin(people.clinician, world.make_protocol())
    answer(question, people.colleague, "Two hours.")
    assert mails("comment_reply") == [people.clinician.email]
    answer(question, people.moderator, f"@{people.colleague.name}: really?")
    assert mails("comment_mention") == [people.colleague.email]


def test_nobody_is_told_of_a_held_post_before_it_is_accepted(people):
    from portal.discussion.services import judging

    question = begin(people.clinician, world.make_protocol())
    held = answer(question, people.member)
    assert mails("comment_reply") == []
    judging.accept(held, by=people.moderator, now=NOW)
    assert mails("comment_reply") == [people.clinician.email]


def test_an_edit_calls_only_whom_the_former_wording_did_not(people):
    question = begin(people.clinician, world.make_protocol())
    answer(question, people.colleague)
    post = answer(question, people.moderator, f"@{people.colleague.name}: really?")
    writing.edit(post, f"@{people.colleague.name}: really so?", "en", by=people.moderator, now=NOW)
    assert len(mails("comment_mention")) == 1


@pytest.mark.parametrize(
    ("text", "called"),
    [("@Анна Соколова, да", {1}), ("@Анна Соколова-Кац да", {2}), ("Анна Соколова", set()), ("a@Ann", {3}),
     ("@Annabel", set())],
)  # fmt: skip
def test_a_name_is_called_whole(text, called):
    assert rules.find_mentions(text, {1: "Анна Соколова", 2: "Анна Соколова-Кац", 3: "Ann"}) == called
