"""Long forms are kept on the server while they are written: for their writer, until they are sent."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from factories import enter_as
from protocol_world import NOW, make_published
from web.journey import send, token_of

from portal.core.db import utcnow
from portal.core.errors import Invalid
from portal.extensions import db
from portal.protocols.models import KeptForm
from portal.protocols.queries.versions import list_blocks
from portal.protocols.services import keeping

SNILS = "112-233-445 95"
TYPED = "Assess tolerance twice."


@pytest.fixture
def block(draft):
    return next(b for b in list_blocks(draft.id) if b.source_text == "Assess tolerance.")


def page_of(draft, block, lang="en"):
    return f"/{lang}/protocols/drafts/{draft.id}/blocks/{block.block_key}"


def keep(client, page, place, **fields):
    """As draft.js does it."""
    headers = {"X-CSRFToken": token_of(client.get(page))}
    said = {name: [value] for name, value in fields.items()}
    return client.put(f"/en/protocols/kept/{place}", json=said, headers=headers)


def begun(author, draft, block):
    place = f"block:{draft.id}:{block.block_key}"
    fields = {"section": "steps", "kind": "step", "body": TYPED, "revision": str(block.revision)}
    assert keep(author, page_of(draft, block), place, **fields).status_code == 200
    return fields


def kept_rows():
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(KeptForm))


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_what_was_typed_is_back_in_the_form_in_every_language(author, draft, block, lang):
    begun(author, draft, block)
    page = author.get(page_of(draft, block, lang)).text
    assert f">\n{TYPED}</textarea>" in page.replace("\r\n", "\n")
    assert f"/kept/block:{draft.id}:{block.block_key}/discard" in page


def test_nobody_else_sees_it(client, author, world, draft, block):
    begun(author, draft, block)
    enter_as(client, world.colleague)
    page = client.get(page_of(draft, block)).text
    assert TYPED not in page


def test_saving_the_form_ends_what_was_kept(author, draft, block):
    fields = begun(author, draft, block)
    assert send(author, page_of(draft, block), **fields).status_code == 302
    assert kept_rows() == 0
    assert TYPED in author.get(page_of(draft, block)).text


def test_a_refused_form_stays_kept(author, draft, block):
    fields = begun(author, draft, block)
    assert send(author, page_of(draft, block), **(fields | {"body": ""})).status_code == 422
    assert kept_rows() == 1


def test_what_was_kept_can_be_thrown_away(author, draft, block):
    begun(author, draft, block)
    page = page_of(draft, block)
    answer = send(author, f"/en/protocols/kept/block:{draft.id}:{block.block_key}/discard",
                  form_at=page, back=page)  # fmt: skip
    assert (answer.status_code, answer.location) == (302, page)
    assert kept_rows() == 0
    assert "Assess tolerance.</textarea>" in author.get(page).text


def test_a_block_that_somebody_saved_meanwhile_is_not_overwritten(author, draft, block):
    fields = begun(author, draft, block)
    send(author, page_of(draft, block), section="steps", kind="step", body="Other.", revision=block.revision)
    place = f"block:{draft.id}:{block.block_key}"
    keep(author, page_of(draft, block), place, **fields)
    assert send(author, page_of(draft, block), **fields).status_code == 409


def test_the_details_and_a_new_protocol_are_kept_too(author, draft):
    for page, place in (
        (f"/en/protocols/drafts/{draft.id}/details", f"details:{draft.id}"),
        ("/en/protocols/new", "new"),
    ):
        assert f'data-draft-url="/en/protocols/kept/{place}"' in author.get(page).text
        keep(author, page, place, title="Half a title")
        assert 'value="Half a title"' in author.get(page).text


def test_each_text_of_a_translation_is_kept_by_itself(client, sign_in, world):
    version = make_published(world)
    sign_in(client, user=world.translator)
    page = f"/en/translations/{version.protocol.public_id}/fa"
    place = f"unit:{version.protocol.public_id}:fa:summary"
    assert keep(client, page, place, body="متادون روز", revision="0").status_code == 200
    html = client.get(page).text
    assert html.count("متادون روز") == 1
    assert html.count("data-draft-url=") > 3
    send(client, f"{page}/unit/summary", form_at=page, body="متادون روزانه.", revision="0", do="save")
    assert kept_rows() == 0


def test_a_registry_form_is_never_kept(app):
    sources = [app.jinja_env.loader.get_source(app.jinja_env, name)[0]
               for name in app.jinja_env.list_templates() if name.startswith("registry/")]  # fmt: skip
    assert sources
    assert not any("draft(" in text or "draft.js" in text for text in sources)


@pytest.mark.parametrize("fields", [{"body": SNILS}, {"body": "x" * (keeping.MOST_CHARACTERS + 1)}])
def test_what_could_never_be_saved_is_not_kept(author, draft, block, fields):
    answer = keep(author, page_of(draft, block), f"block:{draft.id}:{block.block_key}", **fields)
    assert answer.status_code == 422
    assert kept_rows() == 0


@pytest.mark.parametrize("body", [[], "x", {"body": "x"}, {"body": [1]}, 3])
def test_anything_but_a_form_is_refused(author, draft, block, body):
    headers = {"X-CSRFToken": token_of(author.get(page_of(draft, block)))}
    assert author.put("/en/protocols/kept/new", json=body, headers=headers).status_code == 400


def test_a_person_keeps_a_few_forms_and_not_for_long(world):
    now = utcnow()
    for number in range(keeping.MOST_FORMS):
        keeping.keep(f"block:{number}", {"body": ["x"]}, by=world.author, now=now)
    with pytest.raises(Invalid):
        keeping.keep("new", {"body": ["x"]}, by=world.author, now=now)
    later = now + keeping.KEPT + timedelta(days=1)
    keeping.keep("new", {"body": ["x"]}, by=world.author, now=later)
    assert kept_rows() == 1
    assert later > NOW
