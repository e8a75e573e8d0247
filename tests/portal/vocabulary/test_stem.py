"""Stems and the traps of three languages."""

import csv

import pytest

from portal.vocabulary import stem as module
from portal.vocabulary.services import SEED
from portal.vocabulary.stem import compiled, pure, singular, stem, stems, words


def forms(text):
    return [(word.joined, word.parts) for word in words(text)]


@pytest.mark.parametrize("code", ["f11.3", "6c43.2", "n07bc02", "2cb", "10", "cyp3a4"])
def test_codes_are_not_stemmed(code):
    assert stem(code) == code


def test_codes_stay_one_word():
    assert [word.joined for word in words("F11.3, 6C43.2; N07BC02")] == ["f11.3", "6c43.2", "n07bc02"]


@pytest.mark.parametrize(
    "noun",
    [
        "диазепам",
        "феназепам",
        "клоназепам",
        "лоразепам",
        "алпразолам",
        "дисульфирам",
        "золпидем",
        "синдром",
        "панкреатит",
        "рецидив",
    ],
)
def test_russian_nominative_and_genitive_share_a_stem(noun):
    assert set(stems(noun)) & set(stems(noun + "а"))


def test_russian_noun_in_short_i_meets_its_genitive():
    assert set(stems("запой")) & set(stems("запоя"))


def test_words_that_need_it_not_have_one_stem():
    assert stems("метадон") == ("метадон",)
    assert len(stems("methadone")) == len(stems("متادون")) == 1


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("مخدرها", "مخدر"),
        ("داروهای", "دارو"),
        ("درمان‌هایی", "درمان"),
        ("معتادان", "معتاد"),
        ("مصرف‌کنندگان", "مصرف‌کننده"),
        ("اختلالات", "اختلال"),
        ("مراجعین", "مراجع"),
        ("بیماران", "بیمار"),
    ],
)
def test_persian_plural_meets_its_singular(plural, one):
    stems_of = [stem(part) for word in words(plural) for part in word.parts]
    assert stems_of == [stem(part) for word in words(one) for part in word.parts]


@pytest.mark.parametrize("word", ["درمان", "زندان", "مورفین", "کدیین", "اثرات"])
def test_words_that_only_look_like_plurals_stay(word):
    assert singular(word) == word


def test_treatment_and_its_adjective_meet_and_patient_and_illness_do_not():
    assert stem("درمانی") == stem("درمان")
    assert stem("بیمار") != stem("بیماری")


@pytest.mark.parametrize(
    ("made", "of"), [("خانگی", "خانه"), ("وابستگی", "وابسته"), ("افسردگی", "افسرده"), ("آلودگی", "آلوده")]
)
def test_what_is_made_of_a_persian_word_in_he_meets_it(made, of):
    assert [stem(part) for word in words(made) for part in word.parts] == [
        stem(part) for word in words(of) for part in word.parts
    ]


@pytest.mark.parametrize("word", ["هماهنگی", "فرهنگی", "بزرگی", "زندگی"])
def test_words_that_only_end_like_them_stay(word):
    assert singular(word) == word


def test_half_space_gives_the_joined_form_and_the_parts():
    assert forms("نگه‌دارنده") == [("نگهدارنده", ("نگه", "دارنده"))]
    assert forms("سم زدایی") == [("سم", ("سم",)), ("زدایی", ("زدایی",))]


def test_endings_after_a_half_space_are_no_parts():
    assert forms("مخدر‌ها") == [("مخدرها", ("مخدر",))]
    assert forms("بسته‌ام") == [("بستهام", ("بسته",))]


@pytest.mark.parametrize("language", ["english", "russian", "persian"])
def test_compiled_and_pure_stemmers_agree_on_every_word_of_the_vocabulary(language):
    fast, plain = compiled(language), pure(language)
    with SEED.open(encoding="utf-8", newline="") as file:
        text = " ".join(" ".join(row) for row in csv.reader(file))
    unequal = {w.joined for w in words(text) if fast.stemWord(w.joined) != plain.stemWord(w.joined)}
    assert not unequal


def test_pure_stemmer_stands_in_where_the_compiled_one_is_missing(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "Stemmer", None)
    assert type(compiled("russian")).__module__.startswith("snowballstemmer")
    assert compiled("russian").stemWord("терапии") == "терап"


def test_each_thread_has_stemmers_of_its_own():
    import threading

    kept = []
    thread = threading.Thread(target=lambda: kept.append(module._stemmers()))
    thread.start()
    thread.join()
    assert kept[0]["persian"] is not module._stemmers()["persian"]
