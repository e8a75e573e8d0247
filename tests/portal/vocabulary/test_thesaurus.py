"""Concepts in words."""

import pytest

from portal.vocabulary import thesaurus
from portal.vocabulary.thesaurus import ConceptEntry, Thesaurus, spellings, tokens

LABELS = {"en": "x", "ru": "x", "fa": "x"}


def named(text, *, everyday=True):
    known = thesaurus.current()
    return [set(match.concepts) for match in known.match(tokens(text), everyday=everyday)]


def made(*names):
    rows = [(concept, *("|".join(sorted(keys)) for keys in spellings(name))) for concept, name in names]
    return Thesaurus([ConceptEntry(concept, "substance", None, LABELS) for concept, _ in names], rows)


@pytest.mark.parametrize("written", ["سم‌زدایی", "سم زدایی", "سمزدایی"])
@pytest.mark.parametrize("typed", ["سم‌زدایی", "سم زدایی", "سمزدایی"])
def test_a_name_is_found_in_all_three_spellings(written, typed):
    assert [m.concepts for m in made(("int-detox", written)).match(tokens(typed))] == [("int-detox",)]


def test_the_longest_name_wins_and_a_word_is_used_once():
    known = made(("a", "alcohol"), ("b", "alcohol withdrawal"), ("c", "withdrawal seizure"))
    assert [(m.concepts, m.words) for m in known.match(tokens("alcohol withdrawal seizure"))] == [(("b",), 2)]


def test_a_name_is_found_with_and_without_its_bracket():
    known = made(("a", "Night shelter (hostel)"))
    assert known.match(tokens("night shelter"))
    assert known.match(tokens("night shelter hostel"))[0].words == 3


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("سم‌زدایی مواد افیونی", "سمزدایی افیونی"),
        ("وابستگی به الکل", "وابستگی الکل"),
        ("профилактика рецидива после детоксикации", "профилактика рецидива детоксикации"),
        ("loss of tolerance", "tolerance loss of tolerance"),
        ("treatment home", "treatment in the home"),
    ],
)
def test_a_name_is_found_without_the_words_that_only_join_its_parts(written, typed):
    assert [m.concepts for m in made(("a", written)).match(tokens(typed))] == [("a",)]


def test_a_name_never_shrinks_to_one_word_and_a_letter_of_a_type_is_no_joining_word():
    known = made(("a", "dependence on drugs"), ("b", "Гепатит С"))
    assert known.match(tokens("dependence drugs"))
    assert not known.match(tokens("dependence")) + known.match(tokens("гепатит"))
    assert not made(("a", "اعتیاد به مواد")).match(tokens("اعتیاد"))


def test_a_name_of_two_concepts_means_both(loaded):
    assert {"comp-precipitated-withdrawal", "cond-opioid-withdrawal"} in named("F11.3")


def test_russian_genitive_finds_the_nominative_name(loaded):
    assert {"sub-phenazepam"} in named("отмена феназепама")
    assert {"sub-diazepam"} in named("доза диазепама")


@pytest.mark.parametrize("word", ["план", "ice", "شیشه", "speed", "клей"])
def test_everyday_word_counts_as_the_whole_query(loaded, word):
    assert named(word)


@pytest.mark.parametrize("query", ["план лечения", "ترک شیشه", "ice addiction", "соли альфа-пвп"])
def test_everyday_word_counts_beside_a_context_word_or_another_concept(loaded, query):
    everyday = named(query.split()[0 if query[0] != "ت" else 1])
    assert everyday[0] & set().union(*named(query))


@pytest.mark.parametrize("query", ["план встречи", "speed limit sign", "شیشه پنجره"])
def test_everyday_word_among_other_words_means_nothing(loaded, query):
    assert named(query) == []


def test_everyday_words_of_running_text_mean_nothing(loaded):
    assert named("ice addiction", everyday=False) == [{"cond-sud"}]


def test_amphetamine_is_not_named_by_the_word_for_aids(loaded):
    assert not any("sub-amphetamines" in found for found in named("СПИД"))


def test_broader_concepts_come_nearest_first(loaded):
    known = thesaurus.current()
    assert known.broader("sub-opium") == [("sub-opioids", 1), ("sub-psychoactive", 2)]
    assert "sub-opium" in known.children["sub-opioids"]


def test_the_thesaurus_is_kept_until_another_vocabulary_is_loaded(loaded):
    assert thesaurus.current() is thesaurus.current()


def test_before_any_vocabulary_is_loaded_nothing_is_named(app):
    assert named("methadone") == []
