"""The figures of a page are drawn once for all who may see the same, and never handed to anybody else."""

import re

import pytest
from edition_fixtures import _swap

from portal.dashboards import views
from portal.dashboards.queries import choose
from portal.programmes.queries import find_organisation
from portal.releases.queries import latest_edition, programme_code_in

PAGE = "/en/outcomes/comparison"


@pytest.fixture
def drawn(monkeypatch):
    """Templates of figures drawn since."""
    seen = []
    original = views.render_template

    def render(name, **values):
        if name == "dashboards/_figures.html":
            seen.append(name)
        return original(name, **values)

    monkeypatch.setattr(views, "render_template", render)
    return seen


@pytest.fixture(autouse=True)
def _nothing_ready(app):
    app.extensions.pop("portal.parts", None)


@pytest.fixture
def owner(published, actor):
    """Staff of a centre whose programme stands in the first comparison, and how the page marks it."""
    edition, choice = latest_edition(), choose("comparison", "", "")
    shown = {row.programme for result in choice.results for row in result.released.value.programmes}
    codes = {programme.id: programme_code_in(edition, programme.id) for programme in published.programmes}
    programme = next(each for each in published.programmes if codes[each.id] in shown)
    centre = find_organisation(programme.organisation_id)
    return actor("clinician", country=programme.country, organisation=centre)


def figures(html):
    return html[html.index('class="chips"') : html.index("</main>")]


def test_a_second_reader_gets_the_same_figures_without_drawing(published, client, sign_in, drawn):
    pages = []
    for _ in range(2):
        person = sign_in(client, "researcher")
        pages.append(client.get(PAGE).text)
        assert person.name in pages[-1]
    assert figures(pages[0]) == figures(pages[1])
    assert len(drawn) == 1


def test_name_and_form_token_are_never_kept(published, client, sign_in):
    first = sign_in(client, "researcher")
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(PAGE).text)[1]
    kept = list(client.application.extensions["portal.parts"].values())
    assert kept
    assert not [part for part in kept if first.name in part or token in part or "csrf" in part]
    sign_in(client, "researcher")
    answer = client.get(PAGE).text
    assert first.name not in answer
    assert token not in answer


@pytest.mark.parametrize("owner_first", [True, False])
def test_marks_of_own_programmes_are_for_their_staff_only(client, sign_in, owner, owner_first):
    pages = {}
    for is_owner in (owner_first, not owner_first):
        sign_in(client, *([] if is_owner else ["researcher"]), user=owner if is_owner else None)
        pages[is_owner] = figures(client.get(PAGE).text)
    assert pages[True] != pages[False]
    assert len(re.findall(r'class="[^"]*\bown\b', pages[True])) > 0
    assert not re.findall(r'class="[^"]*\bown\b', pages[False])


def test_each_language_and_group_is_drawn_by_itself(published, client, sign_in, drawn):
    sign_in(client, "researcher")
    groups = choose("comparison", "", "").options
    answers = {
        figures(client.get(f"/{lang}/outcomes/comparison?country={country}&class={klass}").text)
        for lang in ("en", "ru", "fa")
        for country, klass in groups
    }
    assert len(answers) == len(drawn) == 3 * len(groups)


def test_unknown_groups_are_not_kept_apart(published, client, sign_in, drawn):
    sign_in(client, "researcher")
    for number in range(5):
        client.get(f"{PAGE}?country=X{number}&class=%00")
    assert len(drawn) == 1


def test_new_edition_is_on_the_page_at_once(second_template, published, client, sign_in, folder):
    sign_in(client, "researcher")
    assert "2026H1" in client.get(PAGE).text
    _swap(folder, second_template)
    sign_in(client, "researcher")
    answer = client.get(PAGE).text
    assert "2026H2" in answer
    assert "2026H1" not in answer


def test_visitors_and_closed_accounts_get_nothing_of_what_is_kept(published, client, sign_in):
    sign_in(client, "researcher")
    assert "<figure" in client.get(PAGE).text
    with client.session_transaction() as cookie:
        cookie.clear()
    assert client.get(PAGE).status_code == 302
    sign_in(client, "translator")
    assert client.get(PAGE).status_code == 403
    sign_in(client, "researcher", terms=False)
    assert client.get(PAGE).status_code == 302


def test_kept_figures_are_bounded(published, client, sign_in, monkeypatch):
    monkeypatch.setattr("portal.core.web.MOST_PAGES", 2)
    sign_in(client, "researcher")
    for country, klass in choose("comparison", "", "").options:
        for lang in ("en", "ru", "fa"):
            client.get(f"/{lang}/outcomes/comparison?country={country}&class={klass}")
    assert len(client.application.extensions["portal.parts"]) <= 2
