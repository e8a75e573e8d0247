"""Pages of protocols as a visitor meets them: list, page, version, history, in three languages."""

import re
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from protocol_world import NOW, make_draft, make_published, translate
from translation_world import next_accepted, publish

from portal.extensions import db
from portal.protocols.queries.matrix import list_matrix
from portal.protocols.queries.versions import list_blocks
from portal.protocols.services import decisions, publishing
from portal.protocols.services.publishing import LegalText
from portal.protocols.views import history

LANGUAGES = ("en", "ru", "fa")
PAGE = "/p/PR-0001/methadone-maintenance"
LATER = datetime(2027, 12, 1, tzinfo=UTC)


@pytest.fixture
def count_queries(app):
    """How many statements a call sends."""

    def count(call):
        sent = []

        def note(_connection, _cursor, statement, *_rest):
            sent.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            call()
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(sent)

    return count


def html_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_is_in_the_readers_language_with_the_source_where_nothing_is_translated(client, version, lang):
    html = html_of(client, f"/{lang}{PAGE}")
    direction = "rtl" if lang == "fa" else "ltr"
    assert f'<html lang="{lang}" dir="{direction}">' in html
    assert '<div lang="en" dir="ltr"><p>Assess tolerance.</p>' in html
    assert (html.count('class="pill idle"') > 0) == (lang != "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_dose_table_shows_the_same_numbers_in_every_language(client, version, lang):
    unit = "мг" if lang == "ru" else "mg"
    assert f'<bdi dir="ltr" class="dose">10–20\u00a0{unit}</bdi>' in html_of(client, f"/{lang}{PAGE}")


def test_drug_is_named_by_its_concept(client, version):
    for lang, name in (("en", "Methadone"), ("ru", "Метадон"), ("fa", "متادون")):
        assert f">{name}</th>" in html_of(client, f"/{lang}{PAGE}")


def test_prohibited_agonist_says_so_first_in_the_russian_interface_with_the_lawful_alternative(
    client, world, version
):
    lawful = make_published(world)
    publishing.set_legal_status(
        lawful.protocol, LegalText("RU", "leg-permitted", checked_on=NOW.date()), by=world.editor, now=NOW
    )
    html = html_of(client, f"/ru{PAGE}")
    assert "Россия: запрещено" in html
    assert html.index("Россия: запрещено") < html.index("</header>", html.index("<h1"))
    assert f"/ru/p/{lawful.protocol.public_id}/" in html[html.index("Россия: запрещено") :]
    assert "Россия: запрещено" not in html_of(client, "/ru/p/PR-0002/methadone-maintenance")


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "not verified since"), ("ru", "не провер"), ("fa", "تأییدنشده از")],
)
def test_legal_status_older_than_a_year_is_shown_as_not_verified(client, version, monkeypatch, lang, words):
    from portal.core import kept
    from portal.pages.views import protocol

    assert words not in html_of(client, f"/{lang}{PAGE}")
    for asked in (protocol, kept):
        monkeypatch.setattr(asked, "utcnow", lambda: LATER)
    assert words in html_of(client, f"/{lang}{PAGE}")


def test_status_that_was_never_checked_says_so(client, world, version):
    publishing.set_legal_status(version.protocol, LegalText("IR", "leg-unknown"), by=world.editor, now=NOW)
    assert "never checked" in html_of(client, f"/en{PAGE}")


