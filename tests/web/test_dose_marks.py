"""Doses in texts: marks that every keyboard can write, and a warning where they are missing."""

import pytest
from protocol_world import NOW, make_published
from web.journey import send

from portal.protocols.queries.versions import find_block, list_blocks
from portal.protocols.services import blocks, translations
from portal.protocols.services.blocks import BlockText
from portal.protocols.units import hazards, marked

PLAIN = "Give 2-4 mg while COWS ≥ 12."


def step(draft, text, by):
    return blocks.add_block(draft, BlockText("steps", "step", text), by=by, now=NOW)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (PLAIN, ["2-4 mg", "≥ 12"]),
        ("Give ⟦2–4 mg⟧ while ⟦COWS ≥ 12⟧.", []),
        ("−3.5 points, +20 mg/day", ["−3.5", "+20 mg/day"]),
        ("۲–۴ بار", ["۲–۴"]),
        ("2,5 mg и 16 мг", ["2,5 mg"]),
        ("Two visits, 14 days, F11.2, COVID-19, CYP2D6, 20 gloves.", []),
        ("", []),
    ],
)
def test_what_would_turn_round_is_found(text, found):
    assert hazards(text) == found


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Give [[2–4 mg]] now.", "Give ⟦2–4 mg⟧ now."),
        ("[[ COWS ≥ 12 ]] and [[4 mg]]", "⟦COWS ≥ 12⟧ and ⟦4 mg⟧"),
        ("A [link] and [[", "A [link] and [["),
    ],
)
def test_brackets_become_marks(typed, kept):
    assert marked(typed) == kept


def test_brackets_become_marks_in_blocks_and_translations(world, draft):
    block = step(draft, "Give [[4 mg]].", world.author)
    assert block.source_text == "Give ⟦4 mg⟧."
    changed = BlockText("steps", "step", "Give [[6 mg]].")
    blocks.save_block(draft, block.block_key, changed, revision=block.revision, by=world.author, now=NOW)
    assert find_block(draft.id, block.block_key).source_text == "Give ⟦6 mg⟧."
    version = make_published(world)
    unit = translations.save_unit(
        version, "summary", "fa", "[[4 mg]] متادون", revision=0, by=world.translator, now=NOW
    )
    assert unit.text == "⟦4 mg⟧ متادون"


@pytest.mark.parametrize("lang", ["en", "ru", "fa"])
def test_a_plain_dose_is_saved_with_a_warning_that_names_it(author, world, draft, lang):
    where = f"/{lang}/protocols/drafts/{draft.id}"
    answer = send(author, f"{where}/blocks/new?section=steps", section="steps", kind="step", body=PLAIN)
    assert answer.status_code == 302
    page = author.get(where).text
    warning = page[page.index('class="note warn"') :]
    assert '<bdi dir="ltr" class="dose">2-4 mg</bdi>' in warning
    assert '<bdi dir="ltr" class="dose">≥ 12</bdi>' in warning


def test_a_sign_of_comparison_is_escaped_once(author, world, draft):
    step(draft, "Stop at < 5 mg.", world.author)
    page = author.get(f"/en/protocols/drafts/{draft.id}").text
    assert '<bdi dir="ltr" class="dose">&lt; 5 mg</bdi>' in page
    assert "&amp;lt;" not in page


def test_the_form_names_the_marks(author, draft):
    key = list_blocks(draft.id)[0].block_key
    page = author.get(f"/en/protocols/drafts/{draft.id}/blocks/{key}").text
    assert "between ⟦ and ⟧, or [[ and ]]" in page
    assert 'data-mark="Mark as dose"' in page
