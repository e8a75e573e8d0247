"""One page of what waits for a person, by the person's roles; nobody is told of the work of others."""

import pytest
from factories import make_organisation, make_programme
from protocol_world import bring_to, make_draft, make_world
from web.entry_forms import entered

LANGUAGES = ("en", "ru", "fa")
EMPTY = {"en": "Nothing is waiting", "ru": "Сейчас задач нет", "fa": "کاری در انتظار شما نیست"}


def queue(client, lang="en"):
    answer = client.get(f"/{lang}/queue")
    assert answer.status_code == 200
    return answer.text.partition("<main")[2]


@pytest.fixture
def submitted(app):
    world = make_world()
    bring_to(world, make_draft(world), "submitted")
    return world


def test_an_editor_is_led_to_the_desk(submitted, client, sign_in):
    sign_in(client, user=submitted.editor)
    assert "/en/protocols/desk" in queue(client)


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
