"""Running an edition on pages: list, freeze, approve, build; every refusal in words, nothing half done."""

import re
from datetime import date, timedelta

import edition_world as world_of
import pytest
import sqlalchemy as sa
import time_machine
from edition_fixtures import approved, edition_templates, published, world  # noqa: F401 # fixtures
from factories import PASSWORD, make_user
from web.journey import send

from analytics.disclosure import parameters
from portal.accounts.models import LoginSession
from portal.accounts.services import factor
from portal.core import jobs
from portal.core.audit import AuditEvent
from portal.core.db import bookkeeping, utcnow
from portal.core.permissions import SYSTEM, Role
from portal.extensions import db
from portal.programmes.services import withdraw_consent
from portal.registry.models import Snapshot
from portal.releases import queries, services
from portal.releases.models import Edition, EditionApproval, EditionFreeze

NOW, CLOSING = world_of.NOW, world_of.CLOSING
LIST, PAGE = "/en/editions", "/en/editions/2026H1"
LANGUAGES = ("en", "ru", "fa")
OTHERS = sorted(set(Role) - {Role.COUNTRY_ADMIN})


@pytest.fixture(autouse=True)
def _clock():
    """A day at which the follow-up of the registry has closed."""
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def frozen(world):  # noqa: F811
    world_of.freeze(world)
    return world


@pytest.fixture
def enter(client, sign_in):
    """`enter(world, country)`: the administrator of the country, signed in."""
    return lambda made, country="IR": sign_in(client, user=made.administrators[country])


@pytest.fixture
def press(client):
    """`press(page, button)`: send the form of the page whose action or only button it is."""
    return lambda page, action="", **fields: send(client, action or page, form_at=page, **fields)


def seen_on(page):
    return re.search(r'name="seen"[^>]*value="([0-9a-f]{64})"', page.text)[1]


def approve(client, page=PAGE):
    seen = seen_on(client.get(f"{page}/approve"))
    return send(client, f"{page}/approve", seen=seen)


def count(model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def builds():
    """Builds that were asked for and wait."""
    asked = sa.select(sa.func.count()).select_from(jobs.Job)
    return db.session.scalar(asked.where(jobs.Job.name == "edition.build"))


def words(answer):
    """The error summary as text."""
    found = re.search(r'class="errsum".*?</div>', answer.text, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0])) if found else ""