def test_address_without_language_leads_to_the_readers_language(client, version):
    answer = client.get("/p/PR-0001", headers={"Accept-Language": "fa"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/fa{PAGE}")
    assert answer.headers["Vary"] == "Accept-Language, Cookie"
    assert client.get("/p/PR-0099").status_code == 404


@pytest.mark.parametrize("lang", LANGUAGES)
def test_wrong_slug_leads_to_the_right_one_within_the_language(client, version, lang):
    for path in ("/p/PR-0001/other", "/p/pr-0001/methadone-maintenance-x", "/p/PR-0001"):
        answer = client.get(f"/{lang}{path}")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"/{lang}{PAGE}")


@pytest.mark.parametrize(
    "path", ["/en/p/PR-0099/x", "/en/p/PR-0001/v/9.9", "/en/p/PR-0001/v/one", "/en/p/x/y"]
)
def test_what_is_not_published_does_not_exist(client, version, path):
    assert client.get(path).status_code == 404


def test_draft_has_no_public_page(client, world):
    version = make_draft(world)
    assert client.get("/en/p/PR-0001/methadone-maintenance").status_code == 404
    assert client.get("/en/protocols/PR-0001/history").status_code == 404
    decisions.submit(version, by=world.author, now=NOW)
    assert "PR-0001" not in html_of(client, "/en/protocols")


def test_old_version_stays_readable_with_a_banner_of_what_changed(client, world, version):
    from protocol_world import bring_to

    from portal.protocols.services import blocks, drafts
    from portal.protocols.services.blocks import BlockText
    from portal.protocols.services.drafts import Details

    draft = drafts.new_version(version.protocol, by=world.author, now=NOW)
    said = Details(draft.title, draft.summary, "New dose.", draft.licence, "clinical", NOW.date())
    drafts.change_details(draft, said, by=world.author, now=NOW)
    block = next(b for b in list_blocks(draft.id) if b.kind == "dose")
    text = BlockText("dosing", "dose", block.source_text, block.data | {"dose_max": 15})
    blocks.save_block(draft, block.block_key, text, revision=1, by=world.author, now=NOW)
    bring_to(world, draft, "published")
    html = html_of(client, "/en/p/PR-0001/v/1.0")
    assert "A newer version exists" in html
    assert re.search(r"Changed:\s+Doses", html)
    assert "10–20\u00a0mg" in html
    assert "10–15\u00a0mg" in html_of(client, f"/en{PAGE}")
    assert "A newer version exists" not in html_of(client, "/en/p/PR-0001/v/2.0")


def test_page_of_a_visitor_is_revalidated_and_sets_no_cookie(client, version):
    answer = client.get(f"/en{PAGE}")
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in answer.headers
    again = client.get(f"/en{PAGE}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_page_names_only_the_languages_it_is_published_in(client, version):
    html = html_of(client, f"/en{PAGE}")
    assert re.findall(r'rel="alternate" hreflang="([^"]+)"', html) == ["en", "x-default"]
    assert 'href="http://localhost/p/PR-0001"' in html


def test_demonstration_carries_its_mark(client, world):
    make_published(world, demonstration=True)
    assert "Sample protocol, not clinical advice." in html_of(client, f"/en{PAGE}")
    assert "DEMONSTRATION" in html_of(client, "/en/protocols")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_list_finds_narrows_and_says_what_it_understood(client, version, lang):
    html = html_of(client, f"/{lang}/protocols?q=methadone")
    assert "/p/PR-0001/" in html
    assert 'class="chip"' in html
    assert 'name="substance" value="sub-methadone"' in html
    narrowed = html_of(client, f"/{lang}/protocols?substance=sub-methadone")
    assert 'value="sub-methadone" checked' in narrowed
    assert "/p/PR-0001/" in narrowed


@pytest.mark.parametrize("lang", LANGUAGES)
def test_list_without_a_result_offers_the_way_out(client, version, lang):
    html = html_of(client, f"/{lang}/protocols?q=qqqqzzzz")
    assert 'class="empty"' in html
    assert f'href="/{lang}/protocols"' in html


@pytest.mark.parametrize(
    "query",
    ["q=%00", "from=-1", "from=99999999", "substance=%27", "q=" + "x" * 5000, "from=abc", "not=x&exact=1"],
)
def test_strange_questions_get_an_answer(client, version, query):
    assert client.get(f"/en/protocols?{query}").status_code == 200


def test_removed_understanding_stays_removed(client, version):
    html = html_of(client, "/en/protocols?q=methadone&not=sub-methadone")
    assert "not=sub-methadone" not in re.findall(r'class="chip"\s+href="([^"]+)"', html)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_history_shows_publications_to_all_and_reviews_to_those_who_take_part(
    client, world, version, sign_in, lang
):
    html = html_of(client, f"/{lang}/protocols/PR-0001/history")
    public = html.count('class="tl-title"')
    sign_in(client, user=world.editor)
    full = html_of(client, f"/{lang}/protocols/PR-0001/history")
    assert full.count('class="tl-title"') > public
    assert world.author.name not in html
    assert world.author.name in full


def test_number_of_queries_of_the_list_does_not_grow_with_the_protocols(client, world, count_queries):
    make_published(world)
    html_of(client, "/en/protocols")
    one = count_queries(lambda: html_of(client, "/en/protocols"))
    for _ in range(3):
        make_published(world)
    assert count_queries(lambda: html_of(client, "/en/protocols")) == one


def test_number_of_queries_of_the_page_does_not_grow_with_its_blocks(client, world, version, count_queries):
    made_anew = f"/fa{PAGE}?anew"  # an address with a query is kept for nobody
    html_of(client, made_anew)
    plain = count_queries(lambda: html_of(client, made_anew))
    for block in list_blocks(version.id):
        if block.section == "steps":
            number = "۲" if "2" in block.source_text else ""
            translate(world, version, block.block_key, f"گام {number}")
    assert count_queries(lambda: html_of(client, made_anew)) == plain
    assert plain < 36


def test_number_of_queries_of_the_matrix_does_not_grow_with_the_protocols(world, count_queries):
    make_published(world)
    one = count_queries(list_matrix)
    make_published(world)
    make_published(world)
    assert count_queries(list_matrix) == one


def test_the_matrix_isolates_titles_and_has_the_readers_own(client, world, version, sign_in):
    make_published(world)
    translate(world, version, "title", "درمان با متادون")
    sign_in(client, user=world.translator)
    html = html_of(client, "/fa/translations")
    assert '<bdi lang="fa">درمان با متادون</bdi>' in html
    assert '<bdi lang="en">Methadone maintenance</bdi>' in html


@pytest.mark.parametrize("lang", LANGUAGES)
def test_working_pages_open_for_their_people(client, world, version, sign_in, lang):
    for person, paths in (
        (world.author, ("protocols/mine", "protocols/new", "protocols/PR-0001/next", "translations")),
        (
            world.editor,
            ("protocols/desk", "protocols/desk/1", "protocols/PR-0001/legal/RU", "translations/PR-0001/fa"),
        ),
        (world.reviewers[0], ("protocols/reviews",)),
        (world.translator, ("translations", "translations/PR-0001/ru")),
    ):
        sign_in(client, user=person)
        for path in paths:
            html_of(client, f"/{lang}/{path}")


@pytest.mark.parametrize(
    "path", ["protocols/mine", "protocols/desk", "protocols/reviews", "translations", "protocols/drafts/1"]
)
def test_working_pages_ask_visitors_to_sign_in(client, version, path):
    answer = client.get(f"/en/{path}")
    assert answer.status_code == 302
    assert "/en/sign-in" in answer.headers["Location"]


def test_members_have_no_place_among_translations(client, version, sign_in):
    sign_in(client, "member")
    assert client.get("/en/translations").status_code == 403
    assert client.get("/en/translations/PR-0001/fa").status_code == 403


@pytest.mark.parametrize(("lang", "drug"), [("en", "Methadone"), ("ru", "Метадон"), ("fa", "متادون")])
def test_working_pages_name_drugs_in_the_readers_language_and_texts_in_their_own(
    client, sign_in, world, lang, drug
):
    draft = make_draft(world)
    for person, path in ((world.author, "drafts"), (world.editor, "desk")):
        sign_in(client, user=person)
        html = html_of(client, f"/{lang}/protocols/{path}/{draft.id}")
        assert f"<b>{drug}</b>" in html
        assert '<p lang="en" dir="ltr">Assess tolerance.</p>' in html


@pytest.mark.parametrize(
    ("lang", "shown"), [("en", "2026-09-01"), ("ru", "2026-09-01"), ("fa", "۱۴۰۵-۰۶-۱۰")]
)
def test_a_date_is_shown_in_its_field_as_the_reader_writes_it(client, sign_in, world, lang, shown):
    draft = make_draft(world)
    sign_in(client, user=world.author)
    html = html_of(client, f"/{lang}/protocols/drafts/{draft.id}/details")
    assert f'value="{shown}"' in html


def test_the_count_of_the_list_is_in_the_readers_digits(client, version):
    assert "۱ پروتکل" in html_of(client, "/fa/protocols")


def test_history_names_the_country_of_each_legal_check(client, version):
    html = html_of(client, "/en/protocols/PR-0001/history")
    assert "Legal status checked: Iran" in html
    assert "Legal status checked: Russia" in html


def test_pages_of_one_step_say_where_they_are_and_what_about(client, sign_in, world, version):
    pages = {
        "protocols/PR-0001/next": world.author,
        "protocols/PR-0001/legal/RU": world.editor,
        f"protocols/desk/{version.id}/reject": world.editor,
    }
    for path, person in pages.items():
        sign_in(client, user=person)
        html = html_of(client, f"/en/{path}")
        assert 'aria-current="page"' in html.partition('class="crumb"')[2].partition("</nav>")[0], path
        assert ">Methadone maintenance</p>" in html, path


def test_a_reviewers_list_names_the_protocol(client, sign_in, world, version):
    sign_in(client, user=world.reviewers[0])
    html = html_of(client, "/fa/protocols/reviews")
    assert ">Methadone maintenance</p>" in html
    assert '<bdi dir="ltr">PR-0001 1.0</bdi>' in html


def numbers(html):
    """Versions of the table, in its order."""
    return list(dict.fromkeys(re.findall(r"PR-0001/v/(1\.\d)", html.partition("</table>")[0])))


def test_the_history_comes_in_pages_and_each_version_is_compared_with_the_one_before(
    client, world, version, monkeypatch
):
    monkeypatch.setattr(history, "VERSIONS", 2)
    for n in range(4):
        publish(world, next_accepted(world, version, "editorial", text=f"Assess tolerance{'.' * n}"))
    first = html_of(client, "/en/protocols/PR-0001/history")
    assert numbers(first) == ["1.4", "1.3"]
    assert "/history?page=1" in first
    second = html_of(client, "/en/protocols/PR-0001/history?page=1")
    assert numbers(second) == ["1.2", "1.1"]
    last = html_of(client, "/en/protocols/PR-0001/history?page=2")
    assert 'rel="next"' not in last
    assert html_of(client, "/en/protocols/PR-0001/history?page=wrong")


def test_the_history_of_a_draft_stays_closed_on_every_page(client, world):
    make_draft(world)
    assert client.get("/en/protocols/PR-0001/history?page=1").status_code == 404
