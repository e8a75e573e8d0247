"""Forms of a draft: what another person saved meanwhile, what is removed, and the language to write in."""

import re

import pytest
from protocol_world import NOW, make_draft
from web.journey import send, token_of

from portal.protocols.queries.versions import find_block, list_blocks
from portal.protocols.services import blocks
from portal.protocols.services.blocks import BlockText


@pytest.fixture
def draft(world, client, sign_in):
    version = make_draft(world)
    sign_in(client, user=world.author)
    return version


def block_of(version, kind):
    return next(block for block in list_blocks(version.id) if block.kind == kind)


def test_the_dose_that_another_person_saved_is_shown_above_the_own_one(world, draft, client):
    line = block_of(draft, "dose")
    path = f"/en/protocols/drafts/{draft.id}/blocks/{line.block_key}"
    page = client.get(path)
    data = dict(line.data) | {"dose_min": 5, "dose_max": 15, "ceiling": 25, "ceiling_per": "day"}
    said = BlockText("dosing", "dose", "Theirs.", data)
    blocks.save_block(draft, line.block_key, said, revision=1, by=world.author, now=NOW)
    mine = {"dose_max": "40", "ceiling": "50", "body": "Mine.", "revision": "1", "csrf_token": token_of(page)}
    answer = client.post(path, data=form_of(line) | mine)
    assert answer.status_code == 409
    theirs, own = answer.text.split("The text that was saved meanwhile")[1].split("<form", 1)
    for told in ("5–15\u00a0mg", "25\u00a0mg", "Theirs."):
        assert told in theirs
    assert 'value="40"' in own
    assert "Change a dose line" in answer.text
    assert find_block(draft.id, line.block_key).data["ceiling"] == 25


def form_of(line):
    """The answers of a dose line as a form sends them."""
    return {name: str(value) for name, value in line.data.items() if not isinstance(value, list | bool)}


def test_the_page_of_two_texts_keeps_the_heading_of_a_change(world, draft, client):
    step = block_of(draft, "step")
    path = f"/en/protocols/drafts/{draft.id}/blocks/{step.block_key}"
    token = token_of(client.get(path))
    blocks.save_block(
        draft, step.block_key, BlockText("steps", "step", "First."), revision=1, by=world.author, now=NOW
    )
    mine = {"section": "steps", "kind": "step", "body": "Second.", "revision": "1", "csrf_token": token}
    answer = client.post(path, data=mine)
    assert answer.status_code == 409
    assert "Change a block" in answer.text
    assert "Add a block" not in answer.text


@pytest.mark.parametrize("kind", ["dose", "step"])
def test_a_block_is_removed_only_after_it_was_shown_once_more(draft, client, kind):
    key = block_of(draft, kind).block_key
    place = f"/en/protocols/drafts/{draft.id}"
    page = client.get(place).text
    assert f'action="{place}/blocks/{key}/remove"' not in page
    assert f'href="{place}/blocks/{key}/remove"' in page
    assert "cannot be brought back" in client.get(f"{place}/blocks/{key}/remove").text
    assert find_block(draft.id, key) is not None
    assert send(client, f"{place}/blocks/{key}/remove").status_code == 302
    assert find_block(draft.id, key) is None


def test_a_block_of_a_draft_that_is_not_ones_own_is_no_page(draft, client, sign_in):
    block = block_of(draft, "step")
    sign_in(client, "clinician")
    assert client.get(f"/en/protocols/drafts/{draft.id}/blocks/{block.block_key}/remove").status_code in (
        403,
        404,
    )


@pytest.mark.parametrize("form", ["details", "blocks/new?section=steps", "blocks/new?section=dosing"])
@pytest.mark.parametrize("lang", ["fa", "en"])
def test_a_form_says_which_language_to_write_in_when_it_is_not_the_readers(
    world, client, sign_in, form, lang
):
    version = make_draft(world, lang=lang)
    sign_in(client, user=world.author)
    page = client.get(f"/en/protocols/drafts/{version.id}/{form}").text
    assert ("Write in it too; translators bring it into the others." in page) is (lang != "en")


def test_the_page_of_a_draft_names_its_language_and_parts_the_numbers_of_a_dose(world, draft, client):
    line = block_of(draft, "dose")
    said = BlockText("dosing", "dose", "", dict(line.data) | {"times_min": 3, "times_max": 3, "ceiling": 40})
    blocks.save_block(draft, line.block_key, said, revision=1, by=world.author, now=NOW)
    page = client.get(f"/en/protocols/drafts/{draft.id}").text
    assert "Written in: English" in page
    assert re.search(r"mg</bdi>[^<,]*, 3 times a day, ceiling: <bdi", page)


@pytest.mark.parametrize(("kind", "field", "typed"), [("dose", "dose_max", "45"), ("step", "body", "Mine.")])
def test_what_is_written_into_a_block_that_somebody_removed_is_kept(world, draft, client, kind, field, typed):
    block = block_of(draft, kind)
    sent = (form_of(block) if kind == "dose" else {"section": "steps", "kind": "step"}) | {field: typed}
    path = f"/en/protocols/drafts/{draft.id}/blocks/{block.block_key}"
    token = token_of(client.get(path))
    blocks.remove_block(draft, block.block_key, by=world.author, now=NOW)
    answer = client.post(path, data=sent | {"revision": "1", "csrf_token": token})
    assert answer.status_code == 302
    page = client.get(answer.location)
    assert "save it to add the block again" in page.text
    assert typed in page.text.split('<form method="post" novalidate')[1]
    assert client.get(path).status_code == 404


def test_a_forged_save_of_a_removed_block_keeps_nothing(world, draft, client):
    key = block_of(draft, "step").block_key
    blocks.remove_block(draft, key, by=world.author, now=NOW)
    answer = client.post(f"/en/protocols/drafts/{draft.id}/blocks/{key}", data={"body": "Forged."})
    assert answer.status_code in (400, 404)
