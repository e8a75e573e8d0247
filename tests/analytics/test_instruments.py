"""Scores of instruments: worked vectors where they are at hand, and the traps that published formulas have."""

import json

import pytest

from analytics.instruments import loader
from analytics.instruments.loader import load_instruments
from analytics.instruments.scoring import InvalidAnswers, reliable_change, score

ALL = load_instruments()
IN_THREE = dict.fromkeys(("en", "ru", "fa"), "X")
LETTERS = {"Y": 1, "N": 0}
ZONES = {"I": "zone_1", "II": "zone_2", "III": "zone_3", "IV": "zone_4"}


def in_order(name, *values):
    return dict(zip([item.id for item in ALL[name].items], values, strict=True))


def total(name, *values, **context):
    return score(ALL[name], in_order(name, *values), **context).scores["total"]


def of_vector(vector):
    """The instrument, its answers and what else the vector says."""
    name, told = vector["instrument"].lower(), vector["input"]
    if isinstance(told, dict) and "items" in told:
        return name, in_order(name, *told["items"]), {"substance": told["substance"]}
    if isinstance(told, list):
        return name, in_order(name, *told), {}
    answers = {k: LETTERS.get(v, v) for k, v in told.items() if k != "substance"}
    return name, answers, {k: v for k, v in told.items() if k == "substance"}


def as_vector(result, expected):
    """The result in the words of the vectors."""
    scores = result.scores
    whole = scores.get("total")
    said = {
        "complete": whole and whole.value is not None,
        "item9_alert": "self_harm" in result.alerts,
        "positive": whole and whole.band in ("positive", "severe"),
        "audit_c": scores["consumption"].value if "consumption" in scores else None,
        "zone": next((k for k, v in ZONES.items() if whole and v == whole.band), None),
        "risk": whole and {"never_used": "none_never_used"}.get(whole.band, whole.band),
    }
    for key in ("total", "score"):
        said[key] = whole and whole.value
    for key in ("band", "level"):
        said[key] = (whole and whole.band) or None
    for name, one in scores.items():
        if isinstance(expected.get(name), dict):
            share = scores[f"{name}_0_100"].value
            said[name] = {"s4_20": round(one.value, 4), "s0_100": round(share, 2)}
        elif name in expected and name != "total":
            said[name] = one.value
    return {key: said[key] for key in expected}


def test_every_vector_of_the_instruments_is_reproduced(shared):
    vectors = json.loads((shared / "data" / "instrument_vectors.json").read_text())
    judged = 0
    for vector in vectors:
        if vector["instrument"].lower() not in ALL:
            continue
        judged += 1
        name, answers, context = of_vector(vector)
        if vector["expected"] == "VALIDATION_ERROR":
            with pytest.raises(InvalidAnswers):
                score(ALL[name], answers, **context)
        else:
            got = as_vector(score(ALL[name], answers, **context), vector["expected"])
            assert got == vector["expected"], (vector["instrument"], vector["name"])
    assert judged == 50


def test_vectors_of_reliable_change_are_reproduced(shared):
    vectors = json.loads((shared / "data" / "instrument_vectors.json").read_text())
    for vector in vectors:
        told, expected = vector["input"], vector["expected"]
        if vector["instrument"] == "RCI":
            change, whole = reliable_change(**told)
            assert (round(change, 4), whole) == (expected["rci"], expected["integer_threshold"])


def test_the_severity_scale_ends_at_15_and_not_at_20():
    assert total("sds", 3, 3, 3, 3, 3, substance="opioids").value == 15
    with pytest.raises(InvalidAnswers):
        total("sds", 4, 3, 3, 3, 3, substance="opioids")


def test_the_third_item_of_dast_is_reversed():
    assert [total("dast-10", *[v] * 10).value for v in (1, 0)] == [9, 1]


def test_domains_of_the_treatment_assessment_begin_at_one():
    with pytest.raises(InvalidAnswers, match="substance_use"):
        total("tea", 0, 5, 5, 5)


