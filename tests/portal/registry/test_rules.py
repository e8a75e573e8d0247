"""Every rule with a record that keeps it and one that breaks it; and the engine around them."""

import ast

import polars as pl
import pytest
from registry_records import CONTEXT, DISCHARGED, GOOD
from rule_cases import CASES, EXIT, GOODS, NOTHING, TOLD, V1

from portal.registry.dictionary import LANGUAGES, load
from portal.registry.rules import all_rules, field_messages, judge, judge_one
from portal.registry.rules.coding import decode, encode, encode_month
from portal.registry.rules.language import NotARule, compile_rule

PAIRS = [(version, rule) for version, cases in CASES.items() for rule in cases]


def verdicts(version, changes, context=None):
    results = judge_one(GOODS[version] | changes, version=version, context=CONTEXT | (context or {}))
    return {r.rule: r.result for r in results}


def verdict(rule, changes, context=None):
    return verdicts(1, changes, context)[rule]


def both(version, rule):
    """Verdicts of the example that keeps a rule and of the one that breaks it."""
    case = CASES[version][rule]
    kept, broken = (case.context | told for told in TOLD.get(rule, ({}, {})))
    return verdicts(version, case.keeps, kept), verdicts(version, case.breaks, broken)


@pytest.mark.parametrize(("version", "rule"), [p for p in PAIRS if p[1] not in {"R42", "R48"}])
def test_rule_is_kept_and_broken(version, rule):
    kept, broken = both(version, rule)
    assert (kept[rule], broken[rule]) == ("pass", "fail")


@pytest.mark.parametrize(("version", "rule"), PAIRS)
def test_an_example_breaks_no_other_rule_of_errors(version, rule):
    errors = {r.id for r in all_rules(version) if r.severity == "E"}
    for said in both(version, rule):
        assert {r for r, result in said.items() if result == "fail"} & errors <= {rule}


@pytest.mark.parametrize("version", CASES)
def test_every_rule_has_a_case(version):
    assert {r.id for r in all_rules(version)} == set(CASES[version])


def test_rows_alike_in_seven_answers_are_marked():
    rows = frame(GOOD | DISCHARGED, GOOD | DISCHARGED, GOOD | DISCHARGED | {"discharge_day": 201})
    (place,) = (p for p in judge(rows, context=CONTEXT).places if p.code == "R42")
    assert place.rows.to_list() == [True, True, False]


def test_open_episodes_alike_are_no_duplicates():
    assert "R42" not in {p.code for p in judge(frame(GOOD, GOOD), context=CONTEXT).places}


def test_good_record_breaks_nothing():
    assert judge(frame(GOOD, GOOD | DISCHARGED | EXIT), context=CONTEXT).places == ()


def test_evaluated_and_not_evaluable_are_all_rules():
    results = judge_one(GOOD, context=CONTEXT)
    assert [r.rule for r in results] == [r.id for r in all_rules()]
    assert {r.result for r in results} <= {"pass", "fail", "not_evaluable"}


def test_missing_answers_make_a_rule_not_evaluable():
    assert verdict("R45", {"labour": -9, "age_band": 9}) == "not_evaluable"
    assert verdict("R01", {}) == "not_evaluable"
    assert verdict("R41", {}, {"open_before": None}) == "not_evaluable"


def test_one_record_and_a_frame_are_judged_alike():
    for rule, case in V1.items():
        rows = frame(GOOD | case.keeps, GOOD | case.breaks)
        judged = judge(rows, context=CONTEXT | case.context)
        singles = [judge_one(GOOD | c, context=CONTEXT | case.context) for c in (case.keeps, case.breaks)]
        alone = [{r.rule: r.result for r in results if r.scope != "file"} for results in singles]
        together = [{r: said for r, said in row.items() if r in alone[0]} for row in judged.results()]
        assert together == alone, rule


