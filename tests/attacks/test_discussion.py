"""Attacks on the discussion: reading what is out of sight, acting for others, getting round the moderators."""

from datetime import timedelta

import discussion_world as world
import pytest
from discussion_world import Talkers, answer, begin
from web.journey import send

from portal.core.db import utcnow
from portal.discussion.queries.posts import find_post
from portal.discussion.services import flagging, sanctions

SECRET = "unmistakable words"


@pytest.fixture
def people(app):
    return Talkers()


@pytest.fixture
def question(people):
    return begin(people.clinician, world.make_protocol(), now=utcnow() - timedelta(hours=2))


@pytest.fixture
def held(people, question):
    return answer(question, people.member, SECRET, now=utcnow())


@pytest.fixture
def hidden(people, question):
    post = answer(question, people.clinician, SECRET, now=utcnow())
    flagging.flag(post, "patient", by=people.colleague, now=utcnow())
    return post


@pytest.mark.parametrize("what", ["held", "hidden"])
def test_no_address_shows_the_words_of_others_out_of_sight(client, sign_in, request, people, question, what):
    post = request.getfixturevalue(what)
    sign_in(client, user=people.colleague)
    start = f"/en/discussion/posts/{post.id}"
    for path in (start, *(f"{start}/{end}" for end in ("history", "edit", "delete", "flag", "appeal"))):
        answered = client.get(path)
        assert (answered.status_code, SECRET in answered.text) == (404, False), path
    assert SECRET not in client.get(f"/en/discussion/{question.thread_id}").text
    assert SECRET not in client.get(f"/en/discussion/{question.thread_id}?to={post.id}").text


@pytest.mark.parametrize("country", ["IR", "RU"])
@pytest.mark.parametrize("what", ["held", "hidden"])
def test_moderators_of_both_countries_see_both(client, sign_in, request, what, country):
    request.getfixturevalue(what)
    sign_in(client, "moderator", country=country)
    assert SECRET in client.get("/en/queue/discussion").text


def test_a_held_conversation_does_not_exist_for_others(client, sign_in, people):
    opening = begin(people.member, world.make_protocol(), title=SECRET, now=utcnow())
    sign_in(client, user=people.colleague)
    assert client.get(f"/en/discussion/{opening.thread_id}").status_code == 404
    assert SECRET not in client.get("/en/discussion").text


@pytest.mark.parametrize("role", ["member", "clinician", "editor", "country_admin", "system_admin"])
def test_only_moderators_reach_the_queue(client, sign_in, role):
    sign_in(client, role)
    assert client.get("/en/queue/discussion").status_code == 403


def test_a_moderator_does_not_decide_about_the_own_post(client, sign_in, people, question):
    own = answer(question, people.moderator, "Mine.", now=utcnow())
    flagging.flag(own, "dangerous", by=people.colleague, now=utcnow())
    sign_in(client, user=people.moderator)
    page = "/en/queue/discussion"
    assert "Another moderator decides: you wrote or flagged this post." in client.get(page).text
    refused = send(client, f"/en/queue/posts/{own.id}", form_at=page, verdict="disagree")
    assert refused.status_code == 422
    assert find_post(own.id).state == "hidden"


def test_a_reply_cannot_be_moved_under_a_post_of_another_conversation(client, sign_in, people, question):
    other = begin(people.clinician, now=utcnow())
    sign_in(client, user=people.colleague)
    path = f"/en/discussion/{question.thread_id}/reply"
    sent = send(client, path, body="x", lang="en", once="0123456789", reply_to=str(other.id))
    assert sent.status_code == 422


def test_a_sanction_cannot_be_got_round_by_the_address(client, sign_in, people, question):
    path = f"/en/discussion/{question.thread_id}/reply"
    sanctions.sanction(
        people.colleague, "insult", "Three insults.", days=1, by=people.moderator, now=utcnow()
    )
    sign_in(client, user=people.colleague)
    sent = send(client, path, body="x", lang="en", once="0123456789")
    assert sent.status_code == 422
    assert "You cannot post until:" in sent.text


def test_a_form_cannot_choose_a_state_or_an_author(client, sign_in, people, question):
    sign_in(client, user=people.member, second_factor=False)
    path = f"/en/discussion/{question.thread_id}/reply"
    send(
        client,
        path,
        body="x",
        lang="en",
        once="0123456789",
        state="visible",
        author_id=str(people.clinician.id),
    )
    post = find_post(question.id + 1)
    assert (post.state, post.author_id) == ("held", people.member.id)
