"""What is offered where a treatment is prohibited: lawful there, for the same condition, and for the same people."""

import pytest
from protocol_world import CONCEPTS, NOW, bring_to, make_draft

from portal.protocols.queries.lists import list_alternatives
from portal.protocols.queries.page import find_page
from portal.protocols.services import drafts, publishing
from portal.protocols.services.publishing import LegalText

PREGNANT = {"pop-pregnant": "secondary"}


def published(world, more):
    version = make_draft(world)
    drafts.set_concepts(version, CONCEPTS | more, by=world.author, now=NOW)
    bring_to(world, version, "published")
    return version.protocol


@pytest.mark.parametrize(
    ("page_for", "other_for", "offered"),
    [
        ({}, {}, True),
        ({}, PREGNANT, True),
        (PREGNANT, {}, False),
        (PREGNANT, {"pop-pregnant": "excluded"}, False),
        (PREGNANT, PREGNANT, True),
        ({"pop-pregnant": "excluded"}, {}, True),
    ],
)
def test_a_protocol_for_pregnancy_offers_only_what_is_for_pregnancy(world, page_for, other_for, offered):
    prohibited, lawful = published(world, page_for), published(world, other_for)
    text = LegalText("RU", "leg-permitted", "", checked_on=NOW.date())
    publishing.set_legal_status(lawful, text, by=world.editor, now=NOW)
    page = find_page(prohibited.public_id, "ru", today=NOW.date())
    found = [other.public_id for other in list_alternatives(page, "RU")]
    assert found == ([lawful.public_id] if offered else [])