@pytest.mark.parametrize(
    ("changes", "code", "column"),
    [
        ({"sex": 3}, "CODE", "sex"),
        ({"substance_1_code": 113}, "CODE", "substance_1_code"),
        ({"substance_1_code": -9}, "CODE", "substance_1_code"),
        ({"prior_treatment": 8}, "CODE", "prior_treatment"),
        ({"start_d28_alcohol": 29}, "RANGE", "start_d28_alcohol"),
        ({"start_d28_alcohol": -4}, "RANGE", "start_d28_alcohol"),
        ({"start_day": 15}, "RANGE", "start_day"),
        ({"admission_month": encode_month("1999-12")}, "RANGE", "admission_month"),
        ({"dx_icd10": 20000}, "CODE", "dx_icd10"),
        ({"sex": None}, "EMPTY", "sex"),
        ({"substance_2_code": 800, "substance_2_route": 3}, "EMPTY", "substance_2_days28"),
        ({"review_1_d28_alcohol": 0}, "EMPTY", "review_1_day"),
        ({"discharge_day": 3}, "EMPTY", "discharge_reason"),
        (DISCHARGED | {"last_contact_day": None}, "EMPTY", "last_contact_day"),
    ],
)
def test_faults_of_single_answers_are_found(changes, code, column):
    found = {(p.code, p.column) for p in judge(frame(GOOD | changes), context=CONTEXT).of("E")}
    assert (code, column) in found


@pytest.mark.parametrize("changes", [{"sex": -2}, {"start_day": -9}, {"dx_icd10": -5}, {"sex": 99}])
def test_missing_codes_and_days_before_admission_are_answers(changes):
    assert judge(frame(GOOD | changes), context=CONTEXT).of("E") == ()


def test_mapped_files_may_hold_codes_of_profiles():
    rows = frame(GOOD | {"prior_treatment": 8})
    assert judge(rows, context=CONTEXT, profile=True).of("E") == ()


def test_rejected_rows_are_those_with_an_error():
    rows = frame(GOOD, GOOD | {"sex": 3}, GOOD | NOTHING)
    assert judge(rows, context=CONTEXT).rejected().to_list() == [False, True, False]


def test_cells_that_could_not_be_read_are_not_called_empty():
    unreadable = {"sex": pl.Series([True, False])}
    places = judge(
        frame(GOOD | {"sex": None}, GOOD | {"sex": None}), context=CONTEXT, unreadable=unreadable
    ).places
    assert [p.rows.to_list() for p in places if p.code == "EMPTY"] == [[False, True]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_says_what_to_do_in_every_language(language):
    said = [(r.message, r.hint) for r in all_rules()] + [(m.text, m.hint) for m in field_messages().values()]
    assert all(text[language].strip() and hint[language].strip() for text, hint in said)


def test_placeholders_are_the_same_in_every_language():
    import re

    for message in field_messages().values():
        for text in (message.text, message.hint):
            assert len({tuple(sorted(re.findall(r"%\(\w+\)s", text[lang]))) for lang in LANGUAGES}) == 1


@pytest.mark.parametrize(
    ("name", "text", "number"),
    [("admission_month", "2024-03", 24290), ("modality", "M20", 20), ("dx_icd10", "F11.2", 11002),
     ("dx_icd10", "F11.22", 11122), ("dx_icd10", "F10.04", 10104), ("sex", "-9", -9), ("dx_icd10", "-5", -5)],
)  # fmt: skip
def test_codes_are_read_and_written_back(name, text, number):
    variable = load()[name]
    assert encode(variable, text) == number
    assert str(decode(variable, number)) == text


@pytest.mark.parametrize("text", ["2024-13", "24-01", "2024-3"])
def test_other_months_have_no_number(text):
    assert encode_month(text) is None


@pytest.mark.parametrize(
    "text", ["__import__('os')", "a.b", "1 if a else 2", "a < b < c", "some", "lambda: 1"]
)
def test_rule_language_has_no_other_words(text):
    if isinstance(ast.parse(text, mode="eval").body, ast.Name):
        assert compile_rule(text, {}).meta.root_names() == [text]
        return
    with pytest.raises(NotARule):
        compile_rule(text, {})


def frame(*rows):
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pl.DataFrame({n: pl.Series(n, [row.get(n) for row in rows], dtype=pl.Int16) for n in names})
