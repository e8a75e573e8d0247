"""Collections at the keyboard and on a phone, with JavaScript switched off."""

import pytest
from browser.walker import Walker
from collection_world import make_collection, make_public
from protocol_world import make_published, make_world

from portal.collections.queries import list_items
from portal.extensions import db
from portal.protocols.queries.bookmarks import list_saved_protocols


@pytest.fixture
def world(app, site):
    return make_world()


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_an_editor_orders_a_collection_by_keyboard_alone(visit, world, lang):
    first, last = make_published(world), make_published(world)
    collection = make_collection(world.editor, first, last)
    item = list_items(collection.id)[0].id
    page = visit(f"/{lang}/collections/CO-0001/edit", who=world.editor, width=390, java_script_enabled=False)
    page.locator(f"form[action$='/items/{item}/down'] button").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    db.session.rollback()
    assert [held.protocol_id for held in list_items(collection.id)] == [last.protocol_id, first.protocol_id]
    assert page.url.endswith(f"#item-{item}")
    page.keyboard.press("Tab")
    assert page.locator(f"#item-{item} form[action$='/up'] button:focus").count() == 1
    with page.expect_navigation():
        page.keyboard.press("Enter")
    db.session.rollback()
    assert list_items(collection.id)[0].id == item


@pytest.mark.parametrize("lang", ["ru", "fa"])
def test_a_reader_goes_from_a_collection_to_a_protocol_and_saves_it(visit, world, lang):
    version = make_published(world)
    make_public(world, version)
    walker = Walker(visit(f"/{lang}/", who=world.clinician, width=390, java_script_enabled=False), lang)
    walker.follow("/collections").follow("/collections/CO-0001").follow(f"/p/PR-0001/{version.protocol.slug}")
    walker.press("/protocols/PR-0001/saved")
    db.session.rollback()
    assert [row.head.public_id for row in list_saved_protocols(world.clinician.id, lang)] == ["PR-0001"]
    walker.follow("/protocols/saved").press("/saved/forget")
    db.session.rollback()
    assert list_saved_protocols(world.clinician.id, lang) == []
