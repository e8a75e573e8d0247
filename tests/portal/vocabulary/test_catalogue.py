"""Codes: whole ones, chapters, and longer ones than are known."""

import pytest

from portal.vocabulary import thesaurus
from portal.vocabulary.catalogue import Codes, is_code
from portal.vocabulary.thesaurus import tokens


def named(text, *, everyday=True):
    found = thesaurus.current().match(tokens(text), everyday=everyday)
    return {concept for match in found for concept in match.concepts}


@pytest.mark.parametrize("word", ["f11", "f11.2", "f11.202", "6c43", "6c43.2", "n07bc", "n07bc02", "t40.0"])
def test_what_has_the_form_of_a_code(word):
    assert is_code(word)


@pytest.mark.parametrize("word", ["methadone", "2028", "11.2", "f1", "ice", "mcat", "мкб", "cyp3a4"])
def test_what_has_not(word):
    assert not is_code(word)


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("F11.2", {"cond-opioid-dependence"}),
        ("F11", {"cond-opioid-dependence", "cond-opioid-withdrawal", "comp-precipitated-withdrawal"}),
        ("6c43", {
            "cond-opioid-dependence", "cond-opioid-withdrawal", "comp-precipitated-withdrawal",
            "comp-opioid-overdose",
        }),
        ("F11.202", {"cond-opioid-dependence"}),
        ("F17.9", {"cond-nicotine-dependence"}),
        ("F16", {"sub-hallucinogens"}),
        ("B20", {"comp-hiv"}),
        ("N07BC", {"int-oat", "int-prison-oat"}),
        ("N06AB03", set()),
        ("J45", set()),
    ],
)  # fmt: skip
def test_a_code_means_itself_its_chapter_or_the_nearest_known(loaded, typed, means):
    assert named(typed) == means


def test_a_text_that_mentions_a_chapter_means_no_more_than_it_says(loaded):
    assert named("A letter that says F11 and no more.", everyday=False) == {"cond-sud"}


def test_a_concept_of_many_chapters_gives_way_to_those_of_one():
    codes = Codes([("all", "f10"), ("all", "f11"), ("one", "f10.2")], [("drink", "f10"), ("beer", "f10")])
    assert codes.concepts("f10") == ("one",)
    assert codes.concepts("f11") == ("all",)
    assert codes.concepts("f12") == ()
