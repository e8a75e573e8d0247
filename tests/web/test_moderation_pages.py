"""One page of what waits for a person, by the person's roles; nobody is told of the work of others."""

import re
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta

import alert_world
import discussion_world
import pytest
import sqlalchemy as sa
from discussion_world import Talkers, begin, thread_of
from factories import make_organisation, make_programme
from protocol_world import bring_to, make_draft, make_world
from web.entry_forms import entered

from portal.alerts.services.judging import sign
from portal.core.db import utcnow
from portal.discussion.services import cases, flagging
from portal.extensions import db
from portal.moderation.queries import waiting
from portal.moderation.queries.sources import list_waiting
from portal.protocols.queries.work import list_tasks

LANGUAGES = ("en", "ru", "fa")
EMPTY = {"en": "Nothing is waiting", "ru": "Сейчас задач нет", "fa": "کاری در انتظار شما نیست"}


def queue(client, lang="en"):
    answer = client.get(f"/{lang}/queue")
    assert answer.status_code == 200
    return answer.text.partition("<main")[2]


@contextmanager
def counted():
    """The statements that are sent meanwhile."""
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def submitted(app):
    world = make_world()
    bring_to(world, make_draft(world), "submitted")
    return world


def test_an_editor_is_led_to_the_desk(submitted, client, sign_in):
    sign_in(client, user=submitted.editor)
    assert "/en/protocols/desk" in queue(client)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_front_page_says_how_much_waits_and_leads_there(submitted, client, sign_in, lang):
    assert "/queue" not in client.get(f"/{lang}/").text.partition("<main")[2]
    sign_in(client, user=submitted.editor)
    shown = client.get(f"/{lang}/").text.partition("<main")[2]
    assert f'href="/{lang}/queue"' in shown
    said = shown.partition(f'href="/{lang}/queue"')[0].rpartition("<p>")[2]
    assert ("۱" if lang == "fa" else "1") in said


def test_the_front_page_says_nothing_where_nothing_waits(submitted, client, sign_in):
    sign_in(client, "researcher")
    assert "/queue" not in client.get("/en/").text.partition("<main")[2]


def test_the_count_on_the_front_page_costs_the_same_however_much_waits(submitted, client, sign_in):
    sign_in(client, user=submitted.editor)
    client.get("/en/")
    with counted() as one:
        client.get("/en/")
    bring_to(submitted, make_draft(submitted), "submitted")
    with counted() as two:
        client.get("/en/")
    assert len(two) == len(one)


def test_a_reviewer_is_led_to_the_reviews(app, client, sign_in):
    world = make_world()
    bring_to(world, make_draft(world), "in_review")
    sign_in(client, user=world.reviewers[0])
    page = queue(client)
    assert "/en/protocols/reviews" in page
    assert "/en/protocols/desk" not in page


def test_a_clinician_sees_whose_review_is_due_in_the_own_programmes_only(client, sign_in):
    own, other = make_programme("IR"), make_programme("IR")
    sign_in(client, "clinician", organisation=other.organisation)
    entered(client, other)
    assert f"programme={other.code}&amp;show=review" in queue(client)
    client.delete_cookie("session")
    sign_in(client, "clinician", organisation=own.organisation)
    page = queue(client)
    assert other.code not in page
    assert EMPTY["en"] in page


def test_the_most_urgent_queue_stands_first_with_count_age_and_deadline(app, client, sign_in):
    people = Talkers()
    question = begin(people.clinician, discussion_world.make_protocol(), now=utcnow() - timedelta(days=2))
    flagging.flag(question, "dangerous", by=people.colleague, now=utcnow() - timedelta(hours=30))
    begin(people.moderator, now=utcnow())
    case = begin(people.moderator, now=utcnow())
    cases.ask(thread_of(case), by=people.other, now=utcnow() - timedelta(days=1))
    sign_in(client, user=people.moderator)
    page = queue(client)
    links = re.findall(r'<a href="(/en/(?:queue|discussion)/\w+)">', page)
    assert links == ["/en/queue/discussion", "/en/discussion/mine"]
    assert "2 waiting" in page  # the flag, and the case that waits for its follow-up
    assert "the oldest for 1 day" in page
    assert "overdue for 6 hours" in page
    assert re.search(r"decide within 1[23] days", page)
    assert "3 things wait for you. 1 has waited too long." in re.sub(r"\s+", " ", page)


def test_a_warning_issued_by_one_asks_who_may_sign_second_within_the_day(app):
    desk = alert_world.make_desk()
    alert = alert_world.make_judged(desk, deaths="5-9")
    sign(alert, by=desk.judge, now=alert_world.NOW)
    later = alert_world.NOW + timedelta(hours=5)
    asked = {q.kind: q for q in list_waiting(desk.editor, now=later)}["second_signatures"]
    assert (asked.count, asked.due_at, asked.overdue) == (1, alert.second_due_at, 0)
    assert "second_signatures" not in {q.kind for q in list_waiting(desk.judge, now=later)}


def test_a_review_is_due_until_its_day_is_over(app):
    world = make_world()
    bring_to(world, make_draft(world), "in_review")
    reviewer = world.reviewers[0]
    [task] = list_tasks(reviewer)
    day = datetime.combine(task.assignment.due_on, time(), UTC)
    for now, late in ((day + timedelta(hours=23), 0), (day + timedelta(hours=25), 1)):
        asked = {q.kind: q for q in list_waiting(reviewer, now=now)}["reviews"]
        assert (asked.due_at, asked.overdue) == (day + timedelta(days=1), late)


def test_what_has_no_deadline_follows_the_longest_waiting_first():
    now, day = utcnow(), timedelta(days=1)
    today = waiting.queue("today", [now], now, "x", ends=[now.date()])
    late = waiting.queue("late", [now], now, "x", ends=[now.date() - day])
    old, young = (waiting.queue(n, [now - day * d], now, "x") for n, d in (("old", 9), ("young", 1)))
    unknown = waiting.queue("unknown", [None], now, "x")
    kinds = [q.kind for q in waiting.in_order([unknown, young, today, old, late])]
    assert kinds == ["late", "today", "old", "young", "unknown"]
    assert (late.overdue, today.overdue) == (1, 0)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_has_nothing_to_do_is_told_so(client, sign_in, lang):
    sign_in(client, "clinician", organisation=make_organisation("IR"))
    assert EMPTY[lang] in queue(client, lang)


@pytest.mark.parametrize("role", ["clinician", "translator", "country_admin", "researcher"])
def test_everybody_who_signed_in_finds_the_page_in_the_menu(client, sign_in, role):
    sign_in(client, role)
    assert 'href="/en/queue"' in client.get("/en/").text


def test_a_visitor_does_not(client):
    assert 'href="/en/queue"' not in client.get("/en/").text
