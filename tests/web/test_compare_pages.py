"""The compare view for readers, reviewers, editors and authors, and the address of a single block."""

import pytest
from fork_world import block_of, details, make_adopted, publish_next, save
from protocol_world import NOW, bring_to, translate

from portal.protocols.queries.versions import list_assignments, list_blocks
from portal.protocols.services import blocks, drafts
from portal.protocols.services.interests import Interests, declare_as_reviewer


@pytest.fixture
def adopted(app):
    return make_adopted()


def text_of(answer):
    import re

    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_two_versions_are_compared_word_by_word_and_field_by_field(adopted, client):
    publish_next(adopted, resources="A physician and two nurses.", dose_max="30")
    page = client.get("/en/p/PR-0001/v/2.0/diff/1.0")
    assert page.status_code == 200
    assert "2 changes, 1 of them clinical" in text_of(page)
    assert '<span class="sign" aria-hidden="true">−</span>a' in page.text
    assert '<span class="sign" aria-hidden="true">+</span>two nurses</ins>' in page.text.replace("\n", "")
    assert '<bdi dir="ltr" class="dose">10–30\u00a0mg</bdi>' in page.text
    assert "6 blocks are the same in both." in page.text


@pytest.mark.parametrize(("lang", "direction"), [("en", "ltr"), ("ru", "ltr"), ("fa", "rtl")])
def test_the_page_has_its_language_and_direction(adopted, client, lang, direction):
    publish_next(adopted, resources="Two physicians.")
    page = client.get(f"/{lang}/p/PR-0001/v/2.0/diff/1.0").text
    assert f'<html lang="{lang}" dir="{direction}">' in page
    assert '<p class="words" lang="en" dir="ltr">' in page


def test_a_reader_compares_translations_where_both_are_approved(adopted, client):
    key = block_of(adopted.parent, "resources").block_key
    translate(adopted.world, adopted.parent, key, "یک پزشک و یک پرستار.")
    version = publish_next(adopted, resources="A physician and two nurses.")
    fallback = client.get("/fa/p/PR-0001/v/2.0/diff/1.0").text
    assert "A physician and" in fallback
    translate(adopted.world, version, key, "یک پزشک و دو پرستار.")
    page = client.get("/fa/p/PR-0001/v/2.0/diff/1.0").text
    assert '<p class="words" lang="fa" dir="rtl">' in page


@pytest.mark.parametrize(
    ("address", "leads"),
    [
        ("/en/p/PR-0001/v/1.0/diff/2.0", "/en/p/PR-0001/v/2.0/diff/1.0"),
        ("/en/p/PR-0001/v/2.0/diff/2.0", "/en/p/PR-0001/v/2.0"),
        ("/en/p/PR-0001/compare?old=1.0&new=2.0", "/en/p/PR-0001/v/2.0/diff/1.0"),
        ("/en/p/pr-0001/v/1.0/diff/2.0", "/en/p/PR-0001/v/2.0/diff/1.0"),
    ],
)
def test_one_comparison_has_one_address(adopted, client, address, leads):
    publish_next(adopted, resources="Two physicians.")
    answer = client.get(address)
    assert (answer.status_code, answer.location) == (302, leads)


