"""Long lists of the writing pages: under the headings of the vocabulary, nothing chosen beforehand."""

import re

import pytest
from protocol_world import make_draft
from web.journey import send

from portal.protocols.queries.versions import list_concepts

GROUP = re.compile(r'<optgroup label="([^"]+)">(.*?)</optgroup>', re.DOTALL)
HEADINGS = {"en": "Substance", "ru": "Вещество", "fa": "ماده"}
METHADONE = {"en": "Methadone", "ru": "Метадон", "fa": "متادون"}


@pytest.fixture
def where(client, sign_in, world):
    draft = make_draft(world)
    sign_in(client, user=world.author)
    return draft, f"protocols/drafts/{draft.id}"


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
@pytest.mark.parametrize("page", ["keywords", "blocks/new?section=dosing"])
def test_names_stand_under_their_scheme(client, where, lang, page):
    groups = dict(GROUP.findall(client.get(f"/{lang}/{where[1]}/{page}").text))
    assert f'<option value="sub-methadone">{METHADONE[lang]}</option>' in groups[HEADINGS[lang]]
    assert len(groups) >= 2


def test_no_keyword_is_chosen_beforehand(client, where):
    draft, path = where
    before = len(list_concepts(draft.id))
    answer = send(client, f"/en/{path}/keywords", concept="", role="main")
    assert answer.status_code == 422
    assert len(list_concepts(draft.id)) == before
