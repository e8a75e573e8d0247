"""Pages of saved searches, of what was not found, and of changing the vocabulary, in three languages."""

import pytest
import sqlalchemy as sa
from protocol_world import make_published, make_world
from web.journey import send

from portal.extensions import db
from portal.protocols.models import SearchQuery
from portal.protocols.queries.searches import list_saved
from portal.vocabulary import queries

LANGUAGES = ("en", "ru", "fa")


@pytest.fixture
def world(app):
    world = make_world()
    make_published(world)
    return world


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_search_is_saved_with_its_filters_and_given_up(world, client, sign_in, lang):
    person = sign_in(client, "clinician")
    page = f"/{lang}/protocols?q=methadone&substance=sub-methadone"
    query = page.partition("?")[2]
    answer = send(client, f"/{lang}/protocols/searches", form_at=page, query=query)
    assert answer.location == f"/{lang}/protocols/searches"
    saved = list_saved(person.id)[0]
    assert (saved.text, saved.filters) == ("methadone", {"substance": ["sub-methadone"]})
    html = client.get(answer.location).text
    assert "q=methadone" in html
    send(client, f"/{lang}/protocols/searches/{saved.id}/forget", form_at=answer.location)
    assert list_saved(person.id) == []


def test_an_empty_search_is_not_saved(world, client, sign_in):
    person = sign_in(client, "clinician")
    send(client, "/en/protocols/searches", form_at="/en/protocols?q=x", query="")
    assert list_saved(person.id) == []


def test_a_visitor_gets_no_cookie_and_leaves_nothing_but_a_text(world, client):
    answer = client.get("/en/protocols?q=unheardof")
    assert "Set-Cookie" not in answer.headers
    row = db.session.scalars(sa.select(SearchQuery)).one()
    assert (row.text, row.asked) == ("unheardof", 1)
    client.get("/en/protocols?q=methadone")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SearchQuery)) == 1


def test_understood_concepts_are_taken_out_by_a_click(world, client):
    html = client.get("/en/protocols?q=methadone").text
    assert "not=sub-methadone" in html
    taken_out = client.get("/en/protocols?q=methadone&not=sub-methadone").text
    assert "not=sub-methadone" not in taken_out.split('id="results-title"')[1]


def test_highlighting_marks_words_of_three_scripts(world, client):
    for lang, text in (("en", "methadone"), ("ru", "метадон"), ("fa", "متادون")):
        html = client.get(f"/{lang}/protocols?q={text}").text
        assert "<mark>" in html, lang


def test_facets_count_narrower_concepts_too(world, client):
    html = client.get("/en/protocols?substance=sub-opioids").text
    assert "Methadone maintenance" in html  # tagged with methadone, which is narrower


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_editor_changes_words_on_a_page_and_sees_the_difference(world, client, sign_in, lang):
    sign_in(client, "editor")
    path = f"/{lang}/vocabulary/edit/sub-methadone"
    assert path in client.get(f"/{lang}/c/sub-methadone").text
    send(client, path, name="dolly", lang="en", kind="synonym")
    assert "dolly" in queries.find_names("sub-methadone")["en"]
    send(client, path, name="Methadone base", lang="en", kind="label")
    html = client.get(f"/{lang}/vocabulary/changes").text
    assert "<del" in html
    assert "Methadone base" in html
    send(client, f"{path}/synonyms/remove", form_at=path, lang="en", text="dolly")
    assert "dolly" not in queries.find_names("sub-methadone")["en"]


def test_a_wrong_name_stays_in_the_form_with_its_reason(world, client, sign_in):
    sign_in(client, "editor")
    answer = send(client, "/en/vocabulary/edit/sub-methadone", name="متادون", lang="en", kind="synonym")
    assert answer.status_code == 422
    assert "Letters of another script do not belong to this language." in answer.text


def test_an_editor_adds_and_replaces_a_concept(world, client, sign_in):
    sign_in(client, "editor")
    given = {"concept_id": "sub-xylazine", "parent": "sub-opioids", "label_en": "Xylazine",
             "label_ru": "Ксилазин", "label_fa": "زایلازین"}  # fmt: skip
    assert send(client, "/en/vocabulary/new/substance", **given).status_code == 302
    assert send(client, "/en/vocabulary/new/substance", **given).status_code == 422
    path = "/en/vocabulary/edit/sub-xylazine"
    assert send(client, f"{path}/replace", form_at=path, successor="").status_code == 422
    assert send(client, f"{path}/replace", form_at=path, successor="sub-opioids").status_code == 302
    assert "/en/c/sub-opioids" in client.get("/en/c/sub-xylazine").text
    assert client.get(path).status_code == 200
    assert client.get("/en/vocabulary/new/planets").status_code == 404


@pytest.mark.parametrize("lang", LANGUAGES)
def test_editors_read_what_was_not_found(world, client, sign_in, lang):
    sign_in(client, "editor")
    assert client.get(f"/{lang}/protocols/unfound").status_code == 200
    sign_in(client, "clinician")
    assert client.get(f"/{lang}/protocols/unfound").status_code == 403
    assert "/vocabulary/edit/" not in client.get(f"/{lang}/c/sub-methadone").text
