"""Words of two texts: whole in three scripts, amounts with their units, tokens never cut."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.protocols.diff.words import compare_words, whole

MARKS = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}


def flow(old, new):
    return "".join(MARKS[piece.mark].format(piece.text) for piece in compare_words(old, new).inline)


def amounts(old, new):
    words = compare_words(old, new)
    return [piece.text for piece in (*words.old, *words.new) if piece.is_amount]


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Observe for 2 hours.", "Observe for 4 hours.", "Observe for [-2 hours-][+4 hours+]."),
        ("Assess the tolerance.", "Assess tolerance.", "Assess [-the-] tolerance."),
        ("Оценить толерантность", "Оценивать толерантность", "[-Оценить-][+Оценивать+] толерантность"),
        ("پایش می‌شود", "پایش نمی‌شود", "پایش [-می‌شود-][+نمی‌شود+]"),
        ("کتابِ من", "کتابِ او", "کتابِ [-من-][+او+]"),
        ("one, two", "three, four", "[-one, two-][+three, four+]"),
        ("", "New.", "[+New.+]"),
        ("Same.", "Same.", "Same."),
    ],
)
def test_whole_words_are_marked_in_three_scripts(old, new, shown):
    assert flow(old, new).replace("-] [+", "-][+") == shown


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("Start 10 mg a day", "Start 20 mg a day", ["10 mg", "20 mg"]),
        ("Начать с 10–20 мг", "Начать с 10–30 мг", ["10–20 мг", "10–30 мг"]),
        ("از ۱۰ میلی‌گرم آغاز کنید", "از ۲۰ میلی‌گرم آغاز کنید", ["۱۰ میلی‌گرم", "۲۰ میلی‌گرم"]),
        ("QTc > 500 ms stops", "QTc ≥ 480 ms stops", ["> 500 ms", "≥ 480 ms"]),
        ("Give ⟦2–4 mg⟧ now", "Give ⟦2–8 mg⟧ now", ["⟦2–4 mg⟧", "⟦2–8 mg⟧"]),
        ("Code F11.2 holds", "Code F11.1 holds", ["F11.2", "F11.1"]),
        ("2,5 мг/кг", "2,5 мг", ["2,5 мг/кг", "2,5 мг"]),
        ("24-h nursing", "12-h nursing", ["24-h", "12-h"]),
        ("1,000 mL", "1000 mL", ["1,000 mL", "1000 mL"]),
    ],
)
def test_numbers_are_marked_with_their_units(old, new, found):
    assert amounts(old, new) == found


def test_a_half_space_never_splits_a_word():
    pieces = compare_words("می‌خواهد", "می‌خواهند").inline
    assert [piece.text for piece in pieces] == ["می‌خواهد", "می‌خواهند"]


def test_texts_with_nothing_in_common_are_replaced_whole():
    old, new = (
        "Take the tablet with water each morning before food",
        "Никогда не давать дозу без наблюдения врача",
    )
    assert len(compare_words(old, new).inline) == 2


TEXTS = st.text(alphabet="ab мг یک‌\u200c ⟦⟧10–.\n", max_size=60)


@given(TEXTS, TEXTS)
def test_each_side_is_its_text_and_nothing_else(old, new):
    words = compare_words(old, new)
    assert "".join(piece.text for piece in words.old) == old
    assert "".join(piece.text for piece in words.new) == new
    assert {piece.mark for piece in words.old} <= {"same", "removed"}
    assert {piece.mark for piece in words.new} <= {"same", "added"}


@given(TEXTS)
def test_a_text_compared_with_itself_has_no_marks(text):
    assert all(piece.mark == "same" for piece in compare_words(text, text).inline)


def test_a_text_alone_keeps_its_amounts_apart():
    assert [piece.text for piece in whole("Give 5 mg now", "added") if piece.is_amount] == ["5 mg"]


@pytest.mark.parametrize("text", ["a " * 10_000, "10 mg. " * 3_000, "⟦" * 20_000, "ن‌" * 10_000])
def test_the_longest_and_dullest_field_is_compared_in_time(text):
    begun = time.process_time()
    compare_words(text, "x" + text[::-1])
    assert time.process_time() - begun < 3