def text_of(page):
    """A page without its marks and the signs that set the direction."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>|[\u2066-\u2069]", " ", page))


@bookkeeping
def age_the_proof(minutes=6):
    db.session.execute(sa.update(LoginSession).values(fresh_at=utcnow() - timedelta(minutes=minutes)))


# --- who sees it ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", OTHERS)
def test_only_country_administrators_see_editions(client, sign_in, role):
    sign_in(client, role)
    for path in (LIST, PAGE, f"{PAGE}/freeze", f"{PAGE}/discard", f"{PAGE}/approve", f"{PAGE}/progress"):
        assert client.get(path).status_code == 403, path


@pytest.mark.parametrize(
    "path", ["", "/2026H1/build", "/2026H1/approve", "/2026H1/freeze", "/2026H1/discard"]
)
def test_others_post_nothing(client, sign_in, frozen, path):
    sign_in(client, "researcher")
    assert send(client, f"{LIST}{path}", form_at="/en/me").status_code == 403
    assert (count(EditionFreeze), count(EditionApproval), builds()) == (1, 0, 0)


def test_administration_leads_to_the_editions(client, sign_in):
    sign_in(client, "country_admin")
    assert f'href="{LIST}"' in client.get("/en/admin").text
    sign_in(client, "system_admin")
    assert f'href="{LIST}"' not in client.get("/en/admin").text


@pytest.mark.parametrize("name", ["nothing", "2026H1", "%D9%86", "a" * 40, "..", "x'--"])
def test_an_edition_that_was_never_frozen_is_not_found(client, sign_in, name):
    sign_in(client, "country_admin")
    for end in ("", "/freeze", "/discard", "/approve", "/progress"):
        assert client.get(f"{LIST}/{name}{end}").status_code == 404, end
    assert send(client, f"{LIST}/{name}/build", form_at="/en/me").status_code == 404


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_renders_and_is_kept_nowhere(client, enter, frozen, lang):
    enter(frozen)
    for path in ("", "/2026H1", "/2026H1/approve", "/2026H1/freeze", "/2026H1/discard"):
        page = client.get(f"/{lang}/editions{path}")
        assert page.status_code == 200, path
        assert page.headers["Cache-Control"] == "private, no-store"
        assert "&lt;bdi" not in page.text


# --- freezing -------------------------------------------------------------------------------------------


def test_an_administrator_freezes_an_edition(client, enter, press, world):  # noqa: F811
    enter(world)
    assert "No edition yet" in client.get(LIST).text
    answer = press(LIST, name="2026H1", closing_on="2026-07-31")
    assert answer.location == PAGE
    assert queries.find_freeze("2026H1").closing_on == CLOSING
    assert "waits for approval" in client.get(LIST).text


def test_a_closing_date_may_be_written_in_the_persian_calendar(enter, press, world):  # noqa: F811
    enter(world)
    assert press("/fa/editions", name="2026H1", closing_on="۱۴۰۵/۰۵/۰۹").status_code == 302
    assert queries.find_freeze("2026H1").closing_on == date(2026, 7, 31)


@pytest.mark.parametrize("name", ["2026 H1", "نوبهار", "a/b", "a_b", "<b>", "../x"])
def test_a_name_out_of_pattern_is_refused_in_words(client, enter, press, world, name):  # noqa: F811
    enter(world)
    answer = press(LIST, name=name, closing_on="2026-07-31")
    assert answer.status_code == 422
    assert "Latin letters, digits or hyphens" in words(answer)
    assert 'value="2026-07-31"' in answer.text
    assert count(EditionFreeze) == 0


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("", "Fill in this field"),
        ("soon", "Write a date"),
        ("2026-02-30", "Write a date"),
        ("2026-10-31", "30 November 2026"),  # in the future
        ("2026-08-31", "30 September 2026"),  # not yet thirty days ago
        ("9999-12-31", "Check the year"),
        ("0001-01-01", "Check the year"),
    ],
)
def test_a_closing_date_that_cannot_be_is_refused_in_words(enter, press, world, day, told):  # noqa: F811
    enter(world)
    answer = press(LIST, name="2026H1", closing_on=day)
    assert answer.status_code == 422
    assert told in words(answer)
    assert 'value="2026H1"' in answer.text
    assert count(EditionFreeze) == 0


@pytest.mark.parametrize(("lang", "told"), [("ru", "30 ноября 2026"), ("fa", "۹ آذر ۱۴۰۵")])
def test_a_refusal_writes_days_as_its_reader_does(enter, press, world, lang, told):  # noqa: F811
    enter(world)
    answer = press(f"/{lang}/editions", name="2026H1", closing_on="2026-10-31")
    assert told in words(answer)


def test_thirty_days_after_closing_is_early_enough(enter, press, world):  # noqa: F811
    enter(world)
    day = (NOW.date() - timedelta(days=30)).isoformat()
    assert press(LIST, name="2026H1", closing_on=day).status_code == 302


@pytest.mark.parametrize(("lang", "number"), [("en", "400"), ("ru", "400"), ("fa", "۴۰۰")])
def test_too_few_persons_are_told_with_numbers(enter, press, world, lang, number):  # noqa: F811
    enter(world)
    answer = press(f"/{lang}/editions", name="2026H1", closing_on="2024-08-01")
    assert answer.status_code == 409
    assert number in words(answer)
    assert count(EditionFreeze) == 0


def test_a_name_in_use_is_refused(enter, press, frozen):
    enter(frozen, "RU")
    answer = press(LIST, name="2026H1", closing_on="2026-07-31")
    assert answer.status_code == 409
    assert "This name is in use" in words(answer)
    assert count(EditionFreeze) == 1


def test_a_double_click_freezes_once_and_leads_to_the_edition(enter, press, world):  # noqa: F811
    enter(world)
    fields = {"name": "2026H1", "closing_on": "2026-07-31"}
    assert [press(LIST, **fields).location for _ in range(2)] == [PAGE, PAGE]
    assert press(LIST, **fields | {"closing_on": "2026-06-30"}).status_code == 409
    assert count(EditionFreeze) == 1


def test_the_name_of_a_published_edition_is_refused(enter, press, published):  # noqa: F811
    enter(published)
    answer = press(LIST, name="2026H1", closing_on="2026-07-31")
    assert (answer.status_code, "This name is in use" in words(answer)) == (409, True)
    assert count(EditionFreeze) == 1


def test_freezing_again_voids_approvals_of_another_content(client, enter, press, frozen):
    services.approve("2026H1", by=frozen.administrators["RU"], now=NOW)
    enter(frozen)
    answer = press(f"{PAGE}/freeze", closing_on="2026-06-30")
    assert answer.location == PAGE
    assert services.standing_of("2026H1", now=NOW).approvals == ()
    assert queries.find_freeze("2026H1").closing_on == date(2026, 6, 30)


def test_freezing_again_refuses_as_freezing_does(enter, press, frozen):
    enter(frozen)
    answer = press(f"{PAGE}/freeze", closing_on="2026-10-31")
    assert (answer.status_code, "30 November 2026" in words(answer)) == (422, True)
    assert count(EditionFreeze) == 1


# --- one at a time, given up, run out -------------------------------------------------------------------


def test_r11_freezing_and_giving_up_ask_again_after_five_minutes(client, enter, world):  # noqa: F811
    enter(world)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(LIST).text)[1]
    fields = {"name": "2026H1", "closing_on": "2026-07-31", "csrf_token": token}
    age_the_proof()
    answer = client.post(LIST, data=fields)
    assert (answer.status_code, "/sign-in/again" in answer.location) == (307, True)
    assert count(EditionFreeze) == 0
    world_of.freeze(world)
    for verb in ("freeze", "discard"):
        assert "/sign-in/again" in client.get(f"{PAGE}/{verb}").location
        assert "/sign-in/again" in client.post(f"{PAGE}/{verb}", data=fields).location
    assert (count(EditionFreeze), services.standing_of("2026H1", now=utcnow()).state) == (1, "frozen")


def test_a_second_edition_waits_for_the_first(client, enter, press, frozen):
    enter(frozen, "RU")
    assert "Edition 2026H1 is frozen and waits for publication" in text_of(client.get(LIST).text)
    assert 'name="closing_on"' not in client.get(LIST).text
    answer = press(LIST, name="2026H2", closing_on="2026-06-30")
    assert (answer.status_code, "2026H1" in words(answer)) == (409, True)
    assert 'value="2026H2"' in answer.text
    assert count(EditionFreeze) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_either_country_gives_a_freeze_up(client, enter, press, frozen, lang):
    enter(frozen, "RU")
    page = f"/{lang}/editions/2026H1"
    assert f'href="{page}/discard"' in client.get(page).text
    assert press(f"{page}/discard").location == page
    assert services.standing_of("2026H1", now=utcnow()).state == "discarded"
    assert client.get(page).status_code == client.get(f"/{lang}/editions").status_code == 200
    assert 'name="closing_on"' in client.get(f"/{lang}/editions").text


def test_giving_up_twice_is_once_and_leads_back(client, enter, press, frozen):
    enter(frozen)
    assert [press(f"{PAGE}/discard", PAGE + "/discard").location for _ in range(2)] == [PAGE, PAGE]
    page = client.get(PAGE).text
    assert "This freeze was given up" in page
    assert not re.search(r"Build and publish|Give up this freeze|Read and approve", page)
    answer = send(client, f"{PAGE}/approve", form_at=LIST, seen="0" * 64)
    assert (answer.status_code, "was given up" in words(answer)) == (409, True)
    assert press(LIST, name="2026H1", closing_on="2026-07-31").location == PAGE


def test_a_freeze_that_ran_out_says_so(client, enter, frozen):
    with time_machine.travel(NOW + timedelta(days=7), tick=True):
        enter(frozen)
        page = client.get(PAGE).text
        assert "Nobody published this freeze in time" in page
        assert 'name="closing_on"' in client.get(LIST).text


def test_a_build_that_was_asked_for_stops_when_the_freeze_is_given_up(client, enter, press, approved):  # noqa: F811
    enter(approved)
    press(PAGE, f"{PAGE}/build")
    services.discard("2026H1", by=approved.administrators["RU"], now=utcnow())
    assert jobs.run_until_idle(["release"]) == 1
    assert count(Edition) == 0
    assert "was given up" in client.get(PAGE).text


def test_the_other_country_stands_by_code_and_in_bands(client, enter, frozen):
    own, other = frozen.programmes[0], frozen.programmes[-2]
    assert (own.country, other.country) == ("IR", "RU")
    for country, named, hidden in (("IR", own, other), ("RU", other, own)):
        enter(frozen, country)
        for path in (PAGE, f"{PAGE}/approve"):
            page = client.get(path).text
            assert named.name in page
            assert hidden.name not in page
            assert "RU-01" in page


# --- the page -------------------------------------------------------------------------------------------


def test_the_page_shows_counts_and_checks_and_no_cell(client, enter, frozen):
    enter(frozen)
    page = client.get(PAGE).text
    assert "about 2,030" in text_of(page)
    for programme in frozen.programmes:
        assert (programme.name in page) == (programme.country == "IR")
    for level in ("opium", "heroin", "in_treatment", "released_cell"):
        assert level not in page


def test_the_digest_stands_short_and_whole_and_left_to_right(client, enter, frozen):
    enter(frozen)
    page, digest = client.get("/fa/editions/2026H1").text, queries.find_freeze("2026H1").digest
    assert re.search(rf'<bdi dir="ltr" class="mono">\s*{digest[:16]}…\s*</bdi>', page)
    assert re.search(rf'<bdi dir="ltr" class="mono">\s*{digest}\s*</bdi>', page)


def test_synthetic_editions_say_so_on_every_page(client, enter, frozen):
    enter(frozen)
    for path in (LIST, PAGE, f"{PAGE}/approve", f"{PAGE}/freeze", f"{PAGE}/discard"):
        assert "SYNTHETIC" in client.get(path).text, path


def test_the_page_says_who_approved_when_and_what_is_missing(client, enter, frozen):
    services.approve("2026H1", by=frozen.administrators["RU"], now=NOW)
    enter(frozen)
    page = client.get(PAGE).text
    assert "missing for: Iran." in page
    assert frozen.administrators["RU"].name in page
    assert "18 September 2026" in page  # until when it holds
    assert "Read and approve for Iran" in page


# --- approving ------------------------------------------------------------------------------------------


def test_two_countries_approve_on_the_page(client, enter, frozen):
    for country in ("IR", "RU"):
        enter(frozen, country)
        assert approve(client).location == PAGE
    assert len(services.standing_of("2026H1", now=utcnow()).approvals) == 2
    assert "Build and publish" in client.get(PAGE).text


def test_r11_approving_asks_again_after_five_minutes(client, enter, frozen):
    person = enter(frozen)
    seen = seen_on(client.get(f"{PAGE}/approve"))
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(f"{PAGE}/approve").text)[1]
    age_the_proof()
    assert "/sign-in/again" in client.get(f"{PAGE}/approve").location
    answer = client.post(f"{PAGE}/approve", data={"seen": seen, "csrf_token": token})
    assert "/sign-in/again" in answer.location
    assert count(EditionApproval) == 0
    code = factor.current_code(person, now=utcnow())
    again = "/en/sign-in/again?next=/en/editions/2026H1/approve"
    assert send(client, again, password=PASSWORD, code="000000").status_code == 422
    assert count(EditionApproval) == 0
    assert send(client, again, password=PASSWORD, code=code).location == f"{PAGE}/approve"
    assert approve(client).location == PAGE


def test_one_country_does_not_approve_twice(client, enter, sign_in, frozen):
    enter(frozen)
    approve(client)
    again = client.get(f"{PAGE}/approve")
    assert "You have approved this edition already" in again.text
    sign_in(client, user=make_user("country_admin", country="IR"))
    page = client.get(f"{PAGE}/approve")
    assert "An administrator of this country (Iran) has approved" in page.text
    assert 'name="seen"' not in page.text
    answer = send(
        client, f"{PAGE}/approve", form_at=LIST, seen=services.binding_of(queries.find_freeze("2026H1"))
    )
    assert (answer.status_code, "(Iran) has approved" in words(answer)) == (403, True)
    assert count(EditionApproval) == 1


def test_a_double_click_approves_once(client, enter, frozen):
    enter(frozen)
    seen = seen_on(client.get(f"{PAGE}/approve"))
    answers = [send(client, f"{PAGE}/approve", form_at=LIST, seen=seen) for _ in range(2)]
    assert [answer.location for answer in answers] == [PAGE, PAGE]
    assert count(EditionApproval) == 1
    with time_machine.travel(NOW + timedelta(hours=1), tick=True):
        enter(frozen)
        later = send(client, f"{PAGE}/approve", form_at=LIST, seen=seen)
        assert (later.status_code, "You have approved" in words(later)) == (403, True)


def test_an_approval_of_what_has_changed_is_refused_with_what_holds_now(client, enter, frozen):
    enter(frozen)
    seen = seen_on(client.get(f"{PAGE}/approve"))
    world_of.freeze(frozen, closing=date(2026, 6, 30))
    answer = send(client, f"{PAGE}/approve", seen=seen)
    assert answer.status_code == 409
    assert "frozen again while you read" in words(answer)
    assert count(EditionApproval) == 0
    assert seen_on(answer) != seen
    assert send(client, f"{PAGE}/approve", seen=seen_on(answer)).status_code == 302


@pytest.mark.parametrize("seen", ["", "0" * 64, "x"])
def test_an_approval_without_the_digest_of_the_page_is_refused(client, enter, frozen, seen):
    enter(frozen)
    assert send(client, f"{PAGE}/approve", seen=seen).status_code == 409
    assert count(EditionApproval) == 0


def test_other_parameters_void_the_freeze_in_words(client, enter, frozen, monkeypatch):
    enter(frozen)
    monkeypatch.setitem(parameters.PARAMETERS, "sigma", 1)
    page = client.get(f"{PAGE}/approve").text
    assert "have changed since the freeze" in page
    assert 'name="seen"' not in page


def test_a_void_snapshot_is_neither_approved_nor_built(client, enter, approved):  # noqa: F811
    _void()
    enter(approved)
    page = client.get(PAGE).text
    assert "A person in this snapshot has withdrawn" in page
    assert "Build and publish" not in page
    answer = send(client, f"{PAGE}/build", form_at=LIST)
    assert (answer.status_code, "has withdrawn" in words(answer)) == (409, True)


@bookkeeping
def _void():
    db.session.execute(
        sa.text("UPDATE snapshot SET void_at = '2026-09-15 09:00:00', void_reason = 'withdrawn'")
    )
    assert db.session.scalar(sa.select(Snapshot.void_reason)) == "withdrawn"


# --- building -------------------------------------------------------------------------------------------


def test_build_before_both_approvals_is_refused_in_words(client, enter, frozen):
    enter(frozen)
    services.approve("2026H1", by=frozen.administrators["IR"], now=NOW)
    assert "Build and publish" not in client.get(PAGE).text
    answer = send(client, f"{PAGE}/build", form_at=LIST)
    assert (answer.status_code, "missing for: Russia." in words(answer)) == (409, True)
    assert (builds(), count(Edition)) == (0, 0)


def test_approvals_that_ran_out_do_not_build(client, enter, approved):  # noqa: F811
    with time_machine.travel(NOW + timedelta(hours=73), tick=True):
        enter(approved)
        answer = send(client, f"{PAGE}/build", form_at=LIST)
        assert (answer.status_code, "missing for: Iran, Russia." in words(answer)) == (409, True)


def test_a_double_click_builds_once(client, enter, press, approved):  # noqa: F811
    enter(approved)
    answers = [press(PAGE, f"{PAGE}/build").location]
    answers.append(send(client, f"{PAGE}/build", form_at=LIST).location)
    assert answers == [PAGE, PAGE]
    assert builds() == 1
    assert db.session.scalar(
        sa.select(sa.func.count()).select_from(AuditEvent).where(AuditEvent.event == "edition.build_asked")
    ) == 1  # fmt: skip
    assert jobs.run_until_idle(["release"]) == 1
    assert count(Edition) == 1


def test_the_web_process_does_not_build(client, enter, press, approved):  # noqa: F811
    enter(approved)
    press(PAGE, f"{PAGE}/build")
    assert jobs.run_until_idle() == 0
    page = client.get(PAGE).text
    assert "The figures are being computed" in page
    assert "Build and publish" not in page
    assert "Freeze again" not in page
    assert client.get(f"{PAGE}/progress").json["finished"] is False


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_built_edition_leads_to_its_outcomes(client, enter, press, approved, lang):  # noqa: F811
    person = enter(approved)
    press(PAGE, f"{PAGE}/build")
    jobs.run_until_idle(["release"])
    answer = client.get(f"/{lang}/editions/2026H1/progress").json
    assert (answer["finished"], answer["next"]) == (True, f"/{lang}/editions/2026H1")
    page = client.get(f"/{lang}/editions/2026H1").text
    assert f'href="/{lang}/outcomes"' in page
    assert queries.find_edition("2026H1").published_by == person.id
    assert all(admin.name in page for admin in approved.administrators.values())  # who approved stays known


def test_a_published_edition_offers_nothing_any_more(client, enter, published):  # noqa: F811
    enter(published)
    page = client.get(PAGE).text
    assert "It never changes" in page
    assert not re.search(r"Build and publish|Freeze again|Give up|Read and approve", page)
    for verb in ("build", "approve", "freeze", "discard"):
        fields = {"seen": "0" * 64, "closing_on": "2026-06-30"}
        answer = send(client, f"{PAGE}/{verb}", form_at=LIST, **fields)
        assert (answer.status_code, "It never changes" in words(answer)) == (409, True), verb
    assert (count(EditionFreeze), count(Edition)) == (1, 1)


def test_a_build_that_a_rule_stops_is_told_and_may_be_asked_for_again(client, enter, press, approved):  # noqa: F811
    enter(approved)
    press(PAGE, f"{PAGE}/build")
    withdraw_consent(approved.programmes[0], by=SYSTEM, now=NOW)
    assert jobs.run_until_idle(["release"]) == 1
    page = client.get(PAGE).text
    assert "The build has stopped" in page
    assert "has withdrawn its consent" in page
    assert count(Edition) == 0
    press(PAGE, f"{PAGE}/build")
    assert "The figures are being computed" in client.get(PAGE).text


def test_a_killed_build_is_taken_up_and_a_late_repetition_changes_nothing(app, approved):  # noqa: F811
    services.ask_build("2026H1", by=approved.administrators["IR"], now=utcnow())
    assert jobs.claim(["release"], now=utcnow())  # the worker is killed here
    assert jobs.run_until_idle(["release"], now=utcnow() + timedelta(seconds=61)) == 1
    published_at = queries.find_edition("2026H1").published_at
    services.build_asked({"edition": "2026H1", "by": approved.administrators["IR"].id})
    assert queries.find_edition("2026H1").published_at == published_at


def test_the_build_of_somebody_who_may_no_longer_is_refused(app, approved, client, enter):  # noqa: F811
    person = make_user("country_admin", country="RU")
    services.ask_build("2026H1", by=person, now=utcnow())
    _take_the_role(person.id)
    assert jobs.run_until_idle(["release"]) == 1
    enter(approved)
    assert "may no longer do so" in client.get(PAGE).text
    assert count(Edition) == 0


@bookkeeping
def _take_the_role(user_id):
    db.session.execute(sa.text("DELETE FROM user_role WHERE user_id = :id"), {"id": user_id})
