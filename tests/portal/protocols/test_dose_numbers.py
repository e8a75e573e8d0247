"""Numbers of a dose line: none is rounded, and none is kept that a reader would not be shown."""

import pytest
from protocol_world import NOW, make_draft

from portal.core import i18n
from portal.core.errors import Invalid
from portal.extensions import db
from portal.protocols.forms import dose_words, fate_words, labels
from portal.protocols.forms.editing import DoseForm
from portal.protocols.queries.versions import list_blocks
from portal.protocols.services import blocks
from portal.protocols.services.blocks import BlockText
from portal.protocols.units import numbers

WRITTEN = [
    (1_500_000, "1500000"),
    (12345.67, "12345.67"),
    (0.1, "0.1"),
    (20.0, "20"),
    (100.0, "100"),
    (1e-4, "0.0001"),
]


def line_of(version):
    return next(block for block in list_blocks(version.id) if block.kind == "dose")


def save(version, world, data):
    block = line_of(version)
    said = BlockText("dosing", "dose", block.source_text, block.data | data)
    return blocks.save_block(
        version, block.block_key, said, revision=block.revision, by=world.author, now=NOW
    )


@pytest.mark.parametrize(("value", "text"), WRITTEN)
def test_a_figure_keeps_every_digit(app, value, text):
    assert i18n.exact(value) == text
    with i18n.speaking("fa"):
        assert dose_words.figure(value) == text
    with i18n.speaking("ru"):
        assert dose_words.figure(value) == text.replace(".", ",")


@pytest.mark.parametrize(("value", "text"), WRITTEN)
def test_a_form_shows_the_figure_that_it_was_given(app, value, text):
    with app.test_request_context():
        assert DoseForm(dose_min=value).dose_min._value() == text


def test_large_numbers_of_a_translation_are_compared_to_the_last_digit():
    assert numbers("1500001 IU") != numbers("1500002 МЕ")
    assert numbers("۱٬۵۰۰٬۰۰۱") == numbers("1500001")
    assert numbers("2.50") == numbers("2,5")


@pytest.mark.parametrize(
    ("data", "place", "fault"),
    [
        ({"times_max": 3}, "times_min", "number_missing"),
        ({"every_max": 3, "every_unit": "day"}, "every_min", "number_missing"),
        ({"every_unit": "day"}, "every_min", "number_missing"),
        ({"every_min": 2}, "every_unit", "unit_missing"),
        ({"after_max": 3}, "after_min", "number_missing"),
        ({"observe_max": 60, "observe_min": None}, "observe_min", "number_missing"),
        ({"ceiling_low": 20, "ceiling": None}, "ceiling", "number_missing"),
        ({"ceiling_low": 40, "ceiling": 30}, "ceiling", "range_reversed"),
    ],
)
def test_a_number_that_no_reader_would_be_shown_is_refused(world, data, place, fault):
    version = make_draft(world)
    with pytest.raises(Invalid) as refusal:
        save(version, world, data)
    assert (place, fault) in [(problem.field, problem.code) for problem in refusal.value.problems]
    db.session.rollback()
    assert line_of(version).revision == 1


def test_an_upper_end_alone_is_a_dose(world):
    version = make_draft(world)
    save(version, world, {"dose_min": None, "dose_max": 20, "ceiling_low": None})
    assert "≤ 20" in dose_words.in_words(line_of(version).data, "").dose


@pytest.mark.parametrize("lang", ["ru", "fa"])
def test_the_phase_of_withdrawal_is_not_the_withdrawal_of_a_text(app, lang):
    with i18n.speaking(lang), app.test_request_context():
        assert str(labels.PHASES["withdrawal"]) != str(fate_words.NOTICES["withdrawal"])
