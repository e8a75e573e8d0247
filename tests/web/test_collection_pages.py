"""Collections as readers, editors and programs meet them, and the list of saved protocols."""

import feedparser
import pytest
from collection_world import INTRODUCTIONS, NOTE, TITLES, count_queries, make_collection, make_public
from factories import make_user
from protocol_world import NOW, make_published, make_world, translate
from web.journey import send

from portal.collections import queries
from portal.collections.services import fate, items
from portal.protocols.queries.bookmarks import list_saved_protocols
from portal.protocols.services.concerns import Reason
from portal.protocols.services.endings import withdraw_by_order

LANGUAGES = ("en", "ru", "fa")
ORDER = Reason("legal_order", "By order.")
PAGE = "/en/collections/CO-0001"


@pytest.fixture
def world(app):
    return make_world()


@pytest.fixture
def two(world):
    return make_published(world), make_published(world)


@pytest.fixture
def public(world, two):
    return make_public(world, *two)


def titles_at(client, address):
    """Addresses of protocols in the order of the page."""
    html = client.get(address).text
    return [part.partition('"')[0][:7] for part in html.split("/p/")[1:] if part.startswith("PR-")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_reader_finds_a_collection_from_the_front_page_and_from_search(public, client, lang):
    shelf = f"/{lang}/collections"
    assert shelf in client.get(f"/{lang}/").text
    assert shelf in client.get(f"/{lang}/protocols").text
    html = client.get(shelf).text
    assert TITLES[lang] in html
    assert f"{shelf}/CO-0001" in html
    page = client.get(f"{shelf}/CO-0001").text
    assert INTRODUCTIONS[lang] in page
    assert f"/{lang}/offline.zip?p=PR-0001&amp;p=PR-0002" in page
    assert f"/{lang}/feeds/collection.atom?id=CO-0001" in page


def test_protocols_stand_in_the_order_that_the_editors_gave(world, public, client):
    assert list(dict.fromkeys(titles_at(client, PAGE))) == ["PR-0001", "PR-0002"]
    items.move_item(public, queries.list_items(public.id)[0].id, up=False, by=world.editor, now=NOW)
    assert list(dict.fromkeys(titles_at(client, PAGE))) == ["PR-0002", "PR-0001"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_title_and_a_sentence_come_in_the_readers_language(world, two, public, client, lang):
    translate(world, two[0], "title", "درمان نگهدارنده با متادون")
    items.say_about(public, queries.list_items(public.id)[0].id, NOTE, by=world.editor, now=NOW)
    html = client.get(f"/{lang}/collections/CO-0001").text
    assert NOTE[lang] in html
    assert ("درمان نگهدارنده با متادون" in html) == (lang == "fa")


def test_a_draft_is_there_for_editors_alone(world, two, client, sign_in):
    make_collection(world.editor, two[0])
    for address in (PAGE, "/api/v1/collections/CO-0001", "/en/feeds/collection.atom?id=CO-0001"):
        assert client.get(address).status_code == 404, address
    assert "CO-0001" not in client.get("/en/collections").text
    assert client.get("/api/v1/collections").json == {"collections": []}
    sign_in(client, "clinician")
    assert client.get(PAGE).status_code == 404
    assert client.get(f"{PAGE}/edit").status_code == 403
    sign_in(client, user=world.editor)
    assert client.get(PAGE).status_code == 200
    assert "CO-0001" in client.get("/en/collections").text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_withdrawn_protocol_is_told_and_leads_to_its_tombstone(two, public, client, lang):
    page = f"/{lang}/collections/CO-0001"
    assert client.get(page).status_code == 200
    withdraw_by_order(two[0], ORDER, by=make_user("country_admin"), now=NOW)
    html = client.get(page).text  # kept pages know: the withdrawal is in the audit
    line = html.split('class="collected"')[1].split("</li>")[0]
    assert 'class="pill bad"' in line
    assert line.count("/p/PR-0001") == 1
    assert '<span class="visually-hidden">: Methadone maintenance</span>' in line
    assert "offline.zip?p=PR-0002" in html
    assert "p=PR-0001" not in html


def test_what_nobody_keeps_up_stays_under_its_address_and_says_so(world, public, client):
    fate.move(public, "retire", by=world.editor, now=NOW)
    html = client.get(PAGE).text
    assert "no longer kept up" in html
    assert "No longer kept up" in client.get("/en/collections").text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_editor_makes_and_publishes_a_collection_without_script(world, two, client, sign_in, lang):
    sign_in(client, user=world.editor)
    assert f"/{lang}/collections" in client.get(f"/{lang}/queue").text
    shelf, page = f"/{lang}/collections", f"/{lang}/collections/CO-0001/edit"
    assert send(client, shelf, title=TITLES[lang]).location == page
    for number in ("PR-0001", "PR-0002"):
        offered = client.get(f"{page}?q=methadone").text
        assert f'value="{number}"' in offered
        send(client, page.replace("edit", "items"), form_at=page, protocol=number)
    assert 'name="protocol"' not in client.get(f"{page}?q=methadone").text
    first = queries.list_items(1)[0].id
    moved = send(client, page.replace("edit", f"items/{first}/down"), form_at=page)
    assert moved.location == f"{page}#item-{first}"
    assert f'id="item-{first}" tabindex="-1"' in client.get(page).text
    told = {f"n{first}-note_{tag}": text for tag, text in NOTE.items()}
    send(client, page.replace("edit", f"items/{first}/note"), form_at=page, **told)
    send(
        client,
        page.replace("edit", "publish"),
        form_at=page,
        seen=queries.find_collection("CO-0001").revision,
    )
    assert client.get(f"/{lang}/collections/CO-0001").status_code == 200
    assert queries.find_collection("CO-0001").state == "draft"  # words in two languages were missing
    words = {f"title_{x}": TITLES[x] for x in LANGUAGES} | {
        f"introduction_{x}": INTRODUCTIONS[x] for x in LANGUAGES
    }
    send(client, page, seen=queries.find_collection("CO-0001").revision, **words)
    send(
        client,
        page.replace("edit", "publish"),
        form_at=page,
        seen=queries.find_collection("CO-0001").revision,
    )
    assert queries.find_collection("CO-0001").state == "published"
    send(client, page.replace("edit", f"items/{first}/remove"), form_at=page)
    assert len(queries.list_items(1)) == 1


def test_what_was_typed_stays_where_it_is_refused(world, two, client, sign_in):
    make_public(world, two[0])
    sign_in(client, user=world.editor)
    item = queries.list_items(1)[0].id
    answer = send(
        client, f"{PAGE}/items/{item}/note", form_at=f"{PAGE}/edit", **{f"n{item}-note_en": "Only English."}
    )
    assert answer.status_code == 422
    assert "Only English." in answer.text
    assert "in all three languages, or in none" in answer.text
    assert "<details open>" in answer.text
    stale = send(client, f"{PAGE}/edit", seen=0, title_en="Another", title_ru="Другое", title_fa="دیگر",
                 **{f"introduction_{x}": INTRODUCTIONS[x] for x in LANGUAGES})  # fmt: skip
    assert stale.status_code == 422
    assert "Another" in stale.text
    assert "saved the collection meanwhile" in stale.text
    assert send(client, "/en/collections", title="").status_code == 422
    assert send(client, "/en/collections", title="СНИЛС 112-233-445 95").status_code == 422
    assert send(client, f"{PAGE}/items", form_at=f"{PAGE}/edit", protocol="PR-0001").status_code == 302
    assert "in the collection already" in client.get(f"{PAGE}/edit").text
    send(client, f"{PAGE}/items/{item}/remove", form_at=f"{PAGE}/edit")
    assert "needs at least one protocol" in client.get(f"{PAGE}/edit").text


def test_two_editors_of_the_words_see_both_and_the_second_can_save(world, two, client, sign_in):
    collection = make_public(world, two[0])
    sign_in(client, user=world.editor)
    both = {f"introduction_{x}": INTRODUCTIONS[x] for x in LANGUAGES} | {
        f"title_{x}": TITLES[x] for x in LANGUAGES
    }
    old = collection.revision
    send(client, f"{PAGE}/edit", seen=old, **both | {"title_en": "The first editor's title"})
    second = send(client, f"{PAGE}/edit", seen=old, **both | {"title_en": "The second one's title"})
    assert second.status_code == 422
    assert "The first editor&#39;s title</p>" in second.text
    assert second.text.count("The text that was saved meanwhile") == 1
    now = second.text.split('name="seen" value="')[2].partition('"')[0]
    again = send(client, f"{PAGE}/edit", seen=now, **both | {"title_en": "The second one's title"})
    assert again.status_code == 302
    assert queries.find_words(collection.id)["en"].title == "The second one's title"


def test_a_sentence_is_not_written_over_one_that_was_not_seen(world, two, client, sign_in):
    collection = make_public(world, two[0])
    sign_in(client, user=world.editor)
    item = queries.list_items(collection.id)[0].id
    seen = client.get(f"{PAGE}/edit").text.split('name="seen" value="')[1].partition('"')[0]
    items.say_about(collection, item, NOTE, by=world.editor, now=NOW)
    mine = {f"n{item}-note_{x}": f"Mine {x}" for x in LANGUAGES}
    second = send(client, f"{PAGE}/items/{item}/note", form_at=f"{PAGE}/edit", seen=seen, **mine)
    assert second.status_code == 422
    assert f"{NOTE['fa']}</p>" in second.text
    assert "Mine fa" in second.text
    assert queries.list_items(collection.id)[0].words == NOTE
    now = second.text.split('name="seen" value="')[1].partition('"')[0]
    again = send(client, f"{PAGE}/items/{item}/note", form_at=f"{PAGE}/edit", seen=now, **mine)
    assert again.status_code == 302
    assert queries.list_items(collection.id)[0].words["ru"] == "Mine ru"


def test_the_api_tells_a_collection_in_its_order(two, public, client, world):
    items.say_about(public, queries.list_items(public.id)[0].id, NOTE, by=world.editor, now=NOW)
    withdraw_by_order(two[1], ORDER, by=make_user("country_admin"), now=NOW)
    listed = client.get("/api/v1/collections?lang=fa").json["collections"]
    assert [(row["id"], row["title"]["text"], row["protocols"]) for row in listed] == [
        ("CO-0001", TITLES["fa"], 1)
    ]
    told = client.get("/api/v1/collections/co-0001?lang=ru").json
    assert [(row["id"], row["state"]) for row in told["items"]] == [
        ("PR-0001", "published"),
        ("PR-0002", "withdrawn"),
    ]
    assert told["items"][0]["note"] == {"text": NOTE["ru"], "lang": "ru"}
    assert told["url"].endswith("/ru/collections/CO-0001")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_feed_tells_what_came_in_and_what_changed(two, public, client, lang):
    def read():
        answer = client.get(f"/{lang}/feeds/collection.atom?id=CO-0001")
        assert answer.mimetype == "application/atom+xml"
        return feedparser.parse(answer.data)

    feed = read()
    kinds = [entry.tags[0].term for entry in feed.entries]
    assert (feed.bozo, feed.feed.language, TITLES[lang] in feed.feed.title) == (0, lang, True)
    assert (kinds.count("collection.item_added"), kinds.count("protocol.published")) == (2, 2)
    withdraw_by_order(two[0], ORDER, by=make_user("country_admin"), now=NOW)
    kinds = [entry.tags[0].term for entry in read().entries]
    assert (kinds[0], kinds.count("collection.item_added")) == ("protocol.withdrawn", 1)
    assert client.get(f"/{lang}/feeds/collection.atom?id=CO-9").status_code == 404


def test_the_page_makes_a_fixed_number_of_queries(world, two, client):
    make_public(world, two[0])
    make_public(world, *two)
    client.get("/en/collections")
    one = count_queries(lambda: client.get(f"{PAGE}?x=1"))
    assert count_queries(lambda: client.get("/en/collections/CO-0002?x=1")) == one


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_protocol_is_saved_from_its_page_and_taken_from_the_list(two, client, sign_in, lang):
    reader = sign_in(client, "member")
    page = f"/{lang}/p/PR-0001/{two[0].protocol.slug}"
    saved = f"/{lang}/protocols/saved"
    answer = send(client, f"/{lang}/protocols/PR-0001/saved", form_at=page, back=page)
    assert answer.location == page
    assert f"{page.replace(two[0].protocol.slug, '')[:-1]}" in client.get(saved).text
    assert "/saved/forget" in client.get(page).text
    assert saved in client.get(f"/{lang}/me").text
    send(client, f"/{lang}/protocols/PR-0001/saved/forget", form_at=saved)
    assert list_saved_protocols(reader.id, lang) == []
    assert client.get(saved).status_code == 200


def test_the_list_tells_what_has_changed_since(world, two, client, sign_in):
    from fork_world import Adopted, publish_next

    sign_in(client, "member")
    for number in ("PR-0001", "PR-0002"):
        send(client, f"/en/protocols/{number}/saved", form_at=f"/en/p/{number}/{two[0].protocol.slug}")
    publish_next(Adopted(world, world.author, two[0], two[0]), resources="Two nurses.")
    withdraw_by_order(two[1], ORDER, by=make_user("country_admin"), now=NOW)
    html = client.get("/en/protocols/saved").text
    assert "/en/p/PR-0001/v/2.0/diff/1.0" in html
    assert "Withdrawn: do not treat by it." in html
    send(client, "/en/protocols/PR-0001/saved", form_at="/en/protocols/saved")
    assert "/diff/1.0" not in client.get("/en/protocols/saved").text


def test_a_visitor_gets_the_same_page_as_before_and_is_asked_to_sign_in(two, client):
    page = f"/en/p/PR-0001/{two[0].protocol.slug}"
    html = client.get(page)
    assert "/saved" not in html.text
    assert "Set-Cookie" not in html.headers
    assert "/sign-in" in client.get("/en/protocols/saved").location


def test_nobody_reads_what_others_saved(two, client, sign_in):
    sign_in(client, "clinician")
    send(client, "/en/protocols/PR-0001/saved", form_at=f"/en/p/PR-0001/{two[0].protocol.slug}")
    sign_in(client, "moderator")
    assert "PR-0001" not in client.get("/en/protocols/saved").text
