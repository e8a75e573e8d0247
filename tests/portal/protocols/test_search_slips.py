"""What was typed on another keyboard, in other letters, or by part of a name: understood, and never in place of a hit."""

import pytest
from search_samples import samples

from portal.core.permissions import SYSTEM
from portal.protocols import search
from portal.protocols.search.keyboards import latin_codes, other_layouts
from portal.vocabulary import services


@pytest.fixture
def indexed(app):
    services.load_seed(by=SYSTEM)
    search.reindex_all(samples())


def found(text, lang="en", **more):
    return search.query(text, lang=lang, **more)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ьуерфвщту", "methadone"), ("Ьуерфвщту", "Methadone"), ("vtnfljy", "метадон"),
        (",eghtyjhaby", "бупренорфин"), ("ljhn,k", "متادون"), ("پثفاشیخدث", "methadone"),
        ("ئثفاشیخدث", "methadone"),
    ],
)  # fmt: skip
def test_the_same_keys_on_the_other_keyboards(typed, meant):
    assert meant in other_layouts(typed)


def test_what_stands_in_two_scripts_was_typed_as_it_was_meant():
    assert list(other_layouts("метадон XR")) == []
    assert list(other_layouts("50 / 100")) == []


@pytest.mark.parametrize("typed", ["Ф11.2", "ф11.2", "А11.2", "ب۱۱.۲"])
def test_a_code_in_other_letters(typed):
    assert "F11.2" in latin_codes(typed)


@pytest.mark.parametrize("typed", ["F11.2", "метадон", "2028"])
def test_what_is_no_code_in_other_letters(typed):
    assert list(latin_codes(typed)) == []


@pytest.mark.parametrize(
    ("typed", "text", "concept"),
    [
        ("ьуерфвщту", "methadone", "sub-methadone"), ("vtnfljy", "метадон", "sub-methadone"),
        ("ljhn,k", "متادون", "sub-methadone"), ("پثفاشیخدث", "methadone", "sub-methadone"),
        ("vtnfljy d n.hmvt", "метадон в тюрьме", "sub-methadone"), ("ьуефвщту", "methadone", "sub-methadone"),
        ("Ф11.2", "F11.2", "cond-opioid-dependence"), ("6С43.2", "6C43.2", "cond-opioid-dependence"),
        ("N07ВС02", "N07BC02", "int-mmt"),
    ],
)  # fmt: skip
def test_a_slip_is_understood_said_and_can_be_taken_back(indexed, typed, text, concept):
    answer = found(typed)
    assert (answer.text, answer.corrected_from) == (text, typed)
    assert concept in {understood.id for understood in answer.understood_as}
    assert answer.results[0].slug == "heroin-methadone"
    exact = found(typed, as_typed=True)
    assert (exact.total, exact.corrected_from) == (0, None)


def test_a_known_word_is_never_read_as_another_keyboard(indexed):
    search.index(samples()[0].__class__(
        public_id="PR-0070", slug="keys", source_lang="en", titles={"en": "A protocol called vtnfljy"},
    ))  # fmt: skip
    answer = found("vtnfljy")
    assert (answer.corrected_from, [hit.slug for hit in answer.results]) == (None, ["keys"])


@pytest.mark.parametrize("text", ["qwzxqwzx", "vk", "db", "щзщз", "asdf"])
def test_slips_that_mean_nothing_find_nothing(indexed, text):
    assert (found(text).total, found(text).corrected_from) == (0, None)


@pytest.mark.parametrize("text", ["how to come off", "get the shakes", "چطور کنم", "можно сделать"])
def test_plain_words_of_questions_are_no_names_spelled_wrongly(indexed, text):
    assert found(text).corrected_from is None


def test_a_word_that_stands_only_within_longer_names_means_those(indexed):
    answer = found("запой", lang="ru")
    assert [understood.id for understood in answer.understood_as] == ["int-alcohol-detox"]
    assert (answer.results[0].slug, answer.corrected_from) == ("alcohol-detox", None)


@pytest.mark.parametrize("text", ["фентанил", "фентанила", "фентанилом"])
def test_a_russian_nominative_meets_a_name_that_is_kept_in_another_form(indexed, text):
    assert [u.id for u in found(text, lang="ru").understood_as] == ["sub-fentanyl"]


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("bupe", ["sub-buprenorphine"]), ("کریستال", ["sub-methamphetamine"]), ("crystal", ["sub-methamphetamine"]),
        ("ترک کریستال", ["sub-methamphetamine"]), ("کریستال ساعت", []), ("crystal clear rules", []),
    ],
)  # fmt: skip
def test_short_names_and_everyday_names_of_drugs(indexed, text, concepts):
    understood = {u.id for u in found(text).understood_as}
    assert understood >= set(concepts)
    assert concepts or "sub-methamphetamine" not in understood


def test_a_concept_taken_out_can_be_meant_again_and_its_words_are_searched_as_words(indexed):
    answer = found("methadone", without=["sub-methadone"])
    assert [understood.id for understood in answer.left_out] == ["sub-methadone"]
    assert answer.understood_as == ()
    assert [hit.slug for hit in answer.results] == ["heroin-methadone"]


def test_a_slip_stays_understood_when_its_concept_is_taken_out(indexed):
    answer = found("ьуерфвщту", without=["sub-methadone"])
    assert (answer.text, [u.id for u in answer.left_out]) == ("methadone", ["sub-methadone"])


def test_a_chapter_brings_its_own_protocols_and_no_others(indexed):
    assert [hit.slug for hit in found("F11").results] == ["heroin-methadone"]
    assert [hit.slug for hit in found("F10").results] == ["alcohol-detox"]
    assert [hit.slug for hit in found("F17").results] == ["smoking-cytisine"]
