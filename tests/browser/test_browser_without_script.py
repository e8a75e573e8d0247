"""A day's work with JavaScript switched off: handing in, reviewing on words, translating, on a phone."""

import pytest
from browser.walker import Walker
from protocol_world import make_draft, make_published, make_world
from translation_world import STEPS, key_of

from portal.extensions import db
from portal.protocols.queries.translations import find_latest
from portal.protocols.queries.versions import find_version, list_assignments, list_blocks, list_comments

LANGUAGES = ("en", "ru", "fa")
WORDS = "for 2 hours"


@pytest.fixture
def world(app, site):
    return make_world()


@pytest.fixture
def walk(visit):
    """`walk(user, lang)`: this person at a phone whose browser runs no script."""

    def open_window(user, lang):
        page = visit(f"/{lang}/", who=user, width=390, java_script_enabled=False)
        return Walker(page, lang)

    return open_window


def state_of(version):
    db.session.rollback()
    return find_version(version.id).state


@pytest.mark.parametrize("lang", LANGUAGES)
def test_19_15_without_javascript_a_version_is_submitted_and_reviewed_with_an_anchored_comment(
    walk, world, lang
):
    version = make_draft(world)
    author = walk(world.author, lang).go("protocols/mine").follow(f"/protocols/drafts/{version.id}")
    author.press("/submit")
    assert state_of(version) == "submitted"
    first, second = world.reviewers
    editor = walk(world.editor, lang).go("protocols/desk").follow(f"/desk/{version.id}")
    editor.send(clinical_1=str(first.id), clinical_2=str(second.id), dose_check=str(second.id))
    db.session.rollback()
    task = next(a.id for a in list_assignments(version.id) if a.reviewer_id == first.id)
    reviewer = walk(first, lang).go("protocols/reviews").follow(f"/reviews/{task}")
    reviewer.send(has_conflict="no").go(f"protocols/reviews/{task}")
    key = next(b.block_key for b in list_blocks(version.id) if WORDS in b.source_text)
    reviewer.page.locator(f"details:has(#remark-{key}) > summary").click()
    reviewer.send(**{
        f"quote-{key}": WORDS, f"severity-{key}": "must", f"remark-{key}": "Why not three?",
        "recommendation": "revise",
    })  # fmt: skip
    db.session.rollback()
    (comment,) = list_comments(version.id)
    assert (comment.quote, comment.anchor_start, comment.anchor_end) == (WORDS, 19, 30)
    author.go(f"protocols/drafts/{version.id}")
    assert author.page.locator(f"mark#words-{comment.id}").inner_text() == WORDS
    assert "Why not three?" in author.text()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_19_15_without_javascript_a_unit_is_translated_and_approved(walk, world, lang):
    version = make_published(world)
    key = key_of(version, "steps", 1)
    translator = walk(world.translator, lang).go("translations").follow("/translations/PR-0001/fa")
    form = translator.page.locator(f"main form:has(#body-{key})")
    form.locator("[name=body]").fill(STEPS[1])
    with translator.page.expect_navigation() as going:
        form.locator("[name=do][value=submit]").click()
    assert going.value.status == 200
    clinician = walk(world.clinician, lang).go("translations/PR-0001/fa")
    card = clinician.page.locator(f"#unit-{key}")
    with clinician.page.expect_navigation():
        card.locator("[name=do][value=approve]").click()
    db.session.rollback()
    unit = find_latest(version.protocol_id, key, "fa")
    assert (unit.state, unit.text, unit.number_check) == ("approved", STEPS[1], "ok")
