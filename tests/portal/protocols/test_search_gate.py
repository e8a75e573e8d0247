"""The gate: thirty queries with known answers, with all languages and with English texts only; and unseen ones."""

import json
from pathlib import Path

import pytest

from portal.core.permissions import SYSTEM
from portal.protocols import search
from portal.protocols.search import Document, TagRole
from portal.vocabulary import services, thesaurus
from portal.vocabulary.thesaurus import tokens

MMT, BUP, TINCTURE = (
    "methadone-maintenance-opioid-dependence",
    "buprenorphine-induction-cows",
    "opium-tincture-maintenance-iran",
)
NALTREXONE, CIWA, MATRIX = (
    "naltrexone-relapse-prevention-russia",
    "alcohol-withdrawal-ciwa",
    "methamphetamine-contingency-management-matrix",
)
NALOXONE, TAPER, RELAPSE = (
    "opioid-overdose-naloxone",
    "benzodiazepine-taper",
    "alcohol-relapse-prevention-medication",
)
CYTISINE, PREGNANCY, ALPHA2 = (
    "smoking-cessation-cytisine",
    "opioid-dependence-pregnancy",
    "opioid-withdrawal-alpha2",
)

# Written after the weights were first set; no weight was changed for them.
UNSEEN = (
    ("take-home methadone in prison", {MMT}),
    ("stopping valium slowly", {TAPER}),
    ("QT prolongation on methadone", {MMT}),
    ("naloxone kit on release from prison", {NALOXONE}),
    ("antabuse", {RELAPSE}),
    ("bupe precipitated withdrawal", {BUP}),
    ("neonatal abstinence syndrome", {PREGNANCY}),
    ("lofexidine", {ALPHA2}),
    ("DTs thiamine", {CIWA}),
    ("metadone maintenence", {MMT}),
    ("buprenorfine induction", {BUP}),
    ("эспераль", {RELAPSE}),
    ("беременная с опиоидной зависимостью", {PREGNANCY}),
    ("отмена клоназепама у пожилых", {TAPER}),
    ("настойка опия", {TINCTURE}),
    ("мефедрон психоз", {MATRIX}),
    ("налтриксон имплант", {NALTREXONE}),
    ("никотиновая зависимость цитизин", {CYTISINE}),
    ("судороги при отмене алкоголя", {CIWA}),
    ("остановка дыхания после героина", {NALOXONE}),
    ("ترک هروئین با کلونیدین", {ALPHA2}),
    ("سیتیزین", {CYTISINE}),
    ("زنان باردار و متادون", {PREGNANCY, MMT}),
    ("دلیریوم ترمنس", {CIWA}),
    ("قطع تدریجی بنزودیازپین‌ها", {TAPER}),
    ("بوپرنورفين زير زباني", {BUP}),
    ("شیره تریاک در سالمندان", {TINCTURE}),
    ("دیازپام در ترک الکل", {CIWA}),
    ("نالتركسون", {NALTREXONE}),
    ("متامفتامین درمان ماتریکس", {MATRIX}),
)


@pytest.fixture(params=[("en", "ru", "fa"), ("en",)], ids=["all languages", "English only"])
def collection(app, shared, request):
    services.load_seed(by=SYSTEM)
    samples = json.loads((shared / "data" / "protocols.json").read_text("utf-8"))["protocols"]
    search.reindex_all(document(number, sample, request.param) for number, sample in enumerate(samples, 1))
    return shared


def document(number, sample, langs):
    titles = {lang: text for lang, text in sample["title"].items() if lang in langs}
    body = [
        sample.get("population"),
        sample.get("contraindications"),
        *sample.get("steps", []),
        sample.get("monitoring"),
    ]
    return Document(
        public_id=f"PR-{number:04d}",
        slug=sample["slug"],
        source_lang="en",
        titles=titles,
        summaries={lang: text for lang, text in sample["summary"].items() if lang in langs},
        bodies={"en": [text for text in body if text]},
        tags=roles(sample["tags"], titles.values()),
    )


def roles(tags, titles):
    """Tags recognised in a title are the main ones."""
    known = thesaurus.current()
    named = {
        c for title in titles for match in known.match(tokens(title), everyday=False) for c in match.concepts
    }
    return {tag: TagRole.MAIN if tag in named else TagRole.SECONDARY for tag in tags}


