"""Declaring on a phone, confirming, answering to a new version; what a programme's page and a protocol's page say."""

import re

import pytest
from factories import make_user
from following_world import NOW, confirmed, declared, dose_key, make_followers, next_major
from remembered import forget_pages
from web.journey import send

from portal.core.permissions import SYSTEM
from portal.programmes.services import give_consent
from portal.protocols.queries import following as read

LANGUAGES = ("en", "ru", "fa")
PAGE = "/p/PR-0001/methadone-maintenance"
CHECK = {f"fidelity_{name}": "2" for name in ("people", "doses", "monitoring", "support", "staff")}
WARNING = {
    "en": "Not proof of cause. These programmes chose this protocol; their clients, staff and resources differ from others.",
    "ru": "Это не доказательство причинной связи. Эти программы сами выбрали протокол; их пациенты, персонал и ресурсы отличаются от других.",
    "fa": "این ارقام اثبات رابطهٔ علّی نیست. این برنامه‌ها خود این پروتکل را برگزیده‌اند و بیماران، کارکنان و امکانات آن‌ها با دیگران تفاوت دارد.",
}
EMPTY = {
    "en": "Fewer than 3 programmes or 50 persons: no figures.",
    "ru": "Менее 3 программ или 50 человек: данные не показываются.",
    "fa": "کمتر از ۳ برنامه یا ۵۰ نفر: بدون ارقام.",
}


@pytest.fixture
def world(app):
    return make_followers()


def form(world, **more):
    return {"programme": world.programme.id, "modality": "M20", "from_quarter": "2026Q4", **CHECK} | more


def named(world):
    give_consent(world.programme, NOW.date(), named_publicly=True, by=SYSTEM, now=NOW)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_clinician_declares_and_an_editor_confirms(world, client, sign_in, lang):
    sign_in(client, user=world.clinician)
    page = client.get(f"/{lang}{PAGE}").text
    assert f"/{lang}/protocols/PR-0001/follow" in page
    answer = send(client, f"/{lang}/protocols/PR-0001/follow", **form(world))
    assert answer.location == f"/{lang}/following"
    assert world.programme.name in client.get(answer.location).text
    row = read.list_declarations(world.programme.id)[0]
    sign_in(client, user=world.editor)
    assert f"/{lang}/following/queue" in client.get(f"/{lang}/queue").text
    assert f"/{lang}/following/{row.id}" in client.get(f"/{lang}/following/queue").text
    send(client, f"/{lang}/following/{row.id}/confirm", form_at=f"/{lang}/following/{row.id}")
    assert read.find_declaration(row.id).state == "confirmed"


# O1
@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "The law of Russia prohibits what this protocol describes"),
        (
            "ru",
            "Закон запрещает то, что описывает протокол (Россия): программа этой страны не может ему следовать.",
        ),
        ("fa", "آنچه را این پروتکل شرح می‌دهد ممنوع کرده است"),
    ],
)
def test_o1_the_reason_is_shown_in_the_language_of_the_reader(world, client, sign_in, lang, words):
    sign_in(client, user=world.russian_clinician)
    given = form(world, programme=world.russian.id, modality="M40")
    answer = send(client, f"/{lang}/protocols/PR-0001/follow", **given)
    assert answer.status_code == 422
    assert words in answer.text
    assert read.list_declarations(world.russian.id) == []


def test_what_was_typed_stays_when_a_declaration_is_refused(world, client, sign_in):
    sign_in(client, user=world.clinician)
    given = form(world, **{"changes-0-block": dose_key(world.version), "changes-0-text": "Half of it."})
    del given["fidelity_staff"]
    answer = send(client, "/en/protocols/PR-0001/follow", **given)
    assert answer.status_code == 422
    assert "Half of it." in answer.text
    assert "<details" in answer.text
    assert "open" in re.search(r"<details[^>]*>", answer.text)[0]


def test_declarations_of_other_centres_do_not_exist_for_a_stranger(world, client, sign_in):
    row = declared(world)
    sign_in(client, user=world.russian_clinician)
    assert client.get(f"/en/following/{row.id}").status_code == 404
    sign_in(client, "editor", country="RU")
    assert client.get(f"/en/following/{row.id}").status_code == 404


def test_a_refusal_without_a_sentence_is_asked_again(world, client, sign_in):
    row = declared(world)
    sign_in(client, user=world.editor)
    path = f"/en/following/{row.id}"
    answer = send(client, f"{path}/refuse", form_at=path, reason_code="law", reason="")
    assert answer.status_code == 422
    send(client, f"{path}/refuse", form_at=path, reason_code="law", reason="The licence ended.")
    sign_in(client, user=world.clinician)
    assert "The licence ended." in client.get(path).text


def test_an_answer_to_a_new_version_stays_or_moves(world, client, sign_in):
    row = confirmed(world)
    newer = next_major(world)
    sign_in(client, user=world.clinician)
    path = f"/fa/following/{row.id}"
    assert "2.0" in client.get(path).text
    assert "/fa/following" in client.get("/fa/queue").text
    refused = send(client, path, answer="stay", reason="")
    assert refused.status_code == 422
    moved = send(client, path, answer="move", from_quarter="2027Q1")
    assert moved.location.endswith(f"/following/{row.id}/move?from_quarter=2027Q1")
    given = form(world, from_quarter="2027Q1")
    send(client, moved.location, **given)
    rows = read.list_declarations(world.programme.id)
    assert [(r.version_id == newer.id, r.state) for r in rows] == [(True, "declared"), (False, "ended")]