@pytest.mark.parametrize(
    "address",
    ["/en/p/PR-0001/v/9.0/diff/1.0", "/en/p/PR-0001/v/x/diff/1.0", "/en/p/PR-0009/v/2.0/diff/1.0",
     "/en/p/PR-0001/compare?old=1&new=2.0", "/en/p/PR-0001/v/1.0/parent", "/en/p/PR-0002/v/1.0/parent",
     "/en/p/PR-0001/v/1.0/diff/99999.0"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(adopted, client, address):
    assert client.get(address).status_code == 404


def test_an_unpublished_version_cannot_be_compared_in_public(adopted, client):
    drafts.new_version(adopted.parent.protocol, by=adopted.world.author, now=NOW)
    assert client.get("/en/p/PR-0001/v/1.1/diff/1.0").status_code == 404


def test_the_history_leads_to_each_comparison(adopted, client):
    publish_next(adopted, resources="Two physicians.")
    page = client.get("/en/protocols/PR-0001/history").text
    assert "/en/p/PR-0001/v/2.0/diff/1.0" in page


def test_a_pinned_version_leads_to_the_comparison_with_the_newest(adopted, client):
    publish_next(adopted, resources="Two physicians.")
    assert "/en/p/PR-0001/v/2.0/diff/1.0" in client.get("/en/p/PR-0001/v/1.0").text


def _next(adopted, state):
    world = adopted.world
    version = drafts.new_version(adopted.parent.protocol, by=world.author, now=NOW)
    save(version, "dosing", by=world.author, dose_max=30)
    details(version, by=world.author, change_type="clinical")
    return bring_to(world, version, state)


def test_a_reviewer_sees_the_comparison_open_by_default(adopted, client, sign_in):
    version = _next(adopted, "in_review")
    assignment = list_assignments(version.id)[0]
    reviewer = adopted.world.reviewers[0]
    declare_as_reviewer(assignment, Interests(), by=reviewer, now=NOW)
    sign_in(client, user=reviewer)
    page = client.get(f"/en/protocols/reviews/{assignment.id}").text
    assert "<details open>" in page
    assert "What changed: 1 change, 1 clinical" in page
    assert "10–30" in page


def test_an_editor_and_the_author_see_the_same_comparison(adopted, client, sign_in):
    version = _next(adopted, "submitted")
    sign_in(client, user=adopted.world.editor)
    assert "What changed: 1 change, 1 clinical" in client.get(f"/en/protocols/desk/{version.id}").text
    sign_in(client, user=adopted.world.author)
    assert "1 change, 1 of them clinical" in client.get(f"/en/protocols/drafts/{version.id}/changes").text
    sign_in(client, user=adopted.world.clinician)
    assert client.get(f"/en/protocols/drafts/{version.id}/changes").status_code == 404


def test_reviewers_of_an_adaptation_see_what_differs_from_the_parent(adopted, client, sign_in):
    save(adopted.draft, "dosing", by=adopted.adopter, dose_max=15)
    sign_in(client, user=adopted.world.editor)
    page = client.get(f"/en/protocols/desk/{adopted.draft.id}").text
    assert "What differs from the parent: 2 changes, 1 clinical" in page


def test_a_moved_and_a_removed_block_are_named(adopted, client):
    world = adopted.world
    version = drafts.new_version(adopted.parent.protocol, by=world.author, now=NOW)
    _, second = [b.block_key for b in list_blocks(version.id) if b.section == "steps"]
    blocks.move_block(version, second, -1, by=world.author, now=NOW)
    blocks.remove_block(version, block_of(version, "resources").block_key, by=world.author, now=NOW)
    details(version, by=world.author, change_type="clinical", title="Methadone, daily")
    from fork_world import publish

    publish(world, version, by=world.author)
    page = text_of(client.get("/en/p/PR-0001/v/2.0/diff/1.0"))
    for what in ("moved", "removed", "Title"):
        assert what in page


def test_a_block_has_an_address_of_its_own(adopted, client):
    block = block_of(adopted.parent, "resources")
    page = client.get(f"/en/p/PR-0001/b/{block.block_key}")
    assert (page.status_code, "A physician and a nurse." in page.text) == (200, True)
    publish_next(adopted, resources="Two physicians.")
    page = client.get(f"/fa/p/PR-0001/b/{block.block_key}").text
    assert "Two physicians." in page
    assert "/fa/p/PR-0001/v/1.0" in page


def test_a_block_that_is_gone_is_shown_as_it_was(adopted, client):
    world = adopted.world
    key = block_of(adopted.parent, "resources").block_key
    version = drafts.new_version(adopted.parent.protocol, by=world.author, now=NOW)
    blocks.remove_block(version, key, by=world.author, now=NOW)
    details(version, by=world.author, change_type="clinical")
    from fork_world import publish

    publish(world, version, by=world.author)
    page = client.get(f"/en/p/PR-0001/b/{key}")
    assert "The current version does not have this part" in page.text
    assert client.get("/en/p/PR-0001/b/nothing").status_code == 404


def test_two_texts_are_compared_by_one_component(app):
    """What the translator's page shows of a source then and now."""
    page = "{% from 'protocols/_diff.html' import change %}{{ change('۱۰ میلی‌گرم بدهید', '۲۰ میلی‌گرم بدهید', 'fa') }}"
    with app.test_request_context("/fa/"):
        html = app.jinja_env.from_string(page).render()
    assert html.count('<p class="words" lang="fa" dir="rtl">') == 2
    assert "<bdi>۲۰ میلی‌گرم</bdi></ins>" in html


def test_markup_in_a_text_stays_text(adopted, client):
    publish_next(adopted, resources="A <script>alert(1)</script> nurse & \u202e two.")
    page = client.get("/en/p/PR-0001/v/2.0/diff/1.0").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page or "&lt;" in page


def test_a_comparison_makes_a_fixed_number_of_queries(adopted, client):
    import sqlalchemy as sa

    from portal.extensions import db

    def queries(address):
        seen = []
        sa.event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        assert client.get(address).status_code == 200
        return len(seen)

    publish_next(adopted, resources="Two physicians.")
    few = queries("/en/p/PR-0001/v/2.0/diff/1.0")
    publish_next(
        adopted, resources="Three.", steps="Ask.", population="All.", monitoring="Daily.", dose_max="40"
    )
    assert queries("/en/p/PR-0001/v/3.0/diff/2.0") == few
