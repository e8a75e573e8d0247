"""The page on which an administrator closes a programme, and where readers see that it has closed."""

import pytest
from factories import enter_as, make_user
from following_world import confirmed, make_followers
from web.journey import send

from portal.core.db import utcnow
from portal.core.permissions import SYSTEM
from portal.programmes.services import give_consent

LANGUAGES = ("en", "ru", "fa")
ENDS = {"en": "1 declaration ends", "ru": "Заканчивается 1 заявление", "fa": "۱ اعلام"}
CLOSED = {"en": "It closed on", "ru": "Закрыта", "fa": "بسته شد"}


@pytest.fixture
def world(app):
    return make_followers()


@pytest.fixture
def admin(client, world):
    person = make_user("country_admin", country="IR")
    enter_as(client, person)
    return person


def page_of(world, lang="en"):
    return f"/{lang}/programmes/{world.programme.id}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_ends_is_said_before_and_the_programme_says_it_after(client, world, admin, lang):
    confirmed(world)
    give_consent(world.programme, utcnow().date(), named_publicly=True, by=SYSTEM, now=utcnow())
    page = page_of(world, lang)
    assert f'href="{page}/close"' in client.get(page).text
    form = client.get(f"{page}/close").text
    assert ENDS[lang] in form
    assert "PR-0001 v1.0" in form
    answer = send(client, f"{page}/close", closed_on=utcnow().date().isoformat())
    assert (answer.status_code, answer.location) == (302, page)
    after = client.get(page).text
    assert CLOSED[lang] in after
    assert f"{page}/close" not in after
    assert CLOSED[lang] in client.get(f"/{lang}/programme/{world.programme.id}").text
    assert client.get(f"{page}/close").status_code == 200


def test_a_day_that_cannot_be_is_refused_and_nothing_ends(client, world, admin):
    row = confirmed(world)
    answer = send(client, f"{page_of(world)}/close", closed_on="2031-01-01")
    assert (answer.status_code, row.state) == (422, "confirmed")
    assert send(client, f"{page_of(world)}/close", closed_on="").status_code == 422


def test_others_have_no_such_page(client, world, sign_in):
    sign_in(client, "country_admin", country="RU")
    assert client.get(f"{page_of(world)}/close").status_code == 404
    client.delete_cookie("session")
    sign_in(client, user=world.clinician)
    assert client.get(f"{page_of(world)}/close").status_code == 403


def test_a_closed_programme_is_offered_for_no_declaration(client, world, admin):
    send(client, f"{page_of(world)}/close", closed_on=utcnow().date().isoformat())
    enter_as(client, world.clinician)
    form = client.get("/en/protocols/PR-0001/follow").text
    assert f'value="{world.programme.id}' not in form
