"""The licence register: complete, in three languages, and the one rule of what may be shown."""

import pytest

from analytics.instruments import loader
from analytics.instruments.register import changes_of, find_entry, load_register, may_show_items, range_of

LANGUAGES = {"en", "ru", "fa"}
REGISTER = load_register()
# Instrument: number of items, ranges of the scores that people compare. From the published forms.
KNOWN = {
    "audit": (10, {(0, 40)}), "dast-10": (10, {(0, 10)}), "assist-3.1": (7, {(0, 39)}), "sds": (5, {(0, 15)}),
    "phq-9": (9, {(0, 27)}), "gad-7": (7, {(0, 21)}), "cows": (11, {(0, 48)}), "sows": (16, {(0, 64)}),
    "ciwa-ar": (10, {(0, 67)}), "tea": (4, {(4, 40)}), "dudit": (11, {(0, 44)}), "whoqol-bref": (26, {(0, 100)}),
    "bam": (15, {(0, 12), (0, 24)}), "cage": (4, {(0, 4)}), "ces-d": (20, {(0, 60)}), "sure": (21, {(21, 63)}),
}  # fmt: skip


def test_every_line_stands_in_three_languages_once():
    assert len({entry.id for entry in REGISTER}) == len(REGISTER)
    for entry in REGISTER:
        for text in (entry.title, entry.measures, entry.licence, *([entry.note] if entry.note else [])):
            assert set(text) == LANGUAGES, entry.id
            assert all(text.values()), entry.id


@pytest.mark.parametrize("name", KNOWN)
def test_items_and_ranges_are_those_of_the_published_forms(name):
    entry = find_entry(name)
    assert (entry.items, set(entry.ranges)) == KNOWN[name]


def test_every_defined_score_lies_in_its_range():
    for entry in REGISTER:
        for score in entry.definition.scores if entry.definition else ():
            low, high = range_of(entry.definition, score)
            assert low < high
            assert all(low <= band.lowest <= high for band in score.bands), (entry.id, score.id)


def test_only_what_everybody_may_read_is_shown():
    shown = {entry.id for entry in REGISTER if may_show_items(entry)}
    assert not shown & {
        "whoqol-bref",
        "dudit",
        "eq-5d",
        "sure",
        "sf-36",
        "bdi-ii",
        "kidscreen-10",
        "asi",
        "top",
    }
    assert {"audit", "phq-9", "gad-7", "cows", "ciwa-ar", "tea", "dast-10", "sds"} <= shown
    assert find_entry("whodas") is None


@pytest.mark.parametrize(("name", "change", "threshold"), [("sds", 3.68, 4), ("phq-9", 7.94, 8)])
def test_reliable_changes_are_computed_from_their_sources_and_called_unverified(name, change, threshold):
    (found,) = changes_of(find_entry(name).definition)
    assert (round(found.change, 2), found.threshold, found.told.verified) == (change, threshold, False)


def test_an_original_and_what_is_known_of_each_language():
    for entry in REGISTER:
        if entry.definition:
            assert [v.status for v in entry.versions if v.language == "en"] == ["original"]
    told = {v.language: v.status for v in find_entry("phq-9").versions}
    assert told == {"en": "original", "ru": "official", "fa": "validated"}


@pytest.mark.parametrize(
    "fault",
    [{"version": [{"language": "kk", "status": "working", "source": "", "verified": False}]},
     {"version": [{"language": "ru", "status": "good", "source": "", "verified": False}]},
     {"change": [{"score": "nowhere", "sd": 1.0, "r": 0.5, "source": "", "verified": False}]},
     {"measures": {"en": "x"}}, {"note": {"en": "x"}}],
)  # fmt: skip
def test_a_definition_that_contradicts_itself_is_refused(fault):
    three = dict.fromkeys(("en", "ru", "fa"), "X")
    good = {"id": "x", "title": three, "measures": three, "decision": "ship", "licence": three, "source": "s",
            "verified": True, "rule_version": 1}  # fmt: skip
    loader.build(good)
    with pytest.raises(ValueError, match="unknown"):
        loader.build(good | fault, "x.toml")
