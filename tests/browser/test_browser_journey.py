"""The whole product in one walk: a protocol in three languages, outcomes of centres, an edition, a comparison."""

import protocol_world
import pytest
from browser import protocol_steps
from browser.walker import Walker
from factories import make_organisation, make_user

from portal.core.permissions import SYSTEM
from portal.vocabulary.services import load_seed


@pytest.fixture
def walk(visit):
    """`walk(user, lang, width=)`: this person at a window of their own."""

    def open_window(user, lang, *, width=1280):
        return Walker(visit(f"/{lang}/", who=user, width=width), lang)

    return open_window


@pytest.fixture
def writers(registered):
    """Who brings a protocol to its readers."""
    load_seed(by=SYSTEM, seed=protocol_world.small_vocabulary())
    home, iran, russia = make_organisation("IR"), make_organisation("IR"), make_organisation("RU")
    return {
        "author": make_user("clinician", organisation=home),
        "first": make_user("clinical_reviewer", organisation=iran),
        "second": make_user("clinical_reviewer", country="RU", organisation=russia),
        "editor": make_user("editor", country="RU"),
        "chief_ir": make_user("chief_editor"),
        "chief_ru": make_user("chief_editor", country="RU"),
        "translator": make_user("translator"),
        "clinician": make_user("clinician", "language_reviewer", country="RU"),
    }


def bring_protocol_to_readers(walk, writers):
    """Written in Persian, reviewed by both countries, published, translated into English and Russian."""
    author = walk(writers["author"], "fa")
    version, public_id = protocol_steps.write(author)
    first, second = writers["first"].id, writers["second"].id
    editor = walk(writers["editor"], "ru")
    panel = {"clinical_1": str(first), "clinical_2": str(second), "dose_check": str(second)}
    protocol_steps.begin_review(editor, version, public_id, panel)
    for name, lang in (("first", "fa"), ("second", "ru")):
        protocol_steps.review(walk(writers[name], lang))
    chiefs = (walk(writers["chief_ir"], "fa"), walk(writers["chief_ru"], "ru"))
    protocol_steps.publish(editor, chiefs, version)
    translator = walk(writers["translator"], "fa")
    reviewer = walk(writers["clinician"], "ru")
    for target in ("en", "ru"):
        protocol_steps.translate(translator, public_id, target)
        protocol_steps.release((reviewer,), public_id, target)
    return public_id


def test_from_a_blank_form_to_a_comparison(walk, visit, writers):
    public_id = bring_protocol_to_readers(walk, writers)
    for lang in ("en", "ru"):
        page = visit(f"/{lang}/p/{public_id}/methadone")
        assert page.locator("h1").inner_text() == protocol_steps.TRANSLATED[lang]["title"]
        assert page.locator("bdi.dose").first.get_attribute("dir") == "ltr"
