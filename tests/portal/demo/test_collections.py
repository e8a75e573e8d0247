"""Collections of the demonstration: whole in three languages, in their order, marked for what they are."""

import re

import pytest

from portal.cli.demo.collections import FIRST_DAYS, OPIOIDS, load_collections
from portal.collections.queries import list_collections, list_items
from portal.core.db import utcnow
from portal.core.permissions import Role
from portal.extensions import db

LANGUAGES = ("en", "ru", "fa")


@pytest.mark.parametrize("sample", [OPIOIDS, FIRST_DAYS], ids=["opioids", "first_days"])
def test_every_text_is_written_in_the_letters_of_its_language(sample):
    letters = {"en": "[A-Za-z]", "ru": "[а-яё]", "fa": "[\u0600-\u06ff]"}
    for words in (sample.titles, sample.introductions, *sample.notes.values()):
        assert set(words) == set(LANGUAGES)
        assert all(re.search(letters[lang], words[lang]) for lang in LANGUAGES)
        assert not re.search("[يك]", words["fa"])
    assert set(sample.notes) <= set(sample.slugs)


def test_collections_are_published_by_the_editors_of_both_countries(app):
    from protocol_world import make_published, make_world

    world = make_world()
    version = make_published(world)
    version.protocol.slug = OPIOIDS.slugs[0]
    db.session.commit()
    people = {(Role.EDITOR, "IR"): world.editor, (Role.EDITOR, "RU"): world.editor}
    load_collections(people, now=utcnow())
    found = list_collections("fa")
    assert [row.collection.state for row in found] == ["published", "published"]
    assert all(row.collection.demonstration and row.title.lang == "fa" for row in found)
    assert list_items(found[0].collection.id)[0].words["ru"]


def test_nothing_is_made_without_protocols(app):
    from factories import make_user

    editor = make_user("editor")
    load_collections({(Role.EDITOR, "IR"): editor, (Role.EDITOR, "RU"): editor}, now=utcnow())
    assert list_collections("en", drafts=True) == []
