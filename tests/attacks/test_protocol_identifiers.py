"""Identifiers that reach the verbs of protocols without a form: from a script, or by a request of one's own."""

import pytest
from protocol_world import NOW, make_draft, make_published, make_world

from portal.core.errors import Invalid
from portal.protocols.queries.versions import list_blocks
from portal.protocols.services import blocks, drafts, publishing
from portal.protocols.services.blocks import BlockText, ReferenceText
from portal.protocols.services.drafts import Details, NewDraft
from portal.protocols.services.publishing import LegalText
from portal.protocols.services.translations import save_unit

SNILS = "СНИЛС 112-233-445 95"


@pytest.fixture
def world(app):
    return make_world()


@pytest.fixture
def draft(world):
    return make_draft(world)


def refused(verb):
    with pytest.raises(Invalid) as refusal:
        verb()
    assert {problem.code for problem in refusal.value.problems} == {"identifier_found"}
    return {problem.field for problem in refusal.value.problems}


@pytest.mark.parametrize("field", ["title", "summary", "slug"])
def test_a_protocol_does_not_begin_with_an_identifier(world, field):
    new = NewDraft(**({"title": "Title", "source_lang": "en"} | {field: SNILS}))
    assert refused(lambda: drafts.create_draft(new, by=world.author, now=NOW)) == {field}


def test_details_hold_none(world, draft):
    said = Details("Title", SNILS, SNILS, "CC-BY-4.0", "initial")
    told = refused(lambda: drafts.change_details(draft, said, by=world.author, now=NOW))
    assert told == {"summary", "change_note"}


def test_blocks_and_quoted_words_hold_none(world, draft):
    text = BlockText("steps", "step", SNILS)
    assert refused(lambda: blocks.add_block(draft, text, by=world.author, now=NOW)) == {"body"}
    quote = BlockText("dosing", "dose", "", {"source": "WHO", "source_quote": SNILS})
    assert refused(lambda: blocks.add_block(draft, quote, by=world.author, now=NOW)) == {"source_quote"}
    key = list_blocks(draft.id)[0].block_key
    assert refused(lambda: blocks.save_block(draft, key, text, revision=1, by=world.author, now=NOW)) == {
        "body"
    }


@pytest.mark.parametrize("field", ["key", "cite", "doi", "url", "licence", "status_note"])
def test_references_hold_none(world, draft, field):
    work = ReferenceText(**({"key": "X", "cite": "Work"} | {field: SNILS}))
    assert refused(lambda: blocks.add_reference(draft, work, by=world.author, now=NOW)) == {field}


def test_legal_texts_hold_none(world, draft):
    said = LegalText("IR", "leg-unknown", "", ({"cite": SNILS, "url": ""},))
    verb = publishing.set_legal_status
    assert refused(lambda: verb(draft.protocol, said, by=world.editor, now=NOW)) == {"cite"}


def test_translations_hold_none(world):
    version = make_published(world)
    text = {"revision": 0, "by": world.translator, "now": NOW}
    assert refused(lambda: save_unit(version, "title", "ru", SNILS, **text)) == {"body"}
