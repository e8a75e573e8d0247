"""Weekly urine words: golden numbers of 3,560 people, samples, and a slow obvious reading of the rules."""

import csv
import json
import random

import numpy as np
import pytest

from analytics.errors import InvalidEpisodes
from analytics.outcomes.urine import RULES, weekly_words
from analytics.outcomes.words import (
    ALPHABET,
    Words,
    first_positive,
    last_week_seen,
    longest_run,
    negative_share,
    read_words,
    window,
    write_words,
)


def value(name, words):
    rule, _, time = RULES[name]
    return rule(words), time(words) if time else None


def made(count, seed):
    chance = random.Random(seed)
    return ["".join(chance.choices(ALPHABET, k=chance.randint(0, 40))) for _ in range(count)]


def slow_window(word, character, width, least):
    """The rule as it is written: the first window that holds enough, else the last one."""
    last = max(len(word) - width + 1, 0)
    for start in range(1, last + 1):
        if word[start - 1 : start - 1 + width].count(character) >= least:
            return start + width - least, True
    return last + width - least, False


def slow_positive(word):
    return word.replace("o", "+").replace("*", "+")


@pytest.fixture
def golden(shared):
    return json.loads((shared / "data" / "registry_golden.json").read_text())


@pytest.fixture
def trial(shared):
    with (shared / "data" / "ctn0094" / "weekly_words.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_totals_of_the_trials_are_reproduced_exactly(trial, golden):
    words, totals = read_words([row["word"] for row in trial]), golden["ctn0094"]["totals"]
    got = {name: value(name, words) for name in RULES}
    assert len(words) == golden["ctn0094"]["n"]
    assert got["ABS-WEEKS"][0].sum() == totals["fiellin_weeks_sum"]
    assert got["ABS-3RUN"][0].sum() == totals["kosten_true"]
    assert got["ABS-W5-15-A"][0].sum() == totals["krupitskyA_true"]
    assert got["ABS-W5-15-B"][0].sum() == totals["krupitskyB_sum"]
    assert got["ABS-SOFT"][0].sum() == totals["ctn94_abstinent_true"]
    assert got["REL-3RUN"][0].sum() == totals["krupitsky2004_true"]
    assert got["ABS-FIRST+"][0].sum() == totals["mokri_time_sum"]
    for name, key in (("REL-4RUN", "relapse94"), ("DRP-4RUN", "dropout94"), ("REL-2IN4", "lee2016")):
        events, time = got[name]
        assert (events.sum(), time.sum()) == (totals[f"{key}_events"], totals[f"{key}_time_sum"])


def test_every_sample_has_every_result(golden):
    samples = golden["ctn0094"]["samples"]
    words = read_words([each["word"] for each in samples])
    got = {name: value(name, words) for name in RULES}
    for place, sample in enumerate(samples):
        for name, key in (("ABS-WEEKS", "fiellin"), ("ABS-3RUN", "kosten"), ("ABS-W5-15-A", "krupitskyA"),
                          ("ABS-W5-15-B", "krupitskyB"), ("ABS-SOFT", "ctn94_abstinent"),
                          ("REL-3RUN", "krupitsky2004"), ("ABS-FIRST+", "mokri_time")):  # fmt: skip
            assert got[name][0][place] == sample[key], (sample["who"], name)
        for name, key in (("REL-4RUN", "relapse94"), ("DRP-4RUN", "dropout94"), ("REL-2IN4", "lee2016")):
            assert [got[name][1][place], got[name][0][place]] == sample[key], (sample["who"], name)
        assert got["RED-FRAC"][0][place] == pytest.approx(sample["neg_fraction"], abs=1e-6)


def test_retention_of_a_word_ends_with_its_last_week_that_was_not_missed(golden):
    measured = golden["measure_retention"]
    assert last_week_seen(read_words([measured["word"]])).tolist() == [measured["expected"]]
    assert last_week_seen(read_words(["oooo", "", "--o"])).tolist() == [0, 0, 2]


def test_abstinent_under_three_definitions_and_relapsed_under_a_fourth():
    """Two missed visits in four weeks: the same word, and the definitions do not agree."""
    words = read_words(["-------------------o-o-o"])
    agree = {
        name: float(value(name, words)[0][0]) for name in ("ABS-3RUN", "ABS-SOFT", "ABS-W5-15-A", "REL-4RUN")
    }
    assert agree == {"ABS-3RUN": 1, "ABS-SOFT": 1, "ABS-W5-15-A": 1, "REL-4RUN": 0}
    assert (value("REL-2IN4", words)[0][0], value("RED-FRAC", words)[0][0]) == (1, 0.875)


@pytest.mark.parametrize(
    ("character", "width", "least"), [("+", 4, 4), ("+", 4, 2), ("+", 3, 3), ("o", 4, 4)]
)
@pytest.mark.parametrize("seed", range(3))
def test_windows_of_all_words_at_once_equal_one_word_at_a_time(character, width, least, seed):
    texts = made(400, seed)
    found = window(read_words(texts), character, width, least)
    want = [slow_window(text, character, width, least) for text in texts]
    assert list(zip(found.time.tolist(), found.event.tolist(), strict=True)) == want


@pytest.mark.parametrize("seed", range(3))
def test_counts_and_runs_equal_one_word_at_a_time(seed):
    texts = made(400, seed)
    words = read_words(texts)
    assert longest_run(words, "-").tolist() == [
        max(map(len, "".join(c if c == "-" else " " for c in t).split()), default=0) for t in texts
    ]
    positive = [slow_positive(text) for text in texts]
    assert write_words(words.missing_positive()) == positive
    first = first_positive(words.missing_positive())
    assert first.time.tolist() == [t.find("+") + 1 or len(t) for t in positive]
    tested = [text.replace("o", "").replace("_", "").replace("*", "+") for text in texts]
    assert write_words(words.missing_excluded()) == tested
    shares = [(t.count("-") + t.count("*") / 2) / len(t) if t else np.nan for t in texts]
    assert negative_share(words) == pytest.approx(shares, nan_ok=True)


def test_a_missed_week_is_positive_or_left_out_and_the_rule_says_which():
    words = read_words(["----oooo", "oooooooo", "++++++++"])
    event, excluded, _ = RULES["REL-4RUN"]
    assert event(words).tolist() == [1, 1, 1]
    assert excluded(words) == pytest.approx([0, np.nan, 1], nan_ok=True)


def test_short_words_are_never_softly_abstinent_and_have_no_weeks_5_to_15():
    words = read_words(["-" * 11, "-" * 14, "-" * 15])
    assert value("ABS-SOFT", words)[0].tolist() == [0, 1, 1]


def test_the_last_planned_tests_need_as_many():
    words = read_words(["+----", "---", "----_", "---o-"])
    assert value("ABS-UDS-4", words)[0] == pytest.approx([1, np.nan, 1, 0], nan_ok=True)


def test_a_character_outside_the_alphabet_is_refused_with_its_place():
    with pytest.raises(InvalidEpisodes, match="line 2, column word: expected a word of"):
        read_words(["--", "-x-"])


def test_no_words_and_empty_words_are_no_error():
    assert write_words(read_words([])) == []
    nothing = read_words(["", ""])
    assert [value(name, nothing)[0].shape for name in RULES] == [(2,)] * len(RULES)


def test_events_become_words_by_week():
    events = [
        (0, 0, 1.0),
        (0, 6, 0.0),
        (0, 7, 0.0),
        (0, 15, np.nan),
        (1, 20, 1.0),
        (1, 21, 1.0),
        (1, 400, 1.0),
    ]
    episode, day, result = zip(*events, strict=True)
    assert write_words(weekly_words(episode, day, result, [4, 3])) == ["*-o_", "__+"]


def test_a_result_outweighs_a_missed_test_of_the_same_week():
    assert write_words(weekly_words([0, 0], [1, 4], [np.nan, 0.0], [1])) == ["-"]


def test_a_hundred_thousand_words_take_no_loop_over_people():
    words = read_words(["--++o*_-" * 4] * 100_000)
    assert isinstance(words, Words)
    assert window(words, "+", 4, 2).event.all()