def scores(queries):
    """Share of queries with a right answer first, and mean recall among the first five."""
    first, recall = 0, 0.0
    for text, right in queries:
        got = [hit.slug for hit in search.query(text, lang="en", facets=False).results]
        first += got[:1] != [] and got[0] in right
        recall += len(right & set(got[: max(5, len(right))])) / len(right)
    return first, recall / len(queries)


def test_19_16_the_gate_holds(collection):
    tests = json.loads((collection / "data" / "search_testset.json").read_text("utf-8"))
    first, recall = scores([(test["query"], set(test["relevant_ids"])) for test in tests])
    assert first >= 28
    assert recall == 1.0


def test_concepts_are_recognised_as_in_the_reference(collection):
    tests = json.loads((collection / "data" / "search_testset.json").read_text("utf-8"))
    wanted = recognised = 0
    for test in tests:
        understood = {
            u.id for u in search.query(test["query"], lang=test["lang"], facets=False).understood_as
        }
        wanted += len(test["concept_ids"])
        recognised += len(understood & set(test["concept_ids"]))
    assert (recognised, wanted) >= (43, 46)


def test_unseen_queries_are_answered_too(collection):
    first, recall = scores(UNSEEN)
    assert first >= 28
    assert recall == 1.0


# Written with their answers before any result was looked at. The first run had 32 of 40 right first and two without
# any right answer. Trade names and plain words in the vocabulary and a stricter rule for spelling made it 36; then
# these failures were studied and the engine was changed for them: concepts that nearly every text names keep a
# weight, named concepts count more than loose words, guesses less than what was typed, a Persian quality in -گی meets
# its word, and names are found without joining words. It has 40 since. So these queries judge no more: they guard.
OWN = json.loads((Path(__file__).parent / "own_queries.json").read_text("utf-8"))

# Written and committed with their answers after those changes and before any of them was asked. That first run had
# 29 of 30 right first, with all languages and with English only. The thirtieth, «солевой психоз», found nothing:
# the plain word for a psychosis was no name in the vocabulary. It and the plain words of fourteen other
# complications were added, in three languages; no number was changed.
FRESH = json.loads((Path(__file__).parent / "fresh_queries.json").read_text("utf-8"))


# Written and committed with their answers before any of them was asked. That first run had 23 of 34 right first with
# all languages and 22 with English only. The faults, by kind: a chapter of a classification meant all disorders, a
# code in Cyrillic letters and texts typed on another keyboard nothing; plain words of questions were taken for names
# spelled wrongly; a Russian nominative missed its name; words that stand only within a longer name found nothing; and
# plain words of drinking and of birth were missing. The rules were mended and 31 are right first, with all languages
# and with English only. The others are left as they are: two ask about diazepam in words that say nothing of a taper,
# one names opium tincture by two words apart.
THIRD = json.loads((Path(__file__).parent / "third_queries.json").read_text("utf-8"))


@pytest.mark.parametrize("queries", [OWN, FRESH, THIRD], ids=["own", "fresh", "third"])
def test_own_queries_are_enough_in_every_language(queries):
    counts = {lang: sum(query["lang"] == lang for query in queries) for lang in ("en", "ru", "fa")}
    assert all(count >= 10 for count in counts.values())


@pytest.mark.parametrize("queries", [OWN, FRESH], ids=["own", "fresh"])
def test_own_queries_are_answered(collection, queries):
    first, recall = scores([(query["query"], set(query["relevant_ids"])) for query in queries])
    assert first / len(queries) >= 28 / 30
    assert recall == 1.0


def test_the_third_set_keeps_its_score(collection):
    first, recall = scores([(query["query"], set(query["relevant_ids"])) for query in THIRD])
    assert first >= 31
    assert recall >= 0.97


def test_19_11_a_query_in_arabic_letters_and_in_persian_letters_returns_the_same_list(collection):
    arabic, persian = (search.query(text, lang="fa", facets=False) for text in ("شربت ترياك", "شربت تریاک"))
    assert [hit.public_id for hit in arabic.results] == [hit.public_id for hit in persian.results] != []
    assert arabic.understood_as == persian.understood_as


@pytest.mark.parametrize(
    ("typed", "meant"), [("mothers", "mothers"), ("транков", "транков"), ("metadone", "methadone")]
)
def test_spelling_keeps_the_first_letter_and_leaves_real_words_alone(collection, typed, meant):
    assert search.query(typed, lang="en", facets=False).text == meant