def test_a_self_check_is_renewed_and_a_declaration_ended_by_its_programme(world, client, sign_in):
    row = confirmed(world)
    sign_in(client, user=world.clinician)
    path = f"/ru/following/{row.id}"
    assert send(client, f"{path}/check", form_at=path).status_code == 422
    assert send(client, f"{path}/check", form_at=path, **CHECK).status_code == 302
    assert send(client, f"{path}/end", form_at=path).status_code == 302
    assert read.find_declaration(row.id).end_reason == "stopped"


# 14.3, O8 for the page
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_outcome_block_warns_above_and_invents_no_figure(world, client, lang):
    confirmed(world)
    html = client.get(f"/{lang}{PAGE}").text
    block = html[html.index('id="outcomes"') :]
    warning = re.search(r'class="warning"[^>]*>(.*?)</p>', block, re.DOTALL)
    assert warning is not None
    assert block.index('class="warning"') < block.index("<dl")
    assert warning[1] == WARNING[lang]
    assert EMPTY[lang] in block
    if lang == "en":
        assert "fewer than three" in block


# O9
def test_o9_a_new_major_version_leaves_the_figures_at_the_one_before(world, client):
    confirmed(world)
    next_major(world)
    html = client.get(f"/en{PAGE}").text
    assert "has no figures yet; these are for" in html
    assert ">1.x</bdi>" in html
    assert client.get("/en/p/PR-0001/v/1.0").text.count("has no figures yet") == 0


def test_the_protocol_page_names_programmes_that_agreed_and_counts_the_others(world, client):
    confirmed(world)
    html = client.get(f"/en{PAGE}").text
    assert "1 programme follows a version of this protocol." in html
    assert world.programme.name not in html
    named(world)
    assert world.programme.name in client.get(f"/en{PAGE}").text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_of_a_programme_links_back(world, client, lang):
    row = confirmed(world, local_changes=[(dose_key(world.version), "دو بار در روز")])
    path = f"/{lang}/programme/{world.programme.id}"
    assert client.get(path).status_code == 404
    named(world)
    next_major(world)
    html = client.get(path).text
    assert f"/{lang}/p/PR-0001/v/{row.version.number}#outcomes" in html
    assert "دو بار در روز" in html
    if lang == "en":
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))
        assert "Follows PR-0001 v1.0 since 2026, quarter 4" in text.replace("\u2066", "").replace(
            "\u2069", ""
        )
        assert "changed: Doses" in text


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "No figures on this page"),
        ("ru", "На этой странице показателей нет"),
        ("fa", "در این صفحه رقمی نیست"),
    ],
)
def test_the_page_of_a_programme_shows_no_figure_says_so_and_warns_of_none(world, client, lang, title):
    confirmed(world)
    named(world)
    html = client.get(f"/{lang}/programme/{world.programme.id}").text
    assert title in html
    assert 'class="note warn"' not in html
    assert f"/{lang}/p/PR-0001/v/1.0#outcomes" in html


def test_own_staff_read_the_page_of_an_unnamed_programme(world, client, sign_in):
    confirmed(world)
    sign_in(client, user=world.clinician)
    html = client.get(f"/en/programme/{world.programme.id}").text
    assert f"/en/programme/live?programme={world.programme.code}" in html
    sign_in(client, user=make_user("clinician"))
    assert client.get(f"/en/programme/{world.programme.id}").status_code == 404


def test_a_deviation_stands_beside_its_dose_and_the_history_tells_of_the_declaration(world, client):
    confirmed(world, local_changes=[(dose_key(world.version), "شروع با ۲۰ تا ۴۵ میلی‌گرم")])
    html = client.get(f"/en{PAGE}").text
    said = re.search(r'<span lang="fa" dir="rtl">[^<]*۴۵[^<]*</span>', html)
    assert said is not None
    assert html.index('id="dosing"') < said.start() < html.index('id="monitoring"')
    assert "A programme follows a version" in client.get("/en/protocols/PR-0001/history").text


def test_the_protocol_page_sends_a_fixed_number_of_queries(world, client, app):
    import sqlalchemy as sa

    from portal.extensions import db

    def count():
        sent = []
        note = lambda *given: sent.append(given[2])  # noqa: E731
        forget_pages(app)  # of a kept page it is asked first whether anything has changed
        sa.event.listen(db.engine, "before_cursor_execute", note)
        client.get(f"/en{PAGE}")
        sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(sent)

    before = count()
    from factories import make_organisation, make_programme
    from following_world import accepted, said

    from portal.protocols.services import following

    for _ in range(3):
        centre = make_organisation("IR")
        clinician = make_user("clinician", organisation=centre)
        programme = make_programme("IR", modality="M20", organisation=centre)
        row = following.declare(programme, world.version, said(), by=clinician, now=NOW)
        following.confirm(row, by=world.editor, now=NOW)
    accepted(world)
    assert count() <= before + 2  # their self-checks, read together
