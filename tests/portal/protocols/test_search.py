"""Search: what is found, in which order, how it is said, and what the index forgets."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from search_samples import QUERIES, samples

from portal.core.db import transaction
from portal.core.permissions import SYSTEM
from portal.extensions import db
from portal.protocols import search
from portal.protocols.search import TagRole, ranking, weights
from portal.protocols.search.understanding import read
from portal.vocabulary import services
from portal.vocabulary.models import IndexedDocument, SearchFacet, SearchPosting, SearchState, SearchVocab


@pytest.fixture
def indexed(app):
    services.load_seed(by=SYSTEM)
    assert search.reindex_all(samples()) == 6
    return app


def found(text, lang="en", **more):
    return search.query(text, lang=lang, **more)


def slugs(text, **more):
    return [hit.slug for hit in found(text, **more).results]


@pytest.mark.parametrize(("text", "first"), QUERIES)
def test_the_right_protocol_comes_first(indexed, text, first):
    assert slugs(text)[0] == first


def test_arabic_keyboard_and_half_spaces_change_nothing(indexed):
    assert slugs("سم‌زدایی الکل") == slugs("سم زدايي الكل") == slugs("سمزدایی الکل")


def test_a_broader_concept_finds_what_is_tagged_narrower(indexed):
    assert "overdose-kit" in slugs("опиоиды")
    assert set(slugs("наркотики")) == {sample.slug for sample in samples()}


def test_a_narrower_concept_finds_what_is_tagged_one_level_broader(indexed):
    answer = found("клоназепам")
    assert [u.id for u in answer.understood_as] == ["sub-clonazepam"]
    assert answer.results[0].slug == "benzodiazepine-taper"


def test_a_concept_that_nearly_all_protocols_hold_still_counts(indexed):
    assert weights.scarcity(12, 12) > 0.5 > weights.rarity(12, 12)
    assert weights.scarcity(10_000, 5) == pytest.approx(weights.rarity(10_000, 5), rel=0.02)
    assert weights.scarcity(12, 0) == 0.0


def test_what_is_named_counts_more_than_loose_words_of_another_text(indexed):
    search.index(replace(
        samples()[1], public_id="PR-0060", slug="mentions", titles={"en": "Leaflet"}, tags={}, facets={},
        summaries={}, bodies={"en": ["Cytisine tablets, daily, in the morning, in the evening, with water."]},
    ))  # fmt: skip
    assert slugs("cytisine morning evening")[0] == "smoking-cytisine"


def test_a_word_that_was_guessed_weighs_less_than_one_that_was_typed(indexed):
    guessed, typed = read("electrocardiogram metadone"), read("electrocardiogram methadone")
    assert guessed.corrected
    by_term = {term.term: term for term in typed.terms}
    for term in guessed.terms:
        share = weights.GUESSED if "methadon" in term.term else 1.0
        if term.slot is not None:
            assert term.weight == pytest.approx(by_term[term.term].weight * share)
            assert term.worth == by_term[term.term].worth * share


def test_a_main_concept_comes_before_a_secondary_one(indexed):
    other = {"public_id": "PR-0050", "slug": "other", "titles": {"en": "Something else"}, "summaries": {}}
    search.index(replace(samples()[0], tags={"sub-methadone": TagRole.SECONDARY}, **other))
    assert slugs("methadone")[:2] == ["heroin-methadone", "other"]
    search.index(replace(samples()[0], tags={"sub-methadone": TagRole.MAIN}, bodies={}, **other))
    assert {"heroin-methadone", "other"} == set(slugs("methadone")[:2])


def test_an_excluded_concept_is_not_found(app):
    services.load_seed(by=SYSTEM)
    excluded = replace(
        samples()[5], tags={"int-bzd-taper": TagRole.EXCLUDED}, titles={"en": "Slow reduction"}, summaries={}
    )
    search.index(excluded)
    assert found("deprescribing").total == 0


def test_what_was_understood_is_said_by_preferred_labels(indexed):
    answer = found("Narcan heroin", lang="ru")
    assert [u.id for u in answer.understood_as] == ["int-naloxone", "sub-heroin"]
    assert "наркан" not in " ".join(u.label for u in answer.understood_as).lower()


def test_a_concept_can_be_taken_out_of_the_query(indexed):
    answer = found("Narcan heroin", without=["sub-heroin"])
    assert [u.id for u in answer.understood_as] == ["int-naloxone"]
    assert [hit.slug for hit in answer.results] == slugs("Narcan")


def test_a_mistyped_word_is_corrected_and_the_original_offered(indexed):
    answer = found("metadone")
    assert (answer.text, answer.corrected_from) == ("methadone", "metadone")
    typed = found("metadone", as_typed=True)
    assert (typed.corrected_from, typed.total) == (None, 0)


@pytest.mark.parametrize("text", ["methadone", "F11.9", "N07BC02", "qty", "2028", "f10.33"])
def test_known_words_numbers_codes_and_short_words_are_not_corrected(indexed, text):
    assert found(text).corrected_from is None


def test_titles_are_in_the_readers_language_else_in_the_source_language(indexed):
    persian = {hit.slug: hit.title.lang for hit in found("", lang="fa").results}
    assert persian["heroin-methadone"] == "fa"
    assert persian["smoking-cytisine"] == "en"
    assert persian["alcohol-detox"] == "ru"


def test_matching_words_are_marked_in_another_language_than_the_query(indexed):
    title = found("متادون درمانی", lang="en").results[0].title
    assert next(part.text for part in title.segments if part.marked).lower() == "methadone"
    assert "".join(part.text for part in title.segments) == title.text


def test_words_only_in_the_body_are_found_and_marked(indexed):
    answer = found("electrocardiogram")
    marked = answer.highlighter.mark("Take an electrocardiogram first.")
    assert [(part.text, part.marked) for part in marked] == [
        ("Take an ", False), ("electrocardiogram", True), (" first.", False),
    ]  # fmt: skip


def test_without_words_the_newest_come_first(indexed):
    assert slugs("") == [sample.slug for sample in reversed(samples())]
    assert slugs("   ", limit=2, offset=2) == ["meth-incentives", "alcohol-detox"]


def test_words_that_only_join_others_find_nothing_by_themselves(indexed):
    assert found("как на и что").total == 0
    assert found("…؟!").total == 0


def test_facets_count_matches_and_narrower_concepts_too(indexed):
    counts = {c.value: c.count for c in found("").facets["substance"]}
    assert counts["sub-opioids"] == 2
    assert counts["sub-psychoactive"] == 6
    assert {c.value: c.count for c in found("Narcan").facets["setting"]} == {"set-emergency": 1}


def test_filters_narrow_and_a_facet_still_offers_its_other_values(indexed):
    answer = found("", filters={"language": ["ru"], "substance": ["sub-alcohol"]})
    assert [hit.slug for hit in answer.results] == ["alcohol-detox"]
    assert answer.total == 1
    assert {c.value for c in answer.facets["substance"]} > {"sub-alcohol", "sub-nicotine", "sub-opioids"}
    assert {c.value: c.count for c in answer.facets["language"]} == {"ru": 1, "en": 1}


def test_values_of_one_facet_are_alternatives(indexed):
    chosen = {"substance": ["sub-alcohol", "sub-nicotine"]}
    assert sorted(slugs("", filters=chosen)) == ["alcohol-detox", "smoking-cytisine"]
    assert slugs("цитизин", filters=chosen)[0] == "smoking-cytisine"


def test_legal_statuses_are_facets_by_country(indexed):
    assert {c.value: c.count for c in found("").facets["legal_ru"]} == {"leg-permitted": 6}


def test_retired_protocols_come_last(indexed):
    assert slugs("methadone")[0] == "heroin-methadone"
    search.index(replace(samples()[0], retired=True))
    assert slugs("methadone")[-1] == "heroin-methadone"
    assert slugs("")[-1] == "heroin-methadone"
    assert found("methadone").results[-1].retired


def test_a_removed_protocol_leaves_nothing_behind(indexed):
    before = set(db.session.scalars(sa.select(SearchVocab.term).where(SearchVocab.df > 0)))
    search.index(replace(samples()[1], public_id="PR-0099", titles={"en": "Zolpidem unheardof"}))
    search.remove("PR-0099")
    assert "unheardof" not in " ".join(slugs("unheardof"))
    assert set(db.session.scalars(sa.select(SearchVocab.term).where(SearchVocab.df > 0))) == before
    search.remove("PR-0099")
    assert db.session.get_one(SearchState, 1).documents == 6


def test_indexing_again_replaces_and_equals_indexing_once(indexed):
    changed = replace(samples()[4], titles={"en": "Tablets against tobacco"})
    search.index(changed)
    search.index(changed)
    assert slugs("tobacco")[0] == "smoking-cytisine"
    counts = dict(
        db.session.execute(sa.select(SearchPosting.term, sa.func.count()).group_by(SearchPosting.term)).all()
    )
    kept = dict(
        db.session.execute(sa.select(SearchVocab.term, SearchVocab.df).where(SearchVocab.df > 0)).all()
    )
    assert counts == kept


def test_the_index_follows_the_callers_transaction(indexed):
    @transaction
    def publish_and_fail():
        search.index(replace(samples()[0], public_id="PR-0100", slug="never"))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        publish_and_fail()
    assert found("").total == 6
    assert db.session.get_one(SearchState, 1).documents == 6


def test_building_afresh_forgets_what_is_gone(indexed):
    assert search.reindex_all(samples()[:2]) == 2
    assert found("").total == 2
    for table in (SearchPosting, SearchFacet):
        assert db.session.scalar(sa.select(sa.func.count(table.doc_id.distinct()))) == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(IndexedDocument)) == 2


def test_one_by_one_and_afresh_find_the_same(app):
    services.load_seed(by=SYSTEM)
    for sample in samples():
        search.index(sample)
    for text, first in QUERIES:
        assert slugs(text)[0] == first


def test_very_common_words_are_ranked_by_their_best_candidates(indexed, monkeypatch):
    terms = read("opioid methadone naloxone").terms
    everything, total = ranking.ranked(terms, {}, limit=10, offset=0)
    monkeypatch.setattr(ranking, "VERY_COMMON", 1)
    monkeypatch.setattr(ranking, "CANDIDATES", 1)
    best, counted = ranking.ranked(terms, {}, limit=10, offset=0)
    assert best == [doc for doc in everything if doc in best]
    assert best[0] == everything[0]
    assert counted == total >= len(best)
    assert ranking.ranked(terms, {"language": ["fa"]}, limit=10, offset=0)[1] <= total


def test_a_long_query_is_cut_to_the_first_things_asked_for(indexed):
    reading = read(" ".join(f"word{n} naloxone methadone" for n in range(50)))
    assert len({term.slot for term in reading.terms}) <= weights.MOST_SLOTS


def test_a_question_is_answered_in_few_statements(indexed):
    asked = []

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        found("heroin naloxone", facets=False)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    assert len([statement for statement in asked if statement.startswith(("SELECT", "WITH"))]) <= 5


def test_before_anything_is_indexed_nothing_is_found(app):
    services.load_seed(by=SYSTEM)
    assert found("methadone").total == 0
    assert found("").total == 0
