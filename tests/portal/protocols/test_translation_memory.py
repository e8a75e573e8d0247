"""What helps a translator: memory of approved texts, terms of the vocabulary, words that changed."""

import pytest
from protocol_world import NOW, make_published, translate
from translation_world import STEPS, key_of, next_accepted, publish

from portal.protocols.diff.words import compare_words
from portal.protocols.queries import glossary
from portal.protocols.queries.bench import list_cards
from portal.protocols.queries.memory import similarity, suggest
from portal.protocols.services import translations
from portal.protocols.services.origins import origin_of


def test_memory_suggests_approved_texts_of_other_protocols_with_how_alike_their_source_is(world, version):
    translate(world, version, key_of(version, "steps"), STEPS[0])
    [found] = suggest(["Assess the tolerance."], "en", "fa")
    assert [(one.text, one.public_id) for one in found] == [(STEPS[0], "PR-0001")]
    assert 85 <= found[0].percent < 100
    assert suggest(["Naloxone by injection."], "en", "fa") == [[]]


def test_memory_is_read_backwards_too(world, version):
    translate(world, version, key_of(version, "steps"), STEPS[0])
    [found] = suggest([STEPS[0]], "fa", "en")
    assert [(one.text, one.percent) for one in found] == [("Assess tolerance.", 100)]


def test_what_is_not_approved_is_not_suggested(world, version):
    key = key_of(version, "steps")
    translations.save_unit(version, key, "fa", STEPS[0], revision=0, by=world.translator, now=NOW)
    assert suggest(["Assess tolerance."], "en", "fa") == [[]]


def test_digits_of_three_scripts_and_case_do_not_make_a_difference():
    assert similarity("Give 10 mg", "give  ۱۰ mg") == 100


def test_origin_is_memory_where_the_suggestion_was_hardly_changed_and_its_source_alike(world, version):
    translate(world, version, key_of(version, "steps"), STEPS[0])
    other = make_published(world)
    key = key_of(other, "steps")
    [[suggestion]] = suggest(["Assess tolerance."], "en", "fa")
    used = {"suggestion": suggestion.unit_id}
    assert origin_of(other, key, "fa", STEPS[0], **used) == "memory"
    assert origin_of(other, key, "fa", STEPS[0] + " ", **used) == "memory"
    assert origin_of(other, key, "fa", "چیزی کاملاً متفاوت بنویسید.", **used) == "human"
    assert origin_of(other, "title", "fa", STEPS[0], **used) == "human"
    assert origin_of(other, key, "fa", STEPS[0]) == "human"
    assert origin_of(other, key, "fa", STEPS[0], suggestion=999) == "human"


def test_a_text_from_memory_keeps_its_origin_through_small_changes(world, version):
    key = key_of(version, "steps")
    translations.save_unit(
        version, key, "fa", STEPS[0], revision=0, by=world.translator, now=NOW, origin="memory"
    )
    assert origin_of(version, key, "fa", STEPS[0].replace("را", "")) == "memory"
    assert origin_of(version, key, "fa", "از نو نوشته شد.") == "human"


def test_terms_of_the_source_come_with_the_preferred_label(world, version):
    [first, *_] = glossary.terms_of("Give methadone daily.", "متادون روزانه.", "en", "fa")
    assert (first.concept, first.found, first.label, first.is_used) == (
        "sub-methadone", "methadone", "متادون", True,
    )  # fmt: skip
    assert not glossary.terms_of("Give methadone daily.", "روزانه.", "en", "fa")[0].is_used
    assert glossary.terms_of("Give methadone syrup.", "", "en", "fa") == []


def test_a_hidden_name_in_the_translation_is_named_with_what_to_write(world, version):
    terms = glossary.terms_of("Give methadone daily.", "", "en", "fa")
    found = glossary.forbidden_in("شربت متادون، روزانه متادون.", terms)
    assert [(word.found, word.label) for word in found] == [("شربت متادون", "متادون")]
    assert glossary.forbidden_in("متادون روزانه.", terms) == []
    assert glossary.forbidden_in("شربت متادون", []) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [("Для наркоманов и людей с наркоманией.", ["наркоманов"]), ("برای معتادان", ["معتادان"]), ("For an addict.", ["addict"])],
)  # fmt: skip
def test_a_word_that_makes_a_person_of_a_diagnosis_is_named(app, text, found):
    assert [word.found for word in glossary.forbidden_in(text, [])] == found


def test_a_card_shows_which_words_of_the_source_changed(world, version):
    translate(world, version, key_of(version, "steps", 1), STEPS[1])
    draft = next_accepted(
        world, version, "clinical", section="monitoring", text="Sedation before every dose."
    )
    translate_key = key_of(version, "monitoring")
    translate(world, version, translate_key, "خواب‌آلودگی پیش از هر دوز.")
    after = publish(world, draft)
    card = next(c for c in list_cards(after, "fa") if c.view.source.key == translate_key)
    words = compare_words(card.before, card.view.source.text)
    assert [p.text.strip() for p in words.old if p.mark == "removed"] == ["each"]
    assert [p.text.strip() for p in words.new if p.mark == "added"] == ["every"]
