"""Folding: one spelling for search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.vocabulary.fold import fold
from portal.vocabulary.stem import stem, words

LETTERS = st.characters(codec="utf-8", categories=["L", "M", "N", "P", "Z", "Cf"])


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ЛЁД", "лед"),
        ("شربت ترياك", "شربت تریاک"),
        ("هيدروكدون", "هیدروکدون"),
        ("مادۀ مخدر", "ماده مخدر"),
        ("مؤثر", "موثر"),
        ("هروئین", "هرویین"),
        ("آمفتامین", "امفتامین"),
        ("أفيون", "افیون"),
        ("مُتادُون", "متادون"),
        ("متـــادون", "متادون"),
        ("سم‌زدایی", "سم زدایی"),
        ("۱۰ و ١٠", "10 و 10"),
        ("метадо́н", "метадон"),
        ("\u202bMMT\u202c", "mmt"),
        ("ﺗﺮﯾﺎﮎ", "تریاک"),
        ("ＭＭＴ", "mmt"),
    ],
)
def test_spellings_fold_to_one(written, folded):
    assert fold(written) == folded


@given(st.text(LETTERS, max_size=30))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text("متادونیکهش", min_size=1, max_size=12))
def test_arabic_keyboard_gives_the_same_words(text):
    typed = text.replace("ی", "ي").replace("ک", "ك")
    assert [word.joined for word in words(typed)] == [word.joined for word in words(text)]


@given(st.text(LETTERS, max_size=60))
def test_words_stand_where_they_say(text):
    for word in words(text):
        assert 0 <= word.start < word.end <= len(text)
        assert word.joined
        assert word.parts
        assert stem(word.joined)
