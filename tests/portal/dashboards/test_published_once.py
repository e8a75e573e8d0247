"""The page of public tables: rendered once for visitors, anew for everybody else, and never stale."""

import pytest
from edition_fixtures import _swap

from portal.dashboards import views

PAGE = "/en/outcomes"


@pytest.fixture
def renderings(monkeypatch):
    """Names of the templates rendered since."""
    seen = []
    original = views.render_template

    def render(name, **values):
        seen.append(name)
        return original(name, **values)

    monkeypatch.setattr(views, "render_template", render)
    return seen


@pytest.fixture(autouse=True)
def _nothing_ready(app):
    app.extensions.pop("portal.pages", None)


def test_visitors_get_the_same_bytes_from_one_rendering(published, client, renderings):
    first, second = client.get(PAGE), client.get(PAGE)
    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]
    assert len(renderings) == 1


def test_visitor_who_has_the_page_is_told_so(published, client):
    tag = client.get(PAGE).headers["ETag"]
    answer = client.get(PAGE, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.data) == (304, b"")


def test_each_language_has_its_own_page(published, client):
    assert 'lang="en"' in client.get(PAGE).text
    assert 'lang="fa"' in client.get("/fa/outcomes").text


def test_signed_in_people_get_their_own_page(published, client, sign_in, renderings):
    client.get(PAGE)
    person = sign_in(client, "researcher")
    answer = client.get(PAGE)
    assert person.name in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    assert "ETag" not in answer.headers
    assert len(renderings) == 2


def test_query_is_kept_in_the_links_of_the_page(published, client, renderings):
    client.get(PAGE)
    assert "size=large" in client.get(f"{PAGE}?size=large").text
    assert len(renderings) == 2


def test_new_edition_is_on_the_page_at_once(second_template, published, client, folder):
    assert "2026H1" in client.get(PAGE).text
    _swap(folder, second_template)
    assert "2026H2" in client.get(PAGE).text
