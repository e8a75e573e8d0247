"""Posts: who is held, what stays of them, and that a form sent twice is one post."""

import discussion_world as world
import pytest
from discussion_world import NOW, Talkers, answer, begin, said, thread_of

from portal.core.errors import Conflict, DomainError, Invalid, InvalidTransition, NotAllowed
from portal.discussion.models import Post, PostRevision
from portal.discussion.queries.people import trust_of
from portal.discussion.queries.posts import list_revisions
from portal.discussion.services import flagging, judging, writing
from portal.extensions import db


@pytest.fixture
def people(app):
    return Talkers()


@pytest.fixture
def question(people):
    return begin(people.clinician, world.make_protocol())


def test_a_new_member_is_held_until_two_posts_were_accepted(people, question):
    for _ in range(2):
        post = answer(question, people.member)
        assert (post.state, trust_of(people.member)) == ("held", 0)
    for post in db.session.query(Post).filter_by(author_id=people.member.id).all():
        judging.accept(post, by=people.moderator, now=NOW)
    assert trust_of(people.member) == 1
    assert answer(question, people.member).state == "visible"


def test_a_clinician_is_seen_at_once(people, question):
    assert (question.state, trust_of(people.clinician)) == ("visible", 2)


def test_an_accepted_post_cannot_be_turned_into_something_unread(people, question):
    post = answer(question, people.member)
    judging.accept(post, by=people.moderator, now=NOW)
    writing.edit(post, "Buy here.", "en", by=people.member, now=NOW)
    assert post.state == "held"


def test_earlier_wordings_stay_and_cannot_be_changed(people, question):
    writing.edit(question, "How long exactly?", "en", by=people.clinician, now=NOW)
    assert [r.body for r in list_revisions(question.id)] == ["How long exactly?", "How long do you observe?"]
    with pytest.raises(Exception, match="immutable"):
        db.session.execute(db.update(PostRevision).values(body="forged"))
    db.session.rollback()


def test_the_same_form_sent_twice_is_one_post(people, question):
    first = writing.reply(thread_of(question), said("Once.", once="abcdefgh"), by=people.colleague, now=NOW)
    second = writing.reply(thread_of(question), said("Once.", once="abcdefgh"), by=people.colleague, now=NOW)
    assert first.id == second.id


def test_a_post_taken_back_leaves_a_tombstone_without_words(people, question):
    post = answer(question, people.colleague)
    writing.delete(post, by=people.colleague, now=NOW)
    assert (post.state, post.body) == ("deleted", "")
    assert {r.body for r in list_revisions(post.id)} == {""}


def test_nobody_posts_in_a_thread_whose_first_post_is_gone(people, question):
    writing.delete(question, by=people.clinician, now=NOW)
    with pytest.raises(NotAllowed, match="thread_closed"):
        answer(question, people.colleague)


def test_nobody_answers_in_a_thread_that_nobody_sees(people):
    held = begin(people.member, world.make_protocol())
    with pytest.raises(NotAllowed, match="post_out_of_sight"):
        answer(held, people.colleague)


def test_only_its_author_changes_a_post(people, question):
    with pytest.raises(NotAllowed, match="not_your_post"):
        writing.edit(question, "x", "en", by=people.moderator, now=NOW)
    with pytest.raises(NotAllowed, match="not_your_post"):
        writing.delete(question, by=people.moderator, now=NOW)


@pytest.mark.parametrize("body", ["", "   ", "x" * 10_001, "СНИЛС 112-233-445 95"])
def test_what_a_post_never_holds(people, question, body):
    with pytest.raises(Invalid):
        answer(question, people.colleague, body)


def test_a_flood_is_stopped(people, question):
    for _ in range(20):
        answer(question, people.colleague)
    with pytest.raises(DomainError, match="too_many_posts"):
        answer(question, people.colleague)


def test_a_question_is_marked_as_answered_by_who_asked(people, question):
    thread = thread_of(question)
    with pytest.raises(NotAllowed):
        writing.settle(thread, settled=True, by=people.colleague, now=NOW)
    writing.settle(thread, settled=True, by=people.clinician, now=NOW)
    assert thread.settled_by == people.clinician.id


def test_one_person_finds_a_post_useful_once_and_never_the_own(people, question):
    from portal.discussion.queries.posts import read_page

    for person in (people.clinician, people.colleague, people.colleague):
        writing.set_useful(question, useful=True, by=person, now=NOW)
    assert read_page(thread_of(question), people.colleague, page=1).posts[0].useful == 1
    writing.set_useful(question, useful=False, by=people.colleague, now=NOW)
    assert read_page(thread_of(question), people.colleague, page=1).posts[0].useful == 0


def test_a_flagged_wording_is_flagged_once(people, question):
    flagging.flag(question, "insult", by=people.colleague, now=NOW)
    with pytest.raises(Conflict, match="flagged_already"):
        flagging.flag(question, "insult", by=people.colleague, now=NOW)


def test_a_hidden_post_is_not_edited(people, question):
    flagging.flag(question, "dangerous", by=people.colleague, now=NOW)
    with pytest.raises(InvalidTransition):
        writing.edit(question, "Better", "en", by=people.clinician, now=NOW)