def test_the_addiction_monitor_counts_no_item_seven_and_no_item_seventeen():
    with pytest.raises(InvalidAnswers):
        score(ALL["bam"], {"q7": 1})
    highest = score(ALL["bam"], {item.id: 4 for item in ALL["bam"].items}).scores
    assert [highest[name].value for name in ("use", "risk", "protective")] == [12, 24, 24]


def test_a_missing_answer_gives_no_partial_sum_and_says_how_many_were_answered():
    assert (total("gad-7", 1, 1, None, 1, 1, 1, 1).value, total("gad-7", 1, 1, None, 1, 1, 1, 1).n_valid) == (
        None,
        6,
    )


def test_two_missing_answers_of_the_health_questionnaire_are_made_up_half_up():
    assert total("phq-9", None, None, 1, 1, 1, 1, 1, 1, 0).value == 8  # 6 of 7 times 9 is 7.71
    assert total("phq-9", None, 2, 0, 0, 0, 2, 0, 0, 0).value == 5  # 4 of 8 times 9 is 4.5


def test_a_thought_of_harm_is_an_alert_even_without_a_total():
    result = score(ALL["phq-9"], in_order("phq-9", *[None] * 8, 1))
    assert (result.scores["total"].value, result.alerts) == (None, ("self_harm",))


def test_cut_offs_follow_sex_and_language_where_they_were_validated():
    light = (3, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    audit = ALL["audit"]
    bands = {
        sex: score(audit, in_order("audit", *light), sex=sex).scores["consumption"].band
        for sex in ("1", "2", "")
    }
    assert bands == {"1": "negative", "2": "positive", "": ""}
    heavy = (3, 2, 1, 1, 0, 0, 0, 0, 0, 0)
    assert [total("audit", *heavy, language=lang).band for lang in ("fa", "ru")] == ["harmful", "zone_1"]


def test_a_substance_that_the_instrument_is_not_made_for_is_refused():
    with pytest.raises(ValueError, match="expected a substance"):
        total("sds", 1, 1, 1, 1, 1)


def test_quality_of_life_is_null_where_fewer_than_21_answers_are_given():
    answers = {item.id: 3 for item in ALL["whoqol-bref"].items}
    for left_out in range(6):
        answers[str(left_out + 8)] = None
    assert {one.value for one in score(ALL["whoqol-bref"], answers).scores.values()} == {None}


@pytest.mark.parametrize(("sd", "r"), [(0, 0.5), (1, 1), (1, -0.1)])
def test_reliable_change_needs_a_spread_and_a_correlation(sd, r):
    with pytest.raises(ValueError, match="SD > 0"):
        reliable_change(sd, r)


def test_every_definition_has_titles_a_licence_and_a_source():
    for made in ALL.values():
        assert all(made.title.values()), made.id
        assert made.licence, made.id
        assert made.source, made.id


@pytest.mark.parametrize(
    "fault",
    [
        {"score": [{"id": "total", "items": ["2"]}]},
        {"skip": [{"sum_of": ["9"], "is": 0, "then": []}]},
        {
            "score": [
                {
                    "id": "total",
                    "items": ["1"],
                    "band": [{"from": 0, "code": "x", "where": {"colour": "red"}}],
                }
            ]
        },
        {"title": {"en": "A"}},
        {"decision": "perhaps"},
    ],
)
def test_a_definition_that_contradicts_itself_is_refused(fault):
    sound = {
        "id": "x", "title": IN_THREE, "measures": IN_THREE, "decision": "ship", "licence": IN_THREE, "source": "s",
        "verified": True, "rule_version": 1, "item": [{"id": "1", "allowed": [0, 1]}],
    }  # fmt: skip
    assert loader.build(sound).id == "x"
    with pytest.raises(ValueError, match=r"x\.toml"):
        loader.build(sound | fault, "x.toml")
